//! What voice costs a client on one core, for each 10 ms: `cargo run --release -p atrium-voice --example voice_cost`.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

#[path = "../tests/main/noise.rs"]
mod noise;

use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::{EncoderSettings, JitterSettings, OpusEncoder, VoicePacket, VoiceReceiver};
use bytes::Bytes;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SECS: f32 = 30.0;
const SPEAKERS: usize = 8;
/// Each eleventh packet is lost, each packet up to 20 ms late: copies and stretching cost too.
const LOST_OF: usize = 11;
const MOST_LATE_US: u64 = 20_000;

type Timed = (u64, VoicePacket);

fn main() {
    println!("{:<34} {:>7} {:>7} {:>7}   us for 10 ms of sound", "", "p50", "p95", "p99");
    for (name, settings) in [
        ("speech", EncoderSettings::speech()),
        ("low delay", EncoderSettings::low_delay()),
        ("music", EncoderSettings::music()),
    ] {
        let (packets, encoding) = encode(settings);
        row(&format!("encode {name}"), encoding);
        row(&format!("{SPEAKERS} receivers of {name}"), receive(&carry(&packets, 0, 0)));
        if settings.fec {
            row(&format!("{SPEAKERS} receivers, jitter and loss"), receive(&carry(&packets, LOST_OF, MOST_LATE_US)));
        }
    }
}

/// The packets, and what each cost; a frame of 20 ms counts as two blocks.
fn encode(settings: EncoderSettings) -> (Vec<Timed>, Vec<Duration>) {
    let mut encoder = OpusEncoder::new(settings).unwrap();
    let samples: Vec<f32> =
        noise::words(SECS).into_iter().flat_map(|sample| std::iter::repeat_n(sample, settings.channels())).collect();
    let frame = settings.frame.samples();
    let (mut packets, mut times) = (Vec::new(), Vec::new());
    for (index, samples) in samples.chunks_exact(encoder.frame_samples()).enumerate() {
        let start = Instant::now();
        let payload = encoder.encode(black_box(samples)).unwrap().map(Bytes::copy_from_slice);
        times.push(start.elapsed() / (frame / 480) as u32);
        let Some(payload) = payload else { continue };
        let timestamp = (index * frame) as u32;
        let speaker = Some(ParticipantId(1));
        let sequence = packets.len() as u16;
        let packet = VoicePacket { sequence, timestamp, marker: false, speaker, captured: None, payload };
        packets.push((u64::from(timestamp) * 125 / 6, packet));
    }
    (packets, times)
}

fn carry(packets: &[Timed], lost_of: usize, most_late_us: u64) -> Vec<Timed> {
    let mut noise = noise::Noise(7);
    let mut arrivals: Vec<Timed> = packets
        .iter()
        .enumerate()
        .filter(|(index, _)| lost_of == 0 || index % lost_of != 0)
        .map(|(_, (at_us, packet))| (at_us + noise.below_us(most_late_us), packet.clone()))
        .collect();
    arrivals.sort_by_key(|(at_us, _)| *at_us);
    arrivals
}

/// What all receivers together cost in each block.
fn receive(arrivals: &[Timed]) -> Vec<Duration> {
    let receiver = || VoiceReceiver::new(JitterSettings::default()).unwrap();
    let mut receivers: Vec<VoiceReceiver> = (0..SPEAKERS).map(|_| receiver()).collect();
    let mut arrivals = arrivals.iter().peekable();
    let mut times = Vec::new();
    let mut block = [0.0; 480];
    for now_us in (0..(SECS * 1e6) as u64).step_by(10_000) {
        let start = Instant::now();
        while let Some((at_us, packet)) = arrivals.next_if(|(at_us, _)| *at_us <= now_us) {
            for receiver in &mut receivers {
                receiver.push(Micros(*at_us), packet.clone());
            }
        }
        for receiver in &mut receivers {
            receiver.pull(Micros(now_us), black_box(&mut block));
        }
        times.push(start.elapsed());
    }
    times
}

fn row(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let [p50, p95, p99] = [50, 95, 99].map(|percent| times[times.len() * percent / 100].as_secs_f64() * 1e6);
    println!("{name:<34} {p50:>7.0} {p95:>7.0} {p99:>7.0}");
}
