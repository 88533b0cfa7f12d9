use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// What a device's callback leaves for others to read. All of it is atomic: a callback must not wait.
#[derive(Debug, Default)]
pub(crate) struct StreamHealth {
    frames: AtomicU64,
    glitched_frames: AtomicU64,
    largest_burst: AtomicU32,
    has_failed: AtomicBool,
    /// Not 0: the device is of no use, since this is its rate.
    absurd_hz: AtomicU32,
}

impl StreamHealth {
    /// A callback moved `frames`, of which `glitched` were lost or missing.
    pub(crate) fn moved(&self, frames: usize, glitched: usize) {
        self.frames.fetch_add(frames as u64, Ordering::Relaxed);
        self.glitched_frames.fetch_add(glitched as u64, Ordering::Relaxed);
        self.largest_burst.fetch_max(u32::try_from(frames).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    /// The device said that it cannot go on.
    pub(crate) fn fail(&self) {
        self.has_failed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// The device runs at a rate that no sound has.
    pub(crate) fn give_up(&self, true_hz: f64) {
        // Over the range it is the largest number.
        self.absurd_hz.store((true_hz as u32).max(1), Ordering::Relaxed);
    }

    /// The rate for which the device was given up.
    pub(crate) fn absurd_hz(&self) -> Option<u32> {
        Some(self.absurd_hz.load(Ordering::Relaxed)).filter(|hz| *hz > 0)
    }

    /// Frames moved since the device was opened.
    pub(crate) fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }

    /// Frames of a microphone that found no room, or that a speaker did not get in time.
    #[cfg(test)]
    pub(crate) fn glitched_frames(&self) -> u64 {
        self.glitched_frames.load(Ordering::Relaxed)
    }

    /// Most frames that one callback moved.
    pub(crate) fn largest_burst(&self) -> usize {
        self.largest_burst.load(Ordering::Relaxed) as usize
    }
}
