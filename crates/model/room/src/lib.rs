//! Authority over one meeting, as a state machine: it is handed the time and what happens, and is
//! drained for what must be done. It does no IO and reads no clock.
//!
//! The driver (a server's shard, or a test) calls [`Room::admit`] for a join whose token and signature it has
//! checked, hands over what arrives and what the disk says with [`Room::handle`], asks [`Room::route_voice`] for each
//! voice packet, wakes it with [`Room::handle_timeout`] at [`Room::poll_timeout`], and after each of these drains
//! [`Room::poll_output`].
//!
//! Whatever must survive a crash is handed to the disk first ([`RoomOutput::Persist`]) and relied upon only after
//! [`RoomInput::Committed`].

mod admission;
mod announcements;
mod api;
mod append_log;
mod boards;
mod body;
mod bulk;
mod chat;
mod control;
mod fetches;
mod interest;
mod ledger;
mod limits;
mod live;
mod lobby;
mod moderation;
mod outbox;
mod participant;
mod people;
mod poses;
mod presence;
mod record;
mod roles;
mod room;
mod seats;
mod stats;
mod storage;
mod voice;
mod welcome;

pub use api::{Admission, Admitted, Refused, RoomConfig, RoomInput, RoomOutput, Ticket, VoiceRoute};
pub use bulk::BulkRequest;
pub use limits::{Rate, RateLimits};
pub use record::{BoardEntry, Record, SavedRoom, SavedSettings};
pub use room::Room;
pub use stats::RoomStats;
