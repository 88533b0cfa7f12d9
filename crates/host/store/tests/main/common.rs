use atrium_protocol::{
    BoardId, ChatMessage, ChatText, DisplayName, InviteId, Micros, OperationBytes, PersonId, RoomId,
};
use atrium_room::Record;
use atrium_store::Store;
use tempfile::TempDir;

pub(crate) fn lab() -> RoomId {
    RoomId::parse("lab").unwrap()
}

pub(crate) fn person(number: u8) -> PersonId {
    PersonId([number; 32])
}

pub(crate) fn invite(number: u8) -> InviteId {
    InviteId::parse(&format!("invite-{number}")).unwrap()
}

pub(crate) fn operation(bytes: &[u8]) -> OperationBytes {
    OperationBytes::new(bytes.to_vec()).unwrap()
}

pub(crate) fn appended(board: u16, sequence: u64) -> Record {
    Record::BoardAppended {
        board: BoardId(board),
        sequence,
        author: person(1),
        nonce: sequence,
        operation: operation(format!("{board}/{sequence}").as_bytes()),
        at: Micros(sequence),
    }
}

pub(crate) fn said(sequence: u64) -> Record {
    Record::ChatSaid(ChatMessage {
        sequence,
        at_ms: sequence,
        author: person(1),
        name: DisplayName::new("Ada").unwrap(),
        nonce: sequence,
        text: ChatText::new(format!("number {sequence}")).unwrap(),
    })
}

pub(crate) fn audited(event: &'static str) -> Record {
    Record::Audit { at: Micros(5), event, actor: Some(person(1)), subject: None, detail: "as asked".into() }
}

/// A store with one room, in a directory that goes with it.
pub(crate) fn store_with_room() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert!(store.create_room(&lab(), "Boardroom", Micros(1)).unwrap());
    (dir, store)
}

pub(crate) fn last_on_board(store: &Store, board: u16) -> u64 {
    store.load_room(&lab()).unwrap().board_sequences.get(&BoardId(board)).copied().unwrap_or(0)
}
