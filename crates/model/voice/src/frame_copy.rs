//! A whole copy of the packet before, in the padding of an Opus packet.
//!
//! The codec puts coarse copies only into frames in which it hears a voice clearly; the soft ends of words, lost, would be
//! made up. Decoders that know nothing of it skip padding whatever stands in it (RFC 6716, section 3.2.5), so it passes
//! through any server and to any browser. Its first byte names it as draft-ietf-mlcodec-opus-extension has it: the
//! number of an extension, which is as long as the padding.

use atrium_protocol::limits;
use bytes::Bytes;

/// The lowest two bits of the first byte: one frame and nothing else, or a byte that says how many, and padding.
const FRAMES: u8 = 0b11;
const ONE_FRAME: u8 = 0b00;
const COUNTED_FRAMES: u8 = 0b11;
/// Of the byte that counts frames: whether padding follows.
const PADDED: u8 = 0x40;
const COUNT_ONE: u8 = 1;
/// A length byte of padding that says: so much, and another length byte.
const MORE: u8 = 255;
const MORE_BYTES: usize = 254;
/// Extension 121, which nobody else is known to use, without a length.
const COPY: u8 = 121 << 1;

/// Writes `packet` with `before` in its padding to `joined`; false when it has no room, or is not a single frame.
pub(crate) fn attach(packet: &[u8], before: &[u8], joined: &mut Vec<u8>) -> bool {
    let Some((first, frame)) = packet.split_first().filter(|(first, _)| *first & FRAMES == ONE_FRAME) else {
        return false;
    };
    let more = before.len() / MORE_BYTES;
    joined.clear();
    joined.extend([first | COUNTED_FRAMES, PADDED | COUNT_ONE]);
    joined.extend(std::iter::repeat_n(MORE, more));
    joined.push((1 + before.len() - more * MORE_BYTES) as u8);
    joined.extend_from_slice(frame);
    joined.push(COPY);
    joined.extend_from_slice(before);
    joined.len() <= limits::VOICE_PAYLOAD_BYTES
}

/// The packet before `packet`, if it has a copy of it.
pub(crate) fn find(packet: &Bytes) -> Option<Bytes> {
    let [first, count, lengths @ ..] = packet.as_ref() else { return None };
    if first & FRAMES != COUNTED_FRAMES || count & PADDED == 0 {
        return None;
    }
    let more = lengths.iter().take_while(|length| **length == MORE).count();
    let padding_bytes = more * MORE_BYTES + usize::from(*lengths.get(more)?);
    let start = packet.len().checked_sub(padding_bytes).filter(|start| *start > 2 + more)?;
    let is_copy = packet.get(start) == Some(&COPY);
    is_copy.then(|| packet.slice(start + 1..))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PacketInfo;
    use proptest::prelude::*;

    const FIRST: u8 = 9 << 3;

    fn packet(content: usize) -> Vec<u8> {
        std::iter::once(FIRST).chain((0..content).map(|n| n as u8)).collect()
    }

    #[test]
    fn a_copy_is_found_again_and_the_frame_is_what_it_was() {
        for (content, before) in [(1, 1), (80, 252), (80, 253), (80, 254), (80, 507), (80, 508), (300, 900)] {
            let (frame, before) = (packet(content), packet(before));
            let mut joined = Vec::new();
            assert!(attach(&frame, &before, &mut joined));
            let joined = Bytes::from(joined);
            assert_eq!(find(&joined).unwrap(), before);
            let parsed = opus::packet::parse(&joined).unwrap();
            assert_eq!(parsed.frames, [&frame[1..]]);
            assert_eq!(PacketInfo::parse(&joined).unwrap().samples, PacketInfo::parse(&frame).unwrap().samples);
        }
    }

    #[test]
    fn what_has_no_room_gets_none() {
        let mut joined = Vec::new();
        assert!(!attach(&packet(700), &packet(700), &mut joined));
        assert!(!attach(&[], &packet(7), &mut joined));
        assert!(!attach(&[FIRST | 1, 1, 1], &packet(7), &mut joined), "two frames");
    }

    #[test]
    fn other_padding_is_no_copy() {
        assert_eq!(find(&Bytes::from_static(&[FIRST | 3, 0x41, 2, 7, 7, 0, 0])), None);
        assert_eq!(find(&Bytes::from_static(&[FIRST | 3, 0x41, 200, 7, 7])), None, "more than there is");
        assert_eq!(find(&Bytes::from_static(&[FIRST | 3, 0x01, 7, 7, COPY])), None, "not padded");
    }

    proptest! {
        #[test]
        fn any_bytes(packet in prop::collection::vec(any::<u8>(), 0..1_400)) {
            let packet = Bytes::from(packet);
            prop_assert!(find(&packet).is_none_or(|copy| copy.len() < packet.len()));
        }
    }
}
