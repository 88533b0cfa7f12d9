//! A whole server, as other programs meet it.
#![allow(missing_docs)]

mod binary;
mod client;
mod serving;
