#![allow(missing_docs, clippy::unwrap_used)]

mod echo;
mod gate;
mod hostile;
mod missing;
mod people;
mod places;
mod support;
mod thread;
