use super::StreamHealth;
use crate::block::harmless;
use cpal::{FromSample, Sample};
use rtrb::Producer;
use std::sync::Arc;

/// Channels that are compared; what a device has beyond is not listened to.
const CHANNELS_MAX: usize = 32;
/// Another channel must be so much louder (power) to be taken instead.
const LOUDER: f32 = 4.0;
/// How much of a callback's power goes into the comparison.
const SMOOTHING: f32 = 0.1;

/// The device's end of a microphone's ring. It does not wait, allocate or log.
///
/// Of one or two channels it takes the mean. Devices with more are interfaces with a microphone in one of many
/// inputs, or arrays that hear the same in each: it takes the loudest.
#[derive(Debug)]
pub(crate) struct CaptureCallback {
    ring: Producer<f32>,
    channels: usize,
    power: [f32; CHANNELS_MAX],
    loudest: usize,
    health: Arc<StreamHealth>,
}

impl CaptureCallback {
    pub(crate) fn new(ring: Producer<f32>, channels: u16, health: Arc<StreamHealth>) -> Self {
        Self { ring, channels: usize::from(channels.max(1)), power: [0.0; CHANNELS_MAX], loudest: 0, health }
    }

    /// Takes interleaved samples from the device. What finds no room is lost: the engine stands still then.
    pub(crate) fn write<T>(&mut self, interleaved: &[T])
    where
        T: Sample,
        f32: FromSample<T>,
    {
        let frames = interleaved.len() / self.channels;
        if self.channels > 2 {
            self.find_loudest(interleaved);
        }
        let channels = self.channels;
        let mono = |frame: &[T]| match *frame {
            [left, right] => 0.5 * (value(left) + value(right)),
            _ => frame.get(self.loudest).map_or(0.0, |sample| value(*sample)),
        };
        let room = frames.min(self.ring.slots());
        if let Ok(chunk) = self.ring.write_chunk_uninit(room) {
            chunk.fill_from_iter(interleaved.chunks_exact(channels).map(mono));
        }
        self.health.moved(frames, frames - room);
    }

    fn find_loudest<T>(&mut self, interleaved: &[T])
    where
        T: Sample,
        f32: FromSample<T>,
    {
        let compared = self.channels.min(CHANNELS_MAX);
        let frames = (interleaved.len() / self.channels).max(1) as f32;
        for (channel, power) in self.power.iter_mut().enumerate().take(compared) {
            let samples = interleaved.iter().skip(channel).step_by(self.channels);
            let sum: f32 = samples.map(|sample| value(*sample).powi(2)).sum();
            *power += SMOOTHING * (sum / frames - *power);
        }
        let power = &self.power[..compared];
        let loudest = (0..compared).max_by(|a, b| power[*a].total_cmp(&power[*b])).unwrap_or(0);
        if power[loudest] > LOUDER * power[self.loudest] {
            self.loudest = loudest;
        }
    }
}

fn value<T>(sample: T) -> f32
where
    T: Sample,
    f32: FromSample<T>,
{
    harmless(f32::from_sample(sample))
}
