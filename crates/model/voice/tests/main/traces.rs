//! Networks as they are: delays, jitter of several kinds, losses one by one and in bursts, clocks that drift. A receiver
//! hears a voice through them on virtual time.

use crate::noise::Noise;
use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::{EncoderSettings, JitterSettings, OpusEncoder, VoicePacket, VoiceReceiver, VoiceStats};

const START_US: u64 = 10_000_000;
const BLOCK_US: u64 = 10_000;
const BLOCK_SAMPLES: usize = 480;

/// How much later than the fastest packets are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Jitter {
    /// Evenly up to so much, each packet for itself: they overtake each other.
    Even { most_us: u64 },
    /// Many by little, few by much, in order: a queue. The mean is given.
    Queue { mean_us: u64 },
    /// Now and then nothing comes for so long, then all at once: a radio link.
    Stalls { stall_us: u64 },
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Loss {
    /// Each packet for itself.
    Single { share: f64 },
    /// As many, in bursts of four on average (Gilbert, 1960).
    Bursts { share: f64 },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Trace {
    pub(crate) fastest_us: u64,
    pub(crate) jitter: Jitter,
    pub(crate) loss: Loss,
    /// How much faster the speaker's clock runs.
    pub(crate) drift_ppm: f64,
    pub(crate) seed: u64,
}

/// What the listener had of it.
pub(crate) struct Outcome {
    /// Buffer delay beyond the fastest packet while speech plays, in ms, sorted.
    pub(crate) delays_ms: Vec<f64>,
    /// Speech that was sent.
    pub(crate) speech_ms: f64,
    pub(crate) stats: VoiceStats,
}

impl Outcome {
    pub(crate) fn delay_ms(&self, percent: usize) -> f64 {
        self.delays_ms.get((self.delays_ms.len() * percent / 100).min(self.delays_ms.len() - 1)).copied().unwrap_or(0.0)
    }

    /// Made-up sound as a share of speech, in percent.
    pub(crate) fn concealed_percent(&self) -> f64 {
        100.0 * self.stats.concealed_ms as f64 / self.speech_ms
    }

    /// Sound that was taken out or put in, as a share of speech, in percent.
    pub(crate) fn stretched_percent(&self) -> f64 {
        100.0 * (self.stats.shortened_ms + self.stats.lengthened_ms) as f64 / self.speech_ms
    }
}

/// The frames of a voice: what is sent, and when on the speaker's clock.
pub(crate) struct Sent {
    packets: Vec<(u64, VoicePacket)>,
    speech_ms: f64,
    frame_us: u64,
}

/// Encodes `samples` with `settings`.
pub(crate) fn encode(samples: &[f32], settings: EncoderSettings) -> Sent {
    let mut encoder = OpusEncoder::new(settings).unwrap();
    let frame = encoder.frame_samples();
    let frame_us = (frame as u64) * 125 / 6;
    let mut packets = Vec::new();
    for (index, samples) in samples.chunks_exact(frame).enumerate() {
        let Some(payload) = encoder.encode(samples).unwrap() else { continue };
        let at_us = index as u64 * frame_us;
        let packet = VoicePacket {
            sequence: packets.len() as u16,
            timestamp: (index * frame) as u32,
            marker: false,
            speaker: Some(ParticipantId(1)),
            captured: Some(Micros(START_US + at_us)),
            payload: bytes::Bytes::copy_from_slice(payload),
        };
        packets.push((at_us, packet));
    }
    let speech_ms = (packets.len() as u64 * frame_us) as f64 / 1_000.0;
    Sent { packets, speech_ms, frame_us }
}

impl Sent {
    /// The same again and again, as one stream.
    pub(crate) fn repeated(&self, times: u64) -> Self {
        let length_us = self.packets.last().map_or(0, |(at_us, _)| at_us + self.frame_us);
        let packets: Vec<_> = (0..times)
            .flat_map(|turn| self.packets.iter().map(move |(at_us, packet)| (turn * length_us + at_us, packet)))
            .enumerate()
            .map(|(index, (at_us, packet))| {
                let timestamp = (at_us * 6 / 125) as u32;
                let captured = Some(Micros(START_US + at_us));
                (at_us, VoicePacket { sequence: index as u16, timestamp, captured, ..packet.clone() })
            })
            .collect();
        Self { packets, speech_ms: self.speech_ms * times as f64, frame_us: self.frame_us }
    }
}

/// Plays what arrives of `sent` over `trace`.
pub(crate) fn play(sent: &Sent, trace: Trace, settings: JitterSettings) -> Outcome {
    let arrivals = carry(sent, trace);
    let mut receiver = VoiceReceiver::new(settings).unwrap();
    let end_us = arrivals.last().map_or(START_US, |(at_us, _)| *at_us);
    let mut delays_ms = Vec::new();
    let mut arrivals = arrivals.into_iter().peekable();
    for now_us in (START_US + 3_000..end_us).step_by(BLOCK_US as usize) {
        while let Some((at_us, packet)) = arrivals.next_if(|(at_us, _)| *at_us <= now_us) {
            receiver.push(Micros(at_us), packet);
        }
        let mut heard = [0.0; BLOCK_SAMPLES];
        receiver.pull(Micros(now_us), &mut heard);
        assert!(heard.iter().all(|x| x.abs() <= 1.0));
        // The first seconds are for getting to know the network.
        if now_us > START_US + 5_000_000 && receiver.captured().is_some() {
            delays_ms.push(receiver.stats().delay.as_secs_f64() * 1e3);
        }
    }
    delays_ms.sort_by(f64::total_cmp);
    Outcome { delays_ms, speech_ms: sent.speech_ms, stats: receiver.stats() }
}

fn carry(sent: &Sent, trace: Trace) -> Vec<(u64, VoicePacket)> {
    let mut noise = Noise(trace.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut is_burst, mut last_us, mut stall_until_us) = (false, 0, 0);
    let mut arrivals = Vec::new();
    for (at_us, packet) in &sent.packets {
        // A frame leaves when it is full.
        let left_us = START_US + ((at_us + sent.frame_us) as f64 * (1.0 - trace.drift_ppm * 1e-6)) as u64;
        let arrival_us = left_us + trace.fastest_us;
        let arrival_us = match trace.jitter {
            Jitter::Even { most_us } => arrival_us + noise.below_us(most_us),
            Jitter::Queue { mean_us } => {
                let late_us = -(1.0 - noise.share()).ln() * mean_us as f64;
                (arrival_us + late_us as u64).max(last_us)
            }
            Jitter::Stalls { stall_us } => {
                if arrival_us > stall_until_us && noise.share() < 0.01 {
                    stall_until_us = arrival_us + stall_us;
                }
                (arrival_us + noise.below_us(2_000)).max(stall_until_us.min(arrival_us + stall_us)).max(last_us)
            }
        };
        last_us = last_us.max(arrival_us);
        let is_lost = match trace.loss {
            Loss::Single { share } => noise.share() < share,
            Loss::Bursts { share } => {
                let begins = 0.25 * share / (1.0 - share).max(0.01);
                is_burst = noise.share() < if is_burst { 0.75 } else { begins };
                is_burst
            }
        };
        if !is_lost {
            arrivals.push((arrival_us, packet.clone()));
        }
    }
    arrivals.sort_by_key(|(at_us, _)| *at_us);
    arrivals
}
