//! Strokes as a pen leaves them, for people who draw.

use crate::random::Random;
use atrium_board::ink::{Point, pack};
use atrium_board::{Color, Edit, ElementId, Frame, IdSource, NewElement, OrderKey, PageId, Style};
use glam::Vec2;
use std::f32::consts::TAU;

/// Points of a stroke.
pub(crate) const STROKE_POINTS: usize = 64;
/// How often a pen is looked at.
pub(crate) const POINTS_PER_SEC: usize = 60;
/// Steps of 1/16 mm, as the app packs ink.
const PRECISION: u8 = 4;
/// Strokes are spread over a board of this size.
const BOARD_MM: Vec2 = Vec2::new(3_000.0, 1_200.0);
const WIDTH_MM: f32 = 4.0;

/// Makes strokes, one after another, each on top of the last.
#[derive(Clone, Debug)]
pub(crate) struct Inkwell {
    ids: IdSource,
    order: OrderKey,
    random: Random,
}

/// One stroke: what it is called, and where the pen will have been.
#[derive(Clone, Debug)]
pub(crate) struct Stroke {
    pub(crate) id: ElementId,
    order: OrderKey,
    pub(crate) color: Color,
    points: Vec<Point>,
}

impl Inkwell {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        Self { ids: IdSource::new(random.next()), order: OrderKey::between(None, None), random }
    }

    /// The next stroke.
    pub(crate) fn next(&mut self) -> Stroke {
        self.order = OrderKey::between(Some(&self.order), None);
        let color = Color::ALL[self.random.index(Color::ALL.len())];
        Stroke { id: self.ids.element(), order: self.order.clone(), color, points: points(&mut self.random) }
    }
}

/// Letters in a row: a hand that goes right while it goes round, with the trembling of a hand.
fn points(random: &mut Random) -> Vec<Point> {
    let start = BOARD_MM * Vec2::new(random.between(0.02, 0.85), random.between(0.08, 0.92));
    let (radius_mm, turns) = (random.between(12.0, 45.0), random.between(0.7, 2.2));
    let (phase, pace_mm) = (random.between(0.0, TAU), random.between(0.5, 2.5));
    let squeeze = random.between(0.4, 1.3);
    (0..STROKE_POINTS)
        .map(|n| {
            let part = n as f32 / STROKE_POINTS as f32;
            let angle = phase + turns * TAU * part + 0.4 * (part * 9.0).sin();
            let round = Vec2::from_angle(angle) * Vec2::new(radius_mm * squeeze, radius_mm);
            let shake = Vec2::new(random.between(-0.15, 0.15), random.between(-0.15, 0.15));
            let pressure = 0.35 + 0.4 * (part * TAU / 2.0).sin() + random.between(-0.02, 0.02);
            Point { position: start + round + Vec2::X * pace_mm * n as f32 + shake, pressure }
        })
        .collect()
}

impl Stroke {
    /// Where the pen was from point `from` up to `to`.
    pub(crate) fn points(&self, from: usize, to: usize) -> &[Point] {
        let to = to.min(self.points.len());
        &self.points[from.min(to)..to]
    }

    /// The edit that brings the points from `from` up to `to` onto the board.
    pub(crate) fn edit(&self, from: usize, to: usize) -> Edit {
        let points = pack(self.points(from, to), PRECISION);
        let is_last = to >= self.points.len();
        if from > 0 {
            return Edit::Ink { id: self.id, points, is_last };
        }
        Edit::Add {
            id: self.id,
            page: PageId::FIRST,
            order: self.order.clone(),
            frame: Frame::default(),
            style: self.style(),
            shape: NewElement::Ink { is_highlighter: false, points, is_finished: is_last },
        }
    }

    pub(crate) fn style(&self) -> Style {
        Style { color: self.color, width_mm: WIDTH_MM, ..Style::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_board::{Document, Operation, OperationId};
    use atrium_protocol::PersonId;

    #[test]
    fn a_stroke_in_pieces_is_the_stroke() {
        let mut ink = Inkwell::new(7);
        let (mut document, stroke) = (Document::default(), ink.next());
        for (nonce, (from, to)) in [(0, 15), (15, 30), (30, 64)].into_iter().enumerate() {
            let operation = Operation::one(stroke.edit(from, to));
            let read = Operation::decode(operation.encode().unwrap().as_bytes()).unwrap();
            document.apply(OperationId { author: PersonId([1; 32]), nonce: nonce as u64 }, 0, &read);
        }
        assert_eq!(document.len(), 1);
        let bounds = document.bounds(PageId::FIRST);
        assert!(stroke.points(0, 64).iter().all(|point| bounds.contains(point.position)), "{bounds:?}");
        let next = ink.next();
        assert!(next.id != stroke.id && next.order > stroke.order);
    }

    #[test]
    fn ink_is_small() {
        let mut ink = Inkwell::new(1);
        let bytes: usize = (0..200).map(|_| pack(ink.next().points(0, 64), PRECISION).len()).sum();
        let per_point = bytes as f64 / (200.0 * STROKE_POINTS as f64);
        assert!(per_point <= 3.0, "{per_point} bytes a point");
    }
}
