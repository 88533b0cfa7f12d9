//! Measurements as they are run by hand, but short.
#![allow(missing_docs)]

mod ear;
mod soak;
