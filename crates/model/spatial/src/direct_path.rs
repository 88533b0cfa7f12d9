use crate::ear_filter::{EarFilter, HISTORY_SAMPLES, History};
use crate::early_reflections::Ears;
use crate::head_model::coarse_ears;
use crate::{BLOCK_SAMPLES, Hrtf, OutputMode, SAMPLE_RATE_HZ};
use glam::Vec3;

/// Smaller changes of direction are not heard; the filters stay.
const LEAST_TURN_COSINE: f32 = 0.999_998;
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

/// The straight way of one voice to both ears. When its bearing changes, one block fades from the old filters and
/// delays to the new ones: no step, and no Doppler effect.
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
        let Some(before) = self.bearing else {
            self.bearing = Some(bearing);
            self.filters = bearing.filters(hrtf);
            return self.add_unchanged(output);
        };
        if before.is_as_good_as(&bearing) {
            return self.add_unchanged(output);
        }
        let target = bearing.filters(hrtf);
        for ((filter, target), output) in self.filters.iter().zip(&target).zip(output) {
            let (from, to) = (filter.run(&self.history), target.run(&self.history));
            for (n, (sum, (from, to))) in output.iter_mut().zip(from.iter().zip(to)).enumerate() {
                let share = (n + 1) as f32 / BLOCK_SAMPLES as f32;
                *sum += from + share * (to - from);
            }
        }
        self.bearing = Some(bearing);
        self.filters = target;
    }

    fn add_unchanged(&self, output: &mut Ears) {
        for (filter, output) in self.filters.iter().zip(output) {
            output.iter_mut().zip(filter.run(&self.history)).for_each(|(sum, sample)| *sum += sample);
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

    fn is_as_good_as(&self, other: &Self) -> bool {
        let gains = self.ear_gains.iter().zip(other.ear_gains);
        self.mode == other.mode
            && self.direction.dot(other.direction) > LEAST_TURN_COSINE
            && gains.into_iter().all(|(a, b)| (a - b).abs() < LEAST_GAIN_STEP)
    }
}
