#![allow(missing_docs, clippy::unwrap_used)]

mod direction;
mod hostile;
mod levels;
mod memory;
mod motion;
mod room;
mod support;
