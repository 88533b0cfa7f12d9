#![allow(missing_docs)]

mod fake_server;
mod files;
mod refusals;
