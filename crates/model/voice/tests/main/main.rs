#![allow(missing_docs, clippy::unwrap_used)]

mod bad_networks;
mod codec;
mod hostile;
mod noise;
mod pauses;
mod speakers;
mod support;
mod traces;
