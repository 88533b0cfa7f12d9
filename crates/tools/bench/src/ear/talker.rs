use super::stages::Sent;
use crate::people::enter;
use anyhow::{Context as _, bail};
use atrium_audio::{
    BLOCK, DeviceChoice, DeviceSide, Sound, SoundCommand, SoundEvent, SoundSettings, SpokenPacket, UplinkSettings,
    VoiceMode,
};
use atrium_protocol::Micros;
use atrium_session::{JoinLink, SessionCommand, SessionHandle, VoiceFrame};
use atrium_uplink::Uplink;
use atrium_voice::{EncoderSettings, OpusEncoder};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Packets that may wait for the network, as in the app.
const SPOKEN: usize = 16;
/// How long the engine may take to open a file.
const OPENS_WITHIN: Duration = Duration::from_secs(5);

/// How somebody speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) mode: VoiceMode,
    pub(crate) clean: UplinkSettings,
}

impl Manner {
    /// What the cleaning adds to the delay.
    pub(crate) fn uplink_delay(&self) -> Duration {
        Uplink::new(self.clean).delay()
    }

    /// How much later than its packet says the sound comes out of a decoder.
    ///
    /// # Errors
    /// When memory is short.
    pub(crate) fn codec_delay(&self) -> anyhow::Result<Duration> {
        let settings = match self.mode {
            VoiceMode::Speech => EncoderSettings::speech(),
            VoiceMode::LowDelay => EncoderSettings::low_delay(),
            VoiceMode::Music => EncoderSettings::music(),
        };
        let samples = OpusEncoder::new(settings)?.lookahead_samples();
        Ok(Duration::from_secs_f64(samples as f64 / f64::from(atrium_audio::SAMPLE_RATE_HZ)))
    }
}

/// Somebody whose microphone is a file.
pub(crate) struct Talker {
    /// When the file began.
    pub(crate) from: Instant,
    sent: Arc<Mutex<Vec<Sent>>>,
    // Ends the session, too.
    _sound: Sound,
}

impl Talker {
    /// Comes in and speaks.
    ///
    /// # Errors
    /// A sentence when one does not get in, or when there is no sound.
    pub(crate) async fn start(
        link: &JoinLink,
        cache: &Path,
        microphone: &Path,
        manner: Manner,
    ) -> anyhow::Result<Self> {
        let session = enter(link, "Talker", cache).await?;
        let (speak, spoken) = mpsc::channel(SPOKEN);
        let settings = SoundSettings {
            microphone: DeviceChoice::File { path: microphone.to_owned(), repeat: false },
            speaker: DeviceChoice::Null,
            is_muted: false,
        };
        let sound = Sound::start(settings, move |packet| {
            // When the network does not keep up, the packet is lost here.
            let _ = speak.try_send((Instant::now(), packet));
        })?;
        sound.command(SoundCommand::Clean(manner.clean))?;
        sound.command(SoundCommand::Speak(manner.mode))?;
        let sent = Arc::default();
        tokio::spawn(send(session, spoken, Arc::clone(&sent)));
        let from = file_began(&sound).await?;
        Ok(Self { from, sent, _sound: sound })
    }

    /// The packets that were sent up to now.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn send(
    mut session: SessionHandle,
    mut spoken: mpsc::Receiver<(Instant, SpokenPacket)>,
    sent: Arc<Mutex<Vec<Sent>>>,
) {
    loop {
        let (handed, packet) = tokio::select! {
            spoken = spoken.recv() => match spoken {
                Some(spoken) => spoken,
                None => return,
            },
            event = session.next() => match event {
                Some(_) => continue,
                None => return,
            },
        };
        let SpokenPacket { timestamp, marker, level_dbov, age, payload } = packet;
        let captured = handed.checked_sub(age).unwrap_or(handed);
        let frame = VoiceFrame { timestamp, level_dbov, marker, captured, payload };
        if session.try_send(SessionCommand::Voice(frame)).is_ok() {
            let captured = session.clock().server_time(captured);
            sent.lock().unwrap_or_else(PoisonError::into_inner).push(Sent { captured, handed, age });
        }
    }
}

/// When the microphone's file began. The speaker's periods are the engine's clock: a block of the file began with one of
/// them, however late the engine looked.
async fn file_began(sound: &Sound) -> anyhow::Result<Instant> {
    let deadline = Instant::now() + OPENS_WITHIN;
    let (mut speaker, mut microphone): (Option<Micros>, Option<Micros>) = (None, None);
    while Instant::now() < deadline {
        for event in sound.events() {
            match event {
                SoundEvent::DeviceReady { side: DeviceSide::Speaker, since, .. } => speaker = Some(since),
                SoundEvent::DeviceReady { side: DeviceSide::Microphone, since, .. } => microphone = Some(since),
                SoundEvent::DeviceProblem { fault, .. } => bail!("there is no sound: {fault}"),
                _ => {}
            }
        }
        if let (Some(speaker), Some(microphone)) = (speaker, microphone) {
            let periods = microphone.since(speaker).as_micros() / BLOCK.as_micros();
            let offset = BLOCK * u32::try_from(periods).unwrap_or(0);
            return Ok(sound.clock().instant(speaker + offset));
        }
        tokio::time::sleep(BLOCK).await;
    }
    Err(anyhow::anyhow!("a file is not opened")).context("there is no sound")
}
