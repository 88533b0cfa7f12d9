//! What the engine costs a block of 10 ms: `cargo run --release -p atrium-audio --example engine_cost`.
//!
//! Eight people speak at once and walk about, one speaks oneself, and everything is on: echo cancellation, noise
//! suppression, gain control, encoder, eight receivers, binaural rendering, the room. Times are microseconds of one core.

use atrium_audio::{
    BLOCK, BLOCK_SAMPLES, Listener, MonoBlock, Mouth, OutputMode, SoundCommand, SoundCore, SoundScene, StereoBlock,
};
use atrium_protocol::{Micros, ParticipantId};
use atrium_spatial::Hrtf;
use atrium_voice::{EncoderSettings, OpusEncoder, VoicePacket};
use glam::Vec3;
use std::f32::consts::TAU;
use std::time::Instant;

const BLOCKS: usize = 3_000;
const WARM_UP: usize = 300;
const SPEAKERS: u32 = 8;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{:<14} {:>8} {:>8} {:>8} {:>8}", "µs a block", "p50", "p95", "p99", "most");
    for (name, speakers, mode) in [
        ("8, headphones", SPEAKERS, OutputMode::Headphones),
        ("8, stereo", SPEAKERS, OutputMode::Stereo),
        ("1, headphones", 1, OutputMode::Headphones),
        ("nobody", 0, OutputMode::Headphones),
    ] {
        let mut core = SoundCore::new(Hrtf::mit_kemar())?;
        core.command(Micros(0), SoundCommand::PlayFor(mode))?;
        let mut micros = run(&mut core, &packets(speakers)?, speakers);
        micros.sort_by(f64::total_cmp);
        let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize];
        println!("{name:<14} {:>8.0} {:>8.0} {:>8.0} {:>8.0}", at(0.5), at(0.95), at(0.99), at(1.0));
    }
    Ok(())
}

/// Each speaker's packets, one each 20 ms.
fn packets(speakers: u32) -> Result<Vec<Vec<VoicePacket>>, atrium_voice::VoiceError> {
    let of_one = |speaker: u32| {
        let mut encoder = OpusEncoder::new(EncoderSettings::default())?;
        let mut packets = Vec::new();
        for n in 0..BLOCKS / 2 {
            let samples: Vec<f32> = (0..960).map(|k| voice(speaker, n * 960 + k)).collect();
            let Some(payload) = encoder.encode(&samples)? else { continue };
            packets.push(VoicePacket {
                sequence: packets.len() as u16,
                timestamp: (n * 960) as u32,
                marker: false,
                speaker: Some(ParticipantId(speaker + 1)),
                captured: None,
                payload: bytes::Bytes::copy_from_slice(payload),
            });
        }
        Ok(packets)
    };
    (0..speakers).map(of_one).collect()
}

/// Something like speech, of another pitch for each.
fn voice(speaker: u32, n: usize) -> f32 {
    let secs = n as f32 / 48_000.0;
    let pitch_hz = 110.0 + 17.0 * speaker as f32;
    let syllable = (TAU * 2.0 * secs + speaker as f32).sin().max(0.0);
    syllable * (1..12).map(|k| (TAU * pitch_hz * k as f32 * secs).sin() / k as f32).sum::<f32>() * 0.15
}

fn run(core: &mut SoundCore, packets: &[Vec<VoicePacket>], speakers: u32) -> Vec<f64> {
    let mut micros = Vec::with_capacity(BLOCKS);
    let mut output: StereoBlock = [[0.0; 2]; BLOCK_SAMPLES];
    for block in 0..BLOCKS {
        let now = Micros(1_000_000 + block as u64 * 10_000);
        let mut spoken: MonoBlock = std::array::from_fn(|k| voice(99, block * BLOCK_SAMPLES + k) + 0.2 * output[k][0]);
        let began = Instant::now();
        core.place(scene(block, speakers));
        for (slot, packets) in packets.iter().enumerate() {
            let next = packets.partition_point(|packet| (packet.timestamp as usize) < block * BLOCK_SAMPLES);
            let due = packets.get(next).filter(|packet| packet.timestamp as usize == block * BLOCK_SAMPLES);
            due.into_iter().for_each(|packet| core.hear(slot as u8, now, packet.clone()));
        }
        core.render(now, BLOCK, &mut output);
        core.capture(now, now - BLOCK, &mut spoken);
        while core.next_packet().is_some() {}
        while core.next_event().is_some() {}
        if block >= WARM_UP {
            micros.push(began.elapsed().as_secs_f64() * 1e6);
        }
    }
    micros
}

/// All walk in a circle; one's head turns.
fn scene(block: usize, speakers: u32) -> SoundScene {
    let angle = |speaker: u32| block as f32 * 0.005 + speaker as f32 * TAU / SPEAKERS as f32;
    let place = |speaker: u32| Vec3::new(2.0 * angle(speaker).sin(), 1.6, 2.0 * angle(speaker).cos());
    let mouths = (0..speakers)
        .map(|speaker| Mouth { facing: -place(speaker), ..Mouth::new(ParticipantId(speaker + 1), place(speaker)) });
    let ears = Listener {
        position: Vec3::new(0.0, 1.6, 0.0),
        room_from_head: glam::Quat::from_rotation_y(block as f32 * 0.01),
    };
    SoundScene { ears, mouths: mouths.collect() }
}
