use crate::limits;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One attendance of one person in one room: never reused in that room, and the CSRC of their voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParticipantId(pub u32);

impl fmt::Display for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0)
    }
}

macro_rules! place_index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u16);
    };
}
place_index!(/// A seat: its index in `room.ron`.
    SeatId);
place_index!(/// A zone: its index in `room.ron`.
    ZoneId);
place_index!(/// A whiteboard: its index in `room.ron`.
    BoardId);

/// Counts a person's jumps (spawn, seat, teleport, correction); 6 bits that wrap. Poses carry it, and
/// poses of an older epoch are dropped, so that a late pose never undoes a jump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct PoseEpoch(pub u8);

impl PoseEpoch {
    /// The epoch after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1) & 0x3f)
    }
}

impl TryFrom<u8> for PoseEpoch {
    type Error = &'static str;
    fn try_from(epoch: u8) -> Result<Self, Self::Error> {
        if epoch < 64 { Ok(Self(epoch)) } else { Err("a pose epoch is under 64") }
    }
}

impl From<PoseEpoch> for u8 {
    fn from(epoch: PoseEpoch) -> Self {
        epoch.0
    }
}

/// The name of a room as links spell it: 1–64 of `a–z 0–9 - _`, stored in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomId(String);

impl RoomId {
    /// Accepts upper case and turns it into lower case.
    ///
    /// # Errors
    /// A sentence that says which names are possible.
    pub fn parse(name: &str) -> Result<Self, String> {
        let lower = name.to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if lower.is_empty() || lower.len() > limits::ROOM_NAME_CHARS || !lower.chars().all(allowed) {
            return Err(format!("a room's name has 1 to {} letters a-z, digits, '-' or '_'", limits::ROOM_NAME_CHARS));
        }
        Ok(Self(lower))
    }

    /// The name as it stands in links and in the store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RoomId {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name)
    }
}

impl From<RoomId> for String {
    fn from(room: RoomId) -> Self {
        room.0
    }
}

/// The id (`jti`) of an invite: 1–64 of `A–Z a–z 0–9 - _`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InviteId(String);

impl InviteId {
    /// # Errors
    /// A sentence that says which ids are possible.
    pub fn parse(id: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || id.len() > 64 || !id.chars().all(allowed) {
            return Err("an invite's id has 1 to 64 letters, digits, '-' or '_'".into());
        }
        Ok(Self(id.to_owned()))
    }

    /// The id as it stands in tokens and in the store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InviteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for InviteId {
    type Error = String;
    fn try_from(id: String) -> Result<Self, String> {
        Self::parse(&id)
    }
}

impl From<InviteId> for String {
    fn from(id: InviteId) -> Self {
        id.0
    }
}

/// SHA-256 of a file's content, in lower-case hexadecimal on the wire and in URLs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// Hashes `content`.
    pub fn of(content: &[u8]) -> Self {
        use sha2::Digest;
        Self(sha2::Sha256::digest(content).into())
    }

    /// # Errors
    /// A sentence when `hex` is not 64 hexadecimal digits.
    pub fn parse(hex: &str) -> Result<Self, String> {
        parse_hex32(hex).map(Self).ok_or_else(|| "a content hash has 64 hexadecimal digits".into())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl TryFrom<String> for ContentHash {
    type Error = String;
    fn try_from(hex: String) -> Result<Self, String> {
        Self::parse(&hex)
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.to_string()
    }
}

pub(crate) fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

pub(crate) fn parse_hex32(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = (high << 4 | low) as u8;
    }
    Some(bytes)
}
