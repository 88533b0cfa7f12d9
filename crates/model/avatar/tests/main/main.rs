//! The crate from outside: playout over bad networks, and whole bodies.

#![allow(clippy::unwrap_used)]

mod bad_networks;
mod bodies;
mod network;
