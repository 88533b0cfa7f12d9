use super::converter::Converter;
use super::drift::{RateWatch, is_absurd};
use super::{DeviceFault, PlaybackCallback, StreamHealth};
use crate::block::{BLOCK, SAMPLE_RATE_HZ, StereoBlock};
use atrium_protocol::Micros;
use rtrb::{Producer, RingBuffer};
use std::sync::Arc;
use std::time::Duration;

/// Sound that the ring can hold, for devices that take a lot at once.
const RING_SECS: f64 = 0.5;
/// How often the engine looks whether the device took something.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// The engine's end of a speaker whose device has a clock of its own: what it takes is the engine's clock.
#[derive(Debug)]
pub(crate) struct RingSpeaker {
    ring: Producer<[f32; 2]>,
    health: Arc<StreamHealth>,
    claimed_hz: u32,
    device_hz: f64,
    /// `None` for a device that runs at 48 kHz.
    converter: Option<Converter<2>>,
    converted: Vec<f32>,
    rate: RateWatch,
    fault: Option<DeviceFault>,
}

impl RingSpeaker {
    /// The two ends of a ring for a device with so many samples a second and channels; `None` for rates that no
    /// device has.
    pub(crate) fn new(rate_hz: u32, channels: u16, health: &Arc<StreamHealth>) -> Option<(PlaybackCallback, Self)> {
        let device_hz = f64::from(rate_hz);
        let converter = if rate_hz == SAMPLE_RATE_HZ { None } else { Some(Converter::from_blocks(device_hz)?) };
        let (producer, consumer) = RingBuffer::new((device_hz * RING_SECS) as usize);
        let speaker = Self {
            ring: producer,
            health: Arc::clone(health),
            claimed_hz: rate_hz,
            device_hz,
            converter,
            converted: Vec::new(),
            rate: RateWatch::new(device_hz),
            fault: None,
        };
        Some((PlaybackCallback::new(consumer, channels, Arc::clone(health)), speaker))
    }

    /// Blocks that the device has room for: two periods are kept full, where a period is 10 ms, or what the device
    /// takes at once when that is more.
    pub(crate) fn blocks_wanted(&mut self, now: Micros) -> usize {
        self.watch_rate(now);
        let block_frames = self.block_frames();
        let target = block_frames + self.health.largest_burst().max(block_frames);
        target.min(self.ring.buffer().capacity()).saturating_sub(self.filled()) / block_frames.max(1)
    }

    /// Hands over one block. What finds no room is left out.
    pub(crate) fn write(&mut self, block: &StereoBlock) {
        let Some(converter) = &mut self.converter else {
            let room = self.ring.slots().min(block.len());
            let _ = self.ring.push_entire_slice(&block[..room]);
            return;
        };
        self.converted.resize(2 * converter.frames_given(), 0.0);
        let given = converter.convert(block.as_flattened(), &mut self.converted);
        let (frames, _) = self.converted.as_chunks::<2>();
        let room = self.ring.slots().min(given);
        let _ = self.ring.push_entire_slice(&frames[..room]);
    }

    /// How long until [`Self::blocks_wanted`] is worth a look.
    pub(crate) fn wait(&self) -> Duration {
        LOOK_EVERY
    }

    /// How long the next block waits until the device takes it.
    pub(crate) fn latency(&self) -> Duration {
        Duration::from_secs_f64(self.filled() as f64 / self.device_hz)
    }

    /// What was found wrong since the last call.
    pub(crate) fn take_fault(&mut self) -> Option<DeviceFault> {
        self.fault.take()
    }

    fn filled(&self) -> usize {
        self.ring.buffer().capacity() - self.ring.slots()
    }

    fn block_frames(&self) -> usize {
        (self.device_hz * BLOCK.as_secs_f64()).ceil() as usize
    }

    fn watch_rate(&mut self, now: Micros) {
        let Some(measured_hz) = self.rate.observe(now, self.health.frames()) else { return };
        if is_absurd(f64::from(self.claimed_hz), measured_hz) {
            self.health.give_up(measured_hz);
            return;
        }
        self.fault = Some(DeviceFault::WrongRate { claimed_hz: self.claimed_hz, measured_hz: measured_hz as u32 });
        if let Some(converter) = Converter::from_blocks(measured_hz) {
            self.converter = Some(converter);
            self.device_hz = measured_hz;
        }
    }
}
