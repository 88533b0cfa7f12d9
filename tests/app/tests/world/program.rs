//! The real program, started as a person starts it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

/// A process that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `atrium`, beside this test, with a home of its own and without a display.
pub(crate) fn atrium(home: &Path) -> Command {
    let test = std::env::current_exe().unwrap();
    let program: PathBuf = test.parent().and_then(Path::parent).unwrap().join("atrium");
    assert!(program.is_file(), "build it first: cargo build --package atrium");
    let mut command = Command::new(program);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("ATRIUM_HOME", home);
    command
}

/// An X server that nobody looks at.
pub(crate) struct Screen {
    display: String,
    _server: Running,
    _folder: TempDir,
}

impl Screen {
    /// Starts it; the X server itself finds a free number and says so when it is ready.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let said = folder.path().join("number");
        let mut xvfb = Command::new("sh");
        let line = "exec Xvfb -displayfd 3 -screen 0 640x360x24 -nolisten tcp 3>\"$0\"";
        xvfb.args(["-c", line]).arg(&said).stderr(Stdio::null());
        let server = Running(xvfb.spawn().expect("Xvfb: install xvfb"));
        let mut number = String::new();
        super::until("the screen is there", || {
            number = std::fs::read_to_string(&said).unwrap_or_default();
            number.ends_with('\n')
        });
        Self { display: format!(":{}", number.trim()), _server: server, _folder: folder }
    }

    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    /// Runs a program of the X server's people, and gives what it prints.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new(program).args(arguments).env("DISPLAY", &self.display).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Whether a window with that in its title is to be seen.
    pub(crate) fn has_window(&self, title: &str) -> bool {
        let mut search = Command::new("xdotool");
        search.args(["search", "--onlyvisible", "--name", title]).env("DISPLAY", &self.display);
        search.output().unwrap().status.success()
    }

    /// Asks a window to close, as the cross in its frame does (ICCCM 4.2.8.1).
    pub(crate) fn ask_to_close(&self, title: &str) {
        let found = String::from_utf8(self.run("xdotool", &["search", "--name", title])).unwrap();
        let window: u32 = found.trim().parse().unwrap();
        let (connection, _) = x11rb::connect(Some(&self.display)).unwrap();
        let atom = |name: &[u8]| connection.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let data = [atom(b"WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), data);
        connection.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }

    /// The picture as bytes (XWD).
    pub(crate) fn picture(&self) -> Vec<u8> {
        self.run("xwd", &["-root", "-silent"])
    }
}
