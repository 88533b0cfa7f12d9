//! A server in a process of its own, which can be killed: this test binary, executed again.

use super::{eventually, invite_request};
use atrium_protocol::Role;
use atrium_server::{InviteRequest, ServerConfig};
use atrium_session::JoinLink;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};

const DATA: &str = "ATRIUM_TEST_SERVER_DATA";
const LISTEN: &str = "ATRIUM_TEST_SERVER_LISTEN";

/// What the other process runs; does nothing in an ordinary test run.
#[test]
fn serve() {
    let (Ok(data), Ok(listen)) = (std::env::var(DATA), std::env::var(LISTEN)) else { return };
    std::thread::spawn(end_with_parent);
    let mut config = ServerConfig::new(data);
    config.listen = listen.parse().expect("an address");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM");
        let server = atrium_server::start(config).await.expect("a server");
        terminate.recv().await;
        server.shutdown().await;
    });
}

/// Standard input ends with the process that holds its other end.
fn end_with_parent() {
    let mut buffer = [0; 64];
    while std::io::stdin().read(&mut buffer).is_ok_and(|size| size > 0) {}
    std::process::exit(1);
}

/// A server in another process.
pub(crate) struct ServerProcess {
    folder: TempDir,
    data: PathBuf,
    listen: SocketAddr,
    prefix: Vec<String>,
    child: Option<Child>,
}

impl ServerProcess {
    pub(crate) async fn start() -> Self {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), &[]).await
    }

    /// Starts at an address, by way of a command that executes what follows it.
    pub(crate) async fn start_at(listen: SocketAddr, prefix: &[&str]) -> Self {
        Self::begin(listen, prefix, None).await
    }

    /// Starts with its data in a folder of one's choice.
    pub(crate) async fn start_in(data: PathBuf) -> Self {
        Self::begin(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), &[], Some(data)).await
    }

    async fn begin(listen: SocketAddr, prefix: &[&str], data: Option<PathBuf>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = data.unwrap_or_else(|| folder.path().join("data"));
        let prefix = prefix.iter().map(|word| (*word).to_owned()).collect();
        let mut process = Self { folder, data, listen, prefix, child: None };
        process.spawn().await;
        process
    }

    /// Starts again on the same data and address.
    pub(crate) async fn spawn(&mut self) {
        let this = std::env::current_exe().expect("this binary").display().to_string();
        let words = [this.as_str(), "--exact", "world::server_process::serve", "--nocapture"];
        let mut words = self.prefix.iter().map(String::as_str).chain(words);
        let mut command = Command::new(words.next().expect("a program"));
        command.args(words).env(DATA, self.data()).env(LISTEN, self.listen.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let child = self.child.insert(command.spawn().expect("a process"));
        let (pid, endpoint) = (child.id(), self.data().join("endpoint.json"));
        eventually("the server serves", async || {
            let text = std::fs::read_to_string(&endpoint).unwrap_or_default();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            json["pid"] == pid
        })
        .await;
        // The same port from now on, so that clients find the way back.
        self.listen.set_port(self.link(Role::Member).server().port().expect("a port in the link"));
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> &Path {
        &self.data
    }

    pub(crate) fn link(&self, role: Role) -> JoinLink {
        self.link_as(&invite_request(super::ROOM, role))
    }

    fn link_as(&self, request: &InviteRequest) -> JoinLink {
        let link = atrium_server::invite_offline(&ServerConfig::new(self.data()), request).expect("an invite");
        link.parse().expect("a link")
    }

    /// SIGKILL: nothing is written, nobody is told.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().expect("the server runs");
        child.kill().expect("a process to kill");
        child.wait().expect("its end");
    }

    /// SIGTERM; gives how it ended.
    pub(crate) async fn terminate(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("the server runs");
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
        assert!(told.success());
        let mut status = None;
        eventually("the server ends", async || {
            status = child.try_wait().expect("a status");
            status.is_some()
        })
        .await;
        status.expect("it ended")
    }

    /// Resident memory in KiB.
    pub(crate) fn memory_kib(&self) -> u64 {
        let pid = self.child.as_ref().expect("the server runs").id();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a live process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches("kB").trim().parse().expect("a number")
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
