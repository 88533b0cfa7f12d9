//! What crosses the wire, checked from outside the crate.
#![allow(missing_docs, clippy::unwrap_used)]

mod clock;
mod documented;
mod identity;
mod ids;
mod live;
mod memory;
mod messages;
mod pose;
mod samples;
mod text;
