use super::hall::hall;
use super::meter::ProcessMeter;
use super::pinning::tie_to_us;
use anyhow::{Context as _, bail, ensure};
use atrium_protocol::BoardId;
use atrium_session::JoinLink;
use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_LIMIT: Duration = Duration::from_secs(20);
const STOP_LIMIT: Duration = Duration::from_secs(3);
const ROOM: &str = "bench";
const PLACE: &str = "hall";

/// A server in a process of its own, with a data folder that goes away with it. Dropping it ends the process.
pub(crate) struct OwnServer {
    process: Child,
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl OwnServer {
    /// Starts the server on a free port of 127.0.0.1, with limits that let all clients come from one address, and
    /// with a hall for so many people as its place. `public`: where it says that it is.
    ///
    /// # Errors
    /// A sentence with the end of the server's log, if it does not come up.
    pub(crate) fn start(
        program: Option<&Path>,
        core: Option<usize>,
        people: usize,
        public: Option<Ipv4Addr>,
    ) -> anyhow::Result<Self> {
        let program = program.map_or_else(server_beside_us, |program| Ok(program.to_owned()))?;
        let folder = tempfile::Builder::new().prefix("atrium-bench-").tempdir().context("cannot make a folder")?;
        let place = data_folder(folder.path()).join("places").join(PLACE);
        fs::create_dir_all(&place).and_then(|()| fs::write(place.join("room.ron"), hall(people)))?;
        let log = File::create(log_file(folder.path()))?;
        let mut command = server_command(&program, folder.path());
        command
            .args(["--listen", "127.0.0.1:0", "--join-rate", "100000:100000"])
            .args(["--max-connections", "8192", "--max-connections-per-address", "8192"])
            .args(["--room-capacity", &(people + 16).to_string()])
            .args(public.iter().flat_map(|address| ["--public-addr".to_owned(), address.to_string()]))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        tie_to_us(&mut command, core);
        let process = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let mut server = Self { process, folder, program };
        server.wait_until_up()?;
        Ok(server)
    }

    fn wait_until_up(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        let endpoint = data_folder(self.folder.path()).join("endpoint.json");
        while !endpoint.exists() {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended at once ({status}); {}", self.last_words());
            }
            ensure!(Instant::now() < deadline, "the server does not come up; {}", self.last_words());
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// A link by which any number of people may join.
    ///
    /// # Errors
    /// What the server's `invite` says.
    pub(crate) fn invite(&self) -> anyhow::Result<JoinLink> {
        let mut command = server_command(&self.program, self.folder.path());
        let output = command.args(["invite", ROOM, "--role", "member", "--place", PLACE]).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the server makes no invite: {}", said.trim());
        Ok(JoinLink::parse(&String::from_utf8_lossy(&output.stdout))?)
    }

    /// A folder on the disk that the server's data lie on.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Has a board of the room exported into a file, while the server runs, and says how long that took.
    ///
    /// # Errors
    /// What the server's `export` says.
    pub(crate) fn export(&self, board: BoardId, file: &Path) -> anyhow::Result<Duration> {
        let mut command = server_command(&self.program, self.folder.path());
        let start = Instant::now();
        command.args(["export", ROOM, "--board", &board.0.to_string(), "-o"]).arg(file);
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the server exports no board: {}", said.trim());
        Ok(start.elapsed())
    }

    pub(crate) fn meter(&self) -> ProcessMeter {
        ProcessMeter::new(self.process.id())
    }

    /// A sentence about what the server logged last, for a message.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(log_file(self.folder.path())).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        match lines.len() {
            0 => "it logged nothing".to_owned(),
            count => format!("its log ends with\n{}", lines[count.saturating_sub(15)..].join("\n")),
        }
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if let Err(error) = self.process.kill() {
            tracing::debug!(%error, "the server had ended already");
        }
        let deadline = Instant::now() + STOP_LIMIT;
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn data_folder(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn log_file(folder: &Path) -> PathBuf {
    folder.join("server.log")
}

/// The server with our data folder, and with no setting of the user's.
fn server_command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ATRIUM_")) {
        command.env_remove(name);
    }
    command.env("ATRIUM_LOG", "warn").arg("--data").arg(data_folder(folder));
    command
}

fn server_beside_us() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe().context("cannot find this program's own folder")?;
    let program = here.with_file_name("atrium-server");
    ensure!(
        program.is_file(),
        "there is no {}: build it with `cargo build --release -p atrium-server`, or name one with --server-binary",
        program.display()
    );
    Ok(program)
}
