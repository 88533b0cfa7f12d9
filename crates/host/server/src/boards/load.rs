use atrium_board::{Document, Operation, OperationId, read_snapshot};
use atrium_protocol::{BoardId, RoomId};
use atrium_room::BoardEntry;
use atrium_store::{Store, StoreError, StoredSnapshot};

/// Operations that are read from the store at a time.
const PIECE: u32 = 1_000;

/// A board as the store has it.
pub(crate) struct LoadedBoard {
    pub(crate) document: Document,
    /// Operations that are in no snapshot yet.
    pub(crate) unwritten: u64,
}

/// Reads a board up to operation `up_to`: from its newest snapshot that is sound, and the log after that.
///
/// # Errors
/// What the store says.
pub(crate) fn load_board(store: &Store, room: &RoomId, board: BoardId, up_to: u64) -> Result<LoadedBoard, StoreError> {
    let mut document = newest_snapshot(store, room, board, up_to)?;
    let written = document.sequence();
    while document.sequence() < up_to {
        let after = document.sequence();
        let entries = store.load_board(room, board, after, up_to, PIECE)?;
        let Some(first) = entries.first() else { break };
        if first.sequence != after + 1 {
            let (from, to) = (after + 1, first.sequence - 1);
            tracing::error!(%room, board = board.0, "operations {from} to {to} of a board are lost: they have no effect");
        }
        entries.iter().for_each(|entry| settle(&mut document, entry));
    }
    Ok(LoadedBoard { unwritten: document.sequence().saturating_sub(written), document })
}

fn newest_snapshot(store: &Store, room: &RoomId, board: BoardId, up_to: u64) -> Result<Document, StoreError> {
    let mut below = up_to.saturating_add(1);
    while let Some(snapshot) = store.snapshot(room, board, below)? {
        match read(&snapshot) {
            Ok(document) => return Ok(document),
            Err(why) => {
                let sequence = snapshot.sequence;
                tracing::warn!(%room, board = board.0, sequence, why, "a snapshot is damaged: the log is read instead");
                below = sequence;
            }
        }
    }
    Ok(Document::default())
}

fn read(snapshot: &StoredSnapshot) -> Result<Document, String> {
    if !snapshot.is_intact {
        return Err("its bytes are others than those that were stored".to_owned());
    }
    let document = read_snapshot(&snapshot.data).map_err(|error| error.to_string())?;
    if document.sequence() == snapshot.sequence { Ok(document) } else { Err("it is of another operation".to_owned()) }
}

/// Bytes of before boards had documents keep their place and do nothing.
fn settle(document: &mut Document, entry: &BoardEntry) {
    let operation = Operation::decode(entry.operation.as_bytes()).unwrap_or_default();
    let by = OperationId { author: entry.author, nonce: entry.nonce };
    document.settle(entry.sequence, by, entry.at.millis(), &operation);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boards::test_boards::{BOARD, Drawn, id, rectangle};
    use atrium_board::write_snapshot;
    use atrium_protocol::OperationBytes;

    fn loaded(drawn: &Drawn) -> Document {
        load_board(&drawn.store, &drawn.room, BOARD, drawn.last).unwrap().document
    }

    #[test]
    fn a_board_is_the_same_with_and_without_a_snapshot() {
        let mut drawn = Drawn::new();
        (1..=30).for_each(|n| drawn.append(vec![rectangle(n)]));
        let whole = loaded(&drawn);
        assert_eq!((whole.len(), whole.sequence()), (30, 30));
        let early = load_board(&drawn.store, &drawn.room, BOARD, 12).unwrap().document;
        drawn.store.put_snapshot(&drawn.room, BOARD, 12, write_snapshot(&early).unwrap()).unwrap();
        let again = load_board(&drawn.store, &drawn.room, BOARD, 30).unwrap();
        assert!(again.document.is_identical(&whole));
        assert_eq!(again.unwritten, 18);
    }

    #[test]
    fn damaged_snapshots_are_left_aside() {
        let mut drawn = Drawn::new();
        (1..=5).for_each(|n| drawn.append(vec![rectangle(n)]));
        let whole = loaded(&drawn);
        let other = write_snapshot(&Document::default()).unwrap();
        for bytes in [b"rubbish".to_vec(), Vec::new(), other] {
            drawn.store.put_snapshot(&drawn.room, BOARD, 4, bytes).unwrap();
            assert!(loaded(&drawn).is_identical(&whole));
        }
    }

    #[test]
    fn what_was_written_before_boards_had_documents_does_nothing() {
        let mut drawn = Drawn::new();
        drawn.append_bytes(OperationBytes::new(vec![0x93, 1, 2, 3]).unwrap());
        drawn.append(vec![rectangle(1)]);
        let document = loaded(&drawn);
        assert_eq!((document.len(), document.sequence()), (1, 2));
        assert!(document.element(id(1)).is_some());
    }
}
