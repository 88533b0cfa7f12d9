//! A whole server, as other programs meet it.
#![allow(missing_docs, clippy::unwrap_used)]

mod binary;
mod client;
mod exporting;
mod serving;
