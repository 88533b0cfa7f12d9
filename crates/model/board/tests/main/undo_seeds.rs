//! Whatever one person did, undo restores exactly, and redo does too, while others work beside them.

use crate::scribe::{Habits, Scribe, by, person};
use atrium_board::{Asker, Document, Edit, History, Operation, Undone};

struct Author {
    scribe: Scribe,
    history: History,
    nonce: u64,
    number: u8,
}

impl Author {
    fn new(seed: u64, number: u8) -> Self {
        let habits = Habits { only_undoable: true, is_moderator: false };
        Self { scribe: Scribe::new(seed, habits), history: History::default(), nonce: 0, number }
    }

    fn is_possible(&self, document: &Document, operation: &Operation) -> bool {
        let asker = Asker { person: person(self.number), may_moderate: false };
        document.check(operation, &asker, |_| false).is_ok()
    }

    /// Nobody sees what is removed, so nobody moves it elsewhere or locks it.
    fn is_about_removed(document: &Document, operation: &Operation) -> bool {
        let is_gone = |edit: &Edit| {
            let Edit::Set { id, .. } = edit else { return false };
            document.element(*id).is_some_and(|element| {
                element.is_removed || document.page(element.page).is_some_and(|page| page.is_removed)
            })
        };
        let removes = |edit: &Edit| matches!(edit, Edit::Remove { .. } | Edit::RemovePage { .. });
        operation.edits.iter().any(is_gone) || (operation.edits.len() > 1 && operation.edits.iter().any(removes))
    }

    fn act(&mut self, document: &mut Document, gesture: u64) {
        let operation = self.scribe.operation(document);
        if self.is_possible(document, &operation) && !Self::is_about_removed(document, &operation) {
            self.nonce += 1;
            let change = document.apply(by(self.number, self.nonce), self.nonce, &operation);
            self.history.did(gesture, by(self.number, self.nonce), &change);
        }
    }

    fn go(&mut self, document: &mut Document, undone: Undone) {
        assert_eq!(undone.skipped, 0, "nobody else has written: {undone:?}");
        for operation in undone.operations {
            assert!(self.is_possible(document, &operation), "{operation:?}");
            self.nonce += 1;
            let change = document.apply(by(self.number, self.nonce), self.nonce, &operation);
            self.history.sent(by(self.number, self.nonce), &change);
        }
    }
}

#[test]
fn undo_and_redo_restore_every_state_exactly() {
    for seed in 0..600 {
        let mut document = Document::default();
        let mut before = Author::new(seed + 10_000, 2);
        (0..10).for_each(|gesture| before.act(&mut document, gesture));
        let mut author = Author::new(seed, 1);
        let mut states = vec![document.clone()];
        for gesture in 0..20 {
            for _ in 0..1 + seed % 3 {
                author.act(&mut document, gesture);
            }
            if *states.last().unwrap() != document {
                states.push(document.clone());
            }
        }
        for _ in 0..3 {
            run_back(seed, &mut author, &mut document, &states);
            run_forth(seed, &mut author, &mut document, &states);
        }
    }
}

/// Every state is seen on the way, in its order; gestures that changed nothing show one twice.
fn run_back(seed: u64, author: &mut Author, document: &mut Document, states: &[Document]) {
    let mut at = states.len() - 1;
    while let Some(undone) = author.history.undo(document) {
        author.go(document, undone);
        if *document != states[at] {
            at = at.checked_sub(1).unwrap_or_else(|| panic!("seed {seed}: before the beginning"));
            assert!(*document == states[at], "seed {seed}: not as it was in state {at}");
        }
    }
    assert!(*document == states[0], "seed {seed}: not as in the beginning");
}

fn run_forth(seed: u64, author: &mut Author, document: &mut Document, states: &[Document]) {
    let mut at = 0;
    while let Some(undone) = author.history.redo(document) {
        author.go(document, undone);
        if *document != states[at] {
            at += 1;
            assert!(at < states.len() && *document == states[at], "seed {seed}: not as it was in state {at}");
        }
    }
    assert!(*document == states[states.len() - 1], "seed {seed}: not as in the end");
}

#[test]
fn others_keep_what_they_did_meanwhile() {
    for seed in 0..300 {
        let mut document = Document::default();
        let mut author = Author::new(seed, 1);
        let mut other = Author::new(seed + 10_000, 2);
        for gesture in 0..15 {
            author.act(&mut document, gesture);
            other.act(&mut document, gesture);
        }
        // Undo of one, then of the other: both write only over what is their own.
        for author in [&mut author, &mut other] {
            while let Some(undone) = author.history.undo(&document) {
                for operation in undone.operations {
                    assert!(author.is_possible(&document, &operation), "seed {seed}: {operation:?}");
                    author.nonce += 1;
                    let change = document.apply(by(author.number, author.nonce), 1, &operation);
                    author.history.sent(by(author.number, author.nonce), &change);
                }
            }
        }
    }
}
