//! Whole meetings: the real server, real sessions, real sockets. Only here does real time pass, so every wait is for
//! a condition and has a deadline.
#![allow(missing_docs)]

mod boards;
mod disk_full;
mod durability;
mod files;
mod floods;
mod health;
mod hostile;
mod meets;
mod moderation;
mod namespaces;
mod network;
mod pictures;
mod refusals;
mod sides;
mod stray_datagrams;
mod tcp;
mod world;
