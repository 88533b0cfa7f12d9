//! The app without a window, against a real server in the same process, with bots for company.
#![allow(missing_docs)]
// What cannot go on here is a failed test.
#![allow(clippy::unwrap_used)]

mod boards;
mod bodies;
mod crowd;
mod endings;
mod pictures;
mod program;
mod rooms;
mod voices;
mod window;
mod world;
