//! What every test needs: a server, people, and clients that break the rules.

pub(crate) mod delivery;
pub(crate) mod host;
pub(crate) mod https;
pub(crate) mod ink;
pub(crate) mod join_form;
pub(crate) mod mirror;
pub(crate) mod person;
pub(crate) mod png;
pub(crate) mod raw_client;
pub(crate) mod server_process;

pub(crate) use delivery::Delivery;
pub(crate) use host::{Host, ROOM, invite_request};
pub(crate) use https::{Https, Refused};
pub(crate) use join_form::JoinForm;
pub(crate) use person::{Person, PersonPlan, Speech, device_key};
pub(crate) use raw_client::RawClient;
pub(crate) use server_process::ServerProcess;

use std::time::Duration;

/// How long anything may take that should come soon: machines that run tests are busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How often a condition is looked at that nobody announces.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Waits until something outside of the meeting is so.
pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(tokio::time::Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
