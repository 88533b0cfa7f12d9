#![allow(missing_docs, clippy::unwrap_used)]
//! A module for each behaviour; `model` checks the invariants of all of them together.

mod admission;
mod boards;
mod chat;
mod drawing;
mod harness;
mod interest;
mod limits;
mod live;
mod lobby;
mod model;
mod moderation;
mod poses;
mod presence;
mod roles;
mod seats;
mod voice;
