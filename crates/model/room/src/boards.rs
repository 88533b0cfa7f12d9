use crate::append_log::{AppendLog, Draft, Offer};
use crate::control::TOO_MUCH;
use crate::ledger::Then;
use crate::limits::Verdict;
use crate::outbox::encode;
use crate::{BoardEntry, Record, Room, RoomOutput};
use atrium_protocol::{
    BoardDown, BoardId, BoardUp, Lane, Micros, OperationBytes, ParticipantId, PersonId, ReasonText, RefusalCode,
    decode_message, limits,
};
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};

/// Latest operations that are answered again when their author asks again.
const RECENT_OPERATIONS: usize = 1_024;
const RECENT_BYTES: usize = 1024 * 1024;
/// Entries of the first piece of a fetch, and of any.
const FIRST_PIECE_ENTRIES: u32 = 50;
const PIECE_ENTRIES_MAX: u32 = 400;
/// Bytes that later pieces aim at, so that a fetch does not hold up what happens live.
const PIECE_BYTES: usize = 48 * 1024;

/// The boards of a room.
#[derive(Debug)]
pub(crate) struct Boards {
    boards: Vec<Board>,
}

#[derive(Debug)]
struct Board {
    log: AppendLog<OperationBytes>,
    recent: VecDeque<Recent>,
    recent_bytes: usize,
}

/// A settled operation, as it was sent.
#[derive(Debug)]
struct Recent {
    author: PersonId,
    nonce: u64,
    message: Bytes,
}

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

impl Boards {
    pub(crate) fn new(
        count: usize,
        sequences: &BTreeMap<BoardId, u64>,
        nonces: BTreeMap<(BoardId, PersonId), u64>,
    ) -> Self {
        let mut nonces_of: BTreeMap<BoardId, BTreeMap<PersonId, u64>> = BTreeMap::new();
        for ((board, author), nonce) in nonces {
            nonces_of.entry(board).or_default().insert(author, nonce);
        }
        let boards = (0..count).filter_map(|index| u16::try_from(index).ok().map(BoardId)).map(|id| {
            let settled = sequences.get(&id).copied().unwrap_or(0);
            let log = AppendLog::new(settled, nonces_of.remove(&id).unwrap_or_default());
            Board { log, recent: VecDeque::new(), recent_bytes: 0 }
        });
        Self { boards: boards.collect() }
    }

    fn get(&self, id: BoardId) -> Option<&Board> {
        self.boards.get(usize::from(id.0))
    }

    fn get_mut(&mut self, id: BoardId) -> Option<&mut Board> {
        self.boards.get_mut(usize::from(id.0))
    }

    fn settled(&self, id: BoardId) -> u64 {
        self.get(id).map_or(0, |board| board.log.settled())
    }
}

impl Board {
    fn remember(&mut self, recent: Recent) {
        self.recent_bytes += recent.message.len();
        self.recent.push_back(recent);
        while self.recent.len() > RECENT_OPERATIONS || self.recent_bytes > RECENT_BYTES {
            let Some(oldest) = self.recent.pop_front() else { return };
            self.recent_bytes -= oldest.message.len();
        }
    }

    fn find(&self, author: PersonId, nonce: u64) -> Option<Bytes> {
        let found = self.recent.iter().rev().find(|recent| recent.author == author && recent.nonce == nonce);
        found.map(|recent| recent.message.clone())
    }
}

impl Room {
    pub(crate) fn board_received(&mut self, now: Micros, index: usize, bytes: &[u8]) {
        let Some(from) = self.people.at_mut(index) else { return };
        let size_bytes = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        if !from.meters.board.take(now, 1) || !from.meters.board_bytes.take(now, size_bytes) {
            self.board_over_limit(now, index, bytes);
            return;
        }
        match decode_message(bytes, limits::BOARD_MESSAGE_BYTES) {
            Ok(BoardUp::Append { board, nonce, operation }) => self.append(now, index, board, nonce, operation),
            Ok(BoardUp::Fetch { board, after }) => self.fetch(index, board, after),
            Ok(BoardUp::Unknown) => {}
            Err(error) => self.malformed(now, index, "board", &error.to_string()),
        }
    }

    /// An operation that is dropped must be refused by its number, else its author would wait for it.
    fn board_over_limit(&mut self, now: Micros, index: usize, bytes: &[u8]) {
        let Some((id, verdict)) = self.note_over_limit(now, index) else { return };
        if verdict == Verdict::Tell {
            self.outbox.refuse(id, "board", RefusalCode::TooFast, TOO_MUCH);
        }
        if let Ok(BoardUp::Append { board, nonce, .. }) = decode_message(bytes, limits::BOARD_MESSAGE_BYTES) {
            self.refuse_operation(id, board, nonce, RefusalCode::TooFast, TOO_MUCH);
        }
    }

    fn append(&mut self, now: Micros, index: usize, board: BoardId, nonce: u64, operation: OperationBytes) {
        let Some(from) = self.people.at(index) else { return };
        let (id, author, may_draw) = (from.id(), from.info.person, from.info.grants.draw);
        if !may_draw {
            self.refuse_operation(id, board, nonce, RefusalCode::NotAllowed, "you may not draw here: ask a moderator");
            return;
        }
        let is_busy = self.ledger.is_busy();
        let Some(target) = self.boards.get_mut(board) else {
            self.refuse_operation(id, board, nonce, RefusalCode::NotFound, "this room has no such board");
            return;
        };
        let size_bytes = operation.as_bytes().len();
        let draft = Draft { from: id, author, nonce, at: now, size_bytes, content: operation };
        let offer = if is_busy { Offer::Full } else { target.log.offer(draft) };
        match offer {
            Offer::Accepted | Offer::UnderWay => {}
            Offer::Old => {
                // Older than what is at hand: its author finds it by fetching.
                if let Some(message) = target.find(author, nonce) {
                    self.outbox.send(id, Lane::Board, message);
                }
            }
            Offer::OutOfOrder => {
                let message = "each operation needs a number above the last";
                self.refuse_operation(id, board, nonce, RefusalCode::Invalid, message);
            }
            Offer::Full => {
                let message = "the server's disk is busy: try again in a moment";
                self.refuse_operation(id, board, nonce, RefusalCode::TooFast, message);
            }
        }
    }

    fn refuse_operation(&mut self, to: ParticipantId, board: BoardId, nonce: u64, code: RefusalCode, message: &str) {
        let message = ReasonText::truncated(message);
        if let Some(bytes) = encode(Lane::Board, &BoardDown::Refused { board, nonce, code, message }) {
            self.outbox.send(to, Lane::Board, bytes);
        }
    }

    pub(crate) fn persist_boards(&mut self) {
        for index in 0..self.boards.boards.len() {
            let Some(id) = u16::try_from(index).ok().map(BoardId) else { continue };
            let Some(board) = self.boards.get_mut(id).filter(|board| board.log.wants_disk()) else { continue };
            let ticket = self.ledger.promise(Then::Board(id));
            let batch = board.log.start_batch(ticket);
            let record = |(sequence, draft): (u64, Draft<OperationBytes>)| Record::BoardAppended {
                board: id,
                sequence,
                author: draft.author,
                nonce: draft.nonce,
                operation: draft.content,
                at: draft.at,
            };
            let records = batch.into_iter().map(record).collect();
            self.outbox.push(RoomOutput::Persist { ticket, records });
        }
    }

    pub(crate) fn board_committed(&mut self, id: BoardId) {
        let Some(board) = self.boards.get_mut(id) else { return };
        for (sequence, draft) in board.log.commit() {
            let Draft { author, nonce, content, .. } = draft;
            let Some(message) = settled(id, sequence, author, nonce, content) else { continue };
            for to in self.people.iter().filter(|to| to.is_live()) {
                self.outbox.send(to.id(), Lane::Board, message.clone());
            }
            board.remember(Recent { author, nonce, message });
        }
    }

    pub(crate) fn board_failed(&mut self, id: BoardId) {
        let Some(board) = self.boards.get_mut(id) else { return };
        for draft in board.log.fail() {
            if self.people.by_id(draft.from).is_some_and(|from| from.is_live()) {
                let message = "the server could not store this: try again";
                self.refuse_operation(draft.from, id, draft.nonce, RefusalCode::StorageFailed, message);
            }
        }
    }

    fn fetch(&mut self, index: usize, board: BoardId, after: u64) {
        let up_to = self.boards.settled(board);
        let Some(from) = self.people.at_mut(index) else { return };
        let id = from.id();
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
            let message = settled(board, entry.sequence, entry.author, entry.nonce, entry.operation);
            if let Some(message) = message {
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

fn settled(board: BoardId, sequence: u64, author: PersonId, nonce: u64, operation: OperationBytes) -> Option<Bytes> {
    encode(Lane::Board, &BoardDown::Settled { board, sequence, author, nonce, operation })
}
