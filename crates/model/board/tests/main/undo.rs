//! Undo, beside others.

use crate::scribe::{add, by, lock, move_to, person, remove};
use atrium_board::{Document, Edit, ElementId, History, Operation, OperationId, PageId, Replica, Undone};
use glam::Vec2;
use std::collections::BTreeMap;

/// A board, and one person's history of it; others write too.
#[derive(Default)]
struct Desk {
    document: Document,
    history: History,
    nonce: u64,
}

impl Desk {
    fn other(&mut self, edits: Vec<Edit>) {
        self.nonce += 1;
        self.document.apply(by(2, self.nonce), 1, &Operation { edits });
    }

    fn mine(&mut self, gesture: u64, edits: Vec<Edit>) {
        self.nonce += 1;
        let change = self.document.apply(by(1, self.nonce), 1, &Operation { edits });
        self.history.did(gesture, by(1, self.nonce), &change);
    }

    fn go(&mut self, undone: Option<Undone>) -> usize {
        let undone = undone.expect("there is a gesture");
        for operation in undone.operations {
            self.nonce += 1;
            let asker = atrium_board::Asker { person: person(1), may_moderate: false };
            assert_eq!(self.document.check(&operation, &asker, |_| false), Ok(()));
            let change = self.document.apply(by(1, self.nonce), 1, &operation);
            self.history.sent(by(1, self.nonce), &change);
        }
        undone.skipped
    }

    fn undo(&mut self) -> usize {
        let undone = self.history.undo(&self.document);
        self.go(undone)
    }

    fn redo(&mut self) -> usize {
        let undone = self.history.redo(&self.document);
        self.go(undone)
    }

    fn x(&self, id: u64) -> f32 {
        self.document.element(ElementId(id)).unwrap().frame.position.x
    }

    fn seen(&self) -> Vec<u64> {
        self.document.elements_on(PageId::FIRST).map(|element| element.id.0).collect()
    }
}

fn at(x: f32) -> Vec2 {
    Vec2::new(x, 0.0)
}

#[test]
fn back_and_forth() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0))]);
    desk.mine(2, vec![move_to(1, at(1.0))]);
    desk.mine(3, vec![move_to(1, at(2.0))]);
    for _ in 0..3 {
        assert_eq!((desk.undo(), desk.x(1)), (0, 1.0));
        assert_eq!((desk.undo(), desk.x(1)), (0, 0.0));
        assert_eq!((desk.undo(), desk.seen()), (0, vec![]));
        assert!(!desk.history.can_undo());
        assert_eq!((desk.redo(), desk.seen()), (0, vec![1]));
        assert_eq!((desk.redo(), desk.x(1)), (0, 1.0));
        assert_eq!((desk.redo(), desk.x(1)), (0, 2.0));
        assert!(!desk.history.can_redo());
    }
    desk.undo();
    desk.mine(4, vec![add(2, at(0.0))]);
    assert!(!desk.history.can_redo(), "something new was done");
}

#[test]
fn a_gesture_is_undone_as_a_whole() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0))]);
    for step in 1..20 {
        desk.mine(2, vec![move_to(1, at(step as f32))]);
    }
    assert_eq!((desk.undo(), desk.x(1)), (0, 0.0));
    assert_eq!((desk.redo(), desk.x(1)), (0, 19.0));
}

#[test]
fn what_somebody_else_has_written_since_stays() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0)), add(2, at(0.0))]);
    desk.mine(2, vec![move_to(1, at(1.0)), move_to(2, at(1.0))]);
    desk.other(vec![move_to(1, at(50.0))]);
    assert_eq!((desk.undo(), desk.x(1), desk.x(2)), (1, 50.0, 0.0));
    assert_eq!((desk.redo(), desk.x(1), desk.x(2)), (0, 50.0, 1.0), "only what undo has written is done again");
}

#[test]
fn what_undo_brought_back_from_somebody_else_is_still_theirs() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0))]);
    desk.mine(2, vec![move_to(1, at(1.0))]);
    desk.other(vec![move_to(1, at(50.0))]);
    desk.mine(3, vec![move_to(1, at(2.0))]);
    assert_eq!((desk.undo(), desk.x(1)), (0, 50.0));
    assert_eq!((desk.undo(), desk.x(1)), (1, 50.0), "it was another's before, and was written after the first move");
    assert_eq!((desk.redo(), desk.x(1)), (0, 2.0), "the last move is done again: nobody wrote since");
}

#[test]
fn what_somebody_else_wrote_in_the_middle_of_a_gesture_is_what_undo_gives_back() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0))]);
    desk.mine(2, vec![move_to(1, at(1.0))]);
    desk.other(vec![move_to(1, at(50.0))]);
    desk.mine(2, vec![move_to(1, at(2.0))]);
    assert_eq!((desk.undo(), desk.x(1)), (0, 50.0));
    assert_eq!((desk.redo(), desk.x(1)), (0, 2.0));
    assert_eq!((desk.undo(), desk.x(1)), (0, 50.0));
}

/// One's own operations wait for the server, and others are settled underneath them.
struct Author {
    replica: Replica,
    history: History,
    gestures: BTreeMap<u64, u64>,
    nonce: u64,
}

impl Author {
    fn new(document: Document) -> Self {
        let replica = Replica::new(person(1), document);
        Self { replica, history: History::default(), gestures: BTreeMap::new(), nonce: 0 }
    }

    fn act(&mut self, gesture: u64, edits: Vec<Edit>) {
        self.nonce += 1;
        self.gestures.insert(self.nonce, gesture);
        let change = self.replica.propose(self.nonce, Operation { edits });
        self.history.did(gesture, by(1, self.nonce), &change);
    }

    fn hear(&mut self, by: OperationId, edits: Vec<Edit>) {
        let settled = self.replica.settle(self.replica.sequence() + 1, by, 1, &Operation { edits });
        if settled.is_relaid {
            self.replica.changes().for_each(|(nonce, change)| self.history.relaid(self.gestures[&nonce], change));
        }
    }

    /// The oldest operation that waits is settled.
    fn confirm(&mut self) {
        let (nonce, operation) = self.replica.unsettled().next().map(|(nonce, it)| (nonce, it.clone())).unwrap();
        self.hear(by(1, nonce), operation.edits);
    }

    fn go(&mut self, undone: Option<Undone>) {
        let Undone { gesture, operations, .. } = undone.expect("there is a gesture");
        for operation in operations {
            self.nonce += 1;
            self.gestures.insert(self.nonce, gesture);
            let change = self.replica.propose(self.nonce, operation);
            self.history.sent(by(1, self.nonce), &change);
        }
    }

    fn undo(&mut self) -> f32 {
        let undone = self.history.undo(self.replica.document());
        self.go(undone);
        self.x()
    }

    fn redo(&mut self) -> f32 {
        let undone = self.history.redo(self.replica.document());
        self.go(undone);
        self.x()
    }

    fn x(&self) -> f32 {
        self.replica.document().element(ElementId(1)).unwrap().frame.position.x
    }
}

fn one_element() -> Document {
    let mut document = Document::default();
    document.settle(1, by(9, 1), 1, &Operation::one(add(1, at(0.0))));
    document
}

#[test]
fn undo_gives_back_what_was_settled_underneath_meanwhile() {
    let mut author = Author::new(one_element());
    author.act(1, vec![move_to(1, at(1.0))]);
    author.act(1, vec![move_to(1, at(2.0))]);
    author.act(2, vec![move_to(1, at(3.0))]);
    author.hear(by(2, 1), vec![move_to(1, at(50.0))]);
    author.confirm();
    author.hear(by(2, 2), vec![move_to(1, at(60.0))]);
    assert_eq!(author.x(), 3.0);
    assert_eq!((author.undo(), author.undo()), (2.0, 60.0), "not what it was before the other did that");
    assert_eq!((author.redo(), author.redo()), (2.0, 3.0));
    assert_eq!((author.undo(), author.undo()), (2.0, 60.0));
}

#[test]
fn undo_gives_back_what_was_settled_under_a_redo() {
    let mut author = Author::new(one_element());
    author.act(1, vec![move_to(1, at(1.0))]);
    author.confirm();
    assert_eq!(author.undo(), 0.0);
    author.confirm();
    assert_eq!(author.redo(), 1.0);
    author.hear(by(2, 1), vec![move_to(1, at(50.0))]);
    assert_eq!((author.x(), author.undo()), (1.0, 50.0));
}

#[test]
fn undo_does_not_give_back_what_the_server_refused() {
    let mut author = Author::new(one_element());
    author.act(1, vec![move_to(1, at(1.0))]);
    author.act(2, vec![move_to(1, at(2.0))]);
    assert!(author.replica.refuse(1).is_relaid);
    author.replica.changes().for_each(|(nonce, change)| author.history.relaid(author.gestures[&nonce], change));
    assert_eq!((author.x(), author.undo()), (2.0, 0.0));
}

#[test]
fn removed_by_somebody_else_is_not_undone() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0)), add(2, at(0.0))]);
    desk.mine(2, vec![remove(1, true), remove(2, true)]);
    desk.other(vec![remove(1, false)]);
    desk.other(vec![remove(1, true)]);
    assert_eq!((desk.undo(), desk.seen()), (1, vec![2]));
}

#[test]
fn locked_by_somebody_else_is_not_undone() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0)), add(2, at(0.0))]);
    desk.mine(2, vec![move_to(1, at(1.0)), move_to(2, at(1.0))]);
    desk.other(vec![lock(2, true)]);
    assert_eq!((desk.undo(), desk.x(1), desk.x(2)), (1, 0.0, 1.0));
    assert_eq!((desk.undo(), desk.seen()), (1, vec![2]));
}

#[test]
fn what_one_locked_oneself_is_unlocked_first() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0)), move_to(1, at(3.0)), lock(1, true)]);
    assert_eq!((desk.undo(), desk.seen()), (0, vec![]));
    assert_eq!((desk.redo(), desk.seen()), (0, vec![1]));
    let element = desk.document.element(ElementId(1)).unwrap();
    assert!(element.is_locked && element.frame.position == at(3.0));
}

#[test]
fn an_operation_that_got_another_number_can_still_be_undone() {
    let mut desk = Desk::default();
    desk.mine(1, vec![add(1, at(0.0))]);
    desk.mine(2, vec![move_to(1, at(1.0))]);
    let operation = Operation::one(move_to(1, at(1.0)));
    // The server could not store it, so it is offered again as another one.
    let change = desk.document.apply(by(1, 100), 1, &operation);
    desk.history.did(2, by(1, 100), &change);
    assert_eq!((desk.undo(), desk.x(1)), (0, 0.0));
    let (undone, renumbered) = (by(1, desk.nonce), by(1, 200));
    desk.document.apply(renumbered, 1, &Operation::one(move_to(1, at(0.0))));
    desk.history.renumbered(&BTreeMap::from([(undone, renumbered)]));
    assert_eq!((desk.redo(), desk.x(1)), (0, 1.0));
}

#[test]
fn only_so_many_gestures_are_remembered() {
    let mut desk = Desk::default();
    for gesture in 0..300 {
        desk.mine(gesture, vec![add(gesture, at(0.0))]);
    }
    let mut undone = 0;
    while desk.history.can_undo() {
        desk.undo();
        undone += 1;
    }
    assert_eq!((undone, desk.seen().len()), (200, 100));
}

#[test]
fn ten_thousand_elements_are_undone_in_operations_that_fit() {
    let mut desk = Desk::default();
    for part in 0..40_u64 {
        desk.mine(1, (0..250).map(|id| add(part * 250 + id, at(0.0))).collect());
    }
    for part in 0..40_u64 {
        desk.mine(2, (0..250).map(|id| move_to(part * 250 + id, at(5.0))).collect());
    }
    let undone = desk.history.undo(&desk.document).unwrap();
    assert!(undone.operations.len() < 80, "{}", undone.operations.len());
    assert!(undone.operations.iter().all(|operation| operation.encode().is_ok()));
    desk.go(Some(undone));
    assert!(desk.document.elements_on(PageId::FIRST).all(|element| element.frame.position == at(0.0)));
    let undone = desk.history.undo(&desk.document).unwrap();
    assert!(undone.operations.len() <= 10, "{}", undone.operations.len());
}

#[test]
fn all_that_waits_gets_other_numbers_in_no_time() {
    let mut desk = Desk::default();
    for gesture in 0..200 {
        desk.mine(gesture, (0..250).map(|id| add(gesture * 250 + id, at(0.0))).collect());
    }
    let numbers = (1..=2_000).map(|nonce| (by(1, nonce), by(1, nonce + 10_000))).collect();
    let start = std::time::Instant::now();
    desk.history.renumbered(&numbers);
    println!("two thousand operations of fifty thousand things are renumbered in {:?}", start.elapsed());
    assert!(start.elapsed().as_secs_f64() < 1.0);
}
