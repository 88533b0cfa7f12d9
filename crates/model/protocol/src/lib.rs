//! The words on Atrium's wire: identities, clock, lanes, messages, quantised poses and their limits.
//!
//! Nothing here does IO. Every decoder is total: it returns an error for any bytes that it does not
//! understand, never panics, and never yields a non-finite number. `docs/PROTOCOL.md` describes the
//! same words for other languages.

mod board;
mod clock;
mod codec;
mod control;
#[doc(hidden)]
pub mod fuzzing;
mod identity;
mod ids;
mod join;
mod lane;
pub mod limits;
mod live;
mod messagepack;
mod people;
mod pose;
mod text;

pub use board::{BoardDown, BoardUp, OperationBytes};
pub use clock::{Micros, Tick};
pub use codec::{DecodeError, EncodeError, decode_message, encode_message};
pub use control::{
    ChatMessage, CloseCode, ControlDown, ControlUp, FileEntry, ModerateAction, PersonChange, PlacedReason, Placement,
    RefusalCode, RoomInfo, Welcome,
};
pub use identity::{DeviceKey, IdentityError, PersonId, ResumeSecret, join_signing_bytes};
pub use ids::{BoardId, ContentHash, InviteId, ParticipantId, PoseEpoch, RoomId, SeatId, ZoneId};
pub use join::{JoinAnswer, JoinRefusal, JoinRefusalCode, JoinRequest, PROTOCOL_VERSION, ResumeClaim, check_version};
pub use lane::{CHANNELS, ChannelSpec, Lane, VIDEO_LINES, VOICE_SLOTS};
pub use live::{
    LiveDown, LiveDownWriter, LiveRecord, LiveUp, decode_live_down, decode_live_up, encode_live_up, is_live_up,
};
pub use people::{AvatarBytes, Grants, LeaveReason, PersonInfo, Presence, Role};
pub use pose::{
    HandPose, HeadPose, PackedPose, Pose, PoseDown, PoseDownWriter, PoseError, PoseRecord, PoseUp, decode_pose_down,
    decode_pose_up, encode_pose_up,
};
pub use text::{BoundedText, ChatText, DisplayName, ReactionText, ReasonText, TextError};
