use super::checks::Totals;
use crate::harness::*;
use atrium_board::ink::{Point, pack};
use atrium_board::{Document, Edit, ElementId, Live, NewElement, PageId, Pointing, Props};
use atrium_protocol::*;
use atrium_room::*;
use glam::{Quat, Vec2, Vec3};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const PEOPLE: u8 = 8;
pub(super) const CAPACITY: u32 = 6;

/// One attendance, as its client knows it.
pub(super) struct Client {
    pub(super) person: u8,
    pub(super) secret: ResumeSecret,
    pub(super) link: Link,
    pub(super) mirror: Mirror,
    pub(super) is_closing: bool,
    pub(super) pose_bytes: usize,
    pub(super) live_datagrams: usize,
    pub(super) connected_at: Micros,
    /// The sequence numbers that were seen of each board since the connection opened.
    pub(super) settled: BTreeMap<BoardId, BTreeSet<u64>>,
    sequence: u16,
    live_sequence: u16,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Link {
    /// The answer waits for the disk.
    Unanswered(Ticket),
    Answered,
    Open,
    Lost,
}

/// A world in which a seed decides what happens.
pub(super) struct Script {
    pub(super) world: World,
    pub(super) clients: BTreeMap<ParticipantId, Client>,
    pub(super) totals: Totals,
    pub(super) had_owner: bool,
    pub(super) ids: BTreeSet<ParticipantId>,
    /// People who were thrown out, unless a ban was lifted since.
    pub(super) banned: BTreeSet<PersonId>,
    /// Those that their clients know of.
    pub(super) answered: BTreeSet<ParticipantId>,
    /// The boards, from their logs.
    pub(super) replayed: BTreeMap<BoardId, Document>,
    elements: u64,
    rng: ChaCha8Rng,
    nonces: BTreeMap<u8, u64>,
    secrets: u64,
}

impl Script {
    pub(super) fn new(seed: u64) -> Self {
        let mut world = World::with(|config| config.capacity = CAPACITY);
        world.is_disk_held = true;
        world.is_loading_held = true;
        Self {
            world,
            clients: BTreeMap::new(),
            totals: Totals::default(),
            had_owner: false,
            ids: BTreeSet::new(),
            banned: BTreeSet::new(),
            answered: BTreeSet::new(),
            replayed: BTreeMap::new(),
            elements: 0,
            rng: ChaCha8Rng::seed_from_u64(seed),
            nonces: BTreeMap::new(),
            secrets: 0,
        }
    }

    pub(super) fn step(&mut self) {
        match self.rng.random_range(0..200) {
            0..18 => self.join(),
            18..44 => self.connect_one(),
            44..50 => self.lose_one(),
            50..53 => self.leave_one(),
            53..62 => self.resume_one(),
            62..88 => self.say_something(),
            88..100 => self.append_something(),
            100..105 => self.fetch_something(),
            105..113 => self.world.load(),
            113..140 => self.settle_promise(),
            140..158 => self.move_one(),
            158..163 => self.show_something(),
            163..168 => self.speak(),
            168..171 => self.flood(),
            171..175 => self.send_garbage(),
            175..192 => self.pass_ms(0, 60),
            192..194 => self.pass_ms(1_000, 40_000),
            194..197 => self.congest_one(),
            197..199 => self.send_stale_words(),
            _ => self.quiesce(),
        }
        self.take_messages();
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.rng.random_bool(share)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.rng.random_range(0..from.len())]) }
    }

    fn pick_client(&mut self, is_meant: impl Fn(&Client) -> bool) -> Option<ParticipantId> {
        let ids: Vec<_> = self.clients.iter().filter(|(_, client)| is_meant(client)).map(|(id, _)| *id).collect();
        self.pick(&ids)
    }

    fn pick_open(&mut self) -> Option<ParticipantId> {
        self.pick_client(|client| client.link == Link::Open)
    }

    fn new_secret(&mut self) -> ResumeSecret {
        self.secrets += 1;
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&self.secrets.to_le_bytes());
        ResumeSecret(secret)
    }

    fn join(&mut self) {
        let n = self.rng.random_range(0..PEOPLE);
        let roles = [Role::Guest, Role::Guest, Role::Guest, Role::Member, Role::Moderator, Role::Owner];
        let role = if n == 0 { Role::Owner } else { self.pick(&roles).unwrap_or(Role::Guest) };
        let secret = self.new_secret();
        let mut wish = Admission { new_secret: secret.clone(), ..admission(n, role) };
        if self.chance(0.3) {
            (wish.uses, wish.invite) = (Some(2), invite(&format!("two-{role:?}")));
        }
        match self.world.admit(wish) {
            Ok(admitted) => {
                assert!(!admitted.resumed);
                assert!(self.ids.insert(admitted.participant), "{} is used twice", admitted.participant);
                self.totals.joins += 1;
                self.totals.lobby += usize::from(admitted.lobby);
                let link = admitted.ticket.map_or(Link::Answered, Link::Unanswered);
                self.clients.insert(admitted.participant, Client::new(n, secret, link));
            }
            Err(_) => self.totals.refused += 1,
        }
    }

    fn connect_one(&mut self) {
        if let Some(id) = self.pick_client(|client| client.link == Link::Answered) {
            self.connect(id);
        }
    }

    fn connect(&mut self, id: ParticipantId) {
        let Some(client) = self.clients.get_mut(&id) else { return };
        client.link = Link::Open;
        client.mirror = Mirror::default();
        client.settled.clear();
        client.pose_bytes = 0;
        client.live_datagrams = 0;
        client.connected_at = self.world.now;
        client.sequence = 0;
        client.live_sequence = 0;
        self.world.inboxes.remove(&id);
        self.world.connect(id);
    }

    fn lose_one(&mut self) {
        let may_be_lost = |client: &Client| matches!(client.link, Link::Open | Link::Answered);
        if let Some(id) = self.pick_client(may_be_lost) {
            self.take_messages();
            self.world.lose(id);
            self.set_link(id, Link::Lost);
        }
    }

    fn set_link(&mut self, id: ParticipantId, link: Link) {
        if let Some(client) = self.clients.get_mut(&id) {
            client.link = link;
        }
    }

    fn leave_one(&mut self) {
        let Some(id) = self.pick_open() else { return };
        if self.chance(0.5) {
            self.world.say(id, &ControlUp::Leave);
        } else {
            self.world.connected.remove(&id);
            self.world.input(RoomInput::Left { id });
            self.clients.remove(&id);
        }
    }

    /// Comes back after a loss, or hands over to a new connection.
    fn resume_one(&mut self) {
        let is_answered = |client: &Client| !matches!(client.link, Link::Unanswered(_));
        let Some(id) = self.pick_client(is_answered) else { return };
        let (person, old) = (self.clients[&id].person, self.clients[&id].secret.clone());
        let is_honest = self.chance(0.9);
        let secret = self.new_secret();
        let claimed = if is_honest { old } else { self.new_secret() };
        self.take_messages();
        match self.world.admit(resume(person, id, claimed, secret.clone())) {
            Ok(admitted) => {
                assert!(is_honest && admitted.resumed && admitted.participant == id);
                self.totals.resumes += 1;
                let Some(client) = self.clients.get_mut(&id) else { return };
                (client.secret, client.link) = (secret, Link::Answered);
            }
            Err(refused) if is_honest => {
                let codes = [JoinRefusalCode::ResumeFailed, JoinRefusalCode::Banned];
                assert!(codes.contains(&refused.code), "{refused:?}");
                assert!(self.clients[&id].link == Link::Lost, "only who was lost can be forgotten");
                self.clients.remove(&id);
            }
            Err(_) => {}
        }
    }

    fn next_nonce(&mut self, person: u8) -> u64 {
        let nonce = self.nonces.entry(person).or_default();
        *nonce += 1;
        let nonce = *nonce;
        // Now and then an old number again, as after a resume.
        if self.chance(0.15) { self.rng.random_range(0..=nonce) } else { nonce }
    }

    fn say_something(&mut self) {
        let Some(id) = self.pick_open() else { return };
        let person = self.clients[&id].person;
        let message = match self.rng.random_range(0..20) {
            0..4 => {
                let nonce = self.next_nonce(person);
                ControlUp::Chat { nonce, text: ChatText::truncated(&format!("{person} says {nonce}")) }
            }
            4 => ControlUp::RaiseHand { up: self.rng.random() },
            5..7 if self.chance(0.5) => return self.moderate_somebody(),
            5 => ControlUp::SetMuted { muted: self.rng.random() },
            6 | 7 => ControlUp::Sit { seat: SeatId(self.rng.random_range(0..3)) },
            8 => ControlUp::Stand,
            9 => ControlUp::SetName { name: DisplayName::new(format!("Name {}", self.rng.random::<u8>())).unwrap() },
            10 => ControlUp::SetAvatar { avatar: AvatarBytes::new(vec![self.rng.random()]).unwrap() },
            11 => ControlUp::Present { on: self.rng.random() },
            12 => ControlUp::MuteAll,
            13 => ControlUp::SetLocked { locked: self.chance(0.3) },
            14 => ControlUp::SetLobby { enabled: self.rng.random() },
            15 => ControlUp::RecallHost,
            16 => {
                let person = person_of(self.rng.random_range(0..PEOPLE));
                self.take_messages();
                self.banned.remove(&person);
                ControlUp::Unban { person }
            }
            _ => return self.moderate_somebody(),
        };
        self.world.say(id, &message);
    }

    fn moderate_somebody(&mut self) {
        let is_moderator = |info: &&PersonInfo| info.role >= Role::Moderator && info.presence == Presence::Here;
        let moderators: Vec<_> = self.world.room.roster().filter(is_moderator).map(|info| info.id).collect();
        let moderators: Vec<_> = moderators.into_iter().filter(|id| self.world.connected.contains(id)).collect();
        let by = if self.chance(0.8) { self.pick(&moderators) } else { self.pick_open() };
        let Some(by) = by else { return };
        let Some(target) = self.pick_client(|_| true) else { return };
        let roles = [Role::Guest, Role::Member, Role::Moderator, Role::Owner];
        let action = match self.rng.random_range(0..20) {
            0..2 => ModerateAction::Mute,
            2 => ModerateAction::AllowUnmute,
            3 => ModerateAction::LowerHand,
            4 => ModerateAction::Remove { reason: reason("enough") },
            5..7 => ModerateAction::Ban { reason: reason("far too much") },
            7..11 => ModerateAction::Admit,
            11 => ModerateAction::Deny,
            12..16 => ModerateAction::SetRole { role: self.pick(&roles).unwrap_or(Role::Guest) },
            16..18 => {
                let [voice, draw, share, record] = self.rng.random();
                ModerateAction::SetGrants { grants: Grants { voice, draw, share, record } }
            }
            _ => ModerateAction::TransferHost,
        };
        self.totals.moderations += 1;
        self.world.moderate(by, target, action);
    }

    fn append_something(&mut self) {
        let Some(id) = self.pick_open() else { return };
        for _ in 0..self.rng.random_range(1..6) {
            let nonce = self.next_nonce(self.clients[&id].person);
            let board = self.rng.random_range(0..3);
            if self.chance(0.05) {
                let operation = OperationBytes::new(vec![0x93, 1, 2, 3]).unwrap();
                self.world.board(id, &BoardUp::Append { board: BoardId(board), nonce, operation });
            } else {
                let edits = (0..self.rng.random_range(1..3)).map(|_| self.some_edit()).collect();
                self.world.draw(id, board, nonce, edits);
            }
        }
    }

    fn some_edit(&mut self) -> Edit {
        let some = self.rng.random_range(0..=self.elements);
        let id = ElementId(some);
        match self.rng.random_range(0..20) {
            0..6 => {
                self.elements += 1;
                rectangle(self.elements)
            }
            6..9 => {
                self.elements += 1;
                let points = pack(&[Point::at(Vec2::ZERO), Point::at(Vec2::ONE)], 4);
                add(self.elements, NewElement::Ink { is_highlighter: false, points, is_finished: false })
            }
            9 => rectangle(some),
            10..14 => Edit::Ink { id, points: pack(&[Point::at(Vec2::X)], 4), is_last: self.chance(0.3) },
            14 | 15 => {
                let is_locked = Some(self.chance(0.4));
                Edit::Set { id, props: Props { is_locked, ..Props::default() } }
            }
            16 | 17 => Edit::Remove { ids: vec![id], is_removed: self.chance(0.6) },
            18 => Edit::Freeze { is_frozen: self.chance(0.4) },
            _ => Edit::RemoveBy { person: person_of(self.rng.random_range(0..PEOPLE)) },
        }
    }

    /// A live word, perhaps of more than its sender may show.
    fn show_something(&mut self) {
        let Some(id) = self.pick_open() else { return };
        for _ in 0..self.rng.random_range(1..4) {
            let pointing = Pointing { page: PageId::FIRST, position: Vec2::new(1.0, 2.0), is_laser: self.chance(0.5) };
            let live = Live { pointing: Some(pointing), ..Live::default() };
            let board = BoardId(self.rng.random_range(0..3));
            let is_late = self.chance(0.1);
            let Some(client) = self.clients.get_mut(&id) else { return };
            client.live_sequence = client.live_sequence.wrapping_add(1);
            let sequence = client.live_sequence.wrapping_sub(if is_late { 5 } else { 0 });
            let up = LiveUp { board, sequence, payload: live.encode() };
            self.world.received(id, Lane::Pose, encode_live_up(&up).unwrap());
        }
    }

    fn fetch_something(&mut self) {
        let Some(id) = self.pick_open() else { return };
        let (board, after) = (BoardId(self.rng.random_range(0..3)), self.rng.random_range(0..4));
        self.world.board(id, &BoardUp::Fetch { board, after });
    }

    /// The disk has the oldest promises, or sometimes fails to.
    fn settle_promise(&mut self) {
        for _ in 0..self.rng.random_range(1..6) {
            let is_stored = !self.chance(0.06);
            self.settle_one(is_stored);
        }
    }

    fn settle_one(&mut self, is_stored: bool) {
        let Some((ticket, _)) = self.world.promises.front() else { return };
        let ticket = *ticket;
        self.totals.failures += usize::from(!is_stored);
        self.world.settle_promise(is_stored);
        for (id, client) in &mut self.clients {
            if client.link == Link::Unanswered(ticket) {
                client.link = if is_stored { Link::Answered } else { Link::Lost };
                self.answered.extend(is_stored.then_some(*id));
            }
        }
    }

    fn move_one(&mut self) {
        let Some(id) = self.pick_open() else { return };
        let goals = [Vec3::new(13.0, 1.6, 4.0), Vec3::new(-12.0, 1.6, 12.0), Vec3::new(0.0, 1.6, -15.0), Vec3::Y * 1.6];
        let goal = self.pick(&goals).unwrap_or(Vec3::Y);
        let longest = if self.chance(0.1) { 40.0 } else { 4.0 };
        let Some(from) = self.world.room.head_of(id) else { return };
        let position = from + (goal - from).clamp_length_max(longest);
        let hand = HandPose { offset: Vec3::X, rotation: Quat::IDENTITY, curls: [0.5; 5] };
        let is_current = !self.chance(0.05);
        let captured_ms = if is_current { self.world.now.wrapped_millis() } else { self.rng.random() };
        let Some(client) = self.clients.get_mut(&id) else { return };
        client.sequence = client.sequence.wrapping_add(1);
        let epoch = if is_current { client.mirror.epoch } else { client.mirror.epoch.next() };
        let head = HeadPose { position, rotation: Quat::IDENTITY };
        let pose = Pose { epoch, head: Some(head), left: Some(hand), right: None };
        let up = PoseUp { sequence: Tick(client.sequence), captured_ms, pose };
        self.totals.poses += 1;
        self.world.received(id, Lane::Pose, encode_pose_up(&up));
    }

    fn speak(&mut self) {
        for id in self.clients.keys().copied().collect::<Vec<_>>() {
            let level = self.rng.random_range(0..=127);
            if self.chance(0.5) {
                let now = self.world.now;
                let routes = self.world.room.route_voice(now, id, level, 60).to_vec();
                self.check_routes(id, &routes);
            }
        }
    }

    fn flood(&mut self) {
        let Some(id) = self.pick_open() else { return };
        match self.rng.random_range(0..4) {
            0 => (0..80).for_each(|n| self.world.say(id, &ControlUp::Ping { client_us: n })),
            1 => (0..130).for_each(|n| self.world.append(id, 0, n % 3)),
            2 => (0..150).for_each(|_| self.world.received(id, Lane::Pose, vec![3, 0, 0, 0, 0, 0])),
            _ => (0..100).for_each(|_| self.world.received(id, Lane::Pose, vec![9])),
        }
    }

    fn send_garbage(&mut self) {
        let Some(id) = self.pick_open() else { return };
        let lane = self.pick(&[Lane::Control, Lane::Board, Lane::Pose]).unwrap_or(Lane::Control);
        let count = if self.chance(0.2) { 60 } else { 3 };
        for _ in 0..count {
            let length = self.rng.random_range(0..40);
            let bytes = (0..length).map(|_| self.rng.random()).collect();
            self.world.received(id, lane, bytes);
        }
    }

    fn pass_ms(&mut self, least: u64, most: u64) {
        let ms = self.rng.random_range(least..most);
        self.world.advance_ms(ms);
    }

    fn congest_one(&mut self) {
        if let Some(id) = self.pick_open() {
            let congested = self.rng.random();
            self.world.input(RoomInput::Congested { id, congested });
        }
    }

    /// Words of a driver that does not know yet that somebody is gone.
    fn send_stale_words(&mut self) {
        let id = ParticipantId(self.rng.random_range(0..40));
        if self.clients.contains_key(&id) {
            return;
        }
        self.world.input(RoomInput::Lost { id });
        self.world.input(RoomInput::Connected { id });
        self.world.say(id, &ControlUp::MuteAll);
        self.world.input(RoomInput::Congested { id, congested: true });
        self.world.input(RoomInput::Committed { ticket: Ticket(u64::MAX) });
    }

    /// Lets everything that is under way arrive, with a disk that works.
    pub(super) fn quiesce(&mut self) {
        for _ in 0..3 {
            // Something that is stored, so that what could not be stored before goes along.
            if let Some(id) = self.pick_client(|client| client.link == Link::Open && client.mirror.welcome.is_some()) {
                self.world.say(id, &ControlUp::SetName { name: DisplayName::new("Quiet").unwrap() });
            }
            while !self.world.promises.is_empty() || !self.world.loads.is_empty() {
                self.settle_one(true);
                self.world.load();
            }
            self.world.advance_ms(400);
            self.take_messages();
        }
        self.check_quiet();
    }

    pub(super) fn finish(&mut self) {
        let open: Vec<_> =
            self.clients.iter().filter(|(_, client)| client.link == Link::Open).map(|(id, _)| *id).collect();
        open.iter().for_each(|id| self.world.input(RoomInput::Congested { id: *id, congested: false }));
        self.quiesce();
        self.world.advance_ms(5_000);
        for id in open {
            for board in [0, 1].map(BoardId) {
                self.world.board(id, &BoardUp::Fetch { board, after: 0 });
            }
        }
        self.quiesce();
        self.check_boards_are_complete();
        self.check_after_restart();
    }
}

impl Client {
    fn new(person: u8, secret: ResumeSecret, link: Link) -> Self {
        Self {
            person,
            secret,
            link,
            mirror: Mirror::default(),
            is_closing: false,
            pose_bytes: 0,
            live_datagrams: 0,
            connected_at: Micros(0),
            settled: BTreeMap::new(),
            sequence: 0,
            live_sequence: 0,
        }
    }
}

fn person_of(n: u8) -> PersonId {
    person(n)
}
