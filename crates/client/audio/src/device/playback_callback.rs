use super::StreamHealth;
use cpal::{FromSample, Sample};
use rtrb::Consumer;
use std::sync::Arc;

/// What is left of the last sample after each frame without sound: nothing to hear after 2 ms, and no click.
const DECAY: f32 = 0.95;
/// Frames in which sound comes back after a gap, 5 ms at 48 kHz.
const RISE_FRAMES: f32 = 240.0;

/// The device's end of a speaker's ring. It does not wait, allocate or log.
///
/// One channel gets the mean of both ears; of more than two, the first two get sound.
#[derive(Debug)]
pub(crate) struct PlaybackCallback {
    ring: Consumer<[f32; 2]>,
    channels: usize,
    last: [f32; 2],
    gain: f32,
    health: Arc<StreamHealth>,
}

impl PlaybackCallback {
    pub(crate) fn new(ring: Consumer<[f32; 2]>, channels: u16, health: Arc<StreamHealth>) -> Self {
        Self { ring, channels: usize::from(channels.max(1)), last: [0.0; 2], gain: 0.0, health }
    }

    /// Fills the device's interleaved samples, with silence where the ring has nothing.
    pub(crate) fn fill<T>(&mut self, interleaved: &mut [T])
    where
        T: Sample + FromSample<f32>,
    {
        let mut missing = 0;
        let mut frames = 0;
        for frame in interleaved.chunks_mut(self.channels) {
            frames += 1;
            match self.ring.pop() {
                Ok(ears) => {
                    self.gain = (self.gain + 1.0 / RISE_FRAMES).min(1.0);
                    self.last = ears.map(|ear| ear * self.gain);
                }
                Err(_) => {
                    missing += 1;
                    self.gain = 0.0;
                    self.last = self.last.map(|ear| ear * DECAY);
                }
            }
            write_frame(frame, self.last);
        }
        self.health.moved(frames, missing);
    }
}

fn write_frame<T>(frame: &mut [T], [left, right]: [f32; 2])
where
    T: Sample + FromSample<f32>,
{
    match frame {
        [mono] => *mono = T::from_sample(0.5 * (left + right)),
        [first, second, rest @ ..] => {
            *first = T::from_sample(left);
            *second = T::from_sample(right);
            rest.fill(T::EQUILIBRIUM);
        }
        [] => {}
    }
}
