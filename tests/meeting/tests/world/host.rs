use super::{Https, Person, PersonPlan};
use atrium_protocol::{Role, RoomId};
use atrium_server::{InviteRequest, RunningServer, ServerConfig};
use atrium_session::JoinLink;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// The room of most tests; it is in the Boardroom.
pub(crate) const ROOM: &str = "daily";

/// An invite to a room for an hour.
pub(crate) fn invite_request(room: &str, role: Role) -> InviteRequest {
    InviteRequest::new(RoomId::parse(room).expect("a room's name"), role, Duration::from_secs(3_600))
}

/// A server on loopback with a data folder of its own.
pub(crate) struct Host {
    server: Option<RunningServer>,
    config: ServerConfig,
    folder: TempDir,
}

impl Host {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts with other settings than the usual ones. `data_dir` is set already: the test may fill it.
    pub(crate) async fn with(change: impl FnOnce(&mut ServerConfig)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = ServerConfig::new(folder.path().join("data"));
        config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        change(&mut config);
        let server = atrium_server::start(config.clone()).await.expect("a server");
        Self { server: Some(server), config, folder }
    }

    fn server(&self) -> &RunningServer {
        self.server.as_ref().expect("the server runs")
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server().local_addr()
    }

    pub(crate) fn data(&self) -> &Path {
        &self.config.data_dir
    }

    /// A folder for whatever a test keeps.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A link to [`ROOM`].
    pub(crate) async fn invite(&self, role: Role) -> JoinLink {
        self.invite_as(invite_request(ROOM, role)).await
    }

    pub(crate) async fn invite_as(&self, request: InviteRequest) -> JoinLink {
        let link = self.server().invite(request).await.expect("an invite");
        link.parse().expect("a link")
    }

    /// A link that leads to the server itself, whatever address it advertises.
    pub(crate) async fn near_link(&self, role: Role) -> JoinLink {
        let link = self.server().invite(invite_request(ROOM, role)).await.expect("an invite");
        let (_, path) = link.split_once("/r/").expect("a path");
        format!("https://{}/r/{path}", self.address()).parse().expect("a link")
    }

    /// Somebody new who is in [`ROOM`].
    pub(crate) async fn welcome(&self, name: &str, role: Role) -> Person {
        let link = self.invite(role).await;
        Person::enter(PersonPlan::new(name, link, self.folder())).await
    }

    /// What the server answers over HTTPS.
    pub(crate) async fn https(&self) -> Https {
        Https::to(&self.invite(Role::Guest).await)
    }

    /// Checks that the server answers and that people can still talk to one another.
    pub(crate) async fn is_well_for(&self, from: &Person, to: &Person) {
        let health = self.https().await.get("/healthz").await;
        assert_eq!(health.status, 200, "{}", health.text());
        assert_eq!(health.json()["status"], "ok");
        let nonce = from.chat("still here").await;
        to.eventually("the chat goes on", |mirror| mirror.chat.iter().any(|message| message.nonce == nonce)).await;
    }

    pub(crate) async fn stop(&mut self) {
        self.server.take().expect("the server runs").shutdown().await;
    }

    /// Stops the server and starts it again with the same data and address.
    pub(crate) async fn restart(&mut self) {
        self.config.listen = self.address();
        self.stop().await;
        self.server = Some(atrium_server::start(self.config.clone()).await.expect("a server"));
    }
}
