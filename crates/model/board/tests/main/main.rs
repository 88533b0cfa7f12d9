//! One module a behaviour.
#![allow(missing_docs, clippy::unwrap_used)]

mod convergence;
mod decoders;
mod erasing;
mod forgetting;
mod hand;
mod ink;
mod live;
mod memory;
mod model;
mod operations;
mod order;
mod places;
mod refusals;
mod replicas;
mod reverting;
mod scribe;
mod snapshots;
mod templates;
mod undo;
mod undo_seeds;
mod weight;
