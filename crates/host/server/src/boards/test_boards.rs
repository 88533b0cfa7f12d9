//! Boards for tests of this crate.

use atrium_board::{Edit, ElementId, Frame, NewElement, Operation, OrderKey, PageId, Style};
use atrium_protocol::{BoardId, Micros, OperationBytes, PersonId, RoomId};
use atrium_room::Record;
use atrium_store::Store;
use glam::Vec2;

pub(crate) const BOARD: BoardId = BoardId(0);

pub(crate) fn id(number: u64) -> ElementId {
    ElementId(number)
}

pub(crate) fn add(number: u64, shape: NewElement) -> Edit {
    Edit::Add {
        id: id(number),
        page: PageId::FIRST,
        order: OrderKey::between(None, None),
        frame: Frame::at(Vec2::new((number % 1_000) as f32 * 50.0, 0.0)),
        style: Style::default(),
        shape,
    }
}

pub(crate) fn rectangle(number: u64) -> Edit {
    add(number, NewElement::Rectangle { size: Vec2::new(40.0, 30.0) })
}

/// A store with a room in which somebody draws.
pub(crate) struct Drawn {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) room: RoomId,
    pub(crate) last: u64,
}

impl Drawn {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let room = RoomId::parse("lab").unwrap();
        store.create_room(&room, "boardroom", Micros(1)).unwrap();
        Self { folder, store, room, last: 0 }
    }

    pub(crate) fn append(&mut self, edits: Vec<Edit>) {
        self.append_bytes(Operation { edits }.encode().unwrap());
    }

    pub(crate) fn append_bytes(&mut self, operation: OperationBytes) {
        self.last += 1;
        let (sequence, at) = (self.last, Micros::from_millis(1_700_000_000_000 + self.last));
        let author = PersonId([7; 32]);
        let record = Record::BoardAppended { board: BOARD, sequence, author, nonce: sequence, operation, at };
        self.store.persist_blocking(&self.room, vec![record]).unwrap();
    }

    /// Many at once, for long logs.
    pub(crate) fn append_many(&mut self, count: u64) {
        let records = (0..count).map(|_| {
            self.last += 1;
            let sequence = self.last;
            let operation = Operation { edits: vec![rectangle(1_000_000 + sequence)] }.encode().unwrap();
            let (author, at) = (PersonId([7; 32]), Micros(sequence));
            Record::BoardAppended { board: BOARD, sequence, author, nonce: sequence, operation, at }
        });
        let records = records.collect();
        self.store.persist_blocking(&self.room, records).unwrap();
    }
}
