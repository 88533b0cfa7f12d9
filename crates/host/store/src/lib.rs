//! Durable rooms: everything that must outlive a meeting, in one SQLite database.
//!
//! One thread owns the write connection. Jobs reach it through a bounded queue; it gathers them into groups, commits
//! a group with one `fsync`, and only then tells each job that it is done. So whatever was acknowledged survives
//! `kill -9` and, where the disk keeps its promises, a power cut. Lookups use read connections of their own and never
//! wait for the writer (write-ahead log).
//!
//! A [`Store`] is blocking: call its lookups from a thread that may wait. [`Store::persist`] never waits.

mod backup;
mod backup_files;
mod columns;
mod connection;
mod data_dir;
mod error;
#[cfg(test)]
mod failing_disk_tests;
#[cfg(test)]
mod full_disk_tests;
mod history;
mod images;
mod invites;
mod job;
mod migrate;
mod readers;
mod records;
mod rooms;
mod saved_room;
mod snapshots;
mod store;
mod whole_room;
mod writer;

pub use backup::{Restored, restore};
pub use backup_files::BackupFile;
pub use data_dir::{DataLock, server_lock};
pub use error::{StoreBusy, StoreError};
pub use history::{AuditLine, Ban, PersonRow};
pub use images::{ImagePut, StoredImage};
pub use invites::{Invite, InviteStatus};
pub use job::Done;
pub use rooms::RoomRow;
pub use snapshots::StoredSnapshot;
pub use store::{Store, StoreStats};
pub use whole_room::WholeRoom;
