//! The two ends of a connection against each other, on virtual time.
#![allow(missing_docs)]

mod lanes;
mod offers;
mod paths;
mod support;
mod voice;
