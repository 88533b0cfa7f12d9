use crate::{SAMPLE_RATE_HZ, VoiceError};
use atrium_protocol::{Micros, ParticipantId, limits};
use bytes::Bytes;

/// Largest payload that says "nothing but background noise until further notice" (DTX).
const DTX_BYTES: usize = 2;
/// The bit of the first byte that says stereo.
const STEREO_FLAG: u8 = 0x04;
/// Samples that one flag of the SILK layer stands for, 20 ms.
const SILK_FRAME_SAMPLES: u32 = 960;

/// One RTP packet of a voice slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoicePacket {
    /// RTP sequence number.
    pub sequence: u16,
    /// RTP timestamp, at 48 kHz.
    pub timestamp: u32,
    /// RTP marker: the slot has another speaker from here on.
    pub marker: bool,
    /// Who speaks (the packet's CSRC).
    pub speaker: Option<ParticipantId>,
    /// When its first sample was spoken, on the server's clock (abs-capture-time).
    pub captured: Option<Micros>,
    /// The Opus packet.
    pub payload: Bytes,
}

/// What an Opus packet says of itself (RFC 6716, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketInfo {
    /// Samples at 48 kHz.
    pub samples: u32,
    /// Left and right differ: music.
    pub is_stereo: bool,
    /// It also has a coarse copy of the frame before it.
    pub has_fec: bool,
    /// The speaker is silent from here on; usually no packets follow until they speak again.
    pub is_dtx: bool,
}

impl PacketInfo {
    /// Reads the frame structure of `payload`, and refuses what is not Opus.
    ///
    /// # Errors
    /// [`VoiceError::NotOpus`] or [`VoiceError::TooLarge`].
    pub fn parse(payload: &[u8]) -> Result<Self, VoiceError> {
        if payload.len() > limits::VOICE_PAYLOAD_BYTES {
            return Err(VoiceError::TooLarge { got: payload.len() });
        }
        if payload.is_empty() {
            return Err(VoiceError::NotOpus);
        }
        let packet = opus::packet::parse(payload).map_err(|_| VoiceError::NotOpus)?;
        let samples = opus::packet::get_nb_samples(payload, SAMPLE_RATE_HZ).map_err(|_| VoiceError::NotOpus)?;
        let samples = u32::try_from(samples).map_err(|_| VoiceError::NotOpus)?;
        let frame_samples = samples / u32::try_from(packet.frames.len().max(1)).unwrap_or(1);
        let first_byte = packet.frames.first().and_then(|frame| frame.first().copied());
        Ok(Self {
            samples,
            is_stereo: packet.toc & STEREO_FLAG != 0,
            has_fec: first_byte.is_some_and(|byte| has_fec(packet.toc, frame_samples, byte)),
            is_dtx: payload.len() <= DTX_BYTES,
        })
    }
}

/// Whether a SILK layer has its redundancy flag set: the bit after one voice-activity flag per 20 ms
/// (RFC 6716, section 4.2.3). The flag of the second channel is not looked at.
fn has_fec(toc: u8, frame_samples: u32, first_byte: u8) -> bool {
    let is_celt_only = toc & 0x80 != 0;
    let activity_flags = (frame_samples / SILK_FRAME_SAMPLES).clamp(1, 3);
    !is_celt_only && first_byte & (0x80 >> activity_flags) != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_come_from_the_first_byte() {
        // SILK wideband 20 ms; CELT fullband 2.5 ms; two frames of SILK 60 ms.
        assert_eq!(PacketInfo::parse(&[9 << 3, 0, 0, 0]).unwrap().samples, 960);
        assert_eq!(PacketInfo::parse(&[28 << 3, 0, 0]).unwrap().samples, 120);
        assert_eq!(PacketInfo::parse(&[(11 << 3) | 1, 0, 0, 0, 0]).unwrap().samples, 5_760);
    }

    #[test]
    fn stereo_is_in_the_first_byte() {
        assert!(PacketInfo::parse(&[(31 << 3) | 4, 0, 0]).unwrap().is_stereo);
        assert!(!PacketInfo::parse(&[31 << 3, 0, 0]).unwrap().is_stereo);
    }

    #[test]
    fn the_redundancy_flag_is_behind_the_activity_flags() {
        assert!(PacketInfo::parse(&[9 << 3, 0b0100_0000, 1]).unwrap().has_fec);
        assert!(!PacketInfo::parse(&[9 << 3, 0b1011_1111, 1]).unwrap().has_fec);
        assert!(PacketInfo::parse(&[11 << 3, 0b0001_0000, 1]).unwrap().has_fec);
        assert!(!PacketInfo::parse(&[31 << 3, 0xff, 1]).unwrap().has_fec);
    }

    #[test]
    fn what_is_not_opus_is_refused() {
        assert!(matches!(PacketInfo::parse(&[]), Err(VoiceError::NotOpus)));
        // Three frames of 60 ms are over 120 ms; two equal frames do not fit into an even payload.
        assert!(matches!(PacketInfo::parse(&[(11 << 3) | 3, 3, 0, 0, 0]), Err(VoiceError::NotOpus)));
        assert!(matches!(PacketInfo::parse(&[(9 << 3) | 1, 0]), Err(VoiceError::NotOpus)));
        assert!(matches!(PacketInfo::parse(&[0; 1_276]), Err(VoiceError::TooLarge { got: 1_276 })));
    }

    proptest! {
        #[test]
        fn any_bytes(payload in prop::collection::vec(any::<u8>(), 0..1_400)) {
            if let Ok(info) = PacketInfo::parse(&payload) {
                prop_assert!(info.samples >= 120 && info.samples <= 5_760 && info.samples % 120 == 0);
            }
        }
    }
}
