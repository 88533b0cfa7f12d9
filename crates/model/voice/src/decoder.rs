use crate::{PACKET_SAMPLES_MAX, PacketInfo, SAMPLE_RATE_HZ, VoiceError};
use opus::{Channels, Decoder};

/// Shortest piece of sound that the codec makes, 2.5 ms.
pub(crate) const STEP_SAMPLES: usize = 120;

/// Decodes one voice. Samples are always finite and within −1…1.
#[derive(Debug)]
pub struct OpusDecoder {
    decoder: Decoder,
}

impl OpusDecoder {
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub fn new() -> Result<Self, VoiceError> {
        Ok(Self { decoder: Decoder::new(SAMPLE_RATE_HZ, Channels::Mono)? })
    }

    /// Decodes a packet to the start of `samples`, and says how many samples it has.
    ///
    /// # Errors
    /// What [`PacketInfo::parse`] refuses; [`VoiceError::FrameSize`] when `samples` is too short;
    /// [`VoiceError::Codec`] for packets that are spoilt inside.
    pub fn decode(&mut self, payload: &[u8], samples: &mut [f32]) -> Result<usize, VoiceError> {
        let expected = PacketInfo::parse(payload)?.samples as usize;
        if samples.len() < expected {
            return Err(VoiceError::FrameSize { got: samples.len(), expected });
        }
        let count = self.decoder.decode_float(payload, samples, false)?;
        make_harmless(samples);
        Ok(count)
    }

    /// Fills `samples`, the sound that is missing right before the packet `next`, from the coarse copy in it.
    ///
    /// # Errors
    /// As [`Self::decode`]; [`VoiceError::FrameSize`] unless `samples` is a multiple of 2.5 ms up to 120 ms.
    pub fn decode_fec(&mut self, next: &[u8], samples: &mut [f32]) -> Result<(), VoiceError> {
        PacketInfo::parse(next)?;
        check_length(samples)?;
        self.decoder.decode_float(next, samples, true)?;
        make_harmless(samples);
        Ok(())
    }

    /// Fills `samples` with a continuation of what was heard before, which fades by itself when it gets long.
    ///
    /// # Errors
    /// [`VoiceError::FrameSize`] unless `samples` is a multiple of 2.5 ms up to 120 ms.
    pub fn conceal(&mut self, samples: &mut [f32]) -> Result<(), VoiceError> {
        check_length(samples)?;
        self.decoder.decode_float(&[], samples, false)?;
        make_harmless(samples);
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

fn check_length(samples: &[f32]) -> Result<(), VoiceError> {
    let steps = (samples.len() / STEP_SAMPLES).clamp(1, PACKET_SAMPLES_MAX / STEP_SAMPLES);
    let expected = steps * STEP_SAMPLES;
    if samples.len() == expected { Ok(()) } else { Err(VoiceError::FrameSize { got: samples.len(), expected }) }
}

fn make_harmless(samples: &mut [f32]) {
    for sample in samples {
        *sample = if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 };
    }
}
