//! The two ends of a connection against each other: what every client must do ([`conformance`]), and what only the
//! sans-IO ends or only the `webrtc` driver do.
#![allow(missing_docs)]

mod conformance;
mod lanes;
mod offers;
mod paths;
mod rigs;
#[cfg(feature = "webrtc")]
mod webrtc_driver;
