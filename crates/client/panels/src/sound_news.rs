use crate::{Key, Meeting, Words};
use atrium_protocol::ParticipantId;
use std::collections::BTreeMap;

/// Which of the two sound devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundSide {
    /// What one speaks into.
    Microphone,
    /// What one hears with.
    Speaker,
}

/// What is wrong with a sound device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoundFault {
    /// The machine has none, or the chosen one is not plugged in.
    NotFound,
    /// It was here a moment ago.
    Gone,
    /// Another program has it.
    Busy,
    /// The system forbids it.
    Denied,
    /// The sound system does not run.
    NoSoundSystem,
    /// It offers nothing that can be used, for that reason.
    Unusable(String),
    /// It says that it runs, but moves no sound.
    Stalled,
    /// Its clock is far from what it says; there is sound all the same.
    WrongRate {
        /// Samples a second that it claims.
        claimed_hz: u32,
        /// Samples a second that were counted.
        measured_hz: u32,
    },
    /// A file instead of a device cannot be read or written.
    File {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

impl SoundFault {
    fn problem(&self, words: &Words) -> String {
        match self {
            Self::NotFound => words.say(Key("sound-device-not-found")),
            Self::Gone => words.say(Key("sound-device-gone")),
            Self::Busy => words.say(Key("sound-device-busy")),
            Self::Denied => words.say(Key("sound-device-denied")),
            Self::NoSoundSystem => words.say(Key("sound-system-missing")),
            Self::Unusable(reason) => {
                words.say_with(Key("sound-device-unusable"), &[("reason", reason.as_str().into())])
            }
            Self::Stalled => words.say(Key("sound-device-stalled")),
            Self::WrongRate { claimed_hz, measured_hz } => {
                // As text: a rate has no thousands separators.
                let parts = [("claimed", claimed_hz.to_string().into()), ("measured", measured_hz.to_string().into())];
                words.say_with(Key("sound-device-wrong-rate"), &parts)
            }
            Self::File { path, reason } => {
                let parts = [("path", path.as_str().into()), ("reason", reason.as_str().into())];
                words.say_with(Key("sound-file"), &parts)
            }
        }
    }

    /// Which device, what is wrong, and what to do, in a sentence or two.
    pub fn sentence(&self, side: SoundSide, words: &Words) -> String {
        let key = match side {
            SoundSide::Microphone => Key("microphone-problem"),
            SoundSide::Speaker => Key("speaker-problem"),
        };
        words.say_with(key, &[("problem", self.problem(words).into())])
    }

    /// Nothing is heard until it is over.
    fn stops_sound(&self) -> bool {
        !matches!(self, Self::WrongRate { .. })
    }
}

/// Why somebody is not heard although one wants to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyUnheard {
    /// Nothing arrives.
    Stopped,
    /// What arrives is not a voice.
    Undecodable,
}

impl WhyUnheard {
    /// Whom one cannot hear, why, and what to do.
    pub fn sentence(self, name: &str, words: &Words) -> String {
        let key = match self {
            Self::Stopped => Key("cannot-hear-stopped"),
            Self::Undecodable => Key("cannot-hear-undecodable"),
        };
        words.say_with(key, &[("name", name.into())])
    }
}

/// What the sound engine has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoundNews {
    /// Something is wrong with a device.
    DeviceProblem {
        /// Which.
        side: SoundSide,
        /// What.
        fault: SoundFault,
    },
    /// A device works again, or another one instead.
    DeviceBack {
        /// Which.
        side: SoundSide,
        /// What people call it.
        name: String,
    },
    /// One should hear somebody and does not.
    CannotHear {
        /// Whom.
        id: ParticipantId,
        /// Why.
        why: WhyUnheard,
    },
    /// That is over.
    HearAgain {
        /// Whom.
        id: ParticipantId,
    },
    /// Others probably hear themselves through this microphone, or no longer.
    EchoRisk(bool),
}

/// What is wrong with the sound now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundTroubles {
    microphone: Option<SoundFault>,
    speaker: Option<SoundFault>,
    unheard: BTreeMap<ParticipantId, WhyUnheard>,
    has_echo_risk: bool,
}

impl SoundTroubles {
    /// Why a device is silent.
    pub fn device(&self, side: SoundSide) -> Option<&SoundFault> {
        match side {
            SoundSide::Microphone => self.microphone.as_ref(),
            SoundSide::Speaker => self.speaker.as_ref(),
        }
    }

    /// Why somebody is not heard.
    pub fn unheard(&self, id: ParticipantId) -> Option<WhyUnheard> {
        self.unheard.get(&id).copied()
    }

    /// Others probably hear themselves through this microphone.
    pub fn has_echo_risk(&self) -> bool {
        self.has_echo_risk
    }

    pub(crate) fn take(&mut self, news: &SoundNews, meeting: &Meeting) {
        match news {
            SoundNews::DeviceProblem { side, fault } if fault.stops_sound() => *self.slot(*side) = Some(fault.clone()),
            SoundNews::DeviceProblem { .. } => {}
            SoundNews::DeviceBack { side, .. } => *self.slot(*side) = None,
            SoundNews::CannotHear { id, why } => {
                if meeting.person(*id).is_some() {
                    self.unheard.insert(*id, *why);
                }
            }
            SoundNews::HearAgain { id } => {
                self.unheard.remove(id);
            }
            SoundNews::EchoRisk(is_so) => self.has_echo_risk = *is_so,
        }
    }

    /// Forgets those who left.
    pub(crate) fn follow(&mut self, meeting: &Meeting) {
        self.unheard.retain(|id, _| meeting.person(*id).is_some());
    }

    /// Devices stay as they are after a meeting.
    pub(crate) fn leave_meeting(&mut self) {
        (self.unheard, self.has_echo_risk) = (BTreeMap::new(), false);
    }

    fn slot(&mut self, side: SoundSide) -> &mut Option<SoundFault> {
        match side {
            SoundSide::Microphone => &mut self.microphone,
            SoundSide::Speaker => &mut self.speaker,
        }
    }
}
