use crate::pace::{Pace, Timing};
use crate::{
    Arrival, JitterBuffer, JitterSettings, OpusDecoder, PACKET_SAMPLES_MAX, PacketInfo, Playout, VoiceError,
    VoicePacket,
};
use atrium_protocol::{Micros, ParticipantId};
use std::collections::VecDeque;
use std::time::Duration;

/// Length of fades where sound begins or ends, 5 ms.
const FADE_SAMPLES: usize = 240;
/// Made-up sound fades to nothing in this time, 120 ms.
const CONCEAL_FADE_SAMPLES: usize = 5_760;
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
    /// Lost packets that were replaced by the copy in the next one.
    pub fec_recovered: u64,
    /// Sound that was made up, in milliseconds.
    pub concealed_ms: u64,
    /// Sound that was taken out to catch up, in milliseconds.
    pub shortened_ms: u64,
    /// Sound that was put in to gain time, in milliseconds.
    pub lengthened_ms: u64,
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
    ready: VecDeque<[f32; 2]>,
    /// Room for the longest packet and what may be put into it.
    decoded: Vec<[f32; 2]>,
    pace: Pace,
    gain: f32,
    is_stereo: bool,
    streams: u64,
    fec_recovered: u64,
    codec_refused: u64,
    concealed_samples: u64,
    delay: Duration,
    captured: Option<Micros>,
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
            decoded: vec![[0.0; 2]; 2 * PACKET_SAMPLES_MAX],
            pace: Pace::default(),
            gain: 0.0,
            is_stereo: false,
            streams: 0,
            fec_recovered: 0,
            codec_refused: 0,
            concealed_samples: 0,
            delay: Duration::ZERO,
            captured: None,
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

    /// Fills `samples` with what is heard from `now` on, in mono: a voice that comes from one place. Call it every 10 ms
    /// with as many samples; larger blocks cost delay.
    pub fn pull(&mut self, now: Micros, samples: &mut [f32]) {
        let count = self.prepare(now, samples.len());
        let (heard, silent) = samples.split_at_mut(count);
        let ready = self.ready.drain(..count);
        heard.iter_mut().zip(ready).for_each(|(sample, [left, right])| *sample = 0.5 * (left + right));
        silent.fill(0.0);
    }

    /// The same with left and right, for music; of a mono stream both are equal.
    pub fn pull_stereo(&mut self, now: Micros, frames: &mut [[f32; 2]]) {
        let count = self.prepare(now, frames.len());
        let (heard, silent) = frames.split_at_mut(count);
        heard.iter_mut().zip(self.ready.drain(..count)).for_each(|(frame, ready)| *frame = ready);
        silent.fill([0.0; 2]);
    }

    /// Whether left and right of what is heard now differ.
    pub fn is_stereo(&self) -> bool {
        self.is_stereo
    }

    /// When the first sample of the last pulled block was spoken, on the server's clock, as the sender says
    /// (abs-capture-time). What is seen of the speaker at that moment goes with it. `None` while nothing plays.
    pub fn captured(&self) -> Option<Micros> {
        self.captured
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
            fec_recovered: self.fec_recovered + jitter.copied,
            concealed_ms: self.concealed_samples / 48,
            shortened_ms: self.pace.shortened / 48,
            lengthened_ms: self.pace.lengthened / 48,
            target_delay: self.jitter.target_delay(),
            delay: self.delay,
        }
    }

    /// Decodes until so many samples are ready, and says how many are.
    fn prepare(&mut self, now: Micros, wanted: usize) -> usize {
        // Every turn adds at least 2.5 ms, so this ends; silence ends it at once.
        while self.ready.len() < wanted && self.play_next(now, wanted) {}
        self.delay = self.jitter.delay(now, self.ready.len()).unwrap_or_default();
        self.captured = self.jitter.captured(self.ready.len());
        wanted.min(self.ready.len())
    }

    /// Adds what is played next to `ready`; false when that is silence.
    fn play_next(&mut self, now: Micros, wanted: usize) -> bool {
        match self.jitter.pull(now, wanted - self.ready.len()) {
            Playout::Decode(payload) => match self.decoder.decode(&payload, &mut self.decoded) {
                Ok(count) => {
                    self.is_stereo = PacketInfo::parse(&payload).is_ok_and(|info| info.is_stereo);
                    self.add_fitted(now, wanted, count);
                }
                Err(_) => {
                    self.codec_refused += 1;
                    self.conceal(crate::FRAME_SAMPLES);
                }
            },
            Playout::DecodeFec { next, samples } => {
                let count = (samples as usize).min(PACKET_SAMPLES_MAX);
                match self.decoder.decode_fec(&next, &mut self.decoded[..count]) {
                    Ok(()) => {
                        self.fec_recovered += 1;
                        self.add_fitted(now, wanted, count);
                    }
                    Err(_) => self.conceal(count),
                }
            }
            Playout::Conceal { samples } => self.conceal((samples as usize).min(PACKET_SAMPLES_MAX)),
            Playout::Silence => return self.fade_out(),
        }
        true
    }

    /// Appends the packet that was just decoded, made shorter or longer so that the next ones are decoded in time.
    fn add_fitted(&mut self, now: Micros, wanted: usize, count: usize) {
        let in_us = |samples: usize| i64::try_from(samples).unwrap_or(i64::MAX).saturating_mul(125) / 6;
        let count = self.jitter.spare_us(now, count).map_or(count, |spare_us| {
            let timing = Timing { spare_us, ready_us: in_us(self.ready.len() % count.max(1)), block_us: in_us(wanted) };
            self.pace.fit(&mut self.decoded, count, timing)
        });
        self.add(count, 1.0, FADE_SAMPLES);
    }

    fn conceal(&mut self, count: usize) {
        if self.decoder.conceal(&mut self.decoded[..count]).is_err() {
            self.decoded[..count].fill([0.0; 2]);
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
            self.decoded[..FADE_SAMPLES].fill([0.0; 2]);
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
        for frame in &self.decoded[..count] {
            self.gain = if self.gain < gain { (self.gain + step).min(gain) } else { (self.gain - step).max(gain) };
            self.ready.push_back(frame.map(|sample| sample * self.gain));
        }
    }
}
