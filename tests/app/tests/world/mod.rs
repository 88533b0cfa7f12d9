//! What every test needs: a server, other people, and an app that one can drive.

pub(crate) mod content;
mod mouse;
pub(crate) mod program;
mod server;
mod visitor;

pub(crate) use server::Server;
pub(crate) use visitor::Visitor;

use std::time::{Duration, Instant};

/// How long anything may take that should come soon: machines that run tests are busy, and draw with the processor.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// How often one looks at what cannot be waited for.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks every moment whether something is so that another process does.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        std::thread::sleep(LOOK_EVERY);
    }
}
