//! The rules that hold between packages, and those that hold for each of them.
#![allow(missing_docs, clippy::unwrap_used)]

mod layers;
mod licences;
mod manifests;
mod reach;
mod workspace;
