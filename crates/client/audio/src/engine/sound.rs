use super::core::SoundCore;
use super::desk::Desk;
use super::{SoundCommand, SoundEvent, SoundScene, SpokenPacket};
use crate::block::BLOCK;
use crate::device::{DeviceChoice, Keeper, Machine, Microphone, News, Speaker};
use atrium_protocol::Micros;
use atrium_spatial::Hrtf;
use atrium_voice::{VoiceError, VoicePacket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Commands, packets and events that may wait: the engine looks every 10 ms, the app each frame.
const COMMANDS: usize = 256;
const PACKETS: usize = 512;
const EVENTS: usize = 512;
const NEWS: usize = 8;
/// How often devices are looked after.
const LOOK_AFTER: Duration = Duration::from_millis(100);

/// Why the engine does not start or does not listen.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// Memory is short.
    #[error("sound cannot start: {0}; close other programs and try again")]
    Codec(#[from] VoiceError),
    /// The system gives no thread.
    #[error("sound cannot start: {0}; close other programs and try again")]
    Thread(#[from] std::io::Error),
    /// Commands come faster than they are taken.
    #[error("the sound engine does not keep up: try again in a moment")]
    Busy,
    /// Its thread has ended.
    #[error("the sound engine has ended: start Atrium again")]
    Ended,
}

/// What the engine starts with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoundSettings {
    /// Where one's voice comes from.
    pub microphone: DeviceChoice,
    /// Where others are heard.
    pub speaker: DeviceChoice,
    /// Muted from the first moment on.
    pub is_muted: bool,
}

/// The engine's clock: microseconds since a moment shortly before it started.
#[derive(Clone, Copy, Debug)]
pub struct SoundClock {
    zero: Instant,
}

impl SoundClock {
    fn start() -> Self {
        Self { zero: Instant::now() }
    }

    /// A moment of the system's clock on this one.
    pub fn micros(self, at: Instant) -> Micros {
        // Not from 0 on: "a second ago" must exist.
        Micros(at.saturating_duration_since(self.zero).as_micros() as u64 + 60_000_000)
    }

    /// A moment of this clock on the system's.
    pub fn instant(self, at: Micros) -> Instant {
        self.zero + at.since(Micros(60_000_000))
    }

    fn now(self) -> Micros {
        self.micros(Instant::now())
    }
}

/// A packet on its way to the engine.
struct HeardPacket {
    slot: u8,
    arrived: Micros,
    packet: VoicePacket,
}

/// Hands packets to the engine, from any thread.
#[derive(Clone)]
pub struct Ear {
    packets: SyncSender<HeardPacket>,
    clock: SoundClock,
}

impl Ear {
    /// A packet of a voice slot arrived. When the engine does not keep up, the packet is lost, as on the network.
    pub fn hear(&self, slot: u8, arrived: Instant, packet: VoicePacket) {
        let _ = self.packets.try_send(HeardPacket { slot, arrived: self.clock.micros(arrived), packet });
    }
}

/// The running sound engine: a thread for the sound, and one that looks after the devices. Dropping it ends both.
pub struct Sound {
    commands: SyncSender<SoundCommand>,
    choices: SyncSender<Choice>,
    scene: Arc<Mutex<Option<SoundScene>>>,
    ear: Ear,
    events: Receiver<SoundEvent>,
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Sound {
    /// Starts with these devices. `send` gets each packet of one's own voice on the engine's thread, and must not wait:
    /// it puts it into a bounded queue.
    ///
    /// # Errors
    /// [`SoundError::Codec`] or [`SoundError::Thread`] when the machine is short of memory or threads. Devices that
    /// cannot be opened are told by [`SoundEvent::DeviceProblem`]; all else goes on without them.
    pub fn start(settings: SoundSettings, send: impl FnMut(SpokenPacket) + Send + 'static) -> Result<Self, SoundError> {
        let mut core = SoundCore::new(Hrtf::mit_kemar())?;
        core.command(Micros(0), SoundCommand::Mute(settings.is_muted))?;
        let clock = SoundClock::start();
        let (commands, commands_in) = sync_channel(COMMANDS);
        let (packets, packets_in) = sync_channel(PACKETS);
        let (events_out, events) = sync_channel(EVENTS);
        let (choices, choices_in) = sync_channel(COMMANDS);
        let (news_out, news) = sync_channel(NEWS);
        let scene = Arc::default();
        let is_over = Arc::<AtomicBool>::default();
        let engine = EngineThread {
            desk: Desk::new(core),
            clock,
            commands: commands_in,
            packets: packets_in,
            news,
            scene: Arc::clone(&scene),
            events: events_out,
            is_over: Arc::clone(&is_over),
            send,
        };
        let engine = std::thread::Builder::new().name("sound".into()).spawn(move || engine.run())?;
        let mut sound = Self {
            commands,
            choices,
            scene,
            ear: Ear { packets, clock },
            events,
            is_over: Arc::clone(&is_over),
            threads: vec![engine],
        };
        let devices = std::thread::Builder::new()
            .name("sound-devices".into())
            .spawn(move || look_after_devices(settings, clock, &choices_in, &news_out, &is_over))?;
        sound.threads.push(devices);
        Ok(sound)
    }

    /// Says something to the engine.
    ///
    /// # Errors
    /// [`SoundError::Busy`] when too much waits, [`SoundError::Ended`] when nobody listens.
    pub fn command(&self, command: SoundCommand) -> Result<(), SoundError> {
        match command {
            SoundCommand::UseMicrophone(choice) => try_send(&self.choices, Choice::Microphone(choice)),
            SoundCommand::UseSpeaker(choice) => try_send(&self.choices, Choice::Speaker(choice)),
            command => try_send(&self.commands, command),
        }
    }

    /// Where everybody is. It never waits and never queues up: the latest counts.
    pub fn place(&self, scene: SoundScene) {
        *self.scene.lock().unwrap_or_else(PoisonError::into_inner) = Some(scene);
    }

    /// An end for the network's thread.
    pub fn ear(&self) -> Ear {
        self.ear.clone()
    }

    /// The clock of the events.
    pub fn clock(&self) -> SoundClock {
        self.ear.clock
    }

    /// What happened since the last call. Of what is not asked for, the newest is lost.
    pub fn events(&self) -> impl Iterator<Item = SoundEvent> {
        self.events.try_iter()
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the sound engine panicked");
            }
        }
    }
}

fn try_send<T>(queue: &SyncSender<T>, item: T) -> Result<(), SoundError> {
    queue.try_send(item).map_err(|error| match error {
        TrySendError::Full(_) => SoundError::Busy,
        TrySendError::Disconnected(_) => SoundError::Ended,
    })
}

/// Another device is chosen.
enum Choice {
    Microphone(DeviceChoice),
    Speaker(DeviceChoice),
}

/// News of the devices for the engine.
enum DeviceNews {
    Microphone(News<Microphone>),
    Speaker(News<Speaker>),
}

struct EngineThread<F> {
    desk: Desk,
    clock: SoundClock,
    commands: Receiver<SoundCommand>,
    packets: Receiver<HeardPacket>,
    news: Receiver<DeviceNews>,
    scene: Arc<Mutex<Option<SoundScene>>>,
    events: SyncSender<SoundEvent>,
    is_over: Arc<AtomicBool>,
    send: F,
}

impl<F: FnMut(SpokenPacket)> EngineThread<F> {
    fn run(mut self) {
        while !self.is_over.load(Ordering::Relaxed) {
            self.take_in();
            self.desk.tick(self.clock.now(), &mut self.send);
            for event in self.desk.drain_events() {
                // The app does not look: it will hear of the next one.
                let _ = self.events.try_send(event);
            }
            std::thread::sleep(self.desk.wait(self.clock.now()).min(BLOCK));
        }
    }

    fn take_in(&mut self) {
        for news in self.news.try_iter() {
            match news {
                DeviceNews::Microphone(news) => self.desk.change_microphone(news),
                DeviceNews::Speaker(news) => self.desk.change_speaker(news),
            }
        }
        let now = self.clock.now();
        for command in self.commands.try_iter() {
            if let Err(error) = self.desk.core.command(now, command) {
                tracing::warn!(%error, "a command of the app is not followed");
            }
        }
        for HeardPacket { slot, arrived, packet } in self.packets.try_iter().take(PACKETS) {
            self.desk.core.hear(slot, arrived, packet);
        }
        if let Some(scene) = self.scene.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.desk.core.place(scene);
        }
    }
}

fn look_after_devices(
    settings: SoundSettings,
    clock: SoundClock,
    choices: &Receiver<Choice>,
    news: &SyncSender<DeviceNews>,
    is_over: &AtomicBool,
) {
    let mut machine = Machine::new();
    let mut microphone = Keeper::new(settings.microphone);
    let mut speaker = Keeper::new(settings.speaker);
    while !is_over.load(Ordering::Relaxed) {
        let found = speaker.poll(clock.now(), &mut machine).map(DeviceNews::Speaker);
        let also = microphone.poll(clock.now(), &mut machine).map(DeviceNews::Microphone);
        for found in found.into_iter().chain(also) {
            if news.send(found).is_err() {
                return;
            }
        }
        match choices.recv_timeout(LOOK_AFTER) {
            Ok(Choice::Microphone(choice)) => microphone.choose(choice),
            Ok(Choice::Speaker(choice)) => speaker.choose(choice),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
