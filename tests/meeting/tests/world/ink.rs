//! What people draw in tests, and the documents that come of it.

use super::mirror::Settled;
use atrium_board::ink::{Point, pack};
use atrium_board::{
    Document, Edit, ElementId, Frame, IdSource, NewElement, Operation, OperationId, OrderKey, PageId, Shape, Style,
};
use glam::Vec2;

/// Points of a piece of a stroke, and pieces of a stroke.
const PIECE_POINTS: usize = 15;
const PIECES: usize = 4;
/// Bytes of a large operation, about.
const LARGE_BYTES: usize = 11_000;
const PRECISION: u8 = 4;

/// Somebody's hand: makes operations, each possible after those before.
pub(crate) struct Hand {
    ids: IdSource,
    order: OrderKey,
    /// Numbers that look random, the same for the same seed.
    state: u64,
    /// The stroke that is being drawn, and how many pieces of it there are.
    open: Option<(ElementId, usize)>,
    drawn: usize,
}

impl Hand {
    pub(crate) fn new(seed: u64) -> Self {
        let mut id = [0; 8];
        getrandom::fill(&mut id).expect("randomness");
        let ids = IdSource::new(u64::from_le_bytes(id));
        Self { ids, order: OrderKey::between(None, None), state: seed, open: None, drawn: 0 }
    }

    /// The next piece of a stroke: four make one.
    pub(crate) fn piece(&mut self) -> Operation {
        let points = pack(&self.points(PIECE_POINTS), PRECISION);
        let (id, pieces) = self.open.take().unwrap_or_else(|| (self.ids.element(), 0));
        let is_last = pieces + 1 == PIECES;
        if !is_last {
            self.open = Some((id, pieces + 1));
        }
        if pieces == 0 { self.add(id, ink(points, false)) } else { Operation::one(Edit::Ink { id, points, is_last }) }
    }

    /// Strokes and notes so far.
    pub(crate) fn drawn(&self) -> usize {
        self.drawn
    }

    /// Whether a stroke is begun and not ended.
    pub(crate) fn is_drawing(&self) -> bool {
        self.open.is_some()
    }

    /// A whole stroke.
    pub(crate) fn stroke(&mut self) -> Operation {
        let points = pack(&self.points(PIECE_POINTS * PIECES), PRECISION);
        let id = self.ids.element();
        self.add(id, ink(points, true))
    }

    /// A note that says something.
    pub(crate) fn note(&mut self, text: &str) -> Operation {
        let id = self.ids.element();
        self.add(id, NewElement::Sticky { text: text.to_owned(), size: Vec2::splat(200.0) })
    }

    /// Strokes together as large as one operation may be.
    pub(crate) fn large(&mut self) -> Operation {
        let mut operation = Operation::default();
        while operation.encode().expect("a small operation").as_bytes().len() < LARGE_BYTES {
            operation.edits.extend(self.stroke().edits);
        }
        operation
    }

    fn add(&mut self, id: ElementId, shape: NewElement) -> Operation {
        self.order = OrderKey::between(Some(&self.order), None);
        self.drawn += 1;
        let (page, order) = (PageId::FIRST, self.order.clone());
        Operation::one(Edit::Add { id, page, order, frame: Frame::default(), style: Style::default(), shape })
    }

    fn points(&mut self, count: usize) -> Vec<Point> {
        let start = Vec2::new(self.below(2_500.0), self.below(1_000.0));
        let (radius, turn) = (20.0 + self.below(60.0), 0.05 + self.below(0.2));
        let position = |n: usize| start + Vec2::from_angle(n as f32 * turn) * radius + Vec2::X * n as f32;
        (0..count).map(|n| Point { position: position(n), pressure: 0.5 }).collect()
    }

    fn below(&mut self, limit: f32) -> f32 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 40) as f32 / (1_u32 << 24) as f32 * limit
    }
}

fn ink(points: Vec<u8>, is_finished: bool) -> NewElement {
    NewElement::Ink { is_highlighter: false, points, is_finished }
}

/// The element that an operation makes.
pub(crate) fn made_by(operation: &Operation) -> ElementId {
    let made = operation.edits.iter().find_map(|edit| if let Edit::Add { id, .. } = edit { Some(*id) } else { None });
    made.expect("it makes something")
}

/// What an operation writes on a note.
pub(crate) fn note_of(operation: &Operation) -> Option<&str> {
    operation.edits.iter().find_map(|edit| match edit {
        Edit::Add { shape: NewElement::Sticky { text, .. }, .. } => Some(text.as_str()),
        _ => None,
    })
}

/// Settles what was heard after a document was fetched. What is not next came before the fetch was sent.
pub(crate) fn settle_all(document: &mut Document, board: &[Settled]) {
    for settled in board.iter().filter(|settled| settled.sequence > document.sequence()).collect::<Vec<_>>() {
        if settled.sequence == document.sequence() + 1 {
            let operation = Operation::decode(settled.operation.as_bytes()).expect("an operation of the server");
            let by = OperationId { author: settled.author, nonce: settled.nonce };
            document.settle(settled.sequence, by, settled.at_ms, &operation);
        }
    }
}

/// The document that a whole log makes.
pub(crate) fn document_of(board: &[Settled]) -> Document {
    let mut document = Document::default();
    settle_all(&mut document, board);
    assert_eq!(document.sequence(), board.last().map_or(0, |last| last.sequence), "a gap");
    document
}

/// Points of a stroke on a board.
pub(crate) fn points_of(document: &Document, id: ElementId) -> Option<usize> {
    match &document.element(id)?.shape {
        Shape::Ink { points, .. } => Some(points.len()),
        _ => None,
    }
}
