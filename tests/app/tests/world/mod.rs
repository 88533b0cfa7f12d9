//! What every test needs: a server, other people, and an app that one can drive.

#[path = "../../../meeting/tests/world/relay.rs"]
#[allow(dead_code)]
pub(crate) mod relay;
mod server;
mod visitor;

pub(crate) use server::Server;
pub(crate) use visitor::Visitor;

use std::time::Duration;

/// How long anything may take that should come soon: machines that run tests are busy, and draw with the processor.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// How often the relay looks whether it is cut.
const LOOK_EVERY: Duration = Duration::from_millis(10);
