use atrium_spatial::{BLOCK_SAMPLES, Hrtf, Listener, OutputMode, Reach, Renderer, RoomSound, SAMPLE_RATE_HZ, Voice};
use glam::Vec3;
use realfft::RealFftPlanner;
use std::f32::consts::TAU;

/// Neither walls nor air: what is heard is the straight way.
pub(crate) const OPEN_AIR: RoomSound = RoomSound {
    min: Vec3::splat(-50.0),
    max: Vec3::splat(50.0),
    reverb_secs: 0.0,
    reflection: 0.0,
    speech_distance_m: 1.0,
    air_absorption: false,
};

/// A voice that talks to all sides, unobstructed.
pub(crate) fn voice(samples: &[f32], position: Vec3) -> Voice<'_> {
    Voice { speaker: 1, samples, position, facing: Vec3::ZERO, gain: 1.0, occlusion: 0.0, reach: Reach::Near }
}

/// A unit vector with SOFA's angles: azimuth counter-clockwise, elevation up.
pub(crate) fn towards(azimuth_deg: f32, elevation_deg: f32) -> Vec3 {
    let (azimuth, elevation) = (azimuth_deg.to_radians(), elevation_deg.to_radians());
    Vec3::new(-azimuth.sin() * elevation.cos(), elevation.sin(), -azimuth.cos() * elevation.cos())
}

/// Both ears of one voice; `place` gives it for each block.
pub(crate) fn rendered<'a>(
    renderer: &mut Renderer,
    input: &'a [f32],
    place: impl Fn(usize, &'a [f32]) -> Voice<'a>,
) -> [Vec<f32>; 2] {
    let mut ears = [Vec::new(), Vec::new()];
    let mut output = [[0.0; 2]; BLOCK_SAMPLES];
    for (block, samples) in input.chunks_exact(BLOCK_SAMPLES).enumerate() {
        renderer.render(&Listener::default(), &[place(block, samples)], &mut output);
        for frame in &output {
            ears[0].push(frame[0]);
            ears[1].push(frame[1]);
        }
    }
    ears
}

/// A renderer in open air.
pub(crate) fn open_air(hrtf: &Hrtf, mode: OutputMode) -> Renderer {
    let mut renderer = Renderer::new(hrtf.clone(), &OPEN_AIR);
    renderer.set_output(mode);
    renderer
}

pub(crate) fn sine(frequency_hz: f32, amplitude: f32, secs: f32) -> Vec<f32> {
    let count = (secs * SAMPLE_RATE_HZ as f32) as usize;
    let turns = |n: usize| (f64::from(frequency_hz) * n as f64 / f64::from(SAMPLE_RATE_HZ)).fract() as f32;
    (0..count).map(|n| amplitude * (TAU * turns(n)).sin()).collect()
}

/// White noise, the same each time.
pub(crate) fn noise(amplitude: f32, secs: f32) -> Vec<f32> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    (0..(secs * SAMPLE_RATE_HZ as f32) as usize)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            amplitude * ((state >> 40) as f32 / (1u64 << 23) as f32 - 1.0)
        })
        .collect()
}

pub(crate) fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / samples.len() as f64).sqrt() as f32
}

pub(crate) fn db(ratio: f32) -> f32 {
    20.0 * ratio.log10()
}

/// Power of `samples` within a band; a Hann window is put over them.
pub(crate) fn band_power(samples: &[f32], band_hz: std::ops::Range<f32>) -> f32 {
    let power = power_spectrum(samples);
    let bin_hz = SAMPLE_RATE_HZ as f32 / samples.len() as f32;
    power.iter().enumerate().filter(|(bin, _)| band_hz.contains(&(*bin as f32 * bin_hz))).map(|(_, power)| power).sum()
}

/// Power of each bin, under a Hann window.
pub(crate) fn power_spectrum(samples: &[f32]) -> Vec<f32> {
    let count = samples.len();
    let windowed =
        samples.iter().enumerate().map(|(n, x)| x * (0.5 - 0.5 * (TAU * n as f32 / count as f32).cos())).collect();
    spectrum(windowed)
}

/// Power of each bin, without a window.
pub(crate) fn spectrum(mut samples: Vec<f32>) -> Vec<f32> {
    let transform = RealFftPlanner::new().plan_fft_forward(samples.len());
    let mut bins = transform.make_output_vec();
    transform.process(&mut samples, &mut bins).unwrap();
    bins.iter().map(|bin| bin.norm_sqr()).collect()
}
