//! One module a behaviour.

mod hand;
mod ink;
