//! What somebody does at a board right now, on the pose lane: pen in the making, pointers, views. Lost datagrams are not
//! missed, since all that lasts comes as operations. What is in a payload is the business of the board's document.
//!
//! Everything here is whole bytes, numbers little-endian; `docs/PROTOCOL.md` has the layout.

use crate::pose::body_of_kind;
use crate::{BoardId, EncodeError, ParticipantId, PoseError, limits};

/// The first byte of what a client does itself.
const KIND_UP: u8 = 3;
/// The first byte of what other people do.
const KIND_DOWN: u8 = 4;
/// Kind and count.
const DOWN_HEADER_BYTES: usize = 2;
/// Participant, board, sequence and length.
const RECORD_HEADER_BYTES: usize = 10;

/// What a client does at a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveUp {
    /// The board.
    pub board: BoardId,
    /// Counts the sender's live datagrams, on all boards together; it wraps, and older ones than the newest received
    /// do not count.
    pub sequence: u16,
    /// What they do, at most [`limits::LIVE_BYTES`].
    pub payload: Vec<u8>,
}

/// What one person does, among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveRecord {
    /// Who.
    pub id: ParticipantId,
    /// The board.
    pub board: BoardId,
    /// [`LiveUp::sequence`].
    pub sequence: u16,
    /// What they do, at most [`limits::LIVE_BYTES`].
    pub payload: Vec<u8>,
}

/// What people do at boards, one's own included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveDown {
    /// At most one of each person.
    pub records: Vec<LiveRecord>,
}

/// Whether a datagram of the pose lane says that it is a [`LiveUp`].
pub fn is_live_up(datagram: &[u8]) -> bool {
    datagram.first() == Some(&KIND_UP)
}

/// Writes what a client does.
///
/// # Errors
/// [`EncodeError::TooLarge`] when the payload is.
pub fn encode_live_up(up: &LiveUp) -> Result<Vec<u8>, EncodeError> {
    if up.payload.len() > limits::LIVE_BYTES {
        return Err(EncodeError::TooLarge { got: up.payload.len(), max: limits::LIVE_BYTES });
    }
    let mut datagram = Vec::with_capacity(5 + up.payload.len());
    datagram.push(KIND_UP);
    datagram.extend_from_slice(&up.board.0.to_le_bytes());
    datagram.extend_from_slice(&up.sequence.to_le_bytes());
    datagram.extend_from_slice(&up.payload);
    Ok(datagram)
}

/// Reads what a client does.
///
/// # Errors
/// [`PoseError`], [`PoseError::UnknownKind`] for other datagrams of the pose lane.
pub fn decode_live_up(datagram: &[u8]) -> Result<LiveUp, PoseError> {
    let mut body = body_of_kind(KIND_UP, datagram)?;
    let board = BoardId(take_u16(&mut body)?);
    let sequence = take_u16(&mut body)?;
    if body.len() > limits::LIVE_BYTES {
        return Err(PoseError::LiveTooLarge { got: body.len() });
    }
    Ok(LiveUp { board, sequence, payload: body.to_vec() })
}

/// Writes what people do into datagrams of at most [`limits::POSE_DATAGRAM_BYTES`], until there is nothing more.
#[derive(Debug, Default)]
pub struct LiveDownWriter {
    datagram: Vec<u8>,
}

impl LiveDownWriter {
    /// Appends a record. Returns false, and writes nothing, when it does not fit, when the datagram has 255 records, or
    /// when the payload is over its limit.
    pub fn push(&mut self, record: &LiveRecord) -> bool {
        if self.datagram.is_empty() {
            self.datagram.extend_from_slice(&[KIND_DOWN, 0]);
        }
        let needed = RECORD_HEADER_BYTES + record.payload.len();
        let fits = self.datagram.len() + needed <= limits::POSE_DATAGRAM_BYTES;
        if !fits || record.payload.len() > limits::LIVE_BYTES || self.datagram[1] == u8::MAX {
            return false;
        }
        self.datagram[1] += 1;
        self.datagram.extend_from_slice(&record.id.0.to_le_bytes());
        self.datagram.extend_from_slice(&record.board.0.to_le_bytes());
        self.datagram.extend_from_slice(&record.sequence.to_le_bytes());
        self.datagram.extend_from_slice(&(record.payload.len() as u16).to_le_bytes());
        self.datagram.extend_from_slice(&record.payload);
        true
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.datagram.len() <= DOWN_HEADER_BYTES
    }

    /// The datagram.
    pub fn finish(mut self) -> Vec<u8> {
        if self.datagram.is_empty() {
            self.datagram.extend_from_slice(&[KIND_DOWN, 0]);
        }
        self.datagram
    }
}

/// Reads what people do.
///
/// # Errors
/// [`PoseError`], [`PoseError::UnknownKind`] for other datagrams of the pose lane.
pub fn decode_live_down(datagram: &[u8]) -> Result<LiveDown, PoseError> {
    let mut body = body_of_kind(KIND_DOWN, datagram)?;
    let [count] = take(&mut body)?;
    let count = usize::from(count);
    if count * RECORD_HEADER_BYTES > body.len() {
        return Err(PoseError::Truncated);
    }
    let mut records = Vec::with_capacity(count);
    for _ in 0..count {
        records.push(take_record(&mut body)?);
    }
    if body.is_empty() { Ok(LiveDown { records }) } else { Err(PoseError::Trailing) }
}

fn take_record(body: &mut &[u8]) -> Result<LiveRecord, PoseError> {
    let id = ParticipantId(u32::from_le_bytes(take(body)?));
    if id.0 == 0 {
        return Err(PoseError::BadId);
    }
    let board = BoardId(take_u16(body)?);
    let sequence = take_u16(body)?;
    let length = usize::from(take_u16(body)?);
    if length > limits::LIVE_BYTES {
        return Err(PoseError::LiveTooLarge { got: length });
    }
    let (payload, rest) = body.split_at_checked(length).ok_or(PoseError::Truncated)?;
    *body = rest;
    Ok(LiveRecord { id, board, sequence, payload: payload.to_vec() })
}

fn take<const N: usize>(body: &mut &[u8]) -> Result<[u8; N], PoseError> {
    let (taken, rest) = body.split_first_chunk().ok_or(PoseError::Truncated)?;
    *body = rest;
    Ok(*taken)
}

fn take_u16(body: &mut &[u8]) -> Result<u16, PoseError> {
    take(body).map(u16::from_le_bytes)
}
