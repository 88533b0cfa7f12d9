use super::Easel;
use crate::outbox::Entry;
use crate::{Notice, Output};
use atrium_board::limits::OPERATION_BYTES;
use atrium_board::{Change, Edit, ElementId, Operation, OperationId};
use atrium_protocol::OperationBytes;
use std::collections::BTreeMap;

/// What undoing one thing may take; rarely more than one.
const UNDO_OPERATIONS: usize = 256;
/// Comparisons of touched and selected elements that are made for one operation.
const MANY_PAIRS: usize = 20_000;

/// What became of something that was to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proposed {
    Done,
    /// Too much waits already: nothing of it was done.
    NoRoom,
    /// It is not possible: it was said why.
    Impossible,
}

impl Easel {
    /// Does it: at once here, and for everybody as soon as the server has it. Returns whether all of it was done; tells
    /// why not.
    pub(super) fn propose(&mut self, gesture: u64, edits: Vec<Edit>) -> bool {
        match self.propose_one(gesture, edits) {
            Proposed::Done => true,
            Proposed::NoRoom => {
                self.notice(Notice::TooMuchWaits);
                false
            }
            Proposed::Impossible => false,
        }
    }

    /// The same, silent where it can be done later.
    pub(super) fn propose_one(&mut self, gesture: u64, edits: Vec<Edit>) -> Proposed {
        let operations = Operation::split(edits);
        self.propose_all(operations, gesture, |easel, by, change| easel.history.did(gesture, by, change))
    }

    /// Takes back, or does again, the last thing that one did.
    pub(super) fn undo(&mut self, is_redo: bool) {
        self.finish_gesture();
        self.end_text();
        self.commit_all_strokes();
        if !self.may_change() {
            return;
        }
        if !self.outbox.has_room(UNDO_OPERATIONS, UNDO_OPERATIONS * OPERATION_BYTES) {
            self.notice(Notice::TooMuchWaits);
            return;
        }
        let document = self.replica.document();
        let undone = if is_redo { self.history.redo(document) } else { self.history.undo(document) };
        let Some(undone) = undone else { return };
        let gesture = undone.gesture;
        let remember = |easel: &mut Self, by, change: &Change| easel.history.sent(by, change);
        if self.propose_all(undone.operations, gesture, remember) == Proposed::NoRoom {
            self.notice(Notice::TooMuchWaits);
        }
        if undone.skipped > 0 {
            self.notice(Notice::SkippedInUndo(undone.skipped));
        }
    }

    fn propose_all(
        &mut self,
        operations: Vec<Operation>,
        gesture: u64,
        remember: impl Fn(&mut Self, OperationId, &Change),
    ) -> Proposed {
        if !self.may_draw {
            return Proposed::Impossible;
        }
        let mut encoded = Vec::with_capacity(operations.len());
        for operation in operations {
            // What cannot be written down is a mistake of ours, and must not stay on this board alone.
            let Ok(bytes) = operation.encode() else { return Proposed::Impossible };
            encoded.push((operation, bytes));
        }
        let bytes = encoded.iter().map(|(_, bytes)| bytes.as_bytes().len()).sum();
        if !self.outbox.has_room(encoded.len(), bytes) {
            return Proposed::NoRoom;
        }
        for (operation, bytes) in encoded {
            if let Err(refusal) = self.document().check(&operation, &self.asker(), |_| false) {
                self.notice(Notice::Impossible(refusal));
                return Proposed::Impossible;
            }
            let nonce = self.nonces.take();
            let change = self.replica.propose(nonce, operation.clone());
            self.note_touched(change.touched(), change.touches_board());
            remember(self, OperationId { author: self.me, nonce }, &change);
            self.outbox.push(Entry::new(nonce, gesture, operation, bytes));
        }
        Proposed::Done
    }

    pub(super) fn note_touched(&mut self, touched: &[ElementId], touches_board: bool) {
        self.damages.elements(touched.iter().copied());
        if touches_board {
            self.damages.board();
            self.keep_page_real();
        }
        // To find out exactly would take longer than to look again.
        let are_many = touched.len() * self.selection.len() > MANY_PAIRS;
        if are_many || touches_board || touched.iter().any(|id| self.selection.contains(id)) {
            self.damages.overlay();
            self.keep_selection_real();
        }
    }

    /// Hands over what may be sent now.
    pub(super) fn send(&mut self) {
        self.renumber();
        while let Some((nonce, operation)) = self.outbox.send(self.now_secs) {
            self.outputs.push_back(Output::Append { nonce, operation });
        }
    }

    /// What the server could not take is offered again with new numbers, and so is all that was made after it: the server
    /// takes one's numbers in rising order only.
    fn renumber(&mut self) {
        let old = self.outbox.to_renumber(self.now_secs);
        let numbers = old.into_iter().map(|old| (old, self.nonces.take())).collect();
        self.rename(&numbers);
    }

    /// Somebody with the same key has given this number to another operation, which is settled: what has it here needs
    /// another one, before the two are taken for the same.
    pub(super) fn give_way(&mut self, nonce: u64, settled: &OperationBytes) {
        if self.outbox.has_another(nonce, settled) {
            self.outbox.stale(nonce);
            let new = self.nonces.take();
            self.rename(&BTreeMap::from([(nonce, new)]));
        }
    }

    /// Operations that wait have other numbers from now on. They stay on the board meanwhile: whatever one has in hand may
    /// be about what they made.
    fn rename(&mut self, numbers: &BTreeMap<u64, u64>) {
        if numbers.is_empty() {
            return;
        }
        self.outbox.renumber(numbers);
        self.replica.renumber(numbers);
        let id = |nonce: &u64| OperationId { author: self.me, nonce: *nonce };
        self.history.renumbered(&numbers.iter().map(|(old, new)| (id(old), id(new))).collect());
    }
}
