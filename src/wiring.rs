//! The network's side of the scene's queues: a thread that joins, hosts, and carries words both ways.

use crate::folders::Folders;
use crate::hosting::Host;
use crate::outgoing::Outgoing;
use crate::place_folder;
use crate::sound::VoiceEnds;
use atrium_protocol::{BoardId, ControlUp, DisplayName, LiveRecord};
use atrium_scene::{Approach, Ending, EndingKind, Entrance, FromRoom, LinkState, NetworkWire, RoomClock, ToRoom};
use atrium_session::{
    Bulk, ClosedCode, JoinLink, LiveWord, Session, SessionCommand, SessionConfig, SessionEvent, SessionHandle,
    SessionState, VoiceFrame, load_or_create_device_key,
};
use crossbeam_channel::{Receiver, TrySendError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// Words of the scene that may wait here besides its own queue.
const FROM_SCENE: usize = 64;
/// Boards and pictures that may be on their way at a time: all that are on a full board.
const BULKY: usize = 512;
/// How often a full queue is tried again.
const RETRY: Duration = Duration::from_millis(4);

/// Runs the network on a thread of its own until the scene's queues are dropped.
///
/// # Errors
/// When the system gives no thread.
pub fn start(wire: NetworkWire, voice: VoiceEnds, folders: Folders) -> std::io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (forward, from_scene) = mpsc::channel(FROM_SCENE);
    let words = wire.from_scene.clone();
    std::thread::Builder::new().name("from scene".to_owned()).spawn(move || forward_words(&words, &forward))?;
    std::thread::Builder::new().name("network".to_owned()).spawn(move || {
        runtime.block_on(Network { wire, voice, folders, from_scene, host: None }.run());
        // A server's HTTP tasks may still wait for slow clients.
        runtime.shutdown_timeout(Duration::from_secs(1));
    })
}

fn forward_words(words: &Receiver<ToRoom>, forward: &mpsc::Sender<ToRoom>) {
    while let Ok(word) = words.recv() {
        if forward.blocking_send(word).is_err() {
            return;
        }
    }
}

struct Network {
    wire: NetworkWire,
    voice: VoiceEnds,
    folders: Folders,
    from_scene: mpsc::Receiver<ToRoom>,
    host: Option<Host>,
}

/// What comes next.
enum Next {
    Scene(Option<ToRoom>),
    Session(Option<SessionEvent>),
    TryAgain,
    Spoken(VoiceFrame),
    Fetched(FromRoom),
}

impl Network {
    async fn run(mut self) {
        while let Some(word) = self.from_scene.recv().await {
            // Until a meeting is entered there is nobody to hear anything else.
            let mut next = if let ToRoom::Enter(entrance) = word { Some(entrance) } else { None };
            while let Some(entrance) = next {
                next = self.visit(entrance).await;
                if let Some(host) = self.host.take() {
                    host.shutdown().await;
                }
            }
        }
    }

    /// Until it is over; then perhaps there is another to go to.
    async fn visit(&mut self, entrance: Entrance) -> Option<Entrance> {
        match self.enter(entrance).await {
            Ok(session) => self.attend(session).await,
            Err(error) => {
                self.end(EndingKind::Refused, format!("{error:#}")).await;
                None
            }
        }
    }

    async fn enter(&mut self, entrance: Entrance) -> anyhow::Result<SessionHandle> {
        let (link, name, avatar) = match entrance {
            Entrance::Join { link, name, avatar } => (link, name, avatar),
            Entrance::Host { room, name, avatar } => {
                self.say(FromRoom::Link(LinkState::Connecting(Approach::Opening))).await;
                let host = Host::start(&room, &self.folders.hosting()).await?;
                let link = host.owner_link().await?;
                self.say(FromRoom::Invite(host.guest_link().await?)).await;
                self.host = Some(host);
                (link, name, avatar)
            }
        };
        let link = JoinLink::parse(&link)?;
        self.say(FromRoom::Link(LinkState::Connecting(Approach::Knocking(link.room().to_string())))).await;
        let session = Session::spawn(SessionConfig {
            link,
            name: DisplayName::new(&name)?,
            avatar,
            device_key: load_or_create_device_key(&self.folders.device_key())?,
            cache: self.folders.files(),
            fetch_files: true,
        })?;
        let clock = session.clock().clone();
        self.say(FromRoom::Clock(RoomClock::new(move |at| clock.server_time(at)))).await;
        Ok(session)
    }

    /// Carries words until the session is over, or until it is left for another.
    async fn attend(&mut self, mut session: SessionHandle) -> Option<Entrance> {
        let mut elsewhere = None;
        let mut outgoing = Outgoing::default();
        let mut retry = tokio::time::interval(RETRY);
        retry.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Boards and pictures on their way; they end with the visit.
        let mut bulky: JoinSet<FromRoom> = JoinSet::new();
        loop {
            let next = tokio::select! {
                word = self.from_scene.recv() => Next::Scene(word),
                event = session.next() => Next::Session(event),
                Some(Ok(word)) = bulky.join_next() => Next::Fetched(word),
                _ = retry.tick(), if !outgoing.is_empty() => Next::TryAgain,
                Some(frame) = self.voice.spoken.recv() => Next::Spoken(frame),
            };
            match next {
                Next::Scene(None) => {
                    session.leave();
                    while session.next().await.is_some_and(|event| !is_over(&event)) {}
                    return None;
                }
                Next::Scene(Some(ToRoom::Leave)) => {
                    elsewhere = None;
                    session.leave();
                }
                Next::Scene(Some(ToRoom::Enter(entrance))) => {
                    elsewhere = Some(entrance);
                    session.leave();
                }
                Next::Scene(Some(word)) => {
                    if let Some(word) = fetch(word, session.bulk(), &mut bulky)
                        && let Some(command) = self.for_server(word, &session).await
                    {
                        outgoing.send(command, &session);
                    }
                }
                Next::Fetched(word) => self.say(word).await,
                Next::TryAgain => outgoing.send_waiting(&session),
                Next::Spoken(frame) => outgoing.send(SessionCommand::Voice(frame), &session),
                Next::Session(None) => return elsewhere,
                Next::Session(Some(event)) => {
                    let is_over = is_over(&event);
                    // A scene that is on its way elsewhere needs no more of this.
                    if elsewhere.is_none() {
                        self.tell_scene(event).await;
                    }
                    if is_over {
                        return elsewhere;
                    }
                }
            }
        }
    }

    /// A word of the scene in the session's terms; `None` where it is not for the server.
    async fn for_server(&self, word: ToRoom, session: &SessionHandle) -> Option<SessionCommand> {
        Some(match word {
            ToRoom::Control(word) => SessionCommand::Control(word),
            ToRoom::Board(word) => SessionCommand::Board(word),
            ToRoom::Live { board, payload } => SessionCommand::Live(LiveWord { board, payload }),
            ToRoom::Pose(pose) => SessionCommand::Pose { pose, captured: Instant::now() },
            ToRoom::Chat(text) => match atrium_protocol::ChatText::new(&text) {
                Ok(text) => SessionCommand::Control(ControlUp::Chat { nonce: session.next_nonce(), text }),
                Err(error) => {
                    tracing::warn!("this cannot be said in the chat: {error}");
                    return None;
                }
            },
            ToRoom::Invite => {
                self.invite().await;
                return None;
            }
            ToRoom::Enter(_)
            | ToRoom::Leave
            | ToRoom::Snapshot(_)
            | ToRoom::FetchPicture(_)
            | ToRoom::StorePicture { .. } => return None,
        })
    }

    async fn invite(&self) {
        let Some(host) = &self.host else { return };
        match host.guest_link().await {
            Ok(link) => self.say(FromRoom::Invite(link)).await,
            Err(error) => tracing::warn!("no new link: {error:#}"),
        }
    }

    async fn tell_scene(&self, event: SessionEvent) {
        match event {
            SessionEvent::State(state) => self.state(state).await,
            SessionEvent::Control(word) => self.say(FromRoom::Control(word)).await,
            SessionEvent::Board(word) => self.say(FromRoom::Board(word)).await,
            SessionEvent::Poses { poses, arrived } => self.say_fresh(FromRoom::Poses { poses, arrived }),
            SessionEvent::Live { records, .. } => {
                for LiveRecord { id: from, board, payload, .. } in records {
                    self.say_fresh(FromRoom::Live { from, board, payload });
                }
            }
            SessionEvent::Voice { slot, speaker, packet, arrived } => {
                self.say_fresh(FromRoom::VoiceLevel { speaker, level_dbov: packet.level_dbov });
                self.voice.hear(slot, speaker, packet, arrived);
            }
            SessionEvent::Files(files) => {
                let places = self.folders.places();
                let lay_out = move || {
                    files.map_err(|error| error.to_string()).and_then(|files| place_folder::lay_out(&files, &places))
                };
                let place = tokio::task::spawn_blocking(lay_out).await.unwrap_or_else(|error| Err(error.to_string()));
                self.say(FromRoom::Place(place)).await;
            }
        }
    }

    async fn state(&self, state: SessionState) {
        let link = match state {
            SessionState::Connecting => LinkState::Connecting(Approach::Connecting),
            SessionState::InLobby { message } => LinkState::InLobby(message),
            SessionState::Connected { me, resumed, .. } => LinkState::Connected { me, resumed },
            SessionState::Reconnecting { since } => LinkState::Reconnecting { since },
            SessionState::Closed { code, message } => LinkState::Ended(Ending { kind: ending_kind(code), message }),
        };
        self.say(FromRoom::Link(link)).await;
    }

    async fn end(&self, kind: EndingKind, message: String) {
        self.say(FromRoom::Link(LinkState::Ended(Ending { kind, message }))).await;
    }

    /// Waits until the scene has room; a scene that is gone needs nothing.
    async fn say(&self, mut word: FromRoom) {
        loop {
            match self.wire.to_scene.try_send(word) {
                Ok(()) | Err(TrySendError::Disconnected(_)) => return,
                Err(TrySendError::Full(back)) => word = back,
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Poses, levels and live words are only worth something now.
    fn say_fresh(&self, word: FromRoom) {
        let _ = self.wire.to_scene.try_send(word);
    }
}

/// Begins what goes over HTTPS and takes its time; gives back what does not.
fn fetch(word: ToRoom, bulk: &Bulk, bulky: &mut JoinSet<FromRoom>) -> Option<ToRoom> {
    if bulky.len() >= BULKY {
        tracing::warn!("too many boards and pictures are on their way: one is left out");
        return None;
    }
    let bulk = bulk.clone();
    match word {
        ToRoom::Snapshot(board) => drop(bulky.spawn(snapshot(bulk, board))),
        ToRoom::FetchPicture(hash) => drop(bulky.spawn(async move {
            FromRoom::Picture { hash, file: bulk.image(hash).await.map_err(|error| error.to_string()) }
        })),
        ToRoom::StorePicture { ticket, file } => drop(bulky.spawn(async move {
            let hash = bulk.upload_image(file).await.map_err(|error| error.to_string());
            FromRoom::PictureStored { ticket, hash }
        })),
        word => return Some(word),
    }
    None
}

async fn snapshot(bulk: Bulk, board: BoardId) -> FromRoom {
    let snapshot = bulk.board_snapshot(board).await;
    FromRoom::Snapshot { board, bytes: snapshot.map(|snapshot| snapshot.bytes).map_err(|error| error.to_string()) }
}

fn is_over(event: &SessionEvent) -> bool {
    matches!(event, SessionEvent::State(SessionState::Closed { .. }))
}

fn ending_kind(code: ClosedCode) -> EndingKind {
    match code {
        ClosedCode::Left => EndingKind::Left,
        ClosedCode::Server(code) => EndingKind::of_closing(code),
        ClosedCode::Refused(code) => EndingKind::of_refusal(code),
        ClosedCode::Unreachable => EndingKind::Unreachable,
    }
}
