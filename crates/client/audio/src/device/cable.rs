use crate::block::{BLOCK_SAMPLES, MonoBlock, StereoBlock};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Sound that may be under way; over it the oldest goes.
const SAMPLES_MAX: usize = 4 * BLOCK_SAMPLES;

/// Brings what one speaker of this program plays to one microphone of it, as the mean of both ears. Its clones are
/// the same cable.
#[derive(Clone, Debug, Default)]
pub struct Cable {
    /// Only engine threads come here, never a device's callback.
    samples: Arc<Mutex<VecDeque<f32>>>,
}

impl Cable {
    /// A cable with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn play(&self, block: &StereoBlock) {
        let mut samples = self.lock();
        samples.extend(block.iter().map(|[left, right]| 0.5 * (left + right)));
        let excess = samples.len().saturating_sub(SAMPLES_MAX);
        samples.drain(..excess);
    }

    /// The next 10 ms, or silence while less is there.
    pub(crate) fn hear(&self, block: &mut MonoBlock) {
        let mut samples = self.lock();
        if samples.len() < block.len() {
            block.fill(0.0);
            return;
        }
        block.iter_mut().zip(samples.drain(..BLOCK_SAMPLES)).for_each(|(sample, played)| *sample = played);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<f32>> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for Cable {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.samples, &other.samples)
    }
}
