//! Someone walks round the listener, as a stereo file and as a curve of levels.
//!
//! `cargo run --release -p atrium-spatial --example circle_walk -- OUT.wav [SPEECH.wav]`; without speech (48 kHz, mono) the
//! walker hisses in syllables.
#![allow(clippy::print_stdout)]

use atrium_spatial::{BLOCK_SAMPLES, Hrtf, Listener, Reach, Renderer, RoomSound, SAMPLE_RATE_HZ, Voice};
use glam::Vec3;
use std::error::Error;
use std::f32::consts::TAU;

const RADIUS_M: f32 = 1.5;
const LAP_SECS: f32 = 12.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("say where to write the recording: circle_walk OUT.wav")?;
    let input = match arguments.next() {
        Some(speech) => speech_from(&speech)?,
        None => syllables(),
    };
    let output = walk(&input);

    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: SAMPLE_RATE_HZ,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut file = hound::WavWriter::create(&path, spec)?;
    output.iter().flatten().try_for_each(|sample| file.write_sample(*sample))?;
    file.finalize()?;

    println!("degrees to the left   left dB  right dB");
    for (twelfth, part) in output.chunks(output.len() / 12).take(12).enumerate() {
        let level = |ear: usize| {
            10.0 * (part.iter().map(|frame| frame[ear] * frame[ear]).sum::<f32>() / part.len() as f32).log10()
        };
        println!("{:8}..{:<8} {:11.1} {:9.1}", twelfth * 30, (twelfth + 1) * 30, level(0), level(1));
    }
    Ok(())
}

/// One lap, starting ahead, by the left; the walker looks along the way.
fn walk(input: &[f32]) -> Vec<[f32; 2]> {
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), &RoomSound::default());
    let head = Vec3::new(0.0, 1.6, 0.0);
    let mut block = [[0.0; 2]; BLOCK_SAMPLES];
    let mut output = Vec::new();
    for n in 0..(LAP_SECS * 100.0) as usize {
        let (sin, cos) = (n as f32 / 100.0 / LAP_SECS * TAU).sin_cos();
        let samples = input.chunks_exact(BLOCK_SAMPLES).cycle().nth(n % (input.len() / BLOCK_SAMPLES)).unwrap_or(&[]);
        let voice = Voice {
            speaker: 1,
            samples,
            position: head + Vec3::new(-sin, 0.0, -cos) * RADIUS_M,
            facing: Vec3::new(-cos, 0.0, sin),
            gain: 1.0,
            occlusion: 0.0,
            reach: Reach::Near,
        };
        renderer.render(&Listener { position: head, ..Listener::default() }, &[voice], &mut block);
        output.extend(block);
    }
    output
}

fn speech_from(path: &str) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut file = hound::WavReader::open(path)?;
    let spec = file.spec();
    if (spec.sample_rate, spec.channels, spec.bits_per_sample) != (SAMPLE_RATE_HZ, 1, 16) {
        return Err(format!("{path}: speech must be 48 kHz, mono, 16 bits").into());
    }
    let samples: Result<Vec<f32>, _> =
        file.samples::<i16>().map(|sample| sample.map(|s| f32::from(s) / 32_768.0)).collect();
    let samples = samples?;
    if samples.len() < BLOCK_SAMPLES { Err(format!("{path}: nothing to say").into()) } else { Ok(samples) }
}

/// A second of white noise, four syllables.
fn syllables() -> Vec<f32> {
    let mut state = 1u32;
    (0..SAMPLE_RATE_HZ)
        .map(|n| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 8) as f32 / (1 << 23) as f32 - 1.0;
            let syllable = (n as f32 / SAMPLE_RATE_HZ as f32 * 4.0 * TAU / 2.0).sin().abs();
            0.2 * noise * syllable
        })
        .collect()
}
