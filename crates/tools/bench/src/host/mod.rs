//! The server under test, and what the kernel says of a process.

mod batch_io;
mod disk;
mod hall;
mod joiner;
mod local_address;
mod machine;
mod meter;
mod pinning;
mod server;

pub(crate) use batch_io::{ReceiveBatch, stamp_received};
pub(crate) use disk::{DiskProbe, file_system_of};
pub(crate) use hall::{BOARDS, hall};
pub(crate) use joiner::{JoinCall, Joiner};
pub(crate) use local_address::local_address;
pub(crate) use machine::{Machine, is_optimised};
pub(crate) use meter::{CpuTime, ProcessMeter};
pub(crate) use pinning::{Cores, pin_this_thread};
pub(crate) use server::OwnServer;
