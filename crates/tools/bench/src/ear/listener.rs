use super::stages::{Arrived, Played};
use crate::people::enter;
use anyhow::{Context as _, bail};
use atrium_audio::{DeviceChoice, DeviceSide, Ear, Sound, SoundEvent, SoundSettings};
use atrium_protocol::Micros;
use atrium_session::{JoinLink, SessionEvent, SessionHandle, VoicePacket};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often what the engine says is read.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Somebody who hears, each time through a new engine.
pub(crate) struct Listener {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    ear: Mutex<Option<Ear>>,
    arrived: Mutex<Vec<Arrived>>,
}

/// What was heard for a while.
pub(crate) struct Episode {
    /// When the first sample was played.
    pub(crate) from: Instant,
    /// The mean of both ears.
    pub(crate) heard: Vec<f32>,
    pub(crate) played: Vec<Played>,
    /// Sound that was made up after the beginning.
    pub(crate) made_up: Duration,
}

impl Listener {
    /// Comes in.
    ///
    /// # Errors
    /// A sentence when one does not get in.
    pub(crate) async fn start(link: &JoinLink, cache: &Path) -> anyhow::Result<Self> {
        let session = enter(link, "Listener", cache).await?;
        let shared = Arc::<Shared>::default();
        tokio::spawn(receive(session, Arc::clone(&shared)));
        Ok(Self { shared })
    }

    /// Listens for `lead`, in which delays settle, and for `counted`; the loudspeaker is the file at `path`.
    ///
    /// # Errors
    /// When there is no sound.
    pub(crate) async fn listen(&self, path: &Path, lead: Duration, counted: Duration) -> anyhow::Result<Episode> {
        let settings = SoundSettings {
            microphone: DeviceChoice::Null,
            speaker: DeviceChoice::File { path: path.to_owned(), repeat: false },
            is_muted: true,
        };
        let sound = Sound::start(settings, |_| {})?;
        *lock(&self.shared.ear) = Some(sound.ear());
        let mut notes = Notes::default();
        let (begin, end) = (Instant::now() + lead, Instant::now() + lead + counted);
        while Instant::now() < end {
            tokio::time::sleep(LOOK_EVERY).await;
            notes.read(&sound, Instant::now() > begin)?;
        }
        *lock(&self.shared.ear) = None;
        let from = sound.clock().instant(notes.since.context("the loudspeaker's file is not opened")?);
        // Ends the file.
        drop(sound);
        Ok(Episode { from, heard: read_mono(path)?, played: notes.played, made_up: notes.made_up })
    }

    /// The packets that arrived up to now.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        lock(&self.shared.arrived).clone()
    }
}

#[derive(Default)]
struct Notes {
    since: Option<Micros>,
    played: Vec<Played>,
    made_up: Duration,
}

impl Notes {
    fn read(&mut self, sound: &Sound, counts: bool) -> anyhow::Result<()> {
        for event in sound.events() {
            match event {
                SoundEvent::DeviceReady { side: DeviceSide::Speaker, since, .. } => self.since = Some(since),
                SoundEvent::DeviceProblem { fault, .. } => bail!("there is no sound: {fault}"),
                SoundEvent::Playout { spoken: Some(spoken), heard, .. } if counts => {
                    self.played.push(Played { spoken, heard: sound.clock().instant(heard) });
                }
                SoundEvent::Loss { made_up, .. } if counts => self.made_up += made_up,
                _ => {}
            }
        }
        Ok(())
    }
}

async fn receive(mut session: SessionHandle, shared: Arc<Shared>) {
    while let Some(event) = session.next().await {
        let SessionEvent::Voice { slot, speaker, packet, arrived } = event else { continue };
        let VoicePacket { sequence, timestamp, marker, captured, payload, .. } = packet;
        if let Some(captured) = captured {
            lock(&shared.arrived).push(Arrived { captured, at: arrived });
        }
        if let Some(ear) = lock(&shared.ear).as_ref() {
            let speaker = Some(speaker);
            ear.hear(
                slot,
                arrived,
                atrium_voice::VoicePacket { sequence, timestamp, marker, speaker, captured, payload },
            );
        }
    }
}

fn read_mono(path: &Path) -> anyhow::Result<Vec<f32>> {
    let file = hound::WavReader::open(path).context("what was heard cannot be read")?;
    let samples: Vec<i16> = file.into_samples().collect::<Result<_, _>>().context("what was heard is damaged")?;
    Ok(samples.chunks_exact(2).map(|ears| (f32::from(ears[0]) + f32::from(ears[1])) / 65_536.0).collect())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
