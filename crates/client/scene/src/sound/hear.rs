use super::SoundEngine;
use atrium_audio::{DeviceFault, DeviceSide, SoundEvent, Unheard};
use atrium_panels::{InputLevel, SoundFault, SoundNews, SoundSide, WhyUnheard};
use atrium_protocol::ParticipantId;
use bevy::prelude::*;

/// Somebody is heard at this moment, not when their packets arrive: lips and plates move with it.
#[derive(Message, Clone, Copy, Debug)]
pub struct Heard {
    /// Who.
    pub speaker: ParticipantId,
    /// RFC 6464: 0 is loudest, 127 silence.
    pub level_dbov: u8,
}

/// Something about the sound that a person should know.
#[derive(Message, Clone, Debug, Deref)]
pub(crate) struct SoundTold(pub(crate) SoundNews);

/// What one's own microphone hears; `None` while none is open.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Deref, DerefMut)]
pub struct MicrophoneLevel(pub Option<InputLevel>);

pub(super) fn listen(
    mut engine: ResMut<SoundEngine>,
    mut microphone: ResMut<MicrophoneLevel>,
    mut heard: MessageWriter<Heard>,
    mut told: MessageWriter<SoundTold>,
) {
    for event in engine.sound().events() {
        match event {
            SoundEvent::Input { level_dbov, is_voice, is_clipped, is_sent } => {
                **microphone = Some(InputLevel { level_dbov, is_voice, is_clipped, is_sent });
            }
            SoundEvent::Talkers(talkers) => {
                let levels = talkers.into_iter().map(|talker| (talker.person, talker.level_dbov));
                heard.write_batch(levels.map(|(speaker, level_dbov)| Heard { speaker, level_dbov }));
            }
            event => drop(news(event).map(|news| told.write(SoundTold(news)))),
        }
    }
}

/// In the words of the panels.
fn news(event: SoundEvent) -> Option<SoundNews> {
    Some(match event {
        SoundEvent::DeviceProblem { side: of, fault: what } => {
            SoundNews::DeviceProblem { side: side(of), fault: fault(what) }
        }
        SoundEvent::DeviceReady { side: of, name, is_recovery: true, .. } => {
            SoundNews::DeviceBack { side: side(of), name }
        }
        SoundEvent::CannotHear { person: id, why } => SoundNews::CannotHear {
            id,
            why: match why {
                Unheard::Stopped => WhyUnheard::Stopped,
                Unheard::Undecodable => WhyUnheard::Undecodable,
            },
        },
        SoundEvent::HearAgain { person: id } => SoundNews::HearAgain { id },
        SoundEvent::EchoRisk(is_likely) => SoundNews::EchoRisk(is_likely),
        _ => return None,
    })
}

fn side(side: DeviceSide) -> SoundSide {
    match side {
        DeviceSide::Microphone => SoundSide::Microphone,
        DeviceSide::Speaker => SoundSide::Speaker,
    }
}

fn fault(fault: DeviceFault) -> SoundFault {
    match fault {
        DeviceFault::NotFound => SoundFault::NotFound,
        DeviceFault::Gone => SoundFault::Gone,
        DeviceFault::Busy => SoundFault::Busy,
        DeviceFault::Denied => SoundFault::Denied,
        DeviceFault::NoSoundSystem => SoundFault::NoSoundSystem,
        DeviceFault::Unusable(reason) => SoundFault::Unusable(reason),
        DeviceFault::Stalled => SoundFault::Stalled,
        DeviceFault::WrongRate { claimed_hz, measured_hz } => SoundFault::WrongRate { claimed_hz, measured_hz },
        DeviceFault::File { path, reason } => SoundFault::File { path, reason },
    }
}
