use super::PATIENCE;
use super::ink::settle_all;
use super::mirror::Mirror;
use atrium_board::{Document, Live, Operation, read_snapshot};
use atrium_protocol::{
    AvatarBytes, BoardId, BoardUp, ChatText, ControlUp, DisplayName, HeadPose, ModerateAction, OperationBytes,
    ParticipantId, PersonId, Pose, SeatId,
};
use atrium_session::{
    Bulk, CommandError, FileFetcher, JoinLink, LiveWord, Session, SessionCommand, SessionConfig, SessionEvent,
    SessionHandle, VoiceFrame,
};
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use glam::{Quat, Vec3};
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};
use tokio::time::{MissedTickBehavior, interval, timeout_at};

/// Below the server's rate, so that two poses never merge into one.
const POSE_INTERVAL: Duration = Duration::from_millis(50);
const VOICE_INTERVAL: Duration = Duration::from_millis(20);
const SAMPLES_PER_FRAME: u32 = 960;
/// A level that counts as speech (RFC 6464).
const SPEECH_LEVEL: u8 = 25;
const EYES: Vec3 = Vec3::new(0.0, 1.6, 0.0);
/// Positions on the wire have steps of 1/512 m: each pose of a walk is at another one.
pub(crate) const WALK_STEPS: u32 = 512;

/// A key of an installation that nobody has seen before.
pub(crate) fn device_key() -> SigningKey {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).expect("randomness");
    SigningKey::from_bytes(&seed)
}

/// Who comes, and how.
pub(crate) struct PersonPlan {
    pub(crate) name: String,
    pub(crate) link: JoinLink,
    pub(crate) key: SigningKey,
    pub(crate) cache: std::path::PathBuf,
    pub(crate) fetches_files: bool,
}

impl PersonPlan {
    pub(crate) fn new(name: &str, link: JoinLink, folder: &Path) -> Self {
        let cache = folder.join("cache");
        Self { name: name.to_owned(), link, key: device_key(), cache, fetches_files: false }
    }

    pub(crate) fn with_key(self, key: &SigningKey) -> Self {
        Self { key: key.clone(), ..self }
    }
}

/// What somebody says.
#[derive(Clone)]
pub(crate) enum Speech {
    /// Packets that begin with their number.
    Counted,
    /// These packets, over and over.
    Frames(Vec<Bytes>),
}

/// Somebody with a real session, and everything that it told.
pub(crate) struct Person {
    name: String,
    key: SigningKey,
    files: FileFetcher,
    bulk: Bulk,
    shared: Arc<Shared>,
    orders: mpsc::Sender<Order>,
    nonces: AtomicU64,
}

#[derive(Default)]
struct Shared {
    mirror: Mutex<Mirror>,
    changed: Notify,
    poses_sent: AtomicU32,
    voices_sent: AtomicU32,
}

enum Order {
    Say(Box<SessionCommand>),
    Walk,
    Talk(Speech),
    Hush,
    Leave,
}

impl Person {
    /// Asks to come in.
    pub(crate) fn come(plan: PersonPlan) -> Self {
        let config = SessionConfig {
            link: plan.link,
            name: DisplayName::new(&plan.name).expect("a name"),
            avatar: AvatarBytes::default(),
            device_key: plan.key.clone(),
            cache: plan.cache,
            fetch_files: plan.fetches_files,
        };
        let handle = Session::spawn(config).expect("a session");
        let (files, bulk) = (handle.files().clone(), handle.bulk().clone());
        let nonces = AtomicU64::new(handle.next_nonce());
        let (orders, orders_in) = mpsc::channel(256);
        let shared = Arc::<Shared>::default();
        let life = Life { handle, shared: Arc::clone(&shared), waiting: None, walk_from: None, speech: None };
        tokio::spawn(life.live(orders_in));
        Self { name: plan.name, key: plan.key, files, bulk, shared, orders, nonces }
    }

    /// Comes in.
    pub(crate) async fn enter(plan: PersonPlan) -> Self {
        let person = Self::come(plan);
        person.eventually("in the room", |mirror| mirror.me().is_some_and(|me| mirror.people.contains_key(&me))).await;
        person
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(crate) fn person_id(&self) -> PersonId {
        atrium_protocol::DeviceKey(self.key.verifying_key().to_bytes()).person()
    }

    pub(crate) fn files(&self) -> &FileFetcher {
        &self.files
    }

    pub(crate) fn bulk(&self) -> &Bulk {
        &self.bulk
    }

    /// One's own attendance, the last one known.
    pub(crate) fn id(&self) -> ParticipantId {
        self.look(|mirror| mirror.welcome.as_ref().map(|welcome| welcome.you)).expect("was welcomed")
    }

    pub(crate) fn mirror(&self) -> MutexGuard<'_, Mirror> {
        self.shared.mirror.lock().expect("no test failed while it held this")
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&Mirror) -> T) -> T {
        look(&self.mirror())
    }

    /// Waits until something is so.
    pub(crate) async fn eventually(&self, what: &str, mut is_so: impl FnMut(&Mirror) -> bool) {
        self.find(what, |mirror| is_so(mirror).then_some(())).await;
    }

    /// Waits until something is there.
    pub(crate) async fn find<T>(&self, what: &str, look: impl FnMut(&Mirror) -> Option<T>) -> T {
        self.find_within(PATIENCE, what, look).await
    }

    pub(crate) async fn find_within<T>(
        &self,
        patience: Duration,
        what: &str,
        mut look: impl FnMut(&Mirror) -> Option<T>,
    ) -> T {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let changed = self.shared.changed.notified();
            if let Some(found) = look(&self.mirror()) {
                return found;
            }
            if timeout_at(deadline, changed).await.is_err() {
                panic!("{}: not within {patience:?}: {what}\n{}", self.name, self.mirror().summary());
            }
        }
    }

    pub(crate) async fn say(&self, message: ControlUp) {
        self.order(Order::Say(Box::new(SessionCommand::Control(message)))).await;
    }

    /// Says something; gives its number.
    pub(crate) async fn chat(&self, text: &str) -> u64 {
        let nonce = self.next_nonce();
        self.say(ControlUp::Chat { nonce, text: ChatText::new(text).expect("a short text") }).await;
        nonce
    }

    pub(crate) async fn moderate(&self, target: ParticipantId, action: ModerateAction) {
        self.say(ControlUp::Moderate { target, action }).await;
    }

    /// Sits down and waits until one sits.
    pub(crate) async fn sit(&self, seat: SeatId) {
        self.say(ControlUp::Sit { seat }).await;
        let is_there = |mirror: &Mirror| mirror.placement.is_some_and(|placement| placement.seat == Some(seat));
        self.eventually("seated", is_there).await;
    }

    /// Draws on the first board; gives the operation's number.
    pub(crate) async fn append(&self, operation: &Operation) -> u64 {
        self.append_to(BoardId(0), operation).await
    }

    pub(crate) async fn append_to(&self, board: BoardId, operation: &Operation) -> u64 {
        let nonce = self.next_nonce();
        self.append_as(board, nonce, operation).await;
        nonce
    }

    /// Draws under a number of one's choice.
    pub(crate) async fn append_as(&self, board: BoardId, nonce: u64, operation: &Operation) {
        let operation = operation.encode().expect("a possible operation");
        self.board(BoardUp::Append { board, nonce, operation }).await;
    }

    /// Appends bytes of any meaning to the first board; gives their number.
    pub(crate) async fn append_bytes(&self, operation: Vec<u8>) -> u64 {
        let nonce = self.next_nonce();
        let operation = OperationBytes::new(operation).expect("a small operation");
        self.board(BoardUp::Append { board: BoardId(0), nonce, operation }).await;
        nonce
    }

    /// Shows what one does at a board at this moment.
    pub(crate) async fn live(&self, board: BoardId, live: &Live) {
        self.live_bytes(board, live.encode()).await;
    }

    pub(crate) async fn live_bytes(&self, board: BoardId, payload: Vec<u8>) {
        self.order(Order::Say(Box::new(SessionCommand::Live(LiveWord { board, payload })))).await;
    }

    /// The first board as whoever comes late gets it: a snapshot, and what was drawn since.
    pub(crate) async fn whole_board(&self) -> Document {
        let snapshot = self.bulk.board_snapshot(BoardId(0)).await.expect("a snapshot");
        let mut document = read_snapshot(&snapshot.bytes).expect("a snapshot of the server");
        assert_eq!(document.sequence(), snapshot.sequence, "what is in it is what it says");
        self.fetch(snapshot.sequence).await;
        settle_all(&mut document, &self.look(|mirror| mirror.board.clone()));
        document
    }

    /// Reads the first board, and what is added to it from then on.
    pub(crate) async fn read_board(&self) {
        self.fetch(0).await;
    }

    async fn fetch(&self, after: u64) {
        let answers = self.look(|mirror| mirror.up_to_date.len());
        self.board(BoardUp::Fetch { board: BoardId(0), after }).await;
        self.eventually("the board is here", |mirror| mirror.up_to_date.len() > answers).await;
    }

    async fn board(&self, message: BoardUp) {
        self.order(Order::Say(Box::new(SessionCommand::Board(message)))).await;
    }

    fn next_nonce(&self) -> u64 {
        self.nonces.fetch_add(1, Ordering::Relaxed)
    }

    /// Moves the head from now on, from wherever one is placed.
    pub(crate) async fn walk(&self) {
        self.order(Order::Walk).await;
    }

    /// Speaks from now on.
    pub(crate) async fn talk(&self, speech: Speech) {
        self.order(Order::Talk(speech)).await;
    }

    pub(crate) async fn hush(&self) {
        self.order(Order::Hush).await;
    }

    pub(crate) async fn leave(&self) {
        self.order(Order::Leave).await;
        self.eventually("left", |mirror| mirror.closed().is_some()).await;
    }

    pub(crate) fn poses_sent(&self) -> u32 {
        self.shared.poses_sent.load(Ordering::Relaxed)
    }

    pub(crate) fn voices_sent(&self) -> u32 {
        self.shared.voices_sent.load(Ordering::Relaxed)
    }

    async fn order(&self, order: Order) {
        self.orders.send(order).await.unwrap_or_else(|_| panic!("the session of {} is over", self.name));
    }
}

/// The owner of a session: reads what it says at once, and sends what it is told to.
struct Life {
    handle: SessionHandle,
    shared: Arc<Shared>,
    /// What the session had no room for yet.
    waiting: Option<SessionCommand>,
    /// Where the walk begins, and under which placement.
    walk_from: Option<(atrium_protocol::Placement, Vec3)>,
    speech: Option<Speech>,
}

impl Life {
    async fn live(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut pose_ticks = ticks(POSE_INTERVAL);
        let mut voice_ticks = ticks(VOICE_INTERVAL);
        loop {
            tokio::select! {
                event = self.handle.next() => match event {
                    Some(event) => self.take(event),
                    None => break,
                },
                order = orders.recv(), if self.waiting.is_none() => match order {
                    Some(order) => self.follow(order),
                    None => return,
                },
                () = tokio::time::sleep(Duration::from_millis(1)), if self.waiting.is_some() => self.send_waiting(),
                _ = pose_ticks.tick(), if self.walk_from.is_some() => self.step(),
                _ = voice_ticks.tick(), if self.speech.is_some() => self.speak(),
            }
        }
        // The session is over: what was ordered meanwhile has no effect.
        while orders.recv().await.is_some() {}
    }

    fn take(&mut self, event: SessionEvent) {
        self.shared.mirror.lock().expect("no test failed while it held this").take(event);
        self.shared.changed.notify_waiters();
    }

    fn follow(&mut self, order: Order) {
        match order {
            Order::Say(command) => {
                self.waiting = Some(*command);
                self.send_waiting();
            }
            Order::Walk => self.walk_from = self.here(),
            Order::Talk(speech) => self.speech = Some(speech),
            Order::Hush => self.speech = None,
            Order::Leave => self.handle.leave(),
        }
    }

    fn send_waiting(&mut self) {
        let Some(command) = self.waiting.take() else { return };
        if self.handle.try_send(command.clone()) == Err(CommandError::Full) {
            self.waiting = Some(command);
        }
    }

    fn here(&self) -> Option<(atrium_protocol::Placement, Vec3)> {
        let placement = self.shared.mirror.lock().expect("no test failed while it held this").placement?;
        Some((placement, Vec3::from_array(placement.position) + EYES))
    }

    fn step(&mut self) {
        let here = self.here();
        if here.map(|(placement, _)| placement.epoch) != self.walk_from.map(|(placement, _)| placement.epoch) {
            self.walk_from = here;
        }
        let Some((placement, start)) = self.walk_from else { return };
        let number = self.shared.poses_sent.load(Ordering::Relaxed);
        let position = start - Vec3::X * walk_offset_m(number);
        let head = HeadPose { position, rotation: Quat::from_rotation_y(placement.yaw) };
        let pose = Pose { epoch: placement.epoch, head: Some(head), left: None, right: None };
        if self.handle.try_send(SessionCommand::Pose { pose, captured: Instant::now() }).is_ok() {
            self.shared.poses_sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn speak(&mut self) {
        let number = self.shared.voices_sent.load(Ordering::Relaxed);
        let payload = match &self.speech {
            Some(Speech::Counted) => counted_payload(number),
            Some(Speech::Frames(frames)) => frames[number as usize % frames.len()].clone(),
            None => return,
        };
        let frame = VoiceFrame {
            timestamp: number.wrapping_mul(SAMPLES_PER_FRAME),
            level_dbov: SPEECH_LEVEL,
            marker: number == 0,
            captured: Instant::now(),
            payload,
        };
        if self.handle.try_send(SessionCommand::Voice(frame)).is_ok() {
            self.shared.voices_sent.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// How far the pose with this number is from the walk's beginning.
pub(crate) fn walk_offset_m(number: u32) -> f32 {
    (number % WALK_STEPS) as f32 / 512.0
}

/// A voice packet that tells its number.
fn counted_payload(number: u32) -> Bytes {
    let mut payload = vec![0x5a; 72];
    payload[..4].copy_from_slice(&number.to_be_bytes());
    payload.into()
}

/// The number of a voice packet of [`Speech::Counted`].
pub(crate) fn payload_number(payload: &[u8]) -> Option<u32> {
    payload.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
}
