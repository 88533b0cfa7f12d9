//! A voice, a network and a listener on virtual time.

pub(crate) use crate::noise::Noise;
pub(crate) use crate::noise::words;
use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::{
    EncoderSettings, FRAME_SAMPLES, JitterSettings, OpusEncoder, VoicePacket, VoiceReceiver, VoiceStats,
};
use std::f32::consts::TAU;

pub(crate) const FRAME_US: u64 = 20_000;
/// When the first packet is sent.
pub(crate) const START_US: u64 = 1_000_000;

pub(crate) fn tone(hz: f32, secs: f32) -> Vec<f32> {
    let count = (secs * 48_000.0) as usize;
    // The phase in f64: a long tone must not drift.
    (0..count).map(|n| 0.3 * (n as f64 * f64::from(TAU * hz) / 48_000.0).sin() as f32).collect()
}

/// A packet and when it was sent or arrives.
pub(crate) type Timed = (u64, VoicePacket);

/// Encodes `samples` from sequence number `first_sequence` on.
pub(crate) fn send(
    samples: &[f32],
    settings: EncoderSettings,
    first_sequence: u16,
    first_timestamp: u32,
) -> Vec<Timed> {
    let mut encoder = OpusEncoder::new(settings).unwrap();
    let frame = encoder.frame_samples();
    let mut packets = Vec::new();
    let mut sequence = first_sequence;
    for (index, frame_samples) in samples.chunks_exact(frame).enumerate() {
        let timestamp = first_timestamp.wrapping_add((index * frame) as u32);
        if let Some(payload) = encoder.encode(frame_samples).unwrap() {
            let payload = bytes::Bytes::copy_from_slice(payload);
            let speaker = Some(ParticipantId(1));
            let sent_us = START_US + (index * frame) as u64 * 125 / 6;
            packets.push((
                sent_us,
                VoicePacket { sequence, timestamp, marker: false, speaker, captured: Some(Micros(sent_us)), payload },
            ));
            sequence = sequence.wrapping_add(1);
        }
    }
    packets
}

/// What the network does to each packet: arrival times after sending; none: lost, two: doubled.
pub(crate) fn carry(packets: Vec<Timed>, mut way: impl FnMut(usize) -> Vec<u64>) -> Vec<Timed> {
    let mut arrivals = Vec::new();
    for (index, (sent_us, packet)) in packets.into_iter().enumerate() {
        arrivals.extend(way(index).into_iter().map(|delay_us| (sent_us + delay_us, packet.clone())));
    }
    arrivals.sort_by_key(|(arrival_us, _)| *arrival_us);
    arrivals
}

pub(crate) struct Heard {
    pub(crate) samples: Vec<f32>,
    pub(crate) stats: VoiceStats,
    /// The delay in ms with each block of 20 ms.
    pub(crate) delays_ms: Vec<u64>,
}

/// Hears `secs` of arrivals in blocks of 20 ms.
pub(crate) fn hear(arrivals: &[Timed], secs: f32) -> Heard {
    let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
    hear_with(&mut receiver, arrivals, secs, |_| {})
}

pub(crate) fn hear_with(
    receiver: &mut VoiceReceiver,
    arrivals: &[Timed],
    secs: f32,
    mut each: impl FnMut(&VoiceReceiver),
) -> Heard {
    let mut arrivals = arrivals.iter().peekable();
    let (mut samples, mut delays_ms) = (Vec::new(), Vec::new());
    for block in 0..(secs * 50.0) as u64 {
        // The listener's blocks are out of step with the speaker's.
        let now_us = START_US + 7_000 + block * FRAME_US;
        while let Some((arrival_us, packet)) = arrivals.next_if(|(arrival_us, _)| *arrival_us <= now_us) {
            receiver.push(Micros(*arrival_us), packet.clone());
        }
        let mut heard = [0.0; FRAME_SAMPLES];
        receiver.pull(Micros(now_us), &mut heard);
        samples.extend(heard);
        delays_ms.push(receiver.stats().delay.as_millis() as u64);
        each(receiver);
    }
    Heard { samples, stats: receiver.stats(), delays_ms }
}

/// Power of `samples` at `hz` (Goertzel), as a share of all their power.
pub(crate) fn share_of_power_at(hz: f32, samples: &[f32]) -> f32 {
    let coefficient = 2.0 * f64::from(TAU * hz / 48_000.0).cos();
    let (mut before, mut before_that) = (0.0_f64, 0.0_f64);
    for sample in samples {
        (before, before_that) = (f64::from(*sample) + coefficient * before - before_that, before);
    }
    let at_hz = before * before + before_that * before_that - coefficient * before * before_that;
    let all: f64 = samples.iter().map(|x| f64::from(*x).powi(2)).sum();
    (2.0 * at_hz / (samples.len() as f64 * all.max(1e-12))) as f32
}

/// Signal-to-noise ratio in dB of a tone at `hz`: the median over windows of 40 ms, whose phase is free.
pub(crate) fn tone_snr_db(hz: f32, samples: &[f32]) -> f32 {
    let mut ratios: Vec<f32> = samples
        .chunks_exact(1_920)
        .map(|window| share_of_power_at(hz, window).clamp(0.0, 1.0 - 1e-6))
        .map(|share| 10.0 * (share / (1.0 - share)).log10())
        .collect();
    ratios.sort_by(f32::total_cmp);
    ratios[ratios.len() / 2]
}

pub(crate) fn largest_step(samples: &[f32]) -> f32 {
    samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
}
