//! Measurements as they are run by hand, but short.
#![allow(missing_docs)]

mod board;
mod ear;
mod soak;
