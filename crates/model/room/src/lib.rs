//! Authority over one meeting, as a state machine: it is handed the time and what happens, and is
//! drained for what must be done. It does no IO and reads no clock.

mod api;
mod record;

pub use api::{
    Admission, Admitted, Refused, RoomConfig, RoomInput, RoomOutput, Ticket, VoiceRoute,
};
pub use record::{BoardEntry, Record, SavedRoom, SavedSettings};
