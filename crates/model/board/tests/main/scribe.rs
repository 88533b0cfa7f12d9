//! Operations of people who do anything at any time.

use atrium_board::ink::{Point, pack};
use atrium_board::{
    Align, Color, Dash, Document, Edit, ElementId, Fill, Frame, IdSource, NewElement, Operation, OperationId, OrderKey,
    PageId, Props, Shape, Style, View,
};
use atrium_protocol::{ContentHash, PersonId};
use glam::Vec2;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) fn person(number: u8) -> PersonId {
    PersonId([number; 32])
}

pub(crate) fn by(author: u8, nonce: u64) -> OperationId {
    OperationId { author: person(author), nonce }
}

/// A rectangle of 10 × 10 mm.
pub(crate) fn add(id: u64, at: Vec2) -> Edit {
    let shape = NewElement::Rectangle { size: Vec2::splat(10.0) };
    add_shape(id, at, shape)
}

pub(crate) fn add_shape(id: u64, at: Vec2, shape: NewElement) -> Edit {
    let order = OrderKey::between(None, None);
    let (page, style) = (PageId::FIRST, Style::default());
    Edit::Add { id: ElementId(id), page, order, frame: Frame::at(at), style, shape }
}

pub(crate) fn stroke(id: u64, points: &[Vec2], is_finished: bool) -> Edit {
    let points: Vec<Point> = points.iter().map(|at| Point::at(*at)).collect();
    add_shape(id, Vec2::ZERO, NewElement::Ink { is_highlighter: false, points: pack(&points, 4), is_finished })
}

pub(crate) fn move_to(id: u64, at: Vec2) -> Edit {
    Edit::Set { id: ElementId(id), props: Props { frame: Some(Frame::at(at)), ..Props::default() } }
}

pub(crate) fn lock(id: u64, is_locked: bool) -> Edit {
    Edit::Set { id: ElementId(id), props: Props { is_locked: Some(is_locked), ..Props::default() } }
}

pub(crate) fn remove(id: u64, is_removed: bool) -> Edit {
    Edit::Remove { ids: vec![ElementId(id)], is_removed }
}

/// What a [`Scribe`] does not do.
#[derive(Clone, Copy, Default)]
pub(crate) struct Habits {
    /// Only what undo takes back: no growing strokes, views and frozen boards.
    pub(crate) only_undoable: bool,
    /// Clears what somebody made, and freezes.
    pub(crate) is_moderator: bool,
}

/// Somebody who does anything to what is there, and now and then to what is not.
pub(crate) struct Scribe {
    pub(crate) random: ChaCha8Rng,
    pub(crate) ids: IdSource,
    habits: Habits,
    known: Vec<ElementId>,
    pages: Vec<PageId>,
}

impl Scribe {
    pub(crate) fn new(seed: u64, habits: Habits) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let ids = IdSource::new(random.random());
        Self { random, ids, habits, known: Vec::new(), pages: vec![PageId::FIRST] }
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.random.random_bool(share)
    }

    fn number(&mut self, from: f32, to: f32) -> f32 {
        self.random.random_range(from..to)
    }

    fn place(&mut self) -> Vec2 {
        Vec2::new(self.number(-500.0, 500.0), self.number(-500.0, 500.0)).round()
    }

    /// Something on the board, or that was there.
    fn element(&mut self, document: &Document) -> ElementId {
        let pages: Vec<PageId> = document.pages().map(|page| page.id).collect();
        let page = pages.choose(&mut self.random).copied().unwrap_or(PageId::FIRST);
        let there: Vec<ElementId> = document.elements_on(page).map(|element| element.id).collect();
        if let Some(id) = there.choose(&mut self.random).copied().filter(|_| self.random.random_bool(0.8)) {
            self.known.push(id);
            return id;
        }
        let known = self.known.choose(&mut self.random).copied();
        known.unwrap_or_else(|| ElementId(self.random.random_range(0..3)))
    }

    fn page(&mut self, document: &Document) -> PageId {
        self.pages.extend(document.pages().map(|page| page.id));
        self.pages.sort_unstable();
        self.pages.dedup();
        self.pages.choose(&mut self.random).copied().unwrap_or(PageId::FIRST)
    }

    fn order(&mut self, document: &Document, page: PageId) -> OrderKey {
        match self.random.random_range(0..3) {
            0 => OrderKey::between(document.top(page), None),
            1 => OrderKey::between(None, document.bottom(page)),
            _ => OrderKey::between(document.bottom(page), document.top(page)),
        }
    }

    fn style(&mut self) -> Style {
        Style {
            color: *Color::ALL.choose(&mut self.random).unwrap(),
            width_mm: self.number(0.5, 20.0),
            fill: *[Fill::None, Fill::Tint, Fill::Solid].choose(&mut self.random).unwrap(),
            dash: *[Dash::Solid, Dash::Dashed, Dash::Dotted].choose(&mut self.random).unwrap(),
            letter_mm: self.number(5.0, 100.0),
            align: *[Align::Start, Align::Middle, Align::End].choose(&mut self.random).unwrap(),
        }
    }

    fn frame(&mut self) -> Frame {
        let position = self.place();
        let rotation = self.number(-3.0, 3.0);
        Frame { position, rotation, scale: Vec2::new(self.number(0.2, 3.0), self.number(0.2, 3.0)) }
    }

    fn points(&mut self) -> Vec<u8> {
        let start = self.place();
        let count = self.random.random_range(1..12);
        let points: Vec<Point> = (0..count).map(|at| Point::at(start + Vec2::splat(at as f32 * 3.0))).collect();
        pack(&points, 4)
    }

    fn text(&mut self) -> String {
        ["", "To do", "白板\nzwei Zeilen", "a\tb"].choose(&mut self.random).unwrap().to_string()
    }

    fn shape(&mut self) -> NewElement {
        let size = Vec2::new(self.number(1.0, 300.0), self.number(1.0, 300.0));
        match self.random.random_range(0..9) {
            0..=2 => {
                let is_finished = self.habits.only_undoable || self.chance(0.5);
                NewElement::Ink { is_highlighter: self.chance(0.2), points: self.points(), is_finished }
            }
            3 => NewElement::Line { ends: [[0.0; 2], self.place().into()], is_arrow: self.chance(0.5) },
            4 => NewElement::Rectangle { size },
            5 => NewElement::Ellipse { size },
            6 => {
                let wrap_mm = self.chance(0.5).then_some(200.0);
                NewElement::Text { text: self.text(), wrap_mm, size }
            }
            7 => NewElement::Sticky { text: self.text(), size },
            _ => NewElement::Image { hash: ContentHash([9; 32]), size },
        }
    }

    pub(crate) fn new_element(&mut self, document: &Document) -> Edit {
        let page = self.page(document);
        let id = if self.chance(0.02) { self.element(document) } else { self.ids.element() };
        self.known.push(id);
        let (order, frame, style) = (self.order(document, page), self.frame(), self.style());
        Edit::Add { id, page, order, frame, style, shape: self.shape() }
    }

    fn props(&mut self, document: &Document, id: ElementId) -> Props {
        let mut props = Props::default();
        let page = self.page(document);
        match self.random.random_range(0..9) {
            0 => props.page = Some(page),
            1 | 2 => props.order = Some(self.order(document, page)),
            3 | 4 => props.frame = Some(self.frame()),
            5 => props.style = Some(self.style()),
            6 => self.write_size(&mut props, document.element(id).map(|element| &element.shape)),
            7 => props.text = Some(self.text()),
            _ => props.is_locked = Some(self.chance(0.4)),
        }
        if self.chance(0.2) {
            props.frame = Some(self.frame());
            props.style = Some(self.style());
        }
        props
    }

    fn write_size(&mut self, props: &mut Props, shape: Option<&Shape>) {
        let to = [self.number(1.0, 90.0), self.number(1.0, 90.0)];
        match shape {
            Some(Shape::Line { .. }) => props.ends = Some([[0.0; 2], to]),
            Some(Shape::Text { .. }) if self.chance(0.5) => {
                props.wrap_mm = Some(if self.chance(0.5) { 0.0 } else { 90.0 })
            }
            _ => props.size = Some(to),
        }
    }

    fn edit(&mut self, document: &Document) -> Edit {
        let id = self.element(document);
        match self.random.random_range(0..40) {
            0..=9 => self.new_element(document),
            10..=14 if !self.habits.only_undoable => Edit::Ink { id, points: self.points(), is_last: self.chance(0.2) },
            10..=24 => Edit::Set { id, props: self.props(document, id) },
            25..=31 => {
                let ids = (0..self.random.random_range(1..4)).map(|_| self.element(document)).collect();
                Edit::Remove { ids, is_removed: self.chance(0.6) }
            }
            32 | 33 => {
                let id = if self.chance(0.4) { self.ids.page() } else { self.page(document) };
                Edit::Page {
                    id,
                    order: self.order(document, PageId::FIRST),
                    name: self.text().replace(['\n', '\t'], " "),
                }
            }
            34 | 35 => Edit::RemovePage { id: self.page(document), is_removed: self.chance(0.5) },
            36 if !self.habits.only_undoable => {
                let (page, center) = (self.page(document), self.place());
                Edit::Show { view: View { page, center, width_mm: 900.0 } }
            }
            37 if self.habits.is_moderator => Edit::RemoveBy { person: person(self.random.random_range(0..7)) },
            38 if self.habits.is_moderator && !self.habits.only_undoable => {
                Edit::Freeze { is_frozen: self.chance(0.3) }
            }
            39 => Edit::Paper { is_dark: self.chance(0.5) },
            _ => Edit::Set { id, props: self.props(document, id) },
        }
    }

    /// Whatever comes to mind; mostly one edit.
    pub(crate) fn operation(&mut self, document: &Document) -> Operation {
        let count = if self.chance(0.8) { 1 } else { self.random.random_range(2..6) };
        Operation { edits: (0..count).map(|_| self.edit(document)).collect() }
    }
}
