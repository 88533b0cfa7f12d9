use atrium_bot::{BotConfig, run_bots};
use atrium_protocol::{DisplayName, Role, RoomId};
use atrium_server::{InviteRequest, RunningServer, ServerConfig};
use atrium_session::{JoinLink, Session, SessionConfig, SessionHandle};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// A server on loopback, on threads of its own.
pub(crate) struct Server {
    runtime: Runtime,
    server: Option<RunningServer>,
    folder: TempDir,
}

/// Headless people; they leave when this is dropped.
pub(crate) struct Bots(#[allow(dead_code)] watch::Sender<bool>);

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut ServerConfig)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut config = ServerConfig::new(folder.path().join("data"));
        config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        change(&mut config);
        let server = runtime.block_on(atrium_server::start(config)).expect("a server");
        Self { runtime, server: Some(server), folder }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.as_ref().expect("it runs").local_addr()
    }

    /// A folder for whatever a test keeps.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where tasks of a test run beside the app.
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// A link into a room.
    pub(crate) fn link(&self, room: &str, role: Role) -> String {
        let request = InviteRequest::new(RoomId::parse(room).unwrap(), role, Duration::from_secs(3_600));
        self.runtime.block_on(self.server.as_ref().expect("it runs").invite(request)).expect("an invite")
    }

    /// Headless people in a room.
    pub(crate) fn bots(&self, room: &str, change: impl FnOnce(&mut BotConfig)) -> Bots {
        let link: JoinLink = self.link(room, Role::Guest).parse().unwrap();
        let mut config = BotConfig { cache: self.folder.path().join("bots"), ..BotConfig::new(link) };
        change(&mut config);
        let (leave, told) = watch::channel(false);
        self.runtime.spawn(async move { run_bots(&config, told).await.map(|_| ()) });
        Bots(leave)
    }

    /// Somebody whose every word the test chooses.
    pub(crate) fn person(&self, name: &str, room: &str, role: Role) -> SessionHandle {
        let link = self.link(room, role).parse().unwrap();
        let mut seed = [7; 32];
        name.bytes().zip(&mut seed).for_each(|(letter, byte)| *byte = letter);
        let _inside = self.runtime.enter();
        Session::spawn(SessionConfig {
            link,
            name: DisplayName::new(name).unwrap(),
            avatar: atrium_protocol::AvatarBytes::default(),
            device_key: ed25519_dalek::SigningKey::from_bytes(&seed),
            cache: self.folder.path().join("person"),
            fetch_files: false,
        })
        .unwrap()
    }

    /// Ends the server, and starts another with what it has kept.
    pub(crate) fn restart(&mut self) {
        self.stop();
        let mut config = ServerConfig::new(self.folder.path().join("data"));
        config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        self.server = Some(self.runtime.block_on(atrium_server::start(config)).expect("a server"));
    }

    /// Ends the server as an administrator would.
    pub(crate) fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.shutdown());
        }
    }
}
