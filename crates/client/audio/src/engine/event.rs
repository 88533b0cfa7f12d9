use crate::{DeviceFault, DeviceSide};
use atrium_protocol::{Micros, ParticipantId};
use bytes::Bytes;
use std::time::Duration;

/// A packet of one's own voice, to be sent at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenPacket {
    /// RTP timestamp at 48 kHz; it goes on through silence.
    pub timestamp: u32,
    /// The first packet after silence.
    pub marker: bool,
    /// RFC 6464: 0 is loudest, 127 silence.
    pub level_dbov: u8,
    /// How long ago its first sample was spoken, at the moment when it is handed over. What the microphone's device
    /// takes is not in it.
    pub age: Duration,
    /// One Opus packet. At the end of what is said it is a single byte without sound, so that nobody waits for more.
    pub payload: Bytes,
}

/// Somebody who is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Talker {
    /// Who.
    pub person: ParticipantId,
    /// How loud they speak, −dBov, before distance and volume.
    pub level_dbov: u8,
}

/// Why somebody is not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unheard {
    /// Nothing arrives.
    #[error("their sound does not arrive: check your network, or ask them to")]
    Stopped,
    /// What arrives is not a voice.
    #[error("their sound cannot be understood: ask them to start Atrium again, or to update it")]
    Undecodable,
}

impl Unheard {
    /// The name of the sentence in translations.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Stopped => "cannot-hear-stopped",
            Self::Undecodable => "cannot-hear-undecodable",
        }
    }
}

/// What the engine says to the app. Moments are on the engine's clock ([`crate::SoundClock`]).
#[derive(Clone, Debug, PartialEq)]
pub enum SoundEvent {
    /// What the microphone hears, at most 20 times a second.
    Input {
        /// Loudest of late, −dBov.
        level_dbov: u8,
        /// Somebody speaks into it.
        is_voice: bool,
        /// It is overdriven.
        is_clipped: bool,
        /// Others hear it.
        is_sent: bool,
    },
    /// Who is heard, at most 20 times a second; empty once when nobody is any more.
    Talkers(Vec<Talker>),
    /// When somebody's sound is heard, at most 4 times a second: their lips should move at that time.
    Playout {
        /// Whose.
        person: ParticipantId,
        /// From the arrival of the fastest packets to the ear, what the speaker's device takes left out.
        delay: Duration,
        /// What is heard at `heard` was spoken then, on the server's clock, if the sender says so.
        spoken: Option<Micros>,
        /// When it leaves the speaker.
        heard: Micros,
    },
    /// A device is in use.
    DeviceReady {
        /// Which.
        side: DeviceSide,
        /// What people call it.
        name: String,
        /// When its first sample was heard or played; of a file, the moment of its beginning.
        since: Micros,
        /// A problem was told before, which is over.
        is_recovery: bool,
    },
    /// Something is wrong with a device. Until [`Self::DeviceReady`] there is silence (but see
    /// [`DeviceFault::WrongRate`]).
    DeviceProblem {
        /// Which.
        side: DeviceSide,
        /// What, and what to do.
        fault: DeviceFault,
    },
    /// "You cannot hear X": one should be told.
    CannotHear {
        /// Whom.
        person: ParticipantId,
        /// What to do.
        why: Unheard,
    },
    /// That is over.
    HearAgain {
        /// Whom.
        person: ParticipantId,
    },
    /// Others probably hear themselves through this microphone (headphones would help), or no longer.
    EchoRisk(bool),
    /// What was lost of a voice in the last two seconds, 0…1, for its speaker to know.
    Loss {
        /// Whose.
        person: ParticipantId,
        /// Packets that did not come in time, as a share.
        share: f32,
        /// Sound that was made up for lack of them; copies of lost packets leave less of it than the share says.
        made_up: Duration,
    },
}
