//! One module a behaviour.

mod convergence;
mod decoders;
mod erasing;
mod forgetting;
mod hand;
mod ink;
mod live;
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
