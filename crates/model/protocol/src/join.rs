use crate::{AvatarBytes, DeviceKey, DisplayName, Micros, ParticipantId, PersonId, ResumeSecret, Role, RoomId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The protocol of this build. Clients and servers of the same number understand each other.
pub const PROTOCOL_VERSION: u32 = 1;

/// The JSON body of `POST /v1/rooms/{room}/join`. Its `Debug` shows nothing that would let anyone in.
#[derive(Clone, Serialize, Deserialize)]
pub struct JoinRequest {
    /// [`PROTOCOL_VERSION`] of the client.
    pub protocol: u32,
    /// The invite's token (a JWT signed with EdDSA).
    pub token: String,
    /// The name that others see.
    pub name: DisplayName,
    /// The installation's public key.
    pub device_key: DeviceKey,
    /// When the request was signed, in milliseconds of the client's clock since the Unix epoch.
    pub signed_at_ms: u64,
    /// Ed25519 signature of [`crate::join_signing_bytes`], 64 bytes in base64url without padding.
    pub signature: String,
    /// The SDP offer, complete with candidates if there are any (none are needed).
    pub sdp: String,
    /// How the person looks; at most 1 KiB, base64url in JSON.
    #[serde(default, with = "crate::identity::avatar_base64", skip_serializing_if = "is_default_avatar")]
    pub avatar: AvatarBytes,
    /// Comes back to an attendance that lost its connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<ResumeClaim>,
}

fn is_default_avatar(avatar: &AvatarBytes) -> bool {
    avatar.as_bytes().is_empty()
}

impl fmt::Debug for JoinRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinRequest")
            .field("protocol", &self.protocol)
            .field("name", &self.name)
            .field("device_key", &self.device_key)
            .field("resume", &self.resume)
            .finish_non_exhaustive()
    }
}

/// The proof that one was here before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResumeClaim {
    /// The attendance.
    pub participant: ParticipantId,
    /// The secret that its join answered with.
    pub secret: ResumeSecret,
}

/// The JSON body of a join's `200`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JoinAnswer {
    /// [`PROTOCOL_VERSION`] of the server.
    pub protocol: u32,
    /// Your attendance.
    pub participant: ParticipantId,
    /// Who the server takes you for.
    pub person: PersonId,
    /// Your role.
    pub role: Role,
    /// Brings you back within 30 s of a lost connection; a new one with every join and resume.
    pub resume_secret: ResumeSecret,
    /// The SDP answer.
    pub sdp: String,
    /// The room, as the server spells it.
    pub room: RoomId,
    /// Whether you wait in the lobby first.
    pub lobby: bool,
    /// Whether the resume claim was honoured.
    pub resumed: bool,
    /// The server's clock.
    pub server_us: Micros,
}

/// The JSON body of a refused join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRefusal {
    /// Why, for programs.
    pub error: JoinRefusalCode,
    /// Why, and what to do, for people.
    pub message: String,
}

/// Why a join is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinRefusalCode {
    /// 400: not JSON, or not this shape.
    BadRequest,
    /// 400: the SDP offer is not one that this server can answer.
    BadOffer,
    /// 401: the token is not one of this server's.
    BadToken,
    /// 401: the token's time is over.
    TokenExpired,
    /// 401: the token's time has not come.
    TokenNotYetValid,
    /// 401: the invite was revoked.
    TokenRevoked,
    /// 401: every use of the invite is spent.
    TokenSpent,
    /// 401: the device key did not sign this request, or did so too long ago.
    BadSignature,
    /// 403: the token is for another room.
    WrongRoom,
    /// 403: banned from this room.
    Banned,
    /// 403: the room is locked.
    Locked,
    /// 404: no such room.
    NoSuchRoom,
    /// 409: the attendance to resume is over; join anew.
    ResumeFailed,
    /// 413: the body is too large.
    TooLarge,
    /// 426: the protocol versions do not fit.
    Version,
    /// 429: too many joins from this address.
    TooFast,
    /// 503: the room is full.
    RoomFull,
    /// 503: the server is stopping.
    Draining,
    /// 500: something is wrong on the server.
    ServerError,
    /// A code of a newer protocol.
    #[serde(other)]
    Unknown,
}

impl JoinRefusalCode {
    /// The HTTP status that goes with it.
    pub fn http_status(self) -> u16 {
        match self {
            Self::BadRequest | Self::BadOffer => 400,
            Self::BadToken
            | Self::TokenExpired
            | Self::TokenNotYetValid
            | Self::TokenRevoked
            | Self::TokenSpent
            | Self::BadSignature => 401,
            Self::WrongRoom | Self::Banned | Self::Locked => 403,
            Self::NoSuchRoom => 404,
            Self::ResumeFailed => 409,
            Self::TooLarge => 413,
            Self::Version => 426,
            Self::TooFast => 429,
            Self::ServerError | Self::Unknown => 500,
            Self::RoomFull | Self::Draining => 503,
        }
    }
}

/// Compares the other side's protocol with ours.
///
/// # Errors
/// A sentence that says which side to upgrade.
pub fn check_version(client: u32) -> Result<(), String> {
    match client.cmp(&PROTOCOL_VERSION) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(format!(
            "this server speaks protocol {PROTOCOL_VERSION}, your client {client}: upgrade Atrium on your machine"
        )),
        std::cmp::Ordering::Greater => Err(format!(
            "your client speaks protocol {client}, this server {PROTOCOL_VERSION}: ask the host to upgrade the server"
        )),
    }
}
