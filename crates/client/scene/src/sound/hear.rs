use super::SoundEngine;
use atrium_audio::SoundEvent;
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

/// What one's own microphone hears; `None` while it hears nothing at all.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Deref, DerefMut)]
pub struct MicrophoneLevel(pub Option<InputLevel>);

/// What a microphone hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputLevel {
    /// RFC 6464: 0 is loudest, 127 silence.
    pub level_dbov: u8,
    /// Somebody speaks into it.
    pub is_voice: bool,
    /// It is overdriven.
    pub is_clipped: bool,
    /// Others hear it.
    pub is_sent: bool,
}

pub(super) fn listen(
    mut engine: ResMut<SoundEngine>,
    mut microphone: ResMut<MicrophoneLevel>,
    mut heard: MessageWriter<Heard>,
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
            other => debug!("sound: {other:?}"),
        }
    }
}
