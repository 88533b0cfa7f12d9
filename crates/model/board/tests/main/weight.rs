//! However much is drawn, a board can be written down, and so it can be joined.

use crate::scribe::{add, add_shape, by, move_to, person, remove};
use atrium_board::ink::{Point, pack};
use atrium_board::limits::{
    BOARD_BYTES, BOARD_BYTES_CROWDED, EDIT_POINTS, ELEMENT_BYTES, LETTER_MM_MAX, SNAPSHOT_BYTES, UNPACKED_BYTES,
    WIDTH_MM_MAX,
};
use atrium_board::{
    Asker, Dash, Document, Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Props,
    Refusal, Replica, Style, read_snapshot, write_snapshot,
};
use atrium_protocol::{ContentHash, PersonId};
use glam::Vec2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// More different ink than a compressor looks back at.
const DIFFERENT_STROKES: usize = 512;

/// As many points as an edit takes, all over the page: nothing makes them smaller.
fn wild_ink(random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut number = || random.random_range(-1.0e6..1.0e6);
    let points: Vec<Point> = (0..EDIT_POINTS).map(|_| Point::at(Vec2::new(number(), number()))).collect();
    pack(&points, 8)
}

fn ink(id: u64, points: Vec<u8>, is_finished: bool) -> Edit {
    add_shape(id, Vec2::ZERO, NewElement::Ink { is_highlighter: false, points, is_finished })
}

fn check(document: &Document, edit: Edit) -> Result<(), Refusal> {
    document.check(&Operation::one(edit), &Asker { person: person(1), may_moderate: false }, |_| false)
}

fn settle(document: &mut Document, edit: Edit) {
    let sequence = document.sequence() + 1;
    document.settle(sequence, by(1, sequence), sequence, &Operation::one(edit));
}

/// A board whose strokes take `bytes`; the first is unfinished.
fn heavy(bytes: usize) -> Document {
    let points = wild_ink(&mut ChaCha8Rng::seed_from_u64(1));
    let mut document = Document::default();
    for id in 0..(bytes / (points.len() + ELEMENT_BYTES)) as u64 {
        settle(&mut document, ink(id, points.clone(), id != 0));
    }
    document
}

#[test]
fn whoever_draws_without_end_fills_a_board_that_can_still_be_joined() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let strokes: Vec<Vec<u8>> = (0..DIFFERENT_STROKES).map(|_| wild_ink(&mut random)).collect();
    let stroke = |id: u64| ink(id, strokes[id as usize % DIFFERENT_STROKES].clone(), true);
    let most = 2 * SNAPSHOT_BYTES / strokes[0].len();
    let mut document = Document::default();
    let accepted = (0..most as u64).take_while(|id| {
        let is_accepted = check(&document, stroke(*id)).is_ok();
        settle(&mut document, stroke(*id));
        is_accepted
    });
    let count = accepted.count() as u64;
    assert!(count > 5_000, "{count}");
    // What was on its way is still settled.
    (count + 1..count + 200).for_each(|id| settle(&mut document, stroke(id)));
    let bytes = write_snapshot(&document).unwrap();
    assert!(bytes.len() > SNAPSHOT_BYTES / 4 * 3, "hard to pack: {}", bytes.len());
    assert!(read_snapshot(&bytes).unwrap().is_identical(&document));
    assert_eq!(check(&document, stroke(u64::MAX)), Err(Refusal::Full));
    settle(&mut document, Edit::RemoveBy { person: person(1) });
    assert_eq!(check(&document, stroke(u64::MAX)), Ok(()), "what was cleared makes room at once");
}

#[test]
fn a_full_board_takes_what_makes_it_no_heavier() {
    let mut document = heavy(BOARD_BYTES);
    let text = |text: &str| Edit::Set {
        id: ElementId(1_000_000),
        props: Props { text: Some(text.to_owned()), ..Props::default() },
    };
    let written = NewElement::Sticky { text: "four".to_owned(), size: Vec2::splat(9.0) };
    settle(&mut document, add_shape(1_000_000, Vec2::ZERO, written));
    let mut more_elements = (2_000_000..2_000_100).map(|id| add(id, Vec2::ZERO));
    let refused = more_elements.find_map(|edit| {
        let refused = check(&document, edit.clone()).err();
        settle(&mut document, edit);
        refused
    });
    assert_eq!(refused, Some(Refusal::Full));
    let more = |points, is_last| Edit::Ink { id: ElementId(0), points, is_last };
    assert_eq!(check(&document, more(wild_ink(&mut ChaCha8Rng::seed_from_u64(2)), false)), Err(Refusal::Full));
    assert_eq!(check(&document, text(&"long".repeat(100))), Err(Refusal::Full));
    for edit in [more(Vec::new(), true), text("for"), text("fore"), move_to(1, Vec2::X), remove(1, true)] {
        assert_eq!(check(&document, edit.clone()), Ok(()), "{edit:?}");
    }
}

#[test]
fn a_heavy_board_forgets_at_once_and_alike_for_everybody() {
    let mut server = heavy(BOARD_BYTES_CROWDED + 100_000);
    let mut replica = Replica::new(person(1), server.clone());
    let more = |seed| {
        let points = wild_ink(&mut ChaCha8Rng::seed_from_u64(seed));
        Operation::one(Edit::Ink { id: ElementId(0), points, is_last: false })
    };
    let len = server.len();
    let mut say = |replica: &mut Replica, by: OperationId, operation: &Operation| {
        let sequence = server.sequence() + 1;
        server.settle(sequence, by, 5, operation);
        replica.settle(sequence, by, 5, operation);
        server.clone()
    };
    // Whatever is on top of what it removes is lifted before that is forgotten.
    replica.propose(1_000_001, Operation::one(remove(0, true)));
    replica.propose(1_000_002, more(3));
    replica.propose(1_000_003, Operation::one(add(5_000_000, Vec2::ZERO)));
    let now = say(&mut replica, by(1, 1_000_001), &Operation::one(remove(0, true)));
    assert!(now.element(ElementId(0)).is_none() && now.len() == len - 1, "it was forgotten");
    replica.refuse(1_000_002);
    say(&mut replica, by(1, 1_000_003), &Operation::one(add(5_000_000, Vec2::ZERO)));
    let mut left = replica.document().len();
    for id in 1..30 {
        let now = say(&mut replica, by(2, id), &Operation::one(remove(id, true)));
        assert!(replica.document().is_identical(&now), "{id}");
        let is_forgotten = now.element(ElementId(id)).is_none();
        left -= usize::from(is_forgotten);
        assert_eq!(now.len(), left);
    }
    assert!(replica.document().element(ElementId(29)).is_some(), "it is light enough again");
}

/// Whatever can be written into an element, by as many people as wrote anything.
struct Worst {
    random: ChaCha8Rng,
    document: Document,
}

impl Worst {
    fn operation(&mut self, edit: Edit) {
        let by = OperationId { author: PersonId([self.random.random(); 32]), nonce: self.random.random() };
        let sequence = self.document.sequence() + 1;
        self.document.settle(sequence, by, self.random.random::<u64>() >> 20, &Operation::one(edit));
    }

    fn order(&mut self) -> OrderKey {
        loop {
            let bytes: [u8; 32] = self.random.random();
            if let Some(key) = OrderKey::from_bytes(&bytes) {
                return key;
            }
        }
    }

    fn size(&mut self) -> Vec2 {
        Vec2::new(self.random.random_range(0.0..1e5), self.random.random_range(0.0..1e5))
    }

    fn frame(&mut self) -> Frame {
        let rotation = self.random.random_range(-1e3..1e3);
        Frame { position: self.size(), rotation, scale: self.size() / 1e3 + 1.0 }
    }

    fn style(&mut self) -> Style {
        let width_mm = self.random.random_range(1.0..WIDTH_MM_MAX);
        Style {
            width_mm,
            letter_mm: self.random.random_range(1.0..LETTER_MM_MAX),
            dash: Dash::Dotted,
            ..Style::default()
        }
    }

    fn element(&mut self, is_text: bool) {
        let (id, size) = (ElementId(self.random.random()), self.size());

        let shape = match is_text {
            true => NewElement::Text { text: "a".to_owned(), wrap_mm: Some(size.x + 1.0), size },
            false => NewElement::Image { hash: ContentHash(self.random.random()), size },
        };
        let (page, order, frame, style) = (PageId::FIRST, self.order(), self.frame(), self.style());
        self.operation(Edit::Add { id, page, order, frame, style, shape });
        let size: [f32; 2] = self.size().into();
        let all = [
            Props { page: Some(page), ..Props::default() },
            Props { order: Some(self.order()), ..Props::default() },
            Props { frame: Some(self.frame()), ..Props::default() },
            Props { style: Some(self.style()), ..Props::default() },
            Props { size: Some(size), ..Props::default() },
            Props { text: is_text.then(|| "b".to_owned()), ..Props::default() },
            Props { is_locked: Some(false), ..Props::default() },
        ];
        all.into_iter().for_each(|props| self.operation(Edit::Set { id, props }));
        self.operation(remove(id.0, true));
    }
}

#[test]
fn no_element_takes_more_of_a_snapshot_than_it_counts_for() {
    for (is_text, counts_bytes) in [(true, ELEMENT_BYTES + 1), (false, ELEMENT_BYTES + 32)] {
        let (packed, unpacked) = worst_bytes(is_text);
        println!("{packed} of {counts_bytes} bytes of a snapshot for an element, {unpacked} unpacked");
        assert!(packed <= counts_bytes, "{packed}");
        assert!(unpacked * (BOARD_BYTES / ELEMENT_BYTES) < UNPACKED_BYTES, "{unpacked}");
    }
}

/// What the worst elements take of a snapshot each, and of an unpacked one.
fn worst_bytes(is_text: bool) -> (usize, usize) {
    // Not so many that any of them is forgotten.
    const COUNT: usize = 2_000;
    let mut worst = Worst { random: ChaCha8Rng::seed_from_u64(1), document: Document::default() };
    (0..COUNT).for_each(|_| worst.element(is_text));
    let packed = write_snapshot(&worst.document).unwrap();
    let unpacked = zstd::stream::decode_all(&packed[..]).unwrap();
    (packed.len() / COUNT, unpacked.len() / COUNT)
}
