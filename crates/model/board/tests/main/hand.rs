//! Writing as a hand does it, so that figures mean something.

use atrium_board::ink::Point;
use glam::Vec2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A hand's points at a device's rate.
pub(crate) struct Stroke {
    pub(crate) points: Vec<Point>,
    pub(crate) hz: f64,
}

impl Stroke {
    pub(crate) fn secs(&self, at: usize) -> f64 {
        at as f64 / self.hz
    }
}

/// Cursive letters of about `height_mm`: loops whose size, slant and speed vary, a little tremor, and pressure that
/// rises, falls, and differs between up and down.
pub(crate) fn writing(seed: u64, hz: f64, secs: f64, height_mm: f32) -> Stroke {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut vary = |from: f32, to: f32| random.random_range(from..to);
    let (loops_hz, drift) = (vary(2.0, 4.0), vary(0.8, 1.5) * height_mm);
    let (slant, second, phase) = (vary(0.1, 0.5), vary(0.2, 0.6), vary(0.0, 6.0));
    let count = (secs * hz) as usize;
    let mut letter = 0.7;
    let points = (0..count.max(1)).map(|at| {
        let t = at as f32 / hz as f32;
        let angle = std::f32::consts::TAU * loops_hz * t + phase;
        letter += (vary(0.3, 1.0) - letter) * (3.0 / hz as f32);
        let (up, across) = (angle.sin() * letter, (angle * 0.5).cos() * second + angle.cos() * 0.35 * letter);
        let tremor = Vec2::new(vary(-1.0, 1.0), vary(-1.0, 1.0)) * 0.08;
        let position = Vec2::new(drift * t + (across + up * slant) * height_mm / 2.0, up * height_mm / 2.0) + tremor;
        let ends = (t * 12.0).min((secs as f32 - t) * 12.0).clamp(0.0, 1.0);
        let pressure = (ends * (0.55 - 0.15 * angle.cos()) + vary(-0.01, 0.01)).clamp(0.02, 1.0);
        Point { position, pressure }
    });
    Stroke { points: points.collect(), hz }
}

/// The same with a mouse: no pressure, whole pixels.
pub(crate) fn with_mouse(mut stroke: Stroke, pixel_mm: f32) -> Stroke {
    for point in &mut stroke.points {
        point.position = (point.position / pixel_mm).round() * pixel_mm;
        point.pressure = 0.5;
    }
    stroke
}
