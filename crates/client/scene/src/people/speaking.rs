use crate::frame::Frame;
use crate::receive::VoiceLevel;
use crate::sound::{Heard, SoundEngine};
use atrium_protocol::ParticipantId;
use bevy::prelude::*;
use std::collections::HashMap;

/// A level that is speech, not a room's noise (RFC 6464: 0 is loudest, 127 silence).
const SPEECH_DBOV: u8 = 55;
/// Full bars.
const LOUD_DBOV: f32 = 18.0;
/// Speech goes on through pauses of this length.
const PAUSE_SECS: f32 = 0.4;
/// Time constants of bars that rise and fall.
const RISE_SECS: f32 = 0.04;
const FALL_SECS: f32 = 0.18;

/// Who speaks, and how loud.
#[derive(Resource, Debug, Default)]
pub struct Speaking {
    voices: HashMap<ParticipantId, Voice>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Voice {
    heard_secs_ago: f32,
    target: f32,
    level: f32,
}

impl Speaking {
    /// How loud somebody speaks, 0 to 1, smoothed; `None` while they do not.
    pub fn level(&self, who: ParticipantId) -> Option<f32> {
        let voice = self.voices.get(&who)?;
        (voice.heard_secs_ago < PAUSE_SECS).then_some(voice.level)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Speaking>().add_systems(Update, listen.in_set(Frame::Sense));
}

fn listen(
    mut speaking: ResMut<Speaking>,
    mut arrived: MessageReader<VoiceLevel>,
    mut heard: MessageReader<Heard>,
    engine: Option<Res<SoundEngine>>,
    time: Res<Time>,
) {
    // What is heard counts; without ears, what arrives.
    let heard = heard.read().map(|heard| (heard.speaker, heard.level_dbov));
    let arrived = arrived.read().filter(|_| engine.is_none()).map(|level| (level.speaker, level.level_dbov));
    for (speaker, level_dbov) in heard.chain(arrived) {
        let voice = speaking.voices.entry(speaker).or_default();
        voice.target = 0.0;
        if level_dbov <= SPEECH_DBOV {
            voice.heard_secs_ago = 0.0;
            let quiet = f32::from(SPEECH_DBOV);
            voice.target = ((quiet - f32::from(level_dbov)) / (quiet - LOUD_DBOV)).clamp(0.0, 1.0);
        }
    }
    let dt_secs = time.delta_secs();
    speaking.voices.retain(|_, voice| {
        voice.heard_secs_ago += dt_secs;
        let secs = if voice.target > voice.level { RISE_SECS } else { FALL_SECS };
        voice.level += (voice.target - voice.level) * (1.0 - (-dt_secs / secs).exp());
        voice.heard_secs_ago < 5.0
    });
}
