/// What is wrong with a device, as a sentence that a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceFault {
    /// The machine has none, or the chosen one is not plugged in.
    #[error("there is no such sound device: plug it in, or choose another one in the settings")]
    NotFound,
    /// It was here a moment ago.
    #[error("the sound device is gone: plug it in again, or choose another one in the settings")]
    Gone,
    /// Another program has it.
    #[error("another program uses the sound device: close that program, or choose another device in the settings")]
    Busy,
    /// The system forbids it.
    #[error("this system does not let Atrium use the sound device: allow it in the system's privacy settings")]
    Denied,
    /// The sound system does not run.
    #[error("this machine's sound system does not answer: start it, or restart the machine")]
    NoSoundSystem,
    /// It offers no format that can be used, or refuses what it offers.
    #[error("the sound device cannot be used ({0}): choose another one in the settings")]
    Unusable(String),
    /// It says that it runs, but moves no sound.
    #[error("the sound device has stopped: plug it in again, or choose another one in the settings")]
    Stalled,
    /// Its clock is far from what it says. Sound goes on with the measured rate.
    #[error(
        "the sound device says {claimed_hz} Hz and runs at {measured_hz} Hz: set its rate in the system's sound settings"
    )]
    WrongRate {
        /// Samples a second that it claims.
        claimed_hz: u32,
        /// Samples a second that were counted.
        measured_hz: u32,
    },
    /// A file instead of a device cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What the system says, and what to do.
        reason: String,
    },
}

impl DeviceFault {
    /// The name of the sentence in translations.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "sound-device-not-found",
            Self::Gone => "sound-device-gone",
            Self::Busy => "sound-device-busy",
            Self::Denied => "sound-device-denied",
            Self::NoSoundSystem => "sound-system-missing",
            Self::Unusable(_) => "sound-device-unusable",
            Self::Stalled => "sound-device-stalled",
            Self::WrongRate { .. } => "sound-device-wrong-rate",
            Self::File { .. } => "sound-file",
        }
    }
}
