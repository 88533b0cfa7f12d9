//! Microphone and speaker, and what lies between them and the room.

mod block;
mod device;

pub use block::{BLOCK, BLOCK_SAMPLES, MonoBlock, SAMPLE_RATE_HZ, StereoBlock};
pub use device::{Cable, DeviceChoice, DeviceFault, DeviceName, DeviceNames, DeviceSide, device_names};
