use super::Cable;
use std::path::PathBuf;

/// Which way sound goes through a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceSide {
    /// Into the program.
    Microphone,
    /// Out of it.
    Speaker,
}

/// Where sound comes from, or where it goes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum DeviceChoice {
    /// Whatever the system has set, also when that changes.
    #[default]
    SystemDefault,
    /// The device with this [`DeviceName::id`].
    Device(String),
    /// A microphone hears this WAV file (any rate, any channels), a speaker writes it (stereo, 48 kHz).
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether a microphone begins again at its end; silence follows otherwise.
        repeat: bool,
    },
    /// A microphone that hears nothing, a speaker that nobody hears.
    Null,
    /// The microphone hears what a speaker of this program plays into the same cable.
    Loopback(Cable),
}

/// A device, for people to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceName {
    /// What [`DeviceChoice::Device`] takes; it stays the same over restarts where the system allows.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it is what [`DeviceChoice::SystemDefault`] stands for now.
    pub is_default: bool,
}

/// The devices of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceNames {
    /// Devices that hear.
    pub microphones: Vec<DeviceName>,
    /// Devices that play.
    pub speakers: Vec<DeviceName>,
}
