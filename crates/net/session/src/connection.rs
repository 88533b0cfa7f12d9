use crate::board_cursor::BoardCursors;
use crate::clock::SharedClock;
use crate::commands::{CommandReceivers, LiveWord, VoiceFrame};
use crate::event::{ClosedCode, ConnectTimes, SessionEvent, SessionState};
use crate::files::FileFetcher;
use crate::unacknowledged::Unacknowledged;
use atrium_link::webrtc_driver::{Arrived, Transport, WebrtcPeer};
use atrium_link::{LinkEvent, VoicePacket};
use atrium_protocol::{
    BoardDown, BoardId, BoardUp, ControlDown, ControlUp, FileEntry, JoinAnswer, Lane, LiveUp, Pose, PoseUp, Tick,
    Welcome, decode_live_down, decode_message, decode_pose_down, encode_live_up, encode_message, encode_pose_up,
};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

/// How long the way to an open control lane may take.
const UDP_OPENS_WITHIN: Duration = Duration::from_secs(5);
const TCP_OPENS_WITHIN: Duration = Duration::from_secs(8);
/// Pings: some at once for a first good guess, then seldom.
const FIRST_PINGS: u32 = 5;
const FIRST_PING_INTERVAL: Duration = Duration::from_millis(40);
const PING_INTERVAL: Duration = Duration::from_secs(2);
/// Words that wait here for a lane; until they are gone no more are taken from the owner.
const OUTGOING: usize = 16;
/// How long leaving may take.
const LEAVE_WITHIN: Duration = Duration::from_millis(500);

/// What outlives a connection.
#[derive(Default)]
pub(crate) struct Memory {
    unacknowledged: Unacknowledged,
    cursors: BoardCursors,
    files: Vec<FileEntry>,
    pose_sequence: Tick,
    voice_sequence: u16,
    live_sequence: u16,
    /// Ends with the session: nobody waits for files of a room that they have left.
    fetches: JoinSet<()>,
}

/// How a connection ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It never stood.
    NeverOpened,
    /// It is gone without a word, or with one that asks to come back.
    Lost {
        /// Whether one was in the room.
        was_in: bool,
    },
    /// The session is over.
    Over {
        /// Why, for programs.
        code: ClosedCode,
        /// Why, for people.
        message: String,
    },
}

/// One connection and what is on its way through it.
pub(crate) struct Connection {
    peer: WebrtcPeer,
    incoming: mpsc::Receiver<Arrived>,
    answer: JoinAnswer,
    transport: Transport,
    clock: SharedClock,
    requested: Instant,
    answered: Instant,
    opened: Option<Instant>,
    is_in: bool,
    control_out: VecDeque<Bytes>,
    board_out: VecDeque<Bytes>,
    pings: u32,
    next_ping: Instant,
}

/// What happens next.
enum Step {
    Arrived(Option<Arrived>),
    Control(ControlUp),
    Board(BoardUp),
    Pose(Pose, Instant),
    Voice(VoiceFrame),
    Live(LiveWord),
    Ready(Lane),
    Ping,
    TooLate,
    Leave,
}

impl Connection {
    pub(crate) fn new(
        peer: WebrtcPeer,
        incoming: mpsc::Receiver<Arrived>,
        answer: JoinAnswer,
        transport: Transport,
        clock: SharedClock,
        requested: Instant,
        answered: Instant,
    ) -> Self {
        Self {
            peer,
            incoming,
            answer,
            transport,
            clock,
            requested,
            answered,
            opened: None,
            is_in: false,
            control_out: VecDeque::new(),
            board_out: VecDeque::new(),
            pings: 0,
            next_ping: answered,
        }
    }

    /// Hangs up. Only who is gone for good says goodbye: the server keeps the place of others.
    pub(crate) async fn end(&self, ended: &Ended) {
        match ended {
            Ended::Over { .. } => self.peer.close().await,
            Ended::NeverOpened | Ended::Lost { .. } => self.peer.abandon().await,
        }
    }

    /// Carries words both ways until the connection ends.
    pub(crate) async fn talk(
        &mut self,
        commands: &mut CommandReceivers,
        events: &mpsc::Sender<SessionEvent>,
        leave: &mut watch::Receiver<bool>,
        auto_fetch: Option<&FileFetcher>,
        memory: &mut Memory,
    ) -> Ended {
        commands.drop_stale();
        loop {
            let step = self.next_step(commands, leave, memory).await;
            let ended = match step {
                Step::Arrived(Some(arrived)) => self.take_event(arrived, events, auto_fetch, memory).await,
                Step::Arrived(None) => Some(Ended::Lost { was_in: self.is_in }),
                Step::Control(ControlUp::Leave) | Step::Leave => Some(self.leave(commands).await),
                Step::Control(message) => {
                    memory.unacknowledged.on_control_up(&message);
                    self.queue_control(&message);
                    None
                }
                Step::Board(message) => {
                    memory.cursors.on_board_up(&message);
                    if memory.unacknowledged.on_board_up(&message) {
                        self.queue_board(&message);
                    }
                    None
                }
                Step::Pose(pose, captured) => self.send_pose(pose, captured, memory),
                Step::Voice(frame) => self.send_voice(frame, memory).await,
                Step::Live(word) => self.send_live(word, memory),
                Step::Ready(lane) => self.send_next(lane),
                Step::Ping => self.ping(),
                Step::TooLate => Some(Ended::NeverOpened),
            };
            if let Some(ended) = ended {
                tracing::debug!(?ended, "connection");
                return ended;
            }
        }
    }

    async fn next_step(
        &mut self,
        commands: &mut CommandReceivers,
        leave: &mut watch::Receiver<bool>,
        memory: &Memory,
    ) -> Step {
        let is_open = self.opened.is_some();
        let takes_control =
            self.is_in && self.control_out.len() < OUTGOING && memory.unacknowledged.has_room_for_chat();
        let takes_board = self.is_in && self.board_out.len() < OUTGOING && memory.unacknowledged.has_room_for_append();
        let opens_within = if self.transport == Transport::Udp { UDP_OPENS_WITHIN } else { TCP_OPENS_WITHIN };
        tokio::select! {
            arrived = self.incoming.recv() => Step::Arrived(arrived),
            Some(message) = commands.control.recv(), if takes_control => Step::Control(message),
            Some(message) = commands.board.recv(), if takes_board => Step::Board(message),
            Some((pose, captured)) = commands.pose.recv(), if self.is_in => Step::Pose(pose, captured),
            Some(frame) = commands.voice.recv(), if self.is_in => Step::Voice(frame),
            Some(word) = commands.live.recv(), if self.is_in => Step::Live(word),
            _ = self.peer.ready(Lane::Control), if is_open && !self.control_out.is_empty() => Step::Ready(Lane::Control),
            _ = self.peer.ready(Lane::Board), if self.is_in && !self.board_out.is_empty() => Step::Ready(Lane::Board),
            () = sleep_until(self.next_ping.into()), if is_open => Step::Ping,
            () = sleep_until((self.answered + opens_within).into()), if !is_open => Step::TooLate,
            _ = leave.wait_for(|leave| *leave) => Step::Leave,
        }
    }

    async fn take_event(
        &mut self,
        arrived: Arrived,
        events: &mpsc::Sender<SessionEvent>,
        auto_fetch: Option<&FileFetcher>,
        memory: &mut Memory,
    ) -> Option<Ended> {
        match arrived.event {
            LinkEvent::LaneOpen(Lane::Control) => {
                self.opened = Some(arrived.at);
                self.next_ping = arrived.at;
            }
            LinkEvent::LaneOpen(_) => {}
            LinkEvent::Message { lane: Lane::Control, bytes } => {
                let message = decode(Lane::Control, &bytes)?;
                return self.take_control(message, arrived.at, events, auto_fetch, memory).await;
            }
            LinkEvent::Message { lane: Lane::Board, bytes } => {
                let message = decode(Lane::Board, &bytes)?;
                self.take_board(message, events, memory).await;
            }
            LinkEvent::Message { lane: Lane::Pose, bytes } => {
                let _ = events.try_send(fresh_event(&bytes, arrived.at)?);
            }
            LinkEvent::Voice { slot, speaker, packet } => {
                let (speaker, arrived) = (speaker?, arrived.at);
                let _ = events.try_send(SessionEvent::Voice { slot, speaker, packet, arrived });
            }
            LinkEvent::Closed(_) => return Some(Ended::Lost { was_in: self.is_in }),
        }
        None
    }

    async fn take_control(
        &mut self,
        message: ControlDown,
        at: Instant,
        events: &mpsc::Sender<SessionEvent>,
        auto_fetch: Option<&FileFetcher>,
        memory: &mut Memory,
    ) -> Option<Ended> {
        memory.unacknowledged.on_control_down(self.answer.person, &message);
        let mut state = None;
        let mut ended = None;
        match &message {
            ControlDown::Pong { client_us, server_us } => {
                self.clock.on_pong(*client_us, at, *server_us);
                return None;
            }
            ControlDown::Welcome(welcome) => {
                state = Some(self.enter(welcome, at, memory));
                fetch_new_files(welcome, auto_fetch, events, memory);
            }
            // It does not say which; what was missed there will never come.
            ControlDown::Refused { what, .. } if what == "fetch" => {
                memory.unacknowledged.behind().into_iter().for_each(|board| self.caught_up(board, memory));
            }
            ControlDown::InLobby { message } => {
                state = Some(SessionState::InLobby { message: message.to_string() });
            }
            ControlDown::Closing { code, message } if code.may_resume() => {
                tracing::debug!(%message, "the server asks to come back");
                ended = Some(Ended::Lost { was_in: self.is_in });
            }
            ControlDown::Closing { code, message } => {
                ended = Some(Ended::Over { code: ClosedCode::Server(*code), message: message.to_string() });
            }
            _ => {}
        }
        let _ = events.send(SessionEvent::Control(Box::new(message))).await;
        if let Some(state) = state {
            let _ = events.send(SessionEvent::State(state)).await;
        }
        ended
    }

    /// One is in: what was not acknowledged before is said again.
    fn enter(&mut self, welcome: &Welcome, at: Instant, memory: &mut Memory) -> SessionState {
        self.is_in = true;
        let fetches = memory.cursors.fetches();
        fetches.iter().for_each(|fetch| self.queue_board(fetch));
        memory.unacknowledged.on_fetches(&fetches);
        for append in memory.unacknowledged.appends() {
            self.queue_board(append);
        }
        for chat in memory.unacknowledged.chats() {
            self.queue_control(chat);
        }
        let times = ConnectTimes {
            requested: self.requested,
            answered: self.answered,
            opened: self.opened.unwrap_or(at),
            welcomed: at,
        };
        let (person, resumed) = (self.answer.person, self.answer.resumed);
        SessionState::Connected { me: welcome.you, person, resumed, times }
    }

    async fn take_board(&mut self, message: BoardDown, events: &mpsc::Sender<SessionEvent>, memory: &mut Memory) {
        let is_answer = memory.unacknowledged.on_board_down(self.answer.person, &message);
        let caught_up = if let BoardDown::UpToDate { board, .. } = &message { Some(*board) } else { None };
        let delivery = memory.cursors.on_board_down(message, is_answer);
        for message in delivery.ready {
            let _ = events.send(SessionEvent::Board(message)).await;
        }
        match (delivery.fetch, caught_up) {
            (Some(fetch), _) => self.queue_board(&fetch),
            (None, Some(board)) => self.caught_up(board, memory),
            (None, None) => {}
        }
    }

    fn caught_up(&mut self, board: BoardId, memory: &mut Memory) {
        memory.unacknowledged.caught_up(board).for_each(|append| self.queue_board(append));
    }

    fn queue_control(&mut self, message: &ControlUp) {
        self.control_out.extend(encode(Lane::Control, message));
    }

    fn queue_board(&mut self, message: &BoardUp) {
        self.board_out.extend(encode(Lane::Board, message));
    }

    fn send_next(&mut self, lane: Lane) -> Option<Ended> {
        let queue = if lane == Lane::Board { &mut self.board_out } else { &mut self.control_out };
        let next = queue.pop_front()?;
        match self.peer.try_send(lane, next.clone()) {
            Ok(()) => None,
            Err(error @ atrium_link::SendError::TooLarge) => {
                tracing::error!(%error, ?lane, bytes = next.len(), "a message of ours was not sent");
                None
            }
            Err(atrium_link::SendError::Full) => {
                queue.push_front(next);
                None
            }
            Err(atrium_link::SendError::NotOpen) => Some(Ended::Lost { was_in: self.is_in }),
        }
    }

    fn send_pose(&mut self, pose: Pose, captured: Instant, memory: &mut Memory) -> Option<Ended> {
        memory.pose_sequence = memory.pose_sequence.next();
        let captured_ms = self.clock.server_time(captured).wrapped_millis();
        let bytes = encode_pose_up(&PoseUp { sequence: memory.pose_sequence, captured_ms, pose });
        if let Err(error) = self.peer.try_send(Lane::Pose, bytes.into()) {
            tracing::trace!(%error, "pose not sent");
        }
        None
    }

    async fn send_voice(&mut self, frame: VoiceFrame, memory: &mut Memory) -> Option<Ended> {
        memory.voice_sequence = memory.voice_sequence.wrapping_add(1);
        let packet = VoicePacket {
            sequence: memory.voice_sequence,
            timestamp: frame.timestamp,
            marker: frame.marker,
            level_dbov: frame.level_dbov,
            captured: Some(self.clock.server_time(frame.captured)),
            payload: frame.payload,
        };
        if let Err(error) = self.peer.send_voice(packet).await {
            tracing::trace!(%error, "voice not sent");
        }
        None
    }

    fn send_live(&mut self, word: LiveWord, memory: &mut Memory) -> Option<Ended> {
        memory.live_sequence = memory.live_sequence.wrapping_add(1);
        let LiveWord { board, payload } = word;
        let sent = encode_live_up(&LiveUp { board, sequence: memory.live_sequence, payload })
            .map_err(|error| error.to_string())
            .and_then(|bytes| self.peer.try_send(Lane::Pose, bytes.into()).map_err(|error| error.to_string()));
        if let Err(error) = sent {
            tracing::trace!(error, "live word not sent");
        }
        None
    }

    fn ping(&mut self) -> Option<Ended> {
        let now = Instant::now();
        self.pings = self.pings.saturating_add(1);
        self.next_ping = now + if self.pings < FIRST_PINGS { FIRST_PING_INTERVAL } else { PING_INTERVAL };
        // A ping that had to wait in a queue would measure the queue.
        if let Some(bytes) = encode(Lane::Control, &ControlUp::Ping { client_us: self.clock.ping_number(now) }) {
            let _ = self.peer.try_send(Lane::Control, bytes);
        }
        None
    }

    /// Says the last words and waits for the server to hang up.
    async fn leave(&mut self, commands: &mut CommandReceivers) -> Ended {
        while let Ok(message) = commands.control.try_recv() {
            self.queue_control(&message);
        }
        self.queue_control(&ControlUp::Leave);
        let last_words = async {
            for bytes in std::mem::take(&mut self.control_out) {
                if self.peer.send(Lane::Control, bytes).await.is_err() {
                    return;
                }
            }
            while let Some(arrived) = self.incoming.recv().await {
                if matches!(arrived.event, LinkEvent::Closed(_)) {
                    return;
                }
            }
        };
        if self.opened.is_some() && timeout(LEAVE_WITHIN, last_words).await.is_err() {
            tracing::debug!("the server did not answer the farewell");
        }
        Ended::Over { code: ClosedCode::Left, message: "you left".to_owned() }
    }
}

fn fetch_new_files(
    welcome: &Welcome,
    auto_fetch: Option<&FileFetcher>,
    events: &mpsc::Sender<SessionEvent>,
    memory: &mut Memory,
) {
    let Some(fetcher) = auto_fetch.cloned() else { return };
    if memory.files == welcome.files && !welcome.files.is_empty() {
        return;
    }
    memory.files.clone_from(&welcome.files);
    let (entries, events) = (welcome.files.clone(), events.clone());
    memory.fetches.spawn(async move {
        let files = fetcher.fetch(&entries).await;
        let _ = events.send(SessionEvent::Files(files)).await;
    });
}

/// What a datagram of the pose lane says: bodies, or boards.
fn fresh_event(bytes: &[u8], arrived: Instant) -> Option<SessionEvent> {
    if let Ok(poses) = decode_pose_down(bytes) {
        return Some(SessionEvent::Poses { poses, arrived });
    }
    let live = decode_live_down(bytes).ok()?;
    Some(SessionEvent::Live { records: live.records, arrived })
}

fn decode<T: DeserializeOwned>(lane: Lane, bytes: &[u8]) -> Option<T> {
    let decoded = decode_message(bytes, lane.spec().max_message_bytes);
    decoded.inspect_err(|error| tracing::debug!(%error, ?lane, "message of the server ignored")).ok()
}

fn encode<T: Serialize>(lane: Lane, message: &T) -> Option<Bytes> {
    let encoded = encode_message(message, lane.spec().max_message_bytes);
    encoded.inspect_err(|error| tracing::warn!(%error, ?lane, "message not sent")).ok().map(Bytes::from)
}
