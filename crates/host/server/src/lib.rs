//! The room server: HTTPS for joins and files, and shards (one thread each) that own UDP sockets, peers and rooms.
//!
//! A request to join is checked here (token, device key, limits), then handed to the shard of its room; what comes
//! back is the SDP answer, and from then on packets flow between the client and the shard alone. HTTP runs on tokio
//! and reaches shards through bounded queues; nothing on the packet path waits for it.
//!
//! [`start`] runs a server inside any program; the binary `atrium-server` adds arguments and signals.

mod addresses;
mod archive;
mod backup;
mod boards;
mod calendar;
mod certificate;
mod clock;
mod config;
mod data_dir;
mod export;
pub mod fuzzing;
mod housekeeping;
mod http;
mod invite;
mod metrics_handle;
mod places;
mod rate;
mod running;
mod shard;
mod shard_api;
mod tcp;
mod token;

pub use backup::{backup, restore};
pub use calendar::{format_utc, parse_duration, parse_moment};
pub use config::{ServerConfig, TlsFiles};
pub use export::{export_board, export_room, import_room};
pub use invite::InviteRequest;
pub use places::shipped_place;
pub use rate::RateLimit;
pub use running::{RunningServer, invite_offline, start};
