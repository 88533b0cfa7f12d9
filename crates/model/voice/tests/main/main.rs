#![allow(missing_docs, clippy::unwrap_used)]

mod bad_networks;
mod codec;
mod copies;
mod hostile;
mod network_table;
mod noise;
mod pauses;
mod playout;
mod speakers;
mod support;
mod traces;
