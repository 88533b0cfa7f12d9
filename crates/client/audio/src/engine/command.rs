use crate::DeviceChoice;
use atrium_protocol::ParticipantId;
use atrium_spatial::{OutputMode, RoomSound};
use atrium_uplink::UplinkSettings;

/// When one is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TalkMode {
    /// Whenever one speaks and is not muted.
    #[default]
    OpenMicrophone,
    /// While a key is held, and not muted.
    PushToTalk,
}

/// What is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VoiceMode {
    /// Words, over any network.
    #[default]
    Speech,
    /// Words, 14 ms sooner, over networks that lose little.
    LowDelay,
    /// Music: neither noise suppression nor gain control.
    Music,
}

/// What the app says to the engine.
#[derive(Clone, Debug, PartialEq)]
pub enum SoundCommand {
    /// Another microphone.
    UseMicrophone(DeviceChoice),
    /// Another speaker.
    UseSpeaker(DeviceChoice),
    /// Nothing is encoded or sent while muted.
    Mute(bool),
    /// When one is heard.
    TalkWith(TalkMode),
    /// The key of [`TalkMode::PushToTalk`] is held, or not.
    HoldToTalk(bool),
    /// What is spoken.
    Speak(VoiceMode),
    /// How the microphone's sound is cleaned. Music turns some of it off.
    Clean(UplinkSettings),
    /// What receivers lose of one's voice, in percent: decides how much goes into its redundancy.
    ExpectLoss(u8),
    /// How loud a person is, as a factor, 0…4.
    Volume {
        /// Who.
        person: ParticipantId,
        /// 1 as they are.
        gain: f32,
    },
    /// One does not want to hear a person.
    MutePerson {
        /// Who.
        person: ParticipantId,
        /// Or again.
        is_muted: bool,
    },
    /// What the speaker is.
    PlayFor(OutputMode),
    /// Another room.
    Enter(RoomSound),
    /// Oneself: one's own packets are not played.
    IAm(ParticipantId),
    /// Others hear nothing; one hears oneself, a second later, as others would.
    TestVoice(bool),
}
