//! A room with a driver and a disk, on virtual time.

use atrium_board::{Document, Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Style};
use atrium_place::Place;
use atrium_protocol::*;
use atrium_room::*;
use bytes::Bytes;
use glam::Vec2;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

const PLACE: &str = r#"Room(
    title: "Test hall",
    bounds: (min: (-20.0, 0.0, -20.0), max: (20.0, 6.0, 20.0)),
    spawns: [
        (position: (0.0, 0.0, 4.0), yaw_degrees: 0.0),
        (position: (2.0, 0.0, 4.0), yaw_degrees: 0.0),
        (position: (4.0, 0.0, 4.0), yaw_degrees: 0.0),
    ],
    seats: [
        (position: (-4.0, 0.0, 0.0), yaw_degrees: 90.0),
        (position: (-4.0, 0.0, 2.0), yaw_degrees: 90.0),
    ],
    boards: [
        (name: "Left", position: (-2.0, 1.5, -5.0), yaw_degrees: 180.0, size: (2.0, 1.2)),
        (name: "Right", position: (2.0, 1.5, -5.0), yaw_degrees: 180.0, size: (2.0, 1.2)),
    ],
    zones: [
        (name: "Booth", min: (10.0, 0.0, -20.0), max: (20.0, 6.0, 20.0), private: true),
        (name: "Stage", min: (-20.0, 0.0, -20.0), max: (20.0, 6.0, -12.0), stage: true),
        (name: "Den", min: (-20.0, 0.0, 10.0), max: (-10.0, 6.0, 20.0), private: true),
    ],
)"#;

pub(crate) fn place() -> Arc<Place> {
    Arc::new(Place::parse(PLACE).expect("the test place is sound"))
}

pub(crate) fn person(n: u8) -> PersonId {
    PersonId([n; 32])
}

pub(crate) fn invite(name: &str) -> InviteId {
    InviteId::parse(name).unwrap()
}

pub(crate) fn reason(text: &str) -> ReasonText {
    ReasonText::truncated(text)
}

pub(crate) fn secret(n: u8) -> ResumeSecret {
    ResumeSecret([n; 32])
}

/// An admission by the invite named like the role.
pub(crate) fn admission(n: u8, role: Role) -> Admission {
    Admission {
        person: person(n),
        name: DisplayName::new(format!("Person {n}")).unwrap(),
        avatar: AvatarBytes::default(),
        invite: invite(&format!("{role:?}")),
        invited_role: role,
        uses: None,
        resume: None,
        new_secret: secret(n),
    }
}

pub(crate) fn resume(n: u8, participant: ParticipantId, old: ResumeSecret, new: ResumeSecret) -> Admission {
    let resume = Some(ResumeClaim { participant, secret: old });
    Admission { resume, new_secret: new, ..admission(n, Role::Guest) }
}

/// An element that can be told by its number.
pub(crate) fn rectangle(id: u64) -> Edit {
    add(id, NewElement::Rectangle { size: Vec2::new(40.0, 30.0) })
}

pub(crate) fn add(id: u64, shape: NewElement) -> Edit {
    Edit::Add {
        id: ElementId(id),
        page: PageId::FIRST,
        order: OrderKey::between(None, None),
        frame: Frame::at(Vec2::new(id as f32 % 1_000.0, 0.0)),
        style: Style::default(),
        shape,
    }
}

/// As large as an operation may be, or nearly.
pub(crate) fn large_operation(first_id: u64) -> OperationBytes {
    let text = |bytes| NewElement::Text { text: "x".repeat(bytes), wrap_mm: None, size: Vec2::new(400.0, 40.0) };
    encoded(vec![add(first_id, text(4_096)), add(first_id + 1, text(4_096)), add(first_id + 2, text(3_200))])
}

pub(crate) fn encoded(edits: Vec<Edit>) -> OperationBytes {
    Operation { edits }.encode().unwrap()
}

/// What a log makes of an empty board. What was written before boards had documents has no effect.
pub(crate) fn replayed(log: &[BoardEntry]) -> Document {
    let mut document = Document::default();
    log.iter().for_each(|entry| replay(&mut document, entry));
    document
}

pub(crate) fn replay(document: &mut Document, entry: &BoardEntry) {
    let operation = Operation::decode(entry.operation.as_bytes()).unwrap_or_default();
    let by = OperationId { author: entry.author, nonce: entry.nonce };
    document.settle(entry.sequence, by, entry.at.millis(), &operation);
}

/// The records that were committed, as the store would give them back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    pub(crate) saved: SavedRoom,
    pub(crate) boards: BTreeMap<BoardId, Vec<BoardEntry>>,
    pub(crate) audit: Vec<(&'static str, Option<PersonId>, Option<PersonId>)>,
}

impl Disk {
    pub(crate) fn store(&mut self, records: Vec<Record>) {
        records.into_iter().for_each(|record| self.store_one(record));
    }

    fn store_one(&mut self, record: Record) {
        let saved = &mut self.saved;
        match record {
            Record::PersonSeen { person, .. } => drop(saved.known_people.insert(person)),
            Record::RoleGiven { person, role } => drop(saved.roles.insert(person, role)),
            Record::ParticipantIssued { next } => {
                assert!(next > saved.next_participant, "ids only grow");
                saved.next_participant = next;
            }
            Record::InviteSpent { invite, person, .. } => {
                saved.spent_invites.entry(invite).or_default().insert(person);
            }
            Record::Banned { person, invite, reason, .. } => {
                saved.bans.insert(person, reason);
                saved.tainted_invites.extend(invite);
            }
            Record::Unbanned { person, .. } => drop(saved.bans.remove(&person)),
            Record::SettingsChanged { settings } => saved.settings = settings,
            Record::ChatSaid(message) => {
                assert_eq!(message.sequence, saved.last_chat_sequence + 1, "chat without gaps");
                saved.last_chat_sequence = message.sequence;
                let last = saved.chat_nonces.insert(message.author, message.nonce);
                assert!(last.is_none_or(|last| last < message.nonce), "an author's numbers grow");
                saved.chat.push(message);
            }
            Record::BoardAppended { board, sequence, author, nonce, operation, at } => {
                let entries = self.boards.entry(board).or_default();
                assert_eq!(sequence, entries.len() as u64 + 1, "a board's log without gaps");
                entries.push(BoardEntry { sequence, author, nonce, operation, at });
                saved.board_sequences.insert(board, sequence);
                let last = saved.board_nonces.insert((board, author), nonce);
                assert!(last.is_none_or(|last| last < nonce), "an author's numbers grow");
            }
            Record::Audit { event, actor, subject, .. } => self.audit.push((event, actor, subject)),
        }
    }

    pub(crate) fn audited(&self, event: &str) -> usize {
        self.audit.iter().filter(|(other, _, _)| *other == event).count()
    }
}

/// What a connection was sent.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    pub(crate) control: VecDeque<ControlDown>,
    pub(crate) board: VecDeque<BoardDown>,
    pub(crate) poses: VecDeque<PoseDown>,
    pub(crate) live: VecDeque<LiveDown>,
    pub(crate) pose_bytes: usize,
}

/// A room whose disk answers at once, unless `is_disk_held`.
pub(crate) struct World {
    pub(crate) room: Room,
    pub(crate) now: Micros,
    pub(crate) disk: Disk,
    pub(crate) is_disk_held: bool,
    pub(crate) promises: VecDeque<(Ticket, Vec<Record>)>,
    pub(crate) is_loading_held: bool,
    pub(crate) loads: VecDeque<(ParticipantId, BoardId, u64, u64, u32)>,
    pub(crate) connected: BTreeSet<ParticipantId>,
    pub(crate) inboxes: BTreeMap<ParticipantId, Inbox>,
    pub(crate) closed: Vec<(ParticipantId, CloseCode)>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut RoomConfig)) -> Self {
        Self::opened(SavedRoom::default(), place(), change)
    }

    pub(crate) fn opened(saved: SavedRoom, place: Arc<Place>, change: impl FnOnce(&mut RoomConfig)) -> Self {
        let mut config = RoomConfig::new(RoomId::parse("hall").unwrap());
        change(&mut config);
        Self {
            room: Room::new(config, place, saved.clone()),
            now: Micros::from_millis(1_700_000_000_000),
            disk: Disk { saved, ..Disk::default() },
            is_disk_held: false,
            promises: VecDeque::new(),
            is_loading_held: false,
            loads: VecDeque::new(),
            connected: BTreeSet::new(),
            inboxes: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    /// The same room after a restart of the server.
    pub(crate) fn restarted(self) -> Self {
        let mut saved = self.disk.saved.clone();
        saved.documents = self.disk.boards.iter().map(|(board, log)| (*board, replayed(log))).collect();
        let mut world = Self::opened(saved, place(), |_| {});
        world.now = self.now;
        world.disk = self.disk;
        world
    }

    pub(crate) fn admit(&mut self, admission: Admission) -> Result<Admitted, Refused> {
        let admitted = self.room.admit(self.now, admission);
        if let Ok(Admitted { participant, resumed: true, .. }) = &admitted {
            self.connected.remove(participant);
        }
        self.drain();
        admitted
    }

    pub(crate) fn refusal(&mut self, admission: Admission) -> JoinRefusalCode {
        let refused = self.admit(admission).expect_err("must be refused");
        assert!(refused.message.len() > 10, "a sentence: {}", refused.message);
        refused.code
    }

    pub(crate) fn connect(&mut self, id: ParticipantId) {
        self.connected.insert(id);
        self.input(RoomInput::Connected { id });
    }

    pub(crate) fn enter(&mut self, admission: Admission) -> ParticipantId {
        let admitted = self.admit(admission).expect("must get in");
        self.connect(admitted.participant);
        admitted.participant
    }

    /// Person `n` comes in by an invite for a role.
    pub(crate) fn join(&mut self, n: u8, role: Role) -> ParticipantId {
        self.enter(admission(n, role))
    }

    pub(crate) fn input(&mut self, input: RoomInput) {
        self.room.handle(self.now, input);
        self.drain();
    }

    pub(crate) fn received(&mut self, id: ParticipantId, lane: Lane, bytes: Vec<u8>) {
        self.input(RoomInput::Received { id, lane, bytes: Bytes::from(bytes) });
    }

    pub(crate) fn say(&mut self, id: ParticipantId, message: &ControlUp) {
        self.received(id, Lane::Control, encode_message(message, usize::MAX).unwrap());
    }

    pub(crate) fn moderate(&mut self, by: ParticipantId, target: ParticipantId, action: ModerateAction) {
        self.say(by, &ControlUp::Moderate { target, action });
    }

    pub(crate) fn append(&mut self, id: ParticipantId, board: u16, nonce: u64) {
        self.draw(id, board, nonce, vec![rectangle(u64::from(id.0) << 32 | nonce)]);
    }

    pub(crate) fn draw(&mut self, id: ParticipantId, board: u16, nonce: u64, edits: Vec<Edit>) {
        self.board(id, &BoardUp::Append { board: BoardId(board), nonce, operation: encoded(edits) });
    }

    pub(crate) fn board(&mut self, id: ParticipantId, message: &BoardUp) {
        self.received(id, Lane::Board, encode_message(message, usize::MAX).unwrap());
    }

    pub(crate) fn lose(&mut self, id: ParticipantId) {
        self.connected.remove(&id);
        self.input(RoomInput::Lost { id });
    }

    /// The disk has the oldest promise, or fails to.
    pub(crate) fn settle_promise(&mut self, is_stored: bool) {
        let Some((ticket, records)) = self.promises.pop_front() else { return };
        if is_stored {
            self.disk.store(records);
            self.input(RoomInput::Committed { ticket });
        } else {
            self.input(RoomInput::CommitFailed { ticket });
        }
    }

    pub(crate) fn commit_all(&mut self) {
        while !self.promises.is_empty() {
            self.settle_promise(true);
        }
    }

    /// The store answers the oldest question for a board's log.
    pub(crate) fn load(&mut self) {
        let Some((id, board, after, up_to, limit)) = self.loads.pop_front() else { return };
        let log = self.disk.boards.get(&board).map_or(&[][..], Vec::as_slice);
        let wanted = log.iter().filter(|entry| entry.sequence > after && entry.sequence <= up_to);
        let entries = wanted.take(limit as usize).cloned().collect();
        self.input(RoomInput::BoardLoaded { id, board, entries });
    }

    /// Time goes on, with everything that is due on the way.
    pub(crate) fn advance(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(at) = self.room.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.room.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    pub(crate) fn advance_ms(&mut self, ms: u64) {
        self.advance(Duration::from_millis(ms));
    }

    pub(crate) fn drain(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Send { to, lane, bytes } => self.deliver(to, lane, &bytes),
                RoomOutput::Close { id, code, .. } => {
                    self.connected.remove(&id);
                    self.closed.push((id, code));
                }
                RoomOutput::Persist { ticket, records } => {
                    assert!(!records.is_empty());
                    self.promises.push_back((ticket, records));
                }
                RoomOutput::LoadBoard { id, board, after, up_to, limit } => {
                    self.loads.push_back((id, board, after, up_to, limit));
                }
            }
        }
        if !self.is_disk_held && !self.promises.is_empty() {
            self.settle_promise(true);
        }
        if !self.is_loading_held && !self.loads.is_empty() {
            self.load();
        }
    }

    fn deliver(&mut self, to: ParticipantId, lane: Lane, bytes: &[u8]) {
        assert!(self.connected.contains(&to), "{to} has no connection, but is sent something on {lane:?}");
        assert!(bytes.len() <= lane.spec().max_message_bytes);
        let inbox = self.inboxes.entry(to).or_default();
        match lane {
            Lane::Control => {
                inbox.control.push_back(decode_message(bytes, limits::CONTROL_MESSAGE_BYTES).unwrap());
            }
            Lane::Board => inbox.board.push_back(decode_message(bytes, limits::BOARD_MESSAGE_BYTES).unwrap()),
            Lane::Pose => match decode_live_down(bytes) {
                Ok(live) => inbox.live.push_back(live),
                Err(_) => {
                    inbox.pose_bytes += bytes.len();
                    inbox.poses.push_back(decode_pose_down(bytes).unwrap());
                }
            },
        }
    }

    /// The control messages since the last look.
    pub(crate) fn control(&mut self, id: ParticipantId) -> Vec<ControlDown> {
        self.inboxes.entry(id).or_default().control.drain(..).collect()
    }

    pub(crate) fn board_messages(&mut self, id: ParticipantId) -> Vec<BoardDown> {
        self.inboxes.entry(id).or_default().board.drain(..).collect()
    }

    pub(crate) fn poses(&mut self, id: ParticipantId) -> Vec<PoseDown> {
        self.inboxes.entry(id).or_default().poses.drain(..).collect()
    }

    pub(crate) fn live(&mut self, id: ParticipantId) -> Vec<LiveDown> {
        self.inboxes.entry(id).or_default().live.drain(..).collect()
    }

    pub(crate) fn clear_inboxes(&mut self) {
        self.inboxes.clear();
    }

    /// The code of the only refusal among the new control messages.
    pub(crate) fn refused(&mut self, id: ParticipantId) -> Option<(String, RefusalCode)> {
        let refusals: Vec<_> = self.control(id).into_iter().filter_map(as_refusal).collect();
        assert!(refusals.len() <= 1, "{refusals:?}");
        refusals.into_iter().next()
    }

    pub(crate) fn info(&self, id: ParticipantId) -> PersonInfo {
        self.room.roster().find(|info| info.id == id).cloned().expect("must be in the roster")
    }

    pub(crate) fn is_in_roster(&self, id: ParticipantId) -> bool {
        self.room.roster().any(|info| info.id == id)
    }
}

fn as_refusal(message: ControlDown) -> Option<(String, RefusalCode)> {
    match message {
        ControlDown::Refused { what, code, .. } => Some((what, code)),
        _ => None,
    }
}

/// A person's copy of the roster, made from messages alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) welcome: Option<Welcome>,
    pub(crate) people: BTreeMap<ParticipantId, PersonInfo>,
    pub(crate) info: Option<RoomInfo>,
    pub(crate) is_complete: bool,
    pub(crate) chat: Vec<ChatMessage>,
    pub(crate) epoch: PoseEpoch,
    pub(crate) placement: Option<Placement>,
}

impl Mirror {
    pub(crate) fn apply(&mut self, message: &ControlDown) {
        match message {
            ControlDown::Welcome(welcome) => {
                *self = Self {
                    info: Some(welcome.info.clone()),
                    epoch: welcome.placement.epoch,
                    placement: Some(welcome.placement),
                    welcome: Some((**welcome).clone()),
                    ..Self::default()
                };
            }
            ControlDown::Roster { people, complete } => {
                assert!(!self.is_complete, "a roster after its end");
                self.people.extend(people.iter().map(|info| (info.id, info.clone())));
                self.is_complete = *complete;
            }
            ControlDown::Joined { person } => drop(self.people.insert(person.id, (**person).clone())),
            ControlDown::Left { id, .. } => drop(self.people.remove(id)),
            ControlDown::Changed { id, change } => {
                if let Some(info) = self.people.get_mut(id) {
                    change.apply_to(info);
                }
            }
            ControlDown::Room { info } => self.info = Some(info.clone()),
            ControlDown::Placed { placement, .. } => {
                self.epoch = placement.epoch;
                self.placement = Some(*placement);
            }
            ControlDown::ChatHistory { messages } => self.chat.extend(messages.iter().cloned()),
            ControlDown::Chat { message } => self.chat.push(message.clone()),
            _ => {}
        }
    }
}
