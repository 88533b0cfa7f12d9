//! The crate from outside: easels at one board over a server that is as slow, full and strict as a real one can be.

#![allow(clippy::unwrap_used)]

mod arranging;
mod boards;
mod erasing;
mod inking;
mod joining;
mod live;
mod paging;
mod random;
mod retrying;
mod selecting;
mod server;
mod shaping;
mod shortcuts;
mod triangles;
mod typing;
mod views;
mod words;
