//! The client's side of a meeting: join over HTTPS, a WebRTC connection, clock sync, and a way back after a loss.
//!
//! [`Session::start`] runs it on a thread of its own, [`Session::spawn`] on the caller's tokio runtime. Both give a
//! [`SessionHandle`]: words of the protocol go in and come out through bounded queues, so that a scene, a bot or a
//! test never meets a socket.

mod board_cursor;
mod bulk;
mod clock;
mod commands;
mod connection;
mod device_key;
mod driver;
mod event;
mod files;
mod handle;
mod join;
mod join_link;
mod retry;
mod tls;
mod unacknowledged;

pub use atrium_link::VoicePacket;
pub use bulk::{BoardSnapshot, Bulk, BulkError};
pub use clock::{ServerClock, SharedClock};
pub use commands::{CommandError, LiveWord, SessionCommand, VoiceFrame};
pub use device_key::{DeviceKeyError, load_or_create_device_key};
pub use event::{ClosedCode, ConnectTimes, SessionEvent, SessionState};
pub use files::{FileFetcher, FilesError, RoomFiles};
pub use handle::{Session, SessionConfig, SessionHandle, StartError};
pub use join::JoinError;
pub use join_link::{JoinLink, LinkError};
pub use retry::{Attempt, RetryPlan};
pub use tls::{TlsError, client_tls_config};
