use super::devices::KnownDevices;
use super::{HoldsToTalk, OwnMute, SoundEngine, VoiceTest};
use crate::panels::UserSettings;
use crate::receive::TheMeeting;
use crate::room::CurrentPlace;
use crate::screen::AppScreen;
use atrium_audio::{
    DeviceChoice, NoiseSuppression, OutputMode, SoundCommand, TalkMode, UplinkSettings, VoiceMode, room_sound,
};
use atrium_panels::{SoundOutput, Talk, VoiceKind, VoiceSettings};
use bevy::prelude::*;

/// Devices that the command line names; they come before the settings.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct FixedDevices {
    /// In place of a microphone.
    pub microphone: Option<DeviceChoice>,
    /// In place of a loudspeaker.
    pub speaker: Option<DeviceChoice>,
}

/// The commands that the engine follows now, one of each kind.
#[derive(Default)]
pub(super) struct Followed(Vec<SoundCommand>);

impl Followed {
    /// Says what is new, until it is heard.
    fn tell(&mut self, command: SoundCommand, engine: &mut SoundEngine) {
        let kind = std::mem::discriminant(&command);
        let last = self.0.iter_mut().find(|last| std::mem::discriminant(*last) == kind);
        if last.as_deref() == Some(&command) || !engine.tell(command.clone()) {
            return;
        }
        match last {
            Some(last) => *last = command,
            None => self.0.push(command),
        }
    }
}

/// What a person chose, and what the room allows them.
pub(super) fn choose(
    mut engine: ResMut<SoundEngine>,
    settings: Res<UserSettings>,
    fixed: Res<FixedDevices>,
    known: Res<KnownDevices>,
    screen: Res<State<AppScreen>>,
    meeting: Res<TheMeeting>,
    test: Res<VoiceTest>,
    (holds, own_mute): (Res<HoldsToTalk>, Res<OwnMute>),
    mut followed: Local<Followed>,
) {
    let is_inside = **screen == AppScreen::InRoom;
    // Outside of a room nothing listens, and no device is kept busy.
    let is_needed = is_inside || **test;
    let device = |fixed: &Option<DeviceChoice>, chosen: Option<DeviceChoice>| match fixed {
        _ if !is_needed => DeviceChoice::Null,
        Some(fixed) => fixed.clone(),
        None => chosen.unwrap_or_default(),
    };
    let devices = &settings.devices;
    let microphone = devices.microphone.as_ref().map(|name| known.microphone(name));
    let speaker = devices.speaker.as_ref().map(|name| known.speaker(name));
    let is_heard = is_inside
        && !own_mute.is_wanted()
        && meeting.my_grants().voice
        && meeting.my_info().is_some_and(|me| !me.muted && !me.muted_by_moderator);
    let mut tell = |command| followed.tell(command, &mut engine);
    tell(SoundCommand::UseMicrophone(device(&fixed.microphone, microphone)));
    tell(SoundCommand::UseSpeaker(device(&fixed.speaker, speaker)));
    tell(SoundCommand::Mute(!is_heard));
    tell(SoundCommand::HoldToTalk(**holds));
    voice(&settings.voice).into_iter().for_each(&mut tell);
    tell(SoundCommand::TestVoice(**test));
    if let Some(me) = meeting.me() {
        tell(SoundCommand::IAm(me));
    }
}

fn voice(chosen: &VoiceSettings) -> [SoundCommand; 4] {
    let talk = match chosen.talk {
        Talk::Open => TalkMode::OpenMicrophone,
        Talk::PushToTalk => TalkMode::PushToTalk,
    };
    let kind = match chosen.kind {
        VoiceKind::Speech => VoiceMode::Speech,
        VoiceKind::LowDelay => VoiceMode::LowDelay,
        VoiceKind::Music => VoiceMode::Music,
    };
    let output = match chosen.output {
        SoundOutput::Headphones => OutputMode::Headphones,
        SoundOutput::Stereo => OutputMode::Stereo,
        SoundOutput::Mono => OutputMode::Mono,
    };
    let usual = UplinkSettings::default();
    let cleaning = UplinkSettings {
        echo_cancellation: chosen.cancels_echo,
        noise_suppression: if chosen.suppresses_noise { usual.noise_suppression } else { NoiseSuppression::Off },
        gain_control: chosen.gains,
        ..usual
    };
    [
        SoundCommand::TalkWith(talk),
        SoundCommand::Speak(kind),
        SoundCommand::PlayFor(output),
        SoundCommand::Clean(cleaning),
    ]
}

/// How the place sounds.
pub(super) fn enter(mut engine: ResMut<SoundEngine>, place: Option<Res<CurrentPlace>>, mut is_told: Local<bool>) {
    let Some(place) = place else {
        *is_told = false;
        return;
    };
    if !*is_told || place.is_changed() {
        *is_told = engine.tell(SoundCommand::Enter(room_sound(&place)));
    }
}
