use crate::{SAMPLE_RATE_HZ, VoiceError};
use atrium_protocol::limits;
use opus::{Application, Bitrate, Channels, Encoder, Signal};

/// How much sound goes into one packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrameDuration {
    /// 10 ms: 10 ms less delay for about 16 kbit/s more on the wire.
    Ms10,
    /// 20 ms.
    #[default]
    Ms20,
}

impl FrameDuration {
    /// Samples of one frame; RTP timestamps grow by as many a frame, also over frames that are not sent.
    pub fn samples(self) -> usize {
        match self {
            Self::Ms10 => 480,
            Self::Ms20 => 960,
        }
    }
}

/// How speech is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncoderSettings {
    /// Bits a second while somebody speaks, 6,000…128,000.
    pub bitrate_bps: u32,
    /// Sound in one packet.
    pub frame: FrameDuration,
    /// Send a coarse copy of each frame with the next one.
    pub fec: bool,
    /// Packets that are expected to be lost, 0…100; decides how much goes into the coarse copies.
    pub expected_loss_percent: u8,
    /// Send nothing while nobody speaks.
    pub dtx: bool,
    /// Effort, 0…10.
    pub complexity: u8,
}

impl Default for EncoderSettings {
    /// Speech at 28 kbit/s that survives 10 % of loss.
    fn default() -> Self {
        Self {
            bitrate_bps: 28_000,
            frame: FrameDuration::Ms20,
            fec: true,
            expected_loss_percent: 10,
            dtx: true,
            complexity: 7,
        }
    }
}

/// Encodes one voice.
#[derive(Debug)]
pub struct OpusEncoder {
    encoder: Encoder,
    settings: EncoderSettings,
    samples: Vec<f32>,
    payload: Vec<u8>,
    is_paused: bool,
}

impl OpusEncoder {
    /// Settings out of range are brought into it.
    ///
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub fn new(settings: EncoderSettings) -> Result<Self, VoiceError> {
        let mut encoder = Encoder::new(SAMPLE_RATE_HZ, Channels::Mono, Application::Voip)?;
        let bitrate_bps = settings.bitrate_bps.clamp(6_000, 128_000);
        encoder.set_bitrate(Bitrate::Bits(bitrate_bps as i32))?;
        encoder.set_signal(Signal::Voice)?;
        encoder.set_inband_fec(settings.fec)?;
        encoder.set_packet_loss_perc(i32::from(settings.expected_loss_percent.min(100)))?;
        encoder.set_dtx(settings.dtx)?;
        encoder.set_complexity(i32::from(settings.complexity.min(10)))?;
        Ok(Self {
            encoder,
            settings,
            samples: Vec::with_capacity(settings.frame.samples()),
            payload: vec![0; limits::VOICE_PAYLOAD_BYTES],
            is_paused: false,
        })
    }

    /// Samples that [`Self::encode`] takes.
    pub fn frame_samples(&self) -> usize {
        self.settings.frame.samples()
    }

    /// Adapts the coarse copies to the loss that receivers report, in percent.
    ///
    /// # Errors
    /// [`VoiceError::Codec`], which valid percentages never give.
    pub fn set_expected_loss(&mut self, percent: u8) -> Result<(), VoiceError> {
        self.settings.expected_loss_percent = percent.min(100);
        Ok(self.encoder.set_packet_loss_perc(i32::from(percent.min(100)))?)
    }

    /// Encodes one frame. `None`: nobody speaks, send nothing; of a pause only the first frame is sent, so that
    /// the receiver knows. Samples over full scale are cut, those that are not finite count as silent.
    ///
    /// # Errors
    /// [`VoiceError::FrameSize`] for any other number of samples than [`Self::frame_samples`].
    pub fn encode(&mut self, samples: &[f32]) -> Result<Option<&[u8]>, VoiceError> {
        let expected = self.frame_samples();
        if samples.len() != expected {
            return Err(VoiceError::FrameSize { got: samples.len(), expected });
        }
        self.samples.clear();
        self.samples.extend(samples.iter().map(|x| if x.is_finite() { x.clamp(-1.0, 1.0) } else { 0.0 }));
        let length = self.encoder.encode_float(&self.samples, &mut self.payload)?;
        // The codec marks frames of a pause by a payload without content (RFC 6716, section 2.1.9).
        let was_paused = std::mem::replace(&mut self.is_paused, self.settings.dtx && length <= 2);
        Ok(if was_paused && self.is_paused { None } else { self.payload.get(..length) })
    }
}
