use super::bits::{BitReader, BitWriter};
use super::packed::MIN_RECORD_BITS;
use super::{KIND_DOWN, PackedPose, Pose, PoseError, body_of_kind};
use crate::{ParticipantId, Tick};

/// Kind, tick, time and count.
const HEADER_BYTES: usize = 8;
const COUNT_AT: usize = HEADER_BYTES - 1;
const AGE_BITS: u32 = 7;
const AGE_STEP_MS: u16 = 2;
const AGE_MAX: u16 = (1 << AGE_BITS) - 1;
/// Three bits of the number, low ones first, and one that says whether another group follows.
const ID_GROUP_BITS: u32 = 4;
const ID_GROUPS_MAX: u32 = 11;

/// One person's pose among others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoseRecord {
    /// Whose.
    pub id: ParticipantId,
    /// How old it was when the datagram was sent: even, and 254 stands for "254 ms or more".
    pub age_ms: u16,
    /// The pose.
    pub pose: Pose,
}

/// Other people's poses, at most one datagram a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct PoseDown {
    /// The room's tick.
    pub tick: Tick,
    /// When it was sent: [`crate::Micros::wrapped_millis`] of the server's clock.
    pub sent_ms: u32,
    /// The poses, by ascending id.
    pub records: Vec<PoseRecord>,
}

/// Reads other people's poses. Every number in them is finite and in its range.
///
/// # Errors
/// [`PoseError`], [`PoseError::UnknownKind`] for other datagrams of the pose lane.
pub fn decode_pose_down(datagram: &[u8]) -> Result<PoseDown, PoseError> {
    let mut reader = BitReader::new(body_of_kind(KIND_DOWN, datagram)?);
    let tick = Tick(reader.take(16)? as u16);
    let sent_ms = reader.take(32)? as u32;
    let count = reader.take(8)? as usize;
    if count * (ID_GROUP_BITS + AGE_BITS + MIN_RECORD_BITS) as usize > reader.remaining() {
        return Err(PoseError::Truncated);
    }
    let mut records = Vec::with_capacity(count);
    let mut previous = 0;
    for _ in 0..count {
        let id = read_id_after(previous, &mut reader)?;
        let age_ms = reader.take(AGE_BITS)? as u16 * AGE_STEP_MS;
        let pose = PackedPose::read(&mut reader)?.unpack();
        records.push(PoseRecord { id: ParticipantId(id), age_ms, pose });
        previous = id;
    }
    reader.finish()?;
    Ok(PoseDown { tick, sent_ms, records })
}

/// Writes other people's poses until a datagram is full.
#[derive(Debug)]
pub struct PoseDownWriter {
    bits: BitWriter,
    max_bytes: usize,
    count: u8,
    previous: u32,
}

impl PoseDownWriter {
    /// Starts a datagram of at most `max_bytes`, which should not exceed
    /// [`crate::limits::POSE_DATAGRAM_BYTES`]; its header alone has 8 bytes.
    pub fn new(tick: Tick, sent_ms: u32, max_bytes: usize) -> Self {
        Self::with_buffer(Vec::with_capacity(max_bytes.max(HEADER_BYTES)), tick, sent_ms, max_bytes)
    }

    /// As [`Self::new`], writing into `buffer`, whose content is discarded and whose memory is kept.
    pub fn with_buffer(mut buffer: Vec<u8>, tick: Tick, sent_ms: u32, max_bytes: usize) -> Self {
        buffer.clear();
        buffer.push(KIND_DOWN);
        buffer.extend_from_slice(&tick.0.to_le_bytes());
        buffer.extend_from_slice(&sent_ms.to_le_bytes());
        buffer.push(0);
        Self { bits: BitWriter::after(buffer), max_bytes, count: 0, previous: 0 }
    }

    /// Appends a person's pose. Returns false, and writes nothing, when it does not fit, when the
    /// datagram has 255 records, or when `id` is not above the one before (for the first: above 0).
    pub fn push(&mut self, id: ParticipantId, age_ms: u16, pose: &PackedPose) -> bool {
        if id.0 <= self.previous || self.count == u8::MAX {
            return false;
        }
        let (groups, group_bits) = pack_id_step(id.0 - self.previous);
        let needed = (group_bits + AGE_BITS + pose.bit_len()) as usize;
        if (self.bits.bit_len() + needed).div_ceil(8) > self.max_bytes {
            return false;
        }
        self.bits.put(groups, group_bits);
        self.bits.put(u64::from((age_ms / AGE_STEP_MS).min(AGE_MAX)), AGE_BITS);
        pose.write(&mut self.bits);
        self.previous = id.0;
        self.count += 1;
        true
    }

    /// Bytes of the datagram so far.
    pub fn len_bytes(&self) -> usize {
        self.bits.bit_len().div_ceil(8)
    }

    /// Records so far.
    pub fn count(&self) -> usize {
        usize::from(self.count)
    }

    /// The datagram.
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = self.bits.finish();
        if let Some(count) = bytes.get_mut(COUNT_AT) {
            *count = self.count;
        }
        bytes
    }
}

/// The groups of an id's difference to the one before, and their bits (at most 44).
fn pack_id_step(step: u32) -> (u64, u32) {
    let (mut left, mut groups, mut bits) = (step, 0, 0);
    loop {
        let more = left >> 3 != 0;
        groups |= u64::from(left & 7 | u32::from(more) << 3) << bits;
        bits += ID_GROUP_BITS;
        left >>= 3;
        if !more {
            return (groups, bits);
        }
    }
}

fn read_id_after(previous: u32, reader: &mut BitReader<'_>) -> Result<u32, PoseError> {
    let mut step = 0_u64;
    for index in 0..ID_GROUPS_MAX {
        let group = reader.take(ID_GROUP_BITS)?;
        step |= (group & 7) << (3 * index);
        if group & 8 != 0 {
            continue;
        }
        let is_padded = index > 0 && group == 0;
        let step = u32::try_from(step).ok().filter(|step| *step != 0 && !is_padded);
        return step.and_then(|step| previous.checked_add(step)).ok_or(PoseError::BadId);
    }
    Err(PoseError::BadId)
}
