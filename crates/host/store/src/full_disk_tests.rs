//! A room whose disk is full while somebody draws: they are told, nothing is acknowledged that is not there, and it goes
//! on when there is space again.

use crate::Store;
use atrium_board::{Document, Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Style};
use atrium_place::Place;
use atrium_protocol::{
    AvatarBytes, BoardDown, BoardId, BoardUp, DisplayName, InviteId, Lane, Micros, OperationBytes, ParticipantId,
    PersonId, RefusalCode, ResumeSecret, Role, RoomId, decode_message, encode_message, limits,
};
use atrium_room::{Admission, Room, RoomConfig, RoomInput, RoomOutput};
use bytes::Bytes;
use std::collections::VecDeque;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs};

const BOARD: BoardId = BoardId(0);
/// Names the small file system to the process that draws on it.
const SMALL_DISK: &str = "ATRIUM_STORE_SMALL_DISK";
/// A file system may not be mounted here.
const NOT_PERMITTED: i32 = 77;
const PLACE: &str = r#"Room(
    title: "Test hall",
    bounds: (min: (-20.0, 0.0, -20.0), max: (20.0, 6.0, 20.0)),
    spawns: [(position: (0.0, 0.0, 4.0), yaw_degrees: 0.0)],
    boards: [(name: "Left", position: (-2.0, 1.5, -5.0), yaw_degrees: 180.0, size: (2.0, 1.2))],
)"#;

fn lab() -> RoomId {
    RoomId::parse("lab").unwrap()
}

/// A text of a few kilobytes, so that a disk fills soon.
fn operation(nonce: u64) -> OperationBytes {
    let shape = NewElement::Text { text: "x".repeat(4_000), wrap_mm: None, size: glam::Vec2::new(400.0, 40.0) };
    let (id, order) = (ElementId(nonce), OrderKey::between(None, None));
    let add = Edit::Add { id, page: PageId::FIRST, order, frame: Frame::default(), style: Style::default(), shape };
    Operation { edits: vec![add] }.encode().unwrap()
}

/// What the log in a store makes of the board.
fn document(store: &Store) -> Document {
    let mut document = Document::default();
    for entry in store.load_board(&lab(), BOARD, 0, u64::MAX, u32::MAX).unwrap() {
        let by = OperationId { author: entry.author, nonce: entry.nonce };
        let operation = Operation::decode(entry.operation.as_bytes()).unwrap();
        document.settle(entry.sequence, by, entry.at.millis(), &operation);
    }
    document
}

/// Somebody in a room that is kept in a store.
struct Meeting {
    store: Store,
    room: Room,
    now: Micros,
    id: ParticipantId,
    told: VecDeque<BoardDown>,
    nonce: u64,
}

impl Meeting {
    fn begin(folder: &Path) -> Self {
        let store = Store::open(folder).unwrap();
        store.create_room(&lab(), "Boardroom", Micros(1)).unwrap();
        let place = Arc::new(Place::parse(PLACE).unwrap());
        let room = Room::new(RoomConfig::new(lab()), place, store.load_room(&lab()).unwrap());
        let now = Micros::from_millis(1_700_000_000_000);
        let mut meeting = Self { store, room, now, id: ParticipantId(0), told: VecDeque::new(), nonce: 0 };
        let admission = Admission {
            person: PersonId([1; 32]),
            name: DisplayName::new("Ada").unwrap(),
            avatar: AvatarBytes::default(),
            invite: InviteId::parse("invite").unwrap(),
            invited_role: Role::Member,
            uses: None,
            resume: None,
            new_secret: ResumeSecret([1; 32]),
        };
        meeting.id = meeting.room.admit(now, admission).unwrap().participant;
        meeting.run();
        let id = meeting.id;
        meeting.input(RoomInput::Connected { id });
        meeting
    }

    fn input(&mut self, input: RoomInput) {
        self.room.handle(self.now, input);
        self.run();
    }

    fn run(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Persist { ticket, records } => {
                    let is_stored = self.store.persist_blocking(&lab(), records).is_ok();
                    let input =
                        if is_stored { RoomInput::Committed { ticket } } else { RoomInput::CommitFailed { ticket } };
                    self.room.handle(self.now, input);
                }
                RoomOutput::Send { lane: Lane::Board, bytes, .. } => {
                    self.told.push_back(decode_message(&bytes, limits::BOARD_MESSAGE_BYTES).unwrap());
                }
                _ => {}
            }
        }
    }

    /// Draws once more; the number in the log, or the code of the refusal.
    fn draw(&mut self) -> Result<u64, RefusalCode> {
        self.nonce += 1;
        self.now = self.now + Duration::from_secs(1);
        let append = BoardUp::Append { board: BOARD, nonce: self.nonce, operation: operation(self.nonce) };
        let bytes = Bytes::from(encode_message(&append, limits::BOARD_MESSAGE_BYTES).unwrap());
        self.input(RoomInput::Received { id: self.id, lane: Lane::Board, bytes });
        match self.told.pop_front().unwrap() {
            BoardDown::Settled { sequence, .. } => Ok(sequence),
            BoardDown::Refused { nonce, code, .. } if nonce == self.nonce => Err(code),
            other => panic!("{other:?}"),
        }
    }
}

fn check(folder: &Path, fill: impl FnOnce(&Store), make_space: impl FnOnce(&Store)) {
    let mut meeting = Meeting::begin(folder);
    for sequence in 1..=3 {
        assert_eq!(meeting.draw(), Ok(sequence));
    }
    fill(&meeting.store);
    let mut acknowledged = 3;
    while let Ok(sequence) = meeting.draw() {
        acknowledged += 1;
        assert_eq!(sequence, acknowledged);
        assert!(acknowledged < 10_000, "the disk does not get full");
    }
    for _ in 0..5 {
        assert_eq!(meeting.draw(), Err(RefusalCode::StorageFailed));
    }
    let drawn = |meeting: &Meeting| meeting.room.board(BOARD).unwrap().clone();
    assert_eq!(drawn(&meeting).len() as u64, acknowledged, "only what is on disk is on the board");
    assert!(drawn(&meeting).is_identical(&document(&meeting.store)));

    make_space(&meeting.store);
    for _ in 0..3 {
        acknowledged += 1;
        assert_eq!(meeting.draw(), Ok(acknowledged), "it goes on by itself");
    }
    let before = drawn(&meeting);
    drop(meeting);
    assert!(before.is_identical(&document(&Store::open(folder).unwrap())), "and is there after a restart");
}

fn allow_pages(store: &Store, more: i64) {
    let allow = move |connection: &rusqlite::Connection| {
        let used: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let sql = format!("PRAGMA max_page_count = {}", used + more);
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0))?;
        Ok(())
    };
    store.write(allow).unwrap();
}

#[test]
fn who_draws_on_a_full_disk_is_told_and_goes_on_when_there_is_space() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), |store| allow_pages(store, 12), |store| allow_pages(store, 1_000));
}

/// The same on a real file system of a few megabytes, in a mount namespace of its own.
#[test]
fn a_small_file_system_fills_and_recovers() {
    if let Some(folder) = env::var_os(SMALL_DISK) {
        let ballast = Path::new(&folder).join("ballast");
        let fill = |_: &Store| {
            let mut bytes = 8 * 1024 * 1024;
            while bytes > 0 && fs::write(&ballast, vec![7; bytes]).is_err() {
                bytes = bytes * 9 / 10;
            }
        };
        return check(Path::new(&folder), fill, |_| fs::remove_file(&ballast).unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o size=6m tmpfs \"$0\" || exit {NOT_PERMITTED}; exec \"$@\"");
    let this = env::current_exe().unwrap();
    let ran = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", &script])
        .arg(folder.path())
        .arg(this)
        .args(["--exact", "full_disk_tests::a_small_file_system_fills_and_recovers", "--nocapture"])
        .env(SMALL_DISK, folder.path())
        .output();
    let refused = match ran {
        Ok(output) if output.status.success() => return,
        Ok(output) if output.status.code() == Some(NOT_PERMITTED) => output,
        // `unshare` itself says so with 1 and a sentence of its own.
        Ok(output) if String::from_utf8_lossy(&output.stderr).starts_with("unshare:") => output,
        Ok(output) => panic!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
        Err(error) => return eprintln!("NOT TESTED on a real file system: {error}"),
    };
    eprintln!("NOT TESTED on a real file system: {}", String::from_utf8_lossy(&refused.stderr).trim());
}
