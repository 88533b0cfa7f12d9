use crate::SAMPLE_RATE_HZ;

/// Time constant in seconds of each of the two stages.
const STAGE_SECS: f32 = 0.006;

/// Numbers that follow their targets a sample at a time, without a corner: two low-passes in a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glide<const N: usize> {
    first: [f32; N],
    second: [f32; N],
    share: f32,
}

impl<const N: usize> Glide<N> {
    pub(crate) fn new() -> Self {
        let share = 1.0 - (-1.0 / (STAGE_SECS * SAMPLE_RATE_HZ as f32)).exp();
        Self { first: [0.0; N], second: [0.0; N], share }
    }

    /// Takes the targets at once.
    pub(crate) fn jump(&mut self, targets: &[f32; N]) {
        self.first = *targets;
        self.second = *targets;
    }

    pub(crate) fn next(&mut self, targets: &[f32; N]) -> &[f32; N] {
        for ((first, second), target) in self.first.iter_mut().zip(&mut self.second).zip(targets) {
            *first += self.share * (target - *first);
            *second += self.share * (*first - *second);
        }
        &self.second
    }

    /// Ends the way to targets that are as good as reached, also for the sake of denormal numbers.
    pub(crate) fn settle(&mut self, targets: &[f32; N]) {
        for ((first, second), target) in self.first.iter_mut().zip(&mut self.second).zip(targets) {
            if (*first - target).abs() < 1e-7 && (*second - target).abs() < 1e-7 {
                (*first, *second) = (*target, *target);
            }
        }
    }
}
