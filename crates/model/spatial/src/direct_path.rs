use crate::direction::turned_towards;
use crate::ear_filter::{EarFilter, HISTORY_SAMPLES, History, PART_SAMPLES, PARTS};
use crate::early_reflections::Ears;
use crate::head_model::coarse_ears;
use crate::{BLOCK_SAMPLES, Hrtf, OutputMode, SAMPLE_RATE_HZ};
use glam::Vec3;

/// Smaller changes of direction are not heard; the filters stay.
const LEAST_TURN_COSINE: f32 = 0.999_998;
/// From 2.3° a block on, 230° a second.
const QUICK_TURN_COSINE: f32 = 0.999_2;
const LEAST_GAIN_STEP: f32 = 1e-3;

/// From where both ears hear a voice, and through what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bearing {
    /// In head space, a unit vector.
    pub(crate) direction: Vec3,
    /// Gains of left and right ear besides what the direction gives.
    pub(crate) ear_gains: [f32; 2],
    pub(crate) mode: OutputMode,
}

/// The straight way of one voice to both ears.
///
/// When its bearing changes, the output fades from the old filters and delays to the new ones: no step, and no Doppler
/// effect. A quick turn is cut into parts of a block, since copies that are far apart in time cancel while they fade.
#[derive(Clone, Debug)]
pub(crate) struct DirectPath {
    history: Box<History>,
    bearing: Option<Bearing>,
    filters: [EarFilter; 2],
}

impl DirectPath {
    pub(crate) fn new() -> Self {
        Self {
            history: Box::new([0.0; HISTORY_SAMPLES + BLOCK_SAMPLES]),
            bearing: None,
            filters: [EarFilter::silent(), EarFilter::silent()],
        }
    }

    /// Forgets the past: the next bearing holds at once.
    pub(crate) fn clear(&mut self) {
        self.history.fill(0.0);
        self.bearing = None;
    }

    /// Adds the block `samples` as heard from `bearing`.
    pub(crate) fn add(&mut self, samples: &[f32; BLOCK_SAMPLES], bearing: Bearing, hrtf: &Hrtf, output: &mut Ears) {
        self.history.copy_within(BLOCK_SAMPLES.., 0);
        self.history[HISTORY_SAMPLES..].copy_from_slice(samples);
        let before = *self.bearing.get_or_insert_with(|| {
            self.filters = bearing.filters(hrtf);
            bearing
        });
        if before.is_as_good_as(&bearing) {
            return (0..PARTS).for_each(|part| self.add_unchanged(part, output));
        }
        let fades = if before.direction.dot(bearing.direction) < QUICK_TURN_COSINE { PARTS } else { 1 };
        for fade in 0..fades {
            let target = bearing.filters_on_the_way(&before, (fade + 1) as f32 / fades as f32, hrtf);
            let parts = PARTS / fades;
            for part in 0..parts {
                let shares = (part as f32 / parts as f32, (part + 1) as f32 / parts as f32);
                self.add_faded(&target, fade * parts + part, shares, output);
            }
            self.filters = target;
        }
        self.bearing = Some(bearing);
    }

    fn add_unchanged(&self, part: usize, output: &mut Ears) {
        for (filter, output) in self.filters.iter().zip(output) {
            let output = &mut output[part * PART_SAMPLES..];
            output.iter_mut().zip(filter.run(&self.history, part)).for_each(|(sum, sample)| *sum += sample);
        }
    }

    /// Adds one part, in which the share of the target's filters goes evenly from one to the other of `shares`.
    fn add_faded(&self, target: &[EarFilter; 2], part: usize, shares: (f32, f32), output: &mut Ears) {
        let step = (shares.1 - shares.0) / PART_SAMPLES as f32;
        for ((filter, target), output) in self.filters.iter().zip(target).zip(output) {
            let (from, to) = (filter.run(&self.history, part), target.run(&self.history, part));
            let output = &mut output[part * PART_SAMPLES..];
            for (n, (sum, (from, to))) in output.iter_mut().zip(from.iter().zip(to)).enumerate() {
                *sum += from + (shares.0 + step * (n + 1) as f32) * (to - from);
            }
        }
    }
}

impl Bearing {
    fn filters(&self, hrtf: &Hrtf) -> [EarFilter; 2] {
        match self.mode {
            OutputMode::Headphones => {
                let heard = hrtf.towards(self.direction);
                [0, 1].map(|ear| {
                    let response = &heard.ears[ear];
                    let delay_samples = response.delay_secs * SAMPLE_RATE_HZ as f32;
                    EarFilter::new(delay_samples, &response.taps[..hrtf.taps()], self.ear_gains[ear])
                })
            }
            OutputMode::Stereo | OutputMode::Mono => {
                coarse_ears(self.direction, self.mode).map(|ear| EarFilter::new(ear.delay_samples, &[1.0], ear.gain))
            }
        }
    }

    /// The filters when `share` of the way from `before` is done.
    fn filters_on_the_way(&self, before: &Self, share: f32, hrtf: &Hrtf) -> [EarFilter; 2] {
        if share >= 1.0 {
            return self.filters(hrtf);
        }
        let angle = before.direction.dot(self.direction).clamp(-1.0, 1.0).acos();
        let gain = |ear: usize| before.ear_gains[ear] + share * (self.ear_gains[ear] - before.ear_gains[ear]);
        let between = Self {
            direction: turned_towards(before.direction, self.direction, angle * share),
            ear_gains: [gain(0), gain(1)],
            mode: self.mode,
        };
        between.filters(hrtf)
    }

    fn is_as_good_as(&self, other: &Self) -> bool {
        let gains = self.ear_gains.iter().zip(other.ear_gains);
        self.mode == other.mode
            && self.direction.dot(other.direction) > LEAST_TURN_COSINE
            && gains.into_iter().all(|(a, b)| (a - b).abs() < LEAST_GAIN_STEP)
    }
}
