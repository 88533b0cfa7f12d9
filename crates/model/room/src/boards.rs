//! The boards of a room: operations in, checked against the document; out again when they are on disk.

use crate::append_log::{AppendLog, Draft, Offer};
use crate::control::TOO_MUCH;
use crate::ledger::Then;
use crate::limits::Verdict;
use crate::outbox::encode;
use crate::{Record, Room, RoomOutput, SavedRoom};
use atrium_board::{Asker, Document, Edit, ElementId, Operation, OperationId, Refusal, limits as board_limits};
use atrium_protocol::{
    BoardDown, BoardId, BoardUp, Lane, Micros, OperationBytes, ParticipantId, PersonId, ReasonText, RefusalCode, Role,
    decode_message, limits,
};
use bytes::Bytes;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

/// Latest operations that are answered again when their author asks again.
const RECENT_OPERATIONS: usize = 1_024;
const RECENT_BYTES: usize = 1024 * 1024;

/// The boards of a room.
#[derive(Debug)]
pub(crate) struct Boards {
    boards: Vec<Board>,
}

#[derive(Debug)]
struct Board {
    /// The log begins after this number.
    start: u64,
    log: AppendLog<Sketch>,
    /// What the settled operations made.
    document: Document,
    /// Elements that operations on their way to the disk will make.
    coming: HashSet<ElementId>,
    recent: VecDeque<Recent>,
    recent_bytes: usize,
}

/// An operation on its way to the disk.
#[derive(Clone, Debug)]
struct Sketch {
    bytes: OperationBytes,
    operation: Arc<Operation>,
}

/// A settled operation, as it was sent.
#[derive(Debug)]
struct Recent {
    author: PersonId,
    nonce: u64,
    message: Bytes,
}

impl Boards {
    pub(crate) fn new(count: usize, saved: &mut SavedRoom) -> Self {
        let mut nonces_of: BTreeMap<BoardId, BTreeMap<PersonId, u64>> = BTreeMap::new();
        for ((board, author), nonce) in std::mem::take(&mut saved.board_nonces) {
            nonces_of.entry(board).or_default().insert(author, nonce);
        }
        let boards = (0..count).filter_map(|index| u16::try_from(index).ok().map(BoardId)).map(|id| {
            let settled = saved.board_sequences.get(&id).copied().unwrap_or(0);
            Board {
                start: saved.board_starts.get(&id).copied().unwrap_or(0),
                log: AppendLog::new(settled, nonces_of.remove(&id).unwrap_or_default()),
                document: saved.documents.remove(&id).unwrap_or_default(),
                coming: HashSet::new(),
                recent: VecDeque::new(),
                recent_bytes: 0,
            }
        });
        Self { boards: boards.collect() }
    }

    fn get(&self, id: BoardId) -> Option<&Board> {
        self.boards.get(usize::from(id.0))
    }

    fn get_mut(&mut self, id: BoardId) -> Option<&mut Board> {
        self.boards.get_mut(usize::from(id.0))
    }

    /// The last operation on disk; 0 for a board that does not exist.
    pub(crate) fn settled(&self, id: BoardId) -> u64 {
        self.get(id).map_or(0, |board| board.log.settled())
    }

    /// Where the log begins.
    pub(crate) fn start(&self, id: BoardId) -> u64 {
        self.get(id).map_or(0, |board| board.start)
    }

    pub(crate) fn document(&self, id: BoardId) -> Option<&Document> {
        self.get(id).map(|board| &board.document)
    }

    pub(crate) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.boards.iter().map(|board| &board.document)
    }
}

impl Board {
    fn check(&self, operation: &Operation, asker: &Asker) -> Result<(), Refusal> {
        let new = made_by(operation).count();
        if new > 0 && self.document.len() + self.coming.len() + new > board_limits::ELEMENTS {
            return Err(Refusal::Full);
        }
        self.document.check(operation, asker, |id| self.coming.contains(&id))
    }

    fn no_longer_coming(&mut self, operation: &Operation) {
        for id in made_by(operation) {
            self.coming.remove(&id);
        }
    }

    fn remember(&mut self, recent: Recent) {
        self.recent_bytes += recent.message.len();
        self.recent.push_back(recent);
        while self.recent.len() > RECENT_OPERATIONS || self.recent_bytes > RECENT_BYTES {
            let Some(oldest) = self.recent.pop_front() else { return };
            self.recent_bytes -= oldest.message.len();
        }
    }

    /// Whether this very operation is on its way to the disk; whoever asked for it last will be told what becomes of it.
    fn is_under_way(&mut self, by: OperationId, bytes: &OperationBytes, asker: ParticipantId) -> bool {
        let draft = self.log.under_way_mut(by.author, by.nonce).filter(|draft| draft.content.bytes == *bytes);
        draft.map(|draft| draft.from = asker).is_some()
    }

    /// How this very operation was settled.
    fn find(&self, by: OperationId, bytes: &OperationBytes) -> Option<Bytes> {
        let is_it = |recent: &&Recent| (recent.author, recent.nonce) == (by.author, by.nonce);
        let found = self.recent.iter().rev().find(is_it).map(|recent| recent.message.clone());
        found.filter(|message| is_about(message, bytes))
    }
}

/// The elements that are new with an operation.
fn made_by(operation: &Operation) -> impl Iterator<Item = ElementId> {
    operation.edits.iter().filter_map(|edit| if let Edit::Add { id, .. } = edit { Some(*id) } else { None })
}

/// Whether a word says that this operation is settled, and not another one of its number.
fn is_about(message: &Bytes, bytes: &OperationBytes) -> bool {
    let word = decode_message(message, Lane::Board.spec().max_message_bytes);
    matches!(word, Ok(BoardDown::Settled { operation, .. }) if operation == *bytes)
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
        if let Ok(BoardUp::Append { board, nonce, operation }) = decode_message(bytes, limits::BOARD_MESSAGE_BYTES) {
            self.append_over_limit(id, board, nonce, &operation);
        }
    }

    fn append_over_limit(&mut self, id: ParticipantId, board: BoardId, nonce: u64, bytes: &OperationBytes) {
        let Some(author) = self.people.by_id(id).map(|from| from.info.person) else { return };
        // Of what is stored, or may still be, one must not say that it is not.
        if self.boards.get(board).is_some_and(|target| target.log.known(author, nonce).is_some()) {
            self.answer_again(id, board, OperationId { author, nonce }, bytes);
        } else {
            self.refuse_operation(id, board, nonce, RefusalCode::TooFast, TOO_MUCH);
        }
    }

    fn append(&mut self, now: Micros, index: usize, board: BoardId, nonce: u64, bytes: OperationBytes) {
        let Some(from) = self.people.at(index) else { return };
        let (id, may_draw) = (from.id(), from.info.grants.draw);
        let asker = Asker { person: from.info.person, may_moderate: from.info.role >= Role::Moderator };
        let Some(target) = self.boards.get_mut(board) else {
            self.refuse_operation(id, board, nonce, RefusalCode::NotFound, "this room has no such board");
            return;
        };
        // One that is known already is not judged again: the board has changed since, by itself if by nothing else.
        if target.log.known(asker.person, nonce).is_some() {
            self.answer_again(id, board, OperationId { author: asker.person, nonce }, &bytes);
            return;
        }
        if !may_draw {
            self.refuse_operation(id, board, nonce, RefusalCode::NotAllowed, "you may not draw here: ask a moderator");
            return;
        }
        let operation = match Operation::decode(bytes.as_bytes()) {
            Ok(operation) => Arc::new(operation),
            Err(error) => {
                self.refuse_operation(id, board, nonce, RefusalCode::Invalid, &error.to_string());
                return;
            }
        };
        if let Err(refusal) = target.check(&operation, &asker) {
            self.refuse_operation(id, board, nonce, refusal.code(), &refusal.to_string());
            return;
        }
        let size_bytes = bytes.as_bytes().len();
        let content = Sketch { bytes, operation: Arc::clone(&operation) };
        let draft = Draft { from: id, author: asker.person, nonce, at: now, size_bytes, content };
        if !self.ledger.is_busy() && target.log.offer(draft) == Offer::Accepted {
            target.coming.extend(made_by(&operation));
        } else {
            let message = "the server's disk is busy: try again in a moment";
            self.refuse_operation(id, board, nonce, RefusalCode::TooFast, message);
        }
    }

    /// The answer to an operation with a number that is not a new one. Never silence: its author would wait for ever.
    fn answer_again(&mut self, id: ParticipantId, board: BoardId, by: OperationId, bytes: &OperationBytes) {
        let Some(target) = self.boards.get_mut(board) else { return };
        if target.is_under_way(by, bytes, id) {
            return;
        }
        let settled = target.find(by, bytes);
        let last_nonce = target.log.last_nonce(by.author).unwrap_or(by.nonce);
        let stale = BoardDown::Stale { board, nonce: by.nonce, last_nonce };
        if let Some(message) = settled.or_else(|| encode(Lane::Board, &stale)) {
            self.outbox.send(id, Lane::Board, message);
        }
    }

    fn refuse_operation(&mut self, to: ParticipantId, board: BoardId, nonce: u64, code: RefusalCode, message: &str) {
        self.stats.operations_refused += 1;
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
            let mut records = Vec::new();
            for (sequence, draft) in board.log.start_batch(ticket) {
                audit(id, &draft, &mut records);
                let Draft { author, nonce, at, content, .. } = draft;
                let operation = content.bytes;
                records.push(Record::BoardAppended { board: id, sequence, author, nonce, operation, at });
            }
            self.outbox.push(RoomOutput::Persist { ticket, records });
        }
    }

    pub(crate) fn board_committed(&mut self, id: BoardId) {
        let Some(board) = self.boards.get_mut(id) else { return };
        for (sequence, draft) in board.log.commit() {
            let Draft { author, nonce, at, content: Sketch { bytes, operation }, .. } = draft;
            board.no_longer_coming(&operation);
            board.document.settle(sequence, OperationId { author, nonce }, at.millis(), &operation);
            self.stats.operations_settled += 1;
            let Some(message) = settled(id, sequence, (author, nonce), at, bytes) else { continue };
            for to in self.people.iter().filter(|to| to.is_live()) {
                self.outbox.send(to.id(), Lane::Board, message.clone());
            }
            board.remember(Recent { author, nonce, message });
        }
    }

    pub(crate) fn board_failed(&mut self, id: BoardId) {
        let Some(board) = self.boards.get_mut(id) else { return };
        let failed = board.log.fail();
        failed.iter().for_each(|draft| board.no_longer_coming(&draft.content.operation));
        for draft in failed {
            if self.people.by_id(draft.from).is_some_and(|from| from.is_live()) {
                let message = "the server could not store this: try again";
                self.refuse_operation(draft.from, id, draft.nonce, RefusalCode::StorageFailed, message);
            }
        }
    }
}

/// What moderators do to a board is in the audit log, together with the operation or not at all.
fn audit(board: BoardId, draft: &Draft<Sketch>, records: &mut Vec<Record>) {
    for edit in &draft.content.operation.edits {
        let (event, subject, detail) = match edit {
            Edit::RemoveBy { person } => ("board_clear", Some(*person), format!("board {}", board.0)),
            Edit::Freeze { is_frozen } => {
                ("board_freeze", None, format!("board {}, {}", board.0, if *is_frozen { "on" } else { "off" }))
            }
            _ => continue,
        };
        records.push(Record::Audit { at: draft.at, event, actor: Some(draft.author), subject, detail });
    }
}

pub(crate) fn settled(
    board: BoardId,
    sequence: u64,
    (author, nonce): (PersonId, u64),
    at: Micros,
    operation: OperationBytes,
) -> Option<Bytes> {
    let at_ms = at.millis();
    encode(Lane::Board, &BoardDown::Settled { board, sequence, author, nonce, at_ms, operation })
}
