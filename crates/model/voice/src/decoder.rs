use crate::{PACKET_SAMPLES_MAX, PacketInfo, SAMPLE_RATE_HZ, VoiceError};
use opus::{Channels, Decoder};

/// Shortest piece of sound that the codec makes, 2.5 ms.
pub(crate) const STEP_SAMPLES: usize = 120;

/// Decodes one voice to left and right, which are equal unless a packet is stereo. Samples are always finite and within
/// −1…1.
#[derive(Debug)]
pub struct OpusDecoder {
    decoder: Decoder,
}

impl OpusDecoder {
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub fn new() -> Result<Self, VoiceError> {
        Ok(Self { decoder: Decoder::new(SAMPLE_RATE_HZ, Channels::Stereo)? })
    }

    /// Decodes a packet to the start of `frames`, and says how many samples a channel it has.
    ///
    /// # Errors
    /// What [`PacketInfo::parse`] refuses; [`VoiceError::FrameSize`] when `frames` is too short;
    /// [`VoiceError::Codec`] for packets that are spoilt inside.
    pub fn decode(&mut self, payload: &[u8], frames: &mut [[f32; 2]]) -> Result<usize, VoiceError> {
        let expected = PacketInfo::parse(payload)?.samples as usize;
        if frames.len() < expected {
            return Err(VoiceError::FrameSize { got: frames.len(), expected });
        }
        let count = self.decoder.decode_float(payload, frames.as_flattened_mut(), false)?;
        make_harmless(frames);
        Ok(count)
    }

    /// Fills `frames`, the sound that is missing right before the packet `next`, from the coarse copy in it.
    ///
    /// # Errors
    /// As [`Self::decode`]; [`VoiceError::FrameSize`] unless `frames` is a multiple of 2.5 ms up to 120 ms.
    pub fn decode_fec(&mut self, next: &[u8], frames: &mut [[f32; 2]]) -> Result<(), VoiceError> {
        PacketInfo::parse(next)?;
        check_length(frames)?;
        self.decoder.decode_float(next, frames.as_flattened_mut(), true)?;
        make_harmless(frames);
        Ok(())
    }

    /// Fills `frames` with a continuation of what was heard before, which fades by itself when it gets long.
    ///
    /// # Errors
    /// [`VoiceError::FrameSize`] unless `frames` is a multiple of 2.5 ms up to 120 ms.
    pub fn conceal(&mut self, frames: &mut [[f32; 2]]) -> Result<(), VoiceError> {
        check_length(frames)?;
        self.decoder.decode_float(&[], frames.as_flattened_mut(), false)?;
        make_harmless(frames);
        Ok(())
    }

    /// Forgets the voice heard before.
    ///
    /// # Errors
    /// [`VoiceError::Codec`], which a living decoder never gives.
    pub fn reset(&mut self) -> Result<(), VoiceError> {
        Ok(self.decoder.reset_state()?)
    }
}

fn check_length(frames: &[[f32; 2]]) -> Result<(), VoiceError> {
    let steps = (frames.len() / STEP_SAMPLES).clamp(1, PACKET_SAMPLES_MAX / STEP_SAMPLES);
    let expected = steps * STEP_SAMPLES;
    if frames.len() == expected { Ok(()) } else { Err(VoiceError::FrameSize { got: frames.len(), expected }) }
}

fn make_harmless(frames: &mut [[f32; 2]]) {
    for sample in frames.as_flattened_mut() {
        *sample = if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 };
    }
}
