//! Pieces of a board's log for those who come late or come back.

use crate::boards::settled;
use crate::outbox::encode;
use crate::{BoardEntry, Room, RoomOutput};
use atrium_protocol::{BoardDown, BoardId, Lane, ParticipantId, RefusalCode};

/// Entries of the first piece of a fetch, and of any.
const FIRST_PIECE_ENTRIES: u32 = 50;
const PIECE_ENTRIES_MAX: u32 = 400;
/// Bytes that later pieces aim at, so that a fetch does not hold up what happens live.
const PIECE_BYTES: usize = 48 * 1024;

/// Somebody reads a board's log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fetch {
    /// The last entry that they were sent.
    after: u64,
    /// The last entry that they asked for.
    up_to: u64,
    limit: u32,
    /// The store was asked for the next piece.
    is_loading: bool,
}

impl Room {
    pub(crate) fn fetch(&mut self, index: usize, board: BoardId, after: u64) {
        let (start, up_to) = (self.boards.start(board), self.boards.settled(board));
        let Some(from) = self.people.at_mut(index) else { return };
        let id = from.id();
        if after < start {
            let message = "the beginning of this board is only in its snapshot: take that, and fetch what follows";
            self.outbox.refuse(id, "fetch", RefusalCode::NotFound, message);
            return;
        }
        if after >= up_to {
            self.up_to_date(id, board, up_to);
            return;
        }
        if from.fetches.contains_key(&board) {
            // One at a time; the one under way ends with a word of its own.
            return;
        }
        from.fetches.insert(board, Fetch { after, up_to, limit: FIRST_PIECE_ENTRIES, is_loading: false });
        self.load_more(index, board);
    }

    /// Asks the store for the next piece, unless the receiver has yet to take the last one.
    fn load_more(&mut self, index: usize, board: BoardId) {
        let Some(from) = self.people.at_mut(index).filter(|from| from.is_live() && !from.is_congested) else { return };
        let id = from.id();
        let Some(fetch) = from.fetches.get_mut(&board).filter(|fetch| !fetch.is_loading) else { return };
        fetch.is_loading = true;
        let Fetch { after, up_to, limit, .. } = *fetch;
        self.outbox.push(RoomOutput::LoadBoard { id, board, after, up_to, limit });
    }

    /// A receiver has room again.
    pub(crate) fn resume_fetches(&mut self, index: usize) {
        let boards: Vec<_> = self.people.at(index).iter().flat_map(|from| from.fetches.keys().copied()).collect();
        boards.into_iter().for_each(|board| self.load_more(index, board));
    }

    pub(crate) fn board_loaded(&mut self, id: ParticipantId, board: BoardId, entries: Vec<BoardEntry>) {
        let Some(index) = self.people.index_of(id) else { return };
        let Some(from) = self.people.at_mut(index).filter(|from| from.is_live()) else { return };
        let Some(fetch) = from.fetches.get_mut(&board).filter(|fetch| fetch.is_loading) else { return };
        // An answer to a fetch of an earlier connection begins elsewhere.
        if entries.first().is_some_and(|first| first.sequence != fetch.after + 1) {
            return;
        }
        fetch.is_loading = false;
        let asked = fetch.limit as usize;
        let is_last = entries.is_empty();
        let mut piece_bytes = 0;
        for entry in entries.into_iter().take(asked).take_while(|entry| entry.sequence <= fetch.up_to) {
            fetch.after = entry.sequence;
            let by = (entry.author, entry.nonce);
            if let Some(message) = settled(board, entry.sequence, by, entry.at, entry.operation) {
                piece_bytes += message.len();
                self.outbox.send(id, Lane::Board, message);
            }
        }
        let average_bytes = (piece_bytes / asked.max(1)).max(1);
        fetch.limit = u32::try_from(PIECE_BYTES / average_bytes).unwrap_or(u32::MAX).clamp(4, PIECE_ENTRIES_MAX);
        let reached = fetch.after;
        if is_last || reached >= fetch.up_to {
            from.fetches.remove(&board);
            self.up_to_date(id, board, reached);
        } else {
            self.load_more(index, board);
        }
    }

    fn up_to_date(&mut self, to: ParticipantId, board: BoardId, sequence: u64) {
        if let Some(bytes) = encode(Lane::Board, &BoardDown::UpToDate { board, sequence }) {
            self.outbox.send(to, Lane::Board, bytes);
        }
    }
}
