use super::{SpokenPacket, VoiceMode};
use crate::block::{BLOCK, BLOCK_SAMPLES, MonoBlock};
use atrium_protocol::Micros;
use atrium_voice::{EncoderSettings, OpusEncoder, SILENT_DBOV, VoiceError};
use bytes::Bytes;

/// The bits of an Opus packet's first byte that say what it is; without the others it is one frame (RFC 6716, 3.1).
const ONE_FRAME: u8 = 0xfc;

/// Makes packets of blocks that are to be heard, with timestamps that go on through those that are not.
#[derive(Debug)]
pub(crate) struct Spurt {
    encoder: OpusEncoder,
    settings: EncoderSettings,
    /// The frame in the making.
    frame: Vec<f32>,
    frame_began: Micros,
    frame_level_dbov: u8,
    /// Timestamp of the next block.
    timestamp: u32,
    is_sending: bool,
    first_byte: Option<u8>,
}

impl Spurt {
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub(crate) fn new(mode: VoiceMode, timestamp: u32) -> Result<Self, VoiceError> {
        let settings = match mode {
            VoiceMode::Speech => EncoderSettings::speech(),
            VoiceMode::LowDelay => EncoderSettings::low_delay(),
            VoiceMode::Music => EncoderSettings::music(),
        };
        let encoder = OpusEncoder::new(settings)?;
        let frame = Vec::with_capacity(encoder.frame_samples());
        Ok(Self {
            encoder,
            settings,
            frame,
            frame_began: Micros(0),
            frame_level_dbov: SILENT_DBOV,
            timestamp,
            is_sending: false,
            first_byte: None,
        })
    }

    pub(crate) fn timestamp(&self) -> u32 {
        self.timestamp
    }

    pub(crate) fn expect_loss(&mut self, percent: u8) {
        // Percentages are never refused.
        let _ = self.encoder.set_expected_loss(percent);
    }

    /// Whether something was sent that the receivers still listen for.
    pub(crate) fn is_open(&self) -> bool {
        self.is_sending || !self.frame.is_empty()
    }

    /// Takes a block that began at `began`; gives a packet when it is full.
    pub(crate) fn add(
        &mut self,
        now: Micros,
        began: Micros,
        block: &MonoBlock,
        level_dbov: u8,
    ) -> Option<SpokenPacket> {
        if self.frame.is_empty() {
            self.frame_began = began;
            self.frame_level_dbov = SILENT_DBOV;
        }
        self.frame_level_dbov = self.frame_level_dbov.min(level_dbov);
        let channels = self.settings.channels();
        self.frame.extend(block.iter().flat_map(|sample| std::iter::repeat_n(*sample, channels)));
        self.timestamp = self.timestamp.wrapping_add(BLOCK_SAMPLES as u32);
        if self.frame.len() < self.encoder.frame_samples() {
            return None;
        }
        let timestamp = self.timestamp.wrapping_sub((self.frame.len() / channels) as u32);
        // A frame that the codec refuses is left out; it refuses none of this length.
        let payload = self.encoder.encode(&self.frame).ok().flatten().map(Bytes::copy_from_slice);
        self.frame.clear();
        let was_sending = std::mem::replace(&mut self.is_sending, payload.is_some());
        let payload = payload?;
        self.first_byte = payload.first().copied();
        let age = now.since(self.frame_began);
        Some(SpokenPacket { timestamp, marker: !was_sending, level_dbov: self.frame_level_dbov, age, payload })
    }

    /// A block that nobody hears. What was begun is dropped; the packet tells the receivers that this is the end.
    pub(crate) fn skip(&mut self) -> Option<SpokenPacket> {
        let timestamp = self.timestamp.wrapping_sub((self.frame.len() / self.settings.channels()) as u32);
        self.timestamp = self.timestamp.wrapping_add(BLOCK_SAMPLES as u32);
        self.frame.clear();
        self.encoder.interrupt();
        if !std::mem::take(&mut self.is_sending) {
            return None;
        }
        let payload = Bytes::copy_from_slice(&[self.first_byte? & ONE_FRAME]);
        Some(SpokenPacket { timestamp, marker: false, level_dbov: SILENT_DBOV, age: BLOCK, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The packets of a second of a tone, of which the codec makes no copies by itself.
    fn speak(spurt: &mut Spurt) -> Vec<SpokenPacket> {
        let tone: MonoBlock = std::array::from_fn(|n| 0.3 * (n as f32 * std::f32::consts::TAU / 48.0).sin());
        (0..100).filter_map(|_| spurt.add(Micros(0), Micros(0), &tone, 10)).collect()
    }

    /// Padding, in which copies travel, shows in the first byte (RFC 6716, section 3.1).
    fn has_copy(packet: &SpokenPacket) -> bool {
        packet.payload.first().is_some_and(|byte| byte & !ONE_FRAME == !ONE_FRAME)
    }

    #[test]
    fn what_is_said_after_a_silence_has_no_copy_of_what_was_said_before_it() {
        let mut spurt = Spurt::new(VoiceMode::Speech, 0).unwrap();
        assert!(speak(&mut spurt).last().is_some_and(has_copy));
        assert!(spurt.skip().is_some() && spurt.skip().is_none());
        let again = speak(&mut spurt);
        assert!(again[0].marker && !has_copy(&again[0]), "{:?}", again[0]);
        assert!(again.last().is_some_and(has_copy));
    }
}
