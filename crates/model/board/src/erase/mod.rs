mod cut;

use crate::ink::{Point, pack, precision_of, widest};
use crate::limits::EDIT_POINTS;
use crate::{Bounds, Document, Edit, Element, ElementId, Frame, IdSource, NewElement, OrderKey, PageId, Shape, Style};
use cut::Cutter;
use glam::Vec2;

/// A round eraser that was moved in a straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eraser {
    /// Where it was, on the page.
    pub from: Vec2,
    /// Where it is.
    pub to: Vec2,
    /// How large it is.
    pub radius_mm: f32,
}

/// Pieces shorter than this share of the line's width are not kept.
const CRUMB: f32 = 0.25;

/// Cuts the ink that an eraser crosses: strokes are removed and what remains of them is added in their place. Locked ink
/// and strokes that are still being drawn stay as they are.
pub fn erase_parts(document: &Document, page: PageId, eraser: &Eraser, ids: &mut IdSource) -> Vec<Edit> {
    let (mut edits, mut gone) = (Vec::new(), Vec::new());
    let area = Bounds::of([eraser.from, eraser.to]).grown(eraser.radius_mm);
    for element in document.elements_in(page, area) {
        if let Some(rest) = rest_of(element, eraser) {
            gone.push(element.id);
            rest.iter().for_each(|piece| edits.extend(piece_edits(element, piece, ids.element())));
        }
    }
    if !gone.is_empty() {
        // Last: wherever this is cut into operations, ink is rather twice on the board than not at all.
        edits.push(Edit::Remove { ids: gone, is_removed: true });
    }
    edits
}

/// What is left of a stroke; `None`: the eraser does not touch it.
fn rest_of(element: &Element, eraser: &Eraser) -> Option<Vec<Vec<Point>>> {
    let Shape::Ink { points, is_highlighter, is_finished: true } = &element.shape else { return None };
    if element.is_locked {
        return None;
    }
    let width = widest(element.style.width_mm, *is_highlighter);
    let scale = element.frame.scale.abs().max_element();
    let reach = eraser.radius_mm + width * scale / 2.0;
    let page_from_element = element.frame.to_affine();
    let mut cutter = Cutter::new(eraser.from, eraser.to, reach);
    for point in points.iter() {
        cutter.push(point, page_from_element.transform_point2(point.position));
    }
    let is_crumb = |piece: &Vec<Point>| {
        let length: f32 = piece.windows(2).map(|pair| pair[0].position.distance(pair[1].position)).sum();
        length < element.style.width_mm * CRUMB
    };
    let mut rest = cutter.finish()?;
    rest.retain(|piece| !is_crumb(piece));
    Some(rest)
}

fn piece_edits(element: &Element, points: &[Point], id: ElementId) -> Vec<Edit> {
    let Shape::Ink { points: whole, is_highlighter, .. } = &element.shape else { return Vec::new() };
    let precision = precision_of(whole.packed());
    let place = (element.page, element.order.clone());
    stroke_edits(id, place, element.frame, element.style, *is_highlighter, points, precision)
}

/// The edits that make a finished stroke of however many points; several where they do not fit into one. Not more than
/// [`crate::limits::STROKE_POINTS`].
pub fn stroke_edits(
    id: ElementId,
    (page, order): (PageId, OrderKey),
    frame: Frame,
    style: Style,
    is_highlighter: bool,
    points: &[Point],
    precision: u8,
) -> Vec<Edit> {
    let mut chunks = points.chunks(EDIT_POINTS / 2).map(|chunk| pack(chunk, precision));
    let first = chunks.next().unwrap_or_default();
    let mut rest: Vec<Vec<u8>> = chunks.collect();
    let last = rest.pop();
    let shape = NewElement::Ink { is_highlighter, points: first, is_finished: last.is_none() };
    let mut edits = vec![Edit::Add { id, page, order, frame, style, shape }];
    edits.extend(rest.into_iter().map(|points| Edit::Ink { id, points, is_last: false }));
    edits.extend(last.map(|points| Edit::Ink { id, points, is_last: true }));
    edits
}
