//! What a block of 10 ms costs to render: `cargo run --release -p atrium-spatial --example render_cost`.
#![allow(clippy::print_stdout)]

use atrium_spatial::{BLOCK_SAMPLES, Hrtf, Listener, Reach, Renderer, RoomSound, Voice};
use glam::{Quat, Vec3};
use std::f32::consts::TAU;
use std::time::{Duration, Instant};

const BLOCKS: usize = 20_000;

fn main() {
    for (voices, moving) in [(1, false), (1, true), (8, false), (8, true), (12, true)] {
        let mut taken = measure(voices, moving);
        taken.sort();
        let [p50, p95, p99] =
            [0.5, 0.95, 0.99].map(|share| taken[(taken.len() as f64 * share) as usize].as_secs_f64() * 1e3);
        let how = if moving { "moving" } else { "still" };
        println!("{voices:2} voices, {how:6}: p50 {p50:.4} ms, p95 {p95:.4} ms, p99 {p99:.4} ms");
    }
}

/// How long each block took, with people who walk round a listener who turns, or stand.
fn measure(voices: usize, moving: bool) -> Vec<Duration> {
    let samples: Vec<f32> =
        (0..BLOCK_SAMPLES).map(|n| 0.1 * (n as f32 * 0.13).sin() + 0.05 * (n as f32 * 0.7).sin()).collect();
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), &RoomSound::default());
    let mut output = [[0.0; 2]; BLOCK_SAMPLES];
    (0..BLOCKS)
        .map(|block| {
            let secs = if moving { block as f32 / 100.0 } else { 0.0 };
            let placed: Vec<Voice<'_>> = (0..voices)
                .map(|n| {
                    let (sin, cos) = (n as f32 * TAU / voices as f32 + secs).sin_cos();
                    Voice {
                        speaker: n as u32,
                        samples: &samples,
                        position: Vec3::new(2.0 * sin, 1.6, 2.0 * cos),
                        facing: Vec3::new(cos, 0.0, sin),
                        gain: 1.0,
                        occlusion: 0.1,
                        reach: Reach::Near,
                    }
                })
                .collect();
            let listener = Listener { position: Vec3::new(0.1, 1.6, 0.0), room_from_head: Quat::from_rotation_y(secs) };
            let start = Instant::now();
            renderer.render(&listener, &placed, &mut output);
            start.elapsed()
        })
        .collect()
}
