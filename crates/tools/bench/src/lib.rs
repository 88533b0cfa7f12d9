//! Atrium's measurements: many real clients (ICE, DTLS, SRTP, SCTP) in one thread, against a server in a process of
//! its own, each on a core of its own. `docs/BENCHMARKS.md` has the figures and the command for each.
//!
//! - `host`: the server under test, and what the kernel says of a process.
//! - `people`: the clients: how they walk and speak, and the loop that drives them all.
//! - `ear`: two people with sound engines, and how long a word takes from mouth to ear.
//! - `commands`: one file for each measurement.

mod arguments;
mod clock;
mod commands;
mod delays;
mod ear;
mod host;
mod people;
mod random;
mod report;

pub use arguments::{Arguments, Measurement};
pub use commands::run;
