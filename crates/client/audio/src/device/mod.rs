//! Microphones and speakers: devices of the machine through lock-free rings, and files, cables and silence that
//! run with the clock on the wall.

mod cable;
mod capture_callback;
mod choice;
mod converter;
#[cfg(test)]
mod device_tests;
mod drift;
mod fault;
mod file_microphone;
mod file_speaker;
mod health;
mod keeper;
mod machine;
mod microphone;
mod playback_callback;
mod quiet;
mod ring_microphone;
mod ring_speaker;
mod speaker;
mod wall_clock;

pub use cable::Cable;
pub(crate) use capture_callback::CaptureCallback;
pub use choice::{DeviceChoice, DeviceName, DeviceNames, DeviceSide};
pub use fault::DeviceFault;
pub(crate) use file_microphone::FileMicrophone;
pub(crate) use file_speaker::FileSpeaker;
pub(crate) use health::StreamHealth;
pub(crate) use keeper::{Keeper, News, Opened, Opener};
pub(crate) use machine::Machine;
pub use machine::device_names;
pub(crate) use microphone::Microphone;
pub(crate) use playback_callback::PlaybackCallback;
use quiet::quietly;
pub(crate) use ring_microphone::RingMicrophone;
pub(crate) use ring_speaker::RingSpeaker;
pub(crate) use speaker::{Sink, Speaker};
