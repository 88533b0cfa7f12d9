//! A pen in a hand: it is slow in bends and at the ends of strokes, presses harder there, trembles a little, and is
//! looked at sixty times a second.

use crate::random::Random;
use glam::Vec2;

/// How often a pen is looked at.
pub(super) const SAMPLES_PER_SEC: f64 = 60.0;
/// As fast as a hand writes on a board.
const FASTEST_MM_PER_SEC: f32 = 450.0;
const SLOWEST: f32 = 0.3;
/// A bend of this radius takes half of the curvature that slows down noticeably.
const BEND_RADIUS_MM: f32 = 40.0;
/// A stroke begins and ends within this way.
const RAMP_MM: f32 = 14.0;
const LIFTED_MM_PER_SEC: f32 = 900.0;
const LIFT_SECS: f64 = 0.09;
const TREMOR_MM: f32 = 0.25;
/// Points of a curve between two points that it is laid through.
const CURVE_STEPS: usize = 12;

/// The strokes of a drawing, each a chain of points close together, in millimetres of the page.
pub(super) type Path = Vec<Vec<Vec2>>;

/// The pen at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    /// Seconds since the drawing began.
    pub(super) at_secs: f64,
    pub(super) position: Vec2,
    pub(super) pressure: f32,
    pub(super) is_down: bool,
}

/// A smooth curve through `points` (Catmull and Rom).
pub(super) fn curve(points: &[Vec2]) -> Vec<Vec2> {
    let at = |index: isize| {
        let last = points.len().saturating_sub(1);
        points.get(usize::try_from(index).unwrap_or(0).min(last)).copied().unwrap_or_default()
    };
    let mut chain = Vec::with_capacity(points.len() * CURVE_STEPS);
    for from in 0..points.len().saturating_sub(1) {
        let from = isize::try_from(from).unwrap_or(0);
        let (a, b, c, d) = (at(from - 1), at(from), at(from + 1), at(from + 2));
        chain.extend((0..CURVE_STEPS).map(|step| {
            let t = step as f32 / CURVE_STEPS as f32;
            let bend = (a * 2.0 - b * 5.0 + c * 4.0 - d) * t * t;
            0.5 * (b * 2.0 + (c - a) * t + bend + (b * 3.0 - a - c * 3.0 + d) * t * t * t)
        }));
    }
    chain.extend(points.last());
    chain
}

/// What a hand does that draws `path`, from where it is.
pub(super) fn draw(path: &Path, from: Vec2, random: &mut Random) -> Vec<Sample> {
    let mut samples = Vec::new();
    let (mut at_secs, mut hand) = (0.0, from);
    for stroke in path {
        let (Some(first), Some(last)) = (stroke.first(), stroke.last()) else { continue };
        at_secs = lift(&mut samples, at_secs, hand, *first);
        at_secs = press(&mut samples, at_secs, stroke, random);
        hand = *last;
    }
    samples
}

/// Moves above the board.
fn lift(samples: &mut Vec<Sample>, start_secs: f64, from: Vec2, to: Vec2) -> f64 {
    let secs = LIFT_SECS + f64::from(from.distance(to) / LIFTED_MM_PER_SEC);
    let count = (secs * SAMPLES_PER_SEC).ceil().max(1.0);
    for n in 1..=count as u32 {
        let part = f64::from(n) / count;
        // Quick in the middle.
        let eased = (part * part * (3.0 - 2.0 * part)) as f32;
        let at_secs = start_secs + part * secs;
        samples.push(Sample { at_secs, position: from.lerp(to, eased), pressure: 0.0, is_down: false });
    }
    start_secs + secs
}

/// Draws a stroke.
fn press(samples: &mut Vec<Sample>, start_secs: f64, stroke: &[Vec2], random: &mut Random) -> f64 {
    let lengths_mm = lengths_mm(stroke);
    let whole_mm = lengths_mm.last().copied().unwrap_or(0.0);
    let (mut along_mm, mut at_secs, mut tremor) = (0.0, start_secs, Vec2::ZERO);
    loop {
        let reached_mm = f32::min(along_mm, whole_mm);
        let (position, bend_per_mm) = at(stroke, &lengths_mm, reached_mm);
        let end_mm = reached_mm.min(whole_mm - reached_mm);
        let ramp = (end_mm / RAMP_MM).clamp(0.02, 1.0).sqrt();
        let pace = (1.0 + BEND_RADIUS_MM * bend_per_mm).powf(-1.0 / 3.0).min(1.0) * ramp;
        let pace = pace.max(SLOWEST);
        let shake = Vec2::new(random.unit() - 0.5, random.unit() - 0.5);
        tremor = tremor * 0.8 + shake * TREMOR_MM;
        let pressure = (0.35 + 0.4 * (1.0 - pace) + 0.25 * ramp + 0.06 * (random.unit() - 0.5)).clamp(0.05, 1.0);
        samples.push(Sample { at_secs, position: position + tremor, pressure, is_down: true });
        if along_mm >= whole_mm {
            return at_secs;
        }
        at_secs += 1.0 / SAMPLES_PER_SEC;
        along_mm += pace * FASTEST_MM_PER_SEC / SAMPLES_PER_SEC as f32;
    }
}

/// How long the way to each point is.
fn lengths_mm(stroke: &[Vec2]) -> Vec<f32> {
    let mut sum_mm = 0.0;
    let steps = stroke.windows(2).map(|pair| pair[0].distance(pair[1]));
    std::iter::once(0.0)
        .chain(steps.map(|step_mm| {
            sum_mm += step_mm;
            sum_mm
        }))
        .collect()
}

/// The point so far along, and how much the stroke turns there.
fn at(stroke: &[Vec2], lengths_mm: &[f32], along_mm: f32) -> (Vec2, f32) {
    let next = lengths_mm.partition_point(|length_mm| *length_mm < along_mm).clamp(1, stroke.len().max(2) - 1);
    let point = |index: usize| stroke.get(index).or(stroke.last()).copied().unwrap_or_default();
    let (before, after) = (point(next - 1), point(next));
    let step_mm = before.distance(after);
    let rest_mm = along_mm - lengths_mm.get(next - 1).copied().unwrap_or(0.0);
    let position = before.lerp(after, if step_mm > 0.0 { (rest_mm / step_mm).clamp(0.0, 1.0) } else { 0.0 });
    let (way, further) = (after - before, point(next + 1) - after);
    let turn = if way.length_squared() * further.length_squared() > 0.0 { way.angle_to(further).abs() } else { 0.0 };
    (position, turn / step_mm.max(0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples_of(path: &Path) -> Vec<Sample> {
        draw(path, Vec2::ZERO, &mut Random::new(3))
    }

    #[test]
    fn a_curve_passes_through_its_points() {
        let points = [Vec2::ZERO, Vec2::new(10.0, 20.0), Vec2::new(30.0, 0.0)];
        let chain = curve(&points);
        for point in points {
            assert!(chain.iter().any(|on| on.distance(point) < 1.0e-4), "{point}");
        }
        assert_eq!(curve(&[Vec2::ONE]), [Vec2::ONE]);
        assert_eq!(curve(&[]), []);
    }

    #[test]
    fn a_pen_is_looked_at_sixty_times_a_second_and_presses_where_it_is_slow() {
        let line =
            vec![curve(&[Vec2::ZERO, Vec2::new(200.0, 0.0)]), curve(&[Vec2::new(0.0, 50.0), Vec2::new(200.0, 50.0)])];
        let samples = samples_of(&line);
        let down: Vec<&Sample> = samples.iter().filter(|sample| sample.is_down).collect();
        assert!((50..200).contains(&down.len()), "{}", down.len());
        assert!(samples.windows(2).all(|pair| pair[0].at_secs <= pair[1].at_secs + 1.0e-9));
        assert!(samples.iter().all(|sample| sample.position.is_finite() && (0.0..=1.0).contains(&sample.pressure)));
        let steps = down.windows(2).map(|pair| pair[0].position.distance(pair[1].position));
        let fastest = steps.take(down.len() / 2 - 2).fold(0.0, f32::max);
        assert!(fastest < 10.0, "{fastest} mm in a sixtieth of a second");
        assert!(samples.iter().any(|sample| !sample.is_down), "it is lifted between strokes");
        let last = down.last().unwrap();
        assert!(last.position.distance(Vec2::new(200.0, 50.0)) < 2.0, "{:?}", last.position);
    }

    #[test]
    fn nothing_and_dots_can_be_drawn() {
        assert!(samples_of(&vec![]).is_empty());
        assert!(samples_of(&vec![vec![]]).is_empty());
        let dot = samples_of(&vec![vec![Vec2::splat(5.0)]]);
        assert_eq!(dot.iter().filter(|sample| sample.is_down).count(), 1);
    }
}
