use bytes::Bytes;

/// What a voice packet of ours says of itself, behind encryption: so that a listener knows that it got what the
/// speaker said, and not merely something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameId {
    /// The speaker's participant number.
    pub(crate) speaker: u32,
    /// Counts the speaker's packets.
    pub(crate) number: u32,
}

/// A payload that is not one of ours, or was changed on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a voice packet was changed on its way")]
pub(crate) struct BrokenFrame;

/// An Opus packet begins with its table of contents (RFC 6716 §3.1): 20 ms, full band, mono.
const TABLE_OF_CONTENTS: u8 = 0x78;
const HEAD_BYTES: usize = 13;

/// A payload of `length` bytes, but at least 13: table of contents, speaker, number, checksum, and filler that
/// differs from packet to packet.
pub(crate) fn write_frame(id: FrameId, length: usize) -> Bytes {
    let mut bytes = Vec::with_capacity(length.max(HEAD_BYTES));
    bytes.push(TABLE_OF_CONTENTS);
    bytes.extend_from_slice(&id.speaker.to_be_bytes());
    bytes.extend_from_slice(&id.number.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    let mut filler = id.number.wrapping_mul(0x9e37_79b9) ^ id.speaker;
    while bytes.len() < length {
        filler = filler.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push((filler >> 24) as u8);
    }
    let checksum = checksum(&bytes[..9], &bytes[HEAD_BYTES..]).to_be_bytes();
    bytes[9..HEAD_BYTES].copy_from_slice(&checksum);
    Bytes::from(bytes)
}

/// # Errors
/// [`BrokenFrame`] for anything that [`write_frame`] did not write.
pub(crate) fn read_frame(payload: &[u8]) -> Result<FrameId, BrokenFrame> {
    let (head, filler) = payload.split_at_checked(HEAD_BYTES).ok_or(BrokenFrame)?;
    let number_at = |at: usize| {
        let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes).ok_or(BrokenFrame)
    };
    let covered = head.get(..9).ok_or(BrokenFrame)?;
    if covered.first() != Some(&TABLE_OF_CONTENTS) || number_at(9)? != checksum(covered, filler) {
        return Err(BrokenFrame);
    }
    Ok(FrameId { speaker: number_at(1)?, number: number_at(5)? })
}

/// FNV-1a in 32 bits.
fn checksum(head: &[u8], filler: &[u8]) -> u32 {
    head.iter().chain(filler).fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_frame_survives_and_any_change_is_noticed(
            speaker: u32, number: u32, length in 0_usize..200, at: prop::sample::Index, flip in 1_u8..
        ) {
            let id = FrameId { speaker, number };
            let frame = write_frame(id, length);
            prop_assert_eq!(frame.len(), length.max(HEAD_BYTES));
            prop_assert_eq!(read_frame(&frame), Ok(id));
            let mut changed = frame.to_vec();
            changed[at.index(frame.len())] ^= flip;
            prop_assert_eq!(read_frame(&changed), Err(BrokenFrame));
            prop_assert_eq!(read_frame(&frame[..frame.len() - 1]), Err(BrokenFrame));
        }

        #[test]
        fn any_bytes_are_safe(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = read_frame(&bytes);
        }
    }
}
