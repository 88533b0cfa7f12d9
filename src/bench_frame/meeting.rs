use crate::folders::Folders;
use anyhow::Context as _;
use atrium_protocol::{
    AvatarBytes, BoardDown, BoardId, BoardUp, ControlDown, DisplayName, Grants, HandPose, HeadPose, Micros, PackedPose,
    ParticipantId, PersonId, PersonInfo, Placement, Pose, PoseDownWriter, PoseEpoch, Presence, Role, RoomId, RoomInfo,
    SeatId, Tick, Welcome, decode_pose_down,
};
use atrium_scene::{EnterRoom, Entrance, FromRoom, LinkState, NetworkWire, RoomClock, ToRoom};
use bevy::math::{Quat, Vec3};
use std::path::PathBuf;
use std::time::Instant;

/// Oneself.
const ME: ParticipantId = ParticipantId(1);
/// What one person gets a second: the server's budget, in a datagram every tick.
const DATAGRAM_BYTES: usize = 1_066;
const TICK_HZ: u16 = 30;
/// Frames of 1/60 s between two datagrams.
const FRAMES_A_TICK: u32 = 2;

/// A meeting that was never held: people who walk, gesture and talk, in the words of a real server.
pub(super) struct RecordedMeeting {
    wire: NetworkWire,
    place: PathBuf,
    people: u32,
    /// Whose pose is due next.
    next: u32,
    tick: u32,
    /// What is on the first board.
    board: Option<Vec<u8>>,
    /// The last operation on it.
    settled: u64,
}

impl RecordedMeeting {
    /// Lays out the place and makes the people up.
    pub(super) fn new(people: u16, wire: NetworkWire, folders: &Folders) -> anyhow::Result<Self> {
        // Two hundred people need the larger room.
        let name = if people > 60 { "auditorium" } else { "boardroom" };
        let files = atrium_server::shipped_place(name).with_context(|| format!("no place is called {name}"))?;
        let folder = folders.places().join(name);
        for (path, content) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            std::fs::write(path, content)?;
        }
        Ok(Self {
            wire,
            place: PathBuf::from(name),
            people: u32::from(people),
            next: 0,
            tick: 0,
            board: None,
            settled: 0,
        })
    }

    /// The way in.
    pub(super) fn entrance() -> EnterRoom {
        EnterRoom(Entrance::Join { link: String::new(), name: "Me".to_owned(), avatar: AvatarBytes::default() })
    }

    /// Says what a server says to somebody who comes in.
    pub(super) fn enter(&mut self, clock: RoomClock) -> anyhow::Result<()> {
        self.say(FromRoom::Clock(clock));
        self.say(FromRoom::Control(Box::new(ControlDown::Welcome(Box::new(welcome()?)))));
        let people = std::iter::once(person(0)).chain((1..=self.people).map(person)).collect::<anyhow::Result<_>>()?;
        self.say(FromRoom::Control(Box::new(ControlDown::Roster { people, complete: true })));
        self.say(FromRoom::Place(Ok(self.place.clone())));
        self.say(FromRoom::Link(LinkState::Connected { me: ME, resumed: false }));
        Ok(())
    }

    /// This is on the first board, after so many operations.
    pub(super) fn put_up(&mut self, snapshot: Vec<u8>, operations: u32) {
        self.board = Some(snapshot);
        self.settled = u64::from(operations);
    }

    /// Answers what the scene asks, as a server would: boards come, and what is drawn is settled.
    pub(super) fn answer(&mut self) {
        while let Ok(word) = self.wire.from_scene.try_recv() {
            match word {
                ToRoom::Snapshot(board) => {
                    let bytes = self.board.clone().filter(|_| board == BoardId(0));
                    let bytes = bytes.ok_or_else(|| "nothing is on this board".to_owned());
                    self.say(FromRoom::Snapshot { board, bytes });
                }
                ToRoom::Board(BoardUp::Append { board, nonce, operation }) => {
                    self.settled += 1;
                    let author = person_id(0);
                    let word =
                        BoardDown::Settled { board, sequence: self.settled, author, nonce, at_ms: 2_000, operation };
                    self.say(FromRoom::Board(word));
                }
                _ => {}
            }
        }
    }

    /// What arrives before this frame.
    pub(super) fn play(&mut self, frame: u32, now_us: u64, is_join: bool) {
        self.answer();
        if is_join {
            self.people += 1;
            if let Ok(person) = person(self.people) {
                self.say(FromRoom::Control(Box::new(ControlDown::Joined { person: Box::new(person) })));
            }
        }
        if frame.is_multiple_of(FRAMES_A_TICK) {
            self.poses(now_us);
        }
        for speaker in (0..8).map(|index| id(1 + index * 5)).filter(|speaker| speaker.0 <= self.people) {
            self.say(FromRoom::VoiceLevel { speaker, level_dbov: 25 + (frame % 12) as u8 });
        }
    }

    /// One datagram, with as many people as fit, each in turn.
    fn poses(&mut self, now_us: u64) {
        self.tick += 1;
        let sent_ms = (now_us / 1_000) as u32;
        let mut due: Vec<u32> = (0..self.people.min(60)).map(|step| 1 + (self.next + step) % self.people).collect();
        due.sort_unstable();
        let mut writer = PoseDownWriter::new(Tick(self.tick as u16), sent_ms, DATAGRAM_BYTES);
        let sent =
            due.into_iter().take_while(|index| writer.push(id(*index), 8, &PackedPose::new(&pose(*index, now_us))));
        self.next = (self.next + sent.count() as u32) % self.people;
        if let Ok(poses) = decode_pose_down(&writer.finish()) {
            self.say(FromRoom::Poses { poses, arrived: Instant::now() });
        }
    }

    fn say(&self, word: FromRoom) {
        // The queue is emptied once a frame and holds far more than a frame's words.
        let _ = self.wire.to_scene.try_send(word);
    }
}

/// The person with that number; 0 is oneself.
fn id(index: u32) -> ParticipantId {
    ParticipantId(index + 1)
}

fn welcome() -> anyhow::Result<Welcome> {
    let info = RoomInfo { locked: false, lobby: false, place: "boardroom".to_owned(), capacity: 300 };
    let placement = Placement { epoch: PoseEpoch(1), position: [4.0, 0.0, 2.5], yaw: 1.2, seat: None::<SeatId> };
    Ok(Welcome {
        you: ME,
        room: RoomId::parse("bench").map_err(anyhow::Error::msg)?,
        info,
        role: Role::Owner,
        grants: Grants::for_role(Role::Owner),
        placement,
        server_us: Micros(1_000_000_000),
        tick_hz: TICK_HZ,
        files: Vec::new(),
    })
}

fn person_id(index: u32) -> PersonId {
    let mut key = [7; 32];
    key[..4].copy_from_slice(&index.to_le_bytes());
    PersonId(key)
}

fn person(index: u32) -> anyhow::Result<PersonInfo> {
    Ok(PersonInfo {
        id: id(index),
        person: person_id(index),
        name: DisplayName::new(format!("Person {index} 张伟"))?,
        role: Role::Member,
        grants: Grants::for_role(Role::Member),
        muted: index.is_multiple_of(3),
        muted_by_moderator: false,
        hand_raised_at_ms: (index % 17 == 3).then_some(u64::from(index)),
        presenting: false,
        seat: None,
        zone: None,
        presence: Presence::Here,
        avatar: AvatarBytes::default(),
    })
}

/// Somebody who walks in a small circle and gestures.
fn pose(index: u32, now_us: u64) -> Pose {
    let secs = (now_us % 1_000_000_000) as f32 * 1e-6;
    let turn = secs * 0.8 + index as f32 * 2.4;
    let (column, row) = ((index % 20) as f32, (index / 20) as f32);
    let middle = Vec3::new(column * 0.5 - 5.0, 1.65, row * 0.7 - 3.0);
    let position = middle + Vec3::new(turn.cos(), 0.0, turn.sin()) * 0.6;
    let rotation = Quat::from_rotation_y(-turn);
    let hand = |side: f32| HandPose {
        offset: rotation * Vec3::new(0.25 * side, -0.45 + 0.15 * (secs * 3.0 + index as f32).sin(), -0.25),
        rotation,
        curls: [0.3; 5],
    };
    let head = Some(HeadPose { position, rotation });
    Pose { epoch: PoseEpoch(1), head, left: Some(hand(-1.0)), right: Some(hand(1.0)) }
}
