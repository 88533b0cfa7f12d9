//! Whatever one person did, undo restores exactly, and redo does too, while others work beside them.

use crate::scribe::{Habits, Scribe, add, by, move_to, person};
use atrium_board::{
    Asker, Change, Document, Edit, Element, ElementId, History, Operation, OperationId, Property, Props, Replica,
    Shape, Style, Undone,
};
use glam::Vec2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

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

const PROPERTIES: [Property; 8] = [
    Property::Page,
    Property::Order,
    Property::Frame,
    Property::Style,
    Property::Size,
    Property::Text,
    Property::Locked,
    Property::Removed,
];

fn value(element: &Element, property: Property) -> String {
    let mut shape = element.shape.clone();
    let text = match &mut shape {
        Shape::Text { text, .. } | Shape::Sticky { text, .. } => std::mem::take(text),
        _ => String::new(),
    };
    match property {
        Property::Page => format!("{:?}", element.page),
        Property::Order => format!("{:?}", element.order),
        Property::Frame => format!("{:?}", element.frame),
        Property::Style => format!("{:?}", element.style),
        Property::Size => format!("{shape:?}"),
        Property::Text => text,
        Property::Locked => element.is_locked.to_string(),
        Property::Removed => element.is_removed.to_string(),
    }
}

/// Each property that is seen and that somebody else has written last, with its value.
fn written_by_others(document: &Document, me: u8) -> Vec<(ElementId, Property, String)> {
    let seen = document.pages().flat_map(|page| document.elements_on(page.id));
    let properties = seen.flat_map(|element| PROPERTIES.map(|property| (element, property)));
    let theirs = properties.filter(|(element, property)| element.writer(*property).author != person(me));
    theirs.map(|(element, property)| (element.id, property, value(element, property))).collect()
}

#[test]
fn others_keep_what_they_did_meanwhile() {
    let mut kept = 0;
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
                let theirs = written_by_others(&document, author.number);
                for operation in undone.operations {
                    assert!(author.is_possible(&document, &operation), "seed {seed}: {operation:?}");
                    author.nonce += 1;
                    let change = document.apply(by(author.number, author.nonce), 1, &operation);
                    author.history.sent(by(author.number, author.nonce), &change);
                }
                for (id, property, before) in &theirs {
                    let now = value(document.element(*id).unwrap(), *property);
                    assert_eq!(now, *before, "seed {seed}: {id:?} {property:?} is not theirs to change");
                }
                kept += theirs.len();
            }
        }
    }
    assert!(kept > 10_000, "{kept}: others have hardly written anything");
}

/// Somebody whose operations wait for the server, while others are settled underneath.
struct Waiting {
    replica: Replica,
    history: History,
    gestures: BTreeMap<u64, u64>,
    nonce: u64,
}

impl Waiting {
    fn propose(&mut self, gesture: u64, operation: Operation) -> Change {
        self.nonce += 1;
        self.gestures.insert(self.nonce, gesture);
        self.replica.propose(self.nonce, operation)
    }

    fn hear(&mut self, sequence: u64, by: OperationId, operation: &Operation) {
        if self.replica.settle(sequence, by, 1, operation).is_relaid {
            self.replica.changes().for_each(|(nonce, change)| self.history.relaid(self.gestures[&nonce], change));
        }
    }

    fn undo(&mut self) -> bool {
        let Some(undone) = self.history.undo(self.replica.document()) else { return false };
        let theirs = written_by_others(self.replica.document(), 1);
        for operation in undone.operations {
            let change = self.propose(undone.gesture, operation);
            self.history.sent(by(1, self.nonce), &change);
        }
        for (id, property, before) in theirs {
            let now = value(self.replica.document().element(id).unwrap(), property);
            assert_eq!(now, before, "{id:?} {property:?} is not theirs to change");
        }
        true
    }
}

/// A few things are moved and coloured at the same time by two people, of whom one then undoes all that they did.
#[test]
fn whoever_undoes_everything_was_never_there() {
    for seed in 0..500_u64 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut board = Document::default();
        board.settle(1, by(9, 1), 1, &Operation { edits: (0..3).map(|id| add(id, Vec2::ZERO)).collect() });
        let mut without = board.clone();
        let (history, gestures) = (History::default(), BTreeMap::new());
        let mut one = Waiting { replica: Replica::new(person(1), board.clone()), history, gestures, nonce: 0 };
        let mut gesture = 0;
        for step in 0..40_u64 {
            let edit = if random.random_bool(0.7) {
                move_to(random.random_range(0..3), Vec2::splat(step as f32 + 1.0))
            } else {
                let style = Style { width_mm: step as f32 + 1.0, ..Style::default() };
                let props = Props { style: Some(style), ..Props::default() };
                Edit::Set { id: ElementId(random.random_range(0..3)), props }
            };
            let operation = Operation::one(edit);
            match random.random_range(0..4) {
                0 | 1 => {
                    gesture += u64::from(random.random_bool(0.5));
                    let change = one.propose(gesture, operation);
                    one.history.did(gesture, by(1, one.nonce), &change);
                }
                2 => {
                    without.apply(by(2, step), 1, &operation);
                    one.hear(one.replica.sequence() + 1, by(2, step), &operation);
                }
                _ => confirm(&mut one),
            }
        }
        while one.undo() {}
        while one.replica.pending() > 0 {
            confirm(&mut one);
        }
        for id in (0..3).map(ElementId) {
            let [now, never] = [one.replica.document(), &without].map(|it| it.element(id).unwrap());
            assert_eq!((now.frame, now.style), (never.frame, never.style), "seed {seed}: {id:?}");
        }
    }
}

fn confirm(one: &mut Waiting) {
    let oldest = one.replica.unsettled().next().map(|(nonce, operation)| (nonce, operation.clone()));
    if let Some((nonce, operation)) = oldest {
        one.hear(one.replica.sequence() + 1, by(1, nonce), &operation);
    }
}
