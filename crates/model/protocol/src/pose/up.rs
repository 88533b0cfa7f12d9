use super::bits::{BitReader, BitWriter};
use super::{KIND_UP, PackedPose, Pose, PoseError, body_of_kind};
use crate::Tick;

/// A client's own pose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoseUp {
    /// Counts the sender's datagrams; older ones than the newest received do not count.
    pub sequence: Tick,
    /// When the pose was taken: [`crate::Micros::wrapped_millis`] of the server's clock.
    pub captured_ms: u32,
    /// The pose.
    pub pose: Pose,
}

/// Writes a client's own pose: at most 38 bytes, of which 31 are the record.
pub fn encode_pose_up(up: &PoseUp) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(40);
    bytes.push(KIND_UP);
    bytes.extend_from_slice(&up.sequence.0.to_le_bytes());
    bytes.extend_from_slice(&up.captured_ms.to_le_bytes());
    let mut writer = BitWriter::after(bytes);
    PackedPose::new(&up.pose).write(&mut writer);
    writer.finish()
}

/// Reads a client's own pose. Every number in it is finite and in its range.
///
/// # Errors
/// [`PoseError`], [`PoseError::UnknownKind`] for other datagrams of the pose lane.
pub fn decode_pose_up(datagram: &[u8]) -> Result<PoseUp, PoseError> {
    let mut reader = BitReader::new(body_of_kind(KIND_UP, datagram)?);
    let sequence = Tick(reader.take(16)? as u16);
    let captured_ms = reader.take(32)? as u32;
    let pose = PackedPose::read(&mut reader)?.unpack();
    reader.finish()?;
    Ok(PoseUp { sequence, captured_ms, pose })
}
