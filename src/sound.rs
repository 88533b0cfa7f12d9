//! The sound engine between the scene and the network: voices go from one to the other without passing the scene.

use crate::arguments::View;
use atrium_audio::{DeviceChoice, Ear, Sound, SoundSettings, SpokenPacket};
use atrium_protocol::ParticipantId;
use atrium_scene::{FixedDevices, SoundEngine};
use atrium_session::{VoiceFrame, VoicePacket};
use std::path::PathBuf;
use std::time::Instant;
use tokio::sync::mpsc;

/// Packets of one's own voice that may wait for the network: more would be heard late.
const SPOKEN: usize = 16;

/// What the network needs of the sound engine.
#[derive(Default)]
pub struct VoiceEnds {
    ear: Option<Ear>,
    /// One's own voice; nothing ever comes where there is no engine.
    pub(crate) spoken: Spoken,
}

/// One's own voice on its way to the network.
#[derive(Default)]
pub(crate) struct Spoken(Option<mpsc::Receiver<VoiceFrame>>);

impl Spoken {
    /// The next packet. `None` is never said twice in a row without waiting. May be cancelled.
    pub(crate) async fn recv(&mut self) -> Option<VoiceFrame> {
        match &mut self.0 {
            Some(spoken) => match spoken.recv().await {
                Some(frame) => Some(frame),
                // The engine has ended before the meeting.
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }
}

impl VoiceEnds {
    /// Lets the engine play a packet.
    pub(crate) fn hear(&self, slot: u8, speaker: ParticipantId, packet: VoicePacket, arrived: Instant) {
        let Some(ear) = &self.ear else { return };
        let VoicePacket { sequence, timestamp, marker, captured, payload, .. } = packet;
        let speaker = Some(speaker);
        ear.hear(slot, arrived, atrium_voice::VoicePacket { sequence, timestamp, marker, speaker, captured, payload });
    }
}

/// Starts the engine, which opens no device before somebody is in a room. Without one there is no sound, and the rest
/// goes on.
pub fn start() -> (Option<SoundEngine>, VoiceEnds) {
    let (speak, spoken) = mpsc::channel(SPOKEN);
    let send = move |packet: SpokenPacket| {
        let SpokenPacket { timestamp, marker, level_dbov, age, payload } = packet;
        let now = Instant::now();
        let captured = now.checked_sub(age).unwrap_or(now);
        // When the network does not keep up, the packet is lost here.
        let _ = speak.try_send(VoiceFrame { timestamp, level_dbov, marker, captured, payload });
    };
    let nothing = SoundSettings { microphone: DeviceChoice::Null, speaker: DeviceChoice::Null, is_muted: true };
    match Sound::start(nothing, send) {
        Ok(sound) => {
            let ends = VoiceEnds { ear: Some(sound.ear()), spoken: Spoken(Some(spoken)) };
            (Some(SoundEngine::new(sound)), ends)
        }
        Err(error) => {
            tracing::error!("{error}");
            (None, VoiceEnds::default())
        }
    }
}

/// The devices that the command line asks for. Without a window there is nobody to hear and to be heard.
pub fn fixed_devices(view: &View) -> FixedDevices {
    let file = |path: &Option<PathBuf>, repeat: bool| match path {
        Some(path) => Some(DeviceChoice::File { path: path.clone(), repeat }),
        None => view.offscreen.is_some().then_some(DeviceChoice::Null),
    };
    FixedDevices { microphone: file(&view.microphone, true), speaker: file(&view.speaker, false) }
}
