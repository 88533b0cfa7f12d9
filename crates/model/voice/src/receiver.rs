use crate::shorten::shorten;
use crate::{
    Arrival, JitterBuffer, JitterSettings, OpusDecoder, PACKET_SAMPLES_MAX, Playout, VoiceError, VoicePacket,
    level_dbov,
};
use atrium_protocol::{Micros, ParticipantId};
use std::collections::VecDeque;
use std::time::Duration;

/// Length of fades where sound begins or ends, 5 ms.
const FADE_SAMPLES: usize = 240;
/// Made-up sound fades to nothing in this time, 120 ms.
const CONCEAL_FADE_SAMPLES: usize = 5_760;
/// Delay over the target from which quiet frames are shortened, and from which voiced ones are. Playing starts
/// up to one block of 20 ms later than asked for.
const QUIET_EXCESS: Duration = Duration::from_millis(25);
const VOICED_EXCESS: Duration = Duration::from_millis(30);
/// From this level (−dBov) on a frame is quiet.
const QUIET_DBOV: u8 = 50;
/// Of so many voiced packets one is shortened, so that speech is not hurried noticeably.
const VOICED_PACKETS_BETWEEN: u32 = 3;

/// What happened to a voice on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoiceStats {
    /// Packets that were Opus.
    pub received: u64,
    /// Packets that were not, or that the codec refused.
    pub invalid: u64,
    /// Packets that did not come in time (late ones among them).
    pub lost: u64,
    /// Packets that came after their time.
    pub late: u64,
    /// Lost packets that were replaced by the coarse copy in the next one.
    pub fec_recovered: u64,
    /// Sound that was made up, in milliseconds.
    pub concealed_ms: u64,
    /// Sound that was taken out to catch up, in milliseconds.
    pub shortened_ms: u64,
    /// What the jitter of late calls for.
    pub target_delay: Duration,
    /// The delay of what is heard now, beyond the fastest packet; zero while nothing plays.
    pub delay: Duration,
}

/// Makes an even stream of sound out of the packets of one voice slot.
#[derive(Debug)]
pub struct VoiceReceiver {
    jitter: JitterBuffer,
    decoder: OpusDecoder,
    /// Decoded and not yet asked for.
    ready: VecDeque<f32>,
    decoded: Vec<f32>,
    gain: f32,
    streams: u64,
    packets_since_shortened: u32,
    fec_recovered: u64,
    codec_refused: u64,
    concealed_samples: u64,
    shortened_samples: u64,
    delay: Duration,
}

impl VoiceReceiver {
    /// A slot that nobody speaks in yet.
    ///
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub fn new(settings: JitterSettings) -> Result<Self, VoiceError> {
        Ok(Self {
            jitter: JitterBuffer::new(settings),
            decoder: OpusDecoder::new()?,
            ready: VecDeque::with_capacity(2 * PACKET_SAMPLES_MAX),
            decoded: vec![0.0; PACKET_SAMPLES_MAX],
            gain: 0.0,
            streams: 0,
            packets_since_shortened: 0,
            fec_recovered: 0,
            codec_refused: 0,
            concealed_samples: 0,
            shortened_samples: 0,
            delay: Duration::ZERO,
        })
    }

    /// Takes a packet that arrived at `now`, on any steady clock. A marker or another speaker begins afresh.
    pub fn push(&mut self, now: Micros, packet: VoicePacket) -> Arrival {
        let arrival = self.jitter.push(now, packet);
        if self.jitter.stats().streams != self.streams {
            self.streams = self.jitter.stats().streams;
            self.forget_voice();
        }
        arrival
    }

    /// Fills `samples` with what is heard from `now` on; call it every 10 or 20 ms with as many samples.
    pub fn pull(&mut self, now: Micros, samples: &mut [f32]) {
        // Every turn adds at least 2.5 ms, so this ends; silence ends it at once.
        while self.ready.len() < samples.len() && self.play_next(now) {}
        self.delay = self.jitter.delay(now, self.ready.len()).unwrap_or_default();
        let count = samples.len().min(self.ready.len());
        let (heard, silent) = samples.split_at_mut(count);
        heard.iter_mut().zip(self.ready.drain(..count)).for_each(|(sample, ready)| *sample = ready);
        silent.fill(0.0);
    }

    /// Empties the slot: nobody speaks until the next packet.
    pub fn reset(&mut self) {
        self.jitter.reset();
        self.forget_voice();
    }

    /// Whose voice it is.
    pub fn speaker(&self) -> Option<ParticipantId> {
        self.jitter.speaker()
    }

    /// The counts since the beginning, and the delays of now.
    pub fn stats(&self) -> VoiceStats {
        let jitter = self.jitter.stats();
        VoiceStats {
            received: jitter.received,
            invalid: jitter.invalid + self.codec_refused,
            lost: jitter.lost,
            late: jitter.late,
            fec_recovered: self.fec_recovered,
            concealed_ms: self.concealed_samples / 48,
            shortened_ms: self.shortened_samples / 48,
            target_delay: self.jitter.target_delay(),
            delay: self.delay,
        }
    }

    /// Adds what is played next to `ready`; false when that is silence.
    fn play_next(&mut self, now: Micros) -> bool {
        match self.jitter.pull(now) {
            Playout::Decode(payload) => match self.decoder.decode(&payload, &mut self.decoded) {
                Ok(count) => self.add_decoded(now, count),
                Err(_) => {
                    self.codec_refused += 1;
                    self.conceal(crate::FRAME_SAMPLES);
                }
            },
            Playout::DecodeFec { next, samples } => {
                let count = (samples as usize).min(self.decoded.len());
                match self.decoder.decode_fec(&next, &mut self.decoded[..count]) {
                    Ok(()) => {
                        self.fec_recovered += 1;
                        self.add(count, 1.0, FADE_SAMPLES);
                    }
                    Err(_) => self.conceal(count),
                }
            }
            Playout::Conceal { samples } => self.conceal((samples as usize).min(self.decoded.len())),
            Playout::Silence => return self.fade_out(),
        }
        true
    }

    fn add_decoded(&mut self, now: Micros, count: usize) {
        let count = self.catch_up(now, count).unwrap_or(count);
        self.add(count, 1.0, FADE_SAMPLES);
    }

    /// Shortens the first `count` decoded samples when the delay is over the target; says how many are left.
    fn catch_up(&mut self, now: Micros, count: usize) -> Option<usize> {
        self.packets_since_shortened = self.packets_since_shortened.saturating_add(1);
        let delay = self.jitter.delay(now, self.ready.len() + count)?;
        let excess = delay.saturating_sub(self.jitter.target_delay());
        let is_quiet = level_dbov(&self.decoded[..count]) >= QUIET_DBOV;
        let is_wanted = if is_quiet {
            excess > QUIET_EXCESS
        } else {
            excess > VOICED_EXCESS && self.packets_since_shortened >= VOICED_PACKETS_BETWEEN
        };
        let left = if is_wanted { shorten(&mut self.decoded[..count], is_quiet) } else { None }?;
        self.packets_since_shortened = 0;
        self.shortened_samples += (count - left) as u64;
        Some(left)
    }

    fn conceal(&mut self, count: usize) {
        if self.decoder.conceal(&mut self.decoded[..count]).is_err() {
            self.decoded[..count].fill(0.0);
        }
        self.concealed_samples += count as u64;
        self.add(count, 0.0, CONCEAL_FADE_SAMPLES);
    }

    /// Ends what was heard without a click; false when nothing was.
    fn fade_out(&mut self) -> bool {
        if self.gain == 0.0 {
            return false;
        }
        if self.decoder.conceal(&mut self.decoded[..FADE_SAMPLES]).is_err() {
            self.decoded[..FADE_SAMPLES].fill(0.0);
        }
        self.add(FADE_SAMPLES, 0.0, FADE_SAMPLES);
        self.gain = 0.0;
        true
    }

    fn forget_voice(&mut self) {
        self.fade_out();
        // A decoder that cannot be reset goes on from the old voice, which is harmless.
        let _ = self.decoder.reset();
    }

    /// Appends the first `count` decoded samples, the gain moving towards `gain`; from 0 to 1 or back it takes
    /// `fade_samples`.
    fn add(&mut self, count: usize, gain: f32, fade_samples: usize) {
        let step = 1.0 / fade_samples as f32;
        for sample in &self.decoded[..count] {
            self.gain = if self.gain < gain { (self.gain + step).min(gain) } else { (self.gain - step).max(gain) };
            self.ready.push_back(sample * self.gain);
        }
    }
}
