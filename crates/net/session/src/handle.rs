use crate::bulk::Bulk;
use crate::clock::SharedClock;
use crate::commands::{CommandError, CommandSenders, SessionCommand, command_queues};
use crate::driver::Driver;
use crate::event::SessionEvent;
use crate::files::FileFetcher;
use crate::join::{JoinError, Joiner, https_client};
use crate::join_link::JoinLink;
use atrium_protocol::{AvatarBytes, DisplayName};
use ed25519_dalek::SigningKey;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{mpsc, watch};

/// Events that may wait for the owner. A full queue drops poses, voice and live words and slows the server's reliable lanes.
const EVENT_QUEUE: usize = 1_024;

/// What a session is started with.
#[derive(Clone)]
pub struct SessionConfig {
    /// Where to.
    pub link: JoinLink,
    /// The name that others see.
    pub name: DisplayName,
    /// How one looks.
    pub avatar: AvatarBytes,
    /// Who one is: see [`crate::load_or_create_device_key`].
    pub device_key: SigningKey,
    /// Where places' files and pictures are kept.
    pub cache: PathBuf,
    /// Whether to fetch the place's files after the welcome ([`SessionEvent::Files`]).
    pub fetch_files: bool,
}

/// Why a session could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No thread or runtime.
    #[error("the network thread could not start: {0}")]
    Thread(#[from] std::io::Error),
    /// No HTTPS.
    #[error(transparent)]
    Join(#[from] JoinError),
}

/// A meeting, as its client sees it.
pub struct Session;

impl Session {
    /// Runs a session on a thread of its own.
    ///
    /// # Errors
    /// [`StartError`]; what goes wrong later comes as [`SessionEvent::State`].
    pub fn start(config: SessionConfig) -> Result<SessionHandle, StartError> {
        let (handle, driver) = prepare(config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("session".to_owned()).spawn(move || runtime.block_on(driver.run()))?;
        Ok(handle)
    }

    /// Runs a session on the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError::Join`]; what goes wrong later comes as [`SessionEvent::State`].
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn(config: SessionConfig) -> Result<SessionHandle, StartError> {
        let (handle, driver) = prepare(config)?;
        tokio::spawn(driver.run());
        Ok(handle)
    }
}

fn prepare(config: SessionConfig) -> Result<(SessionHandle, Driver), StartError> {
    let http = https_client(&config.link)?;
    let (claim, claimed) = watch::channel(None);
    let bulk = Bulk::new(http.clone(), config.link.clone(), config.cache.clone(), claimed);
    let files = FileFetcher::new(http.clone(), config.link.clone(), config.cache);
    let joiner =
        Joiner { link: config.link, http, name: config.name, avatar: config.avatar, device_key: config.device_key };
    let clock = SharedClock::new(Instant::now());
    let (commands, receivers) = command_queues();
    let (event_in, events) = mpsc::channel(EVENT_QUEUE);
    let (leave, leave_asked) = watch::channel(false);
    let auto_fetch = config.fetch_files.then(|| files.clone());
    let driver = Driver::new(joiner, receivers, event_in, leave_asked, clock.clone(), auto_fetch, claim);
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let first_nonce = u64::try_from(since_epoch.as_micros()).unwrap_or_default();
    let nonces = Arc::new(AtomicU64::new(first_nonce));
    Ok((SessionHandle { commands, events, leave, clock, files, bulk, nonces }, driver))
}

/// The owner's end of a session. Dropping it leaves the meeting.
#[derive(Debug)]
pub struct SessionHandle {
    commands: CommandSenders,
    events: mpsc::Receiver<SessionEvent>,
    leave: watch::Sender<bool>,
    clock: SharedClock,
    files: FileFetcher,
    bulk: Bulk,
    nonces: Arc<AtomicU64>,
}

impl SessionHandle {
    /// Says something without waiting.
    ///
    /// # Errors
    /// [`CommandError`].
    pub fn try_send(&self, command: SessionCommand) -> Result<(), CommandError> {
        self.commands.try_send(command)
    }

    /// Says something, waiting for room on a reliable lane; poses, voice and live words never wait.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn send(&self, command: SessionCommand) -> Result<(), CommandError> {
        self.commands.send(command).await
    }

    /// The next event, if there is one.
    pub fn try_next(&mut self) -> Option<SessionEvent> {
        self.events.try_recv().ok()
    }

    /// The next event; `None` when the session is over. May be cancelled.
    pub async fn next(&mut self) -> Option<SessionEvent> {
        self.events.recv().await
    }

    /// Leaves for good, after what was said before; [`SessionEvent::State`] tells when it is done.
    pub fn leave(&self) {
        self.leave.send_replace(true);
    }

    /// The server's clock.
    pub fn clock(&self) -> &SharedClock {
        &self.clock
    }

    /// Fetches the files of places.
    pub fn files(&self) -> &FileFetcher {
        &self.files
    }

    /// Boards as a whole, and pictures.
    pub fn bulk(&self) -> &Bulk {
        &self.bulk
    }

    /// A number for a chat message or board operation, larger than all before, those of earlier sessions included.
    pub fn next_nonce(&self) -> u64 {
        self.nonces.fetch_add(1, Ordering::Relaxed)
    }
}
