use crate::{PacketInfo, SAMPLE_RATE_HZ, VoiceError, frame_copy};
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

/// What is encoded, and what matters of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EncoderMode {
    /// One voice, mono: survives losses.
    #[default]
    Speech,
    /// One voice, mono, 4 ms sooner; a loss is a gap.
    LowDelay,
    /// Left and right, whatever they are.
    Music,
}

/// How sound is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncoderSettings {
    /// What for.
    pub mode: EncoderMode,
    /// Bits a second while something is heard, 6,000…256,000.
    pub bitrate_bps: u32,
    /// Sound in one packet.
    pub frame: FrameDuration,
    /// Send a copy of each frame with the next one while losses are expected: a coarse one, or the whole where the codec
    /// makes none. Only speech has such copies.
    pub fec: bool,
    /// Packets that are expected to be lost, 0…100; decides how much goes into the coarse copies.
    pub expected_loss_percent: u8,
    /// Send nothing while nobody speaks.
    pub dtx: bool,
    /// Effort, 0…10.
    pub complexity: u8,
}

impl Default for EncoderSettings {
    fn default() -> Self {
        Self::speech()
    }
}

impl EncoderSettings {
    /// Speech at 28 kbit/s that survives 10 % of loss.
    pub fn speech() -> Self {
        Self {
            mode: EncoderMode::Speech,
            bitrate_bps: 28_000,
            frame: FrameDuration::Ms20,
            fec: true,
            expected_loss_percent: 10,
            dtx: true,
            complexity: 7,
        }
    }

    /// Speech at 48 kbit/s, 14 ms sooner than [`Self::speech`], for networks that lose little.
    pub fn low_delay() -> Self {
        Self {
            mode: EncoderMode::LowDelay,
            bitrate_bps: 48_000,
            frame: FrameDuration::Ms10,
            fec: false,
            ..Self::speech()
        }
    }

    /// Stereo at 96 kbit/s; quiet passages are sent like all others.
    pub fn music() -> Self {
        Self { mode: EncoderMode::Music, bitrate_bps: 96_000, fec: false, dtx: false, ..Self::speech() }
    }

    /// Samples that stand side by side: 2 in music, else 1.
    pub fn channels(&self) -> usize {
        if self.mode == EncoderMode::Music { 2 } else { 1 }
    }

    fn open(&self) -> Result<Encoder, VoiceError> {
        let (channels, application, signal) = match self.mode {
            EncoderMode::Speech => (Channels::Mono, Application::Voip, Signal::Voice),
            EncoderMode::LowDelay => (Channels::Mono, Application::LowDelay, Signal::Voice),
            EncoderMode::Music => (Channels::Stereo, Application::Audio, Signal::Music),
        };
        let mut encoder = Encoder::new(SAMPLE_RATE_HZ, channels, application)?;
        encoder.set_bitrate(Bitrate::Bits(self.bitrate_bps.clamp(6_000, 256_000) as i32))?;
        encoder.set_signal(signal)?;
        encoder.set_inband_fec(self.fec && self.mode == EncoderMode::Speech)?;
        encoder.set_packet_loss_perc(i32::from(self.expected_loss_percent.min(100)))?;
        encoder.set_dtx(self.dtx)?;
        encoder.set_complexity(i32::from(self.complexity.min(10)))?;
        Ok(encoder)
    }
}

/// Encodes one voice.
#[derive(Debug)]
pub struct OpusEncoder {
    encoder: Encoder,
    settings: EncoderSettings,
    lookahead_samples: usize,
    samples: Vec<f32>,
    payload: Vec<u8>,
    /// The payload before, without a copy in it; empty when the next frame does not follow it.
    before: Vec<u8>,
    with_copy: Vec<u8>,
    is_paused: bool,
}

impl OpusEncoder {
    /// Settings out of range are brought into it.
    ///
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub fn new(settings: EncoderSettings) -> Result<Self, VoiceError> {
        let mut encoder = settings.open()?;
        let lookahead_samples = usize::try_from(encoder.get_lookahead()?).unwrap_or(0);
        Ok(Self {
            encoder,
            settings,
            lookahead_samples,
            samples: Vec::with_capacity(settings.frame.samples() * settings.channels()),
            payload: vec![0; limits::VOICE_PAYLOAD_BYTES],
            before: Vec::with_capacity(limits::VOICE_PAYLOAD_BYTES),
            with_copy: Vec::with_capacity(3 * limits::VOICE_PAYLOAD_BYTES),
            is_paused: false,
        })
    }

    /// Samples that [`Self::encode`] takes: those of a frame, and in music left and right of each, side by side.
    pub fn frame_samples(&self) -> usize {
        self.settings.frame.samples() * self.settings.channels()
    }

    /// How many samples later than put in sound comes out of a decoder, beyond the length of the frame.
    pub fn lookahead_samples(&self) -> usize {
        self.lookahead_samples
    }

    /// Adapts the copies to the loss that receivers report, in percent.
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
        if self.is_paused {
            self.before.clear();
            return Ok(if was_paused { None } else { self.payload.get(..length) });
        }
        Ok(Some(self.with_copy(length)))
    }

    /// The next frame does not follow the last one: what lies between is not sent.
    pub fn interrupt(&mut self) {
        self.before.clear();
    }

    /// The payload, with a copy of the one before where that is needed.
    fn with_copy(&mut self, length: usize) -> &[u8] {
        let payload = self.payload.get(..length).unwrap_or_default();
        let has_copy = self.has_copies()
            && !self.before.is_empty()
            && PacketInfo::parse(payload).is_ok_and(|info| !info.has_fec)
            && frame_copy::attach(payload, &self.before, &mut self.with_copy);
        self.before.clear();
        self.before.extend_from_slice(payload);
        if has_copy { &self.with_copy } else { payload }
    }

    fn has_copies(&self) -> bool {
        self.settings.fec && self.settings.mode == EncoderMode::Speech && self.settings.expected_loss_percent > 0
    }
}
