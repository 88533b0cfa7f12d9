//! The clients: how they walk and speak, and the loop that drives them all.

mod client;
mod device;
mod drawing;
mod frame;
mod ink;
mod listener;
mod pose_log;
mod rtp;
mod schedule;
mod session;
mod speech;
mod swarm;
mod tally;
mod walk;

pub(crate) use client::{Client, Comeback, Plan, Stage};
pub(crate) use session::enter;
pub(crate) use swarm::Swarm;
pub(crate) use tally::Problems;
pub(crate) use walk::{POSE_INTERVAL, Walk};
