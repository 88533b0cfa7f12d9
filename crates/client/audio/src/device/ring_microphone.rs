use super::converter::Converter;
use super::drift::{DriftControl, RateWatch, is_absurd};
use super::{CaptureCallback, DeviceFault, StreamHealth};
use crate::block::MonoBlock;
use atrium_protocol::Micros;
use rtrb::{Consumer, RingBuffer};
use std::sync::Arc;
use std::time::Duration;

/// Sound that the ring can hold. The engine never lets as much wait; it is for when the machine is busy.
const RING_SECS: f64 = 0.25;
/// Sound over what a device gives at once that may wait; older sound is left out to catch up.
const BEHIND_SECS: f64 = 0.06;

/// The engine's end of a microphone whose device has a clock of its own.
#[derive(Debug)]
pub(crate) struct RingMicrophone {
    ring: Consumer<f32>,
    health: Arc<StreamHealth>,
    claimed_hz: u32,
    device_hz: f64,
    converter: Converter<1>,
    drift: DriftControl,
    rate: RateWatch,
    /// Taken out of the ring for the converter.
    taken: Vec<f32>,
    fault: Option<DeviceFault>,
}

impl RingMicrophone {
    /// The two ends of a ring for a device with so many samples a second and channels; `None` for rates that no
    /// device has.
    pub(crate) fn new(rate_hz: u32, channels: u16, health: &Arc<StreamHealth>) -> Option<(CaptureCallback, Self)> {
        let device_hz = f64::from(rate_hz);
        let converter = Converter::into_blocks(device_hz)?;
        let (producer, consumer) = RingBuffer::new((device_hz * RING_SECS) as usize);
        let microphone = Self {
            ring: consumer,
            health: Arc::clone(health),
            claimed_hz: rate_hz,
            device_hz,
            converter,
            drift: DriftControl::default(),
            rate: RateWatch::new(device_hz),
            taken: Vec::new(),
            fault: None,
        };
        Some((CaptureCallback::new(producer, channels, Arc::clone(health)), microphone))
    }

    /// Fills `block` if the device has given enough. Asked once a block: the ring's fill steers the speed.
    pub(crate) fn read(&mut self, now: Micros, block: &mut MonoBlock) -> bool {
        self.watch_rate(now);
        let waiting = self.ring.slots();
        let needed = self.converter.frames_needed();
        if self.health.frames() > 0 {
            let left_secs = (waiting as f64 - needed as f64) / self.device_hz;
            if let Some(share) = self.drift.observe(now, left_secs) {
                self.converter.hurry(share);
            }
        }
        if waiting < needed {
            return false;
        }
        self.catch_up(waiting, needed);
        self.taken.resize(needed, 0.0);
        if self.ring.pop_entire_slice(&mut self.taken).is_err() {
            return false;
        }
        let given = self.converter.convert(&self.taken, block);
        block[given..].fill(0.0);
        true
    }

    /// Whether so much waits that one more block should be taken at once: the last one came late.
    pub(crate) fn is_behind(&self) -> bool {
        self.ring.slots() >= self.converter.frames_needed() + self.health.largest_burst() + self.block_frames()
    }

    /// How long ago the sound that is read next was spoken, the device's own delay left out.
    pub(crate) fn age(&self) -> Duration {
        Duration::from_secs_f64(self.ring.slots() as f64 / self.device_hz)
    }

    /// What was found wrong since the last call.
    pub(crate) fn take_fault(&mut self) -> Option<DeviceFault> {
        self.fault.take()
    }

    fn block_frames(&self) -> usize {
        (self.device_hz * 0.01) as usize
    }

    /// After a standstill: leaves out what is too old to be worth hearing.
    fn catch_up(&mut self, waiting: usize, needed: usize) {
        let keep = needed + self.health.largest_burst() + self.block_frames();
        if waiting > keep + (self.device_hz * BEHIND_SECS) as usize
            && let Ok(chunk) = self.ring.read_chunk(waiting - keep)
        {
            chunk.commit_all();
        }
    }

    fn watch_rate(&mut self, now: Micros) {
        let Some(measured_hz) = self.rate.observe(now, self.health.frames()) else { return };
        if is_absurd(f64::from(self.claimed_hz), measured_hz) {
            self.health.give_up(measured_hz);
            return;
        }
        self.fault = Some(DeviceFault::WrongRate { claimed_hz: self.claimed_hz, measured_hz: measured_hz as u32 });
        if let Some(converter) = Converter::into_blocks(measured_hz) {
            self.converter = converter;
            self.device_hz = measured_hz;
            self.drift = DriftControl::default();
        }
    }
}
