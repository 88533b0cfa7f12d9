use atrium_protocol::Micros;
use std::time::{SystemTime, UNIX_EPOCH};

/// The wall clock: the one that the kernel stamps received datagrams with, and that a server on this machine
/// started its own from.
pub(crate) fn micros_now() -> Micros {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Micros(u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX))
}
