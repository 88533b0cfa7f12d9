#![allow(missing_docs, clippy::unwrap_used)]

mod backup;
mod boards;
mod commit;
mod common;
mod crash;
mod history;
mod invites;
mod opening;
mod roundtrip;
