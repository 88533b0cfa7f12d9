#![allow(missing_docs, clippy::unwrap_used)]

mod bulk;
mod fake_server;
mod files;
mod refusals;
