//! What an eraser leaves of strokes.

use crate::hand::writing;
use crate::scribe::{add, by, lock, stroke};
use atrium_board::ink::{Point, pack};
use atrium_board::limits::STROKE_POINTS;
use atrium_board::{
    Document, Edit, ElementId, Eraser, Frame, IdSource, NewElement, Operation, OrderKey, PageId, Shape, Style,
    erase_parts, stroke_edits,
};
use glam::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

fn board(edits: Vec<Edit>) -> Document {
    let mut document = Document::default();
    for operation in Operation::split(edits) {
        document.settle(document.sequence() + 1, by(1, document.sequence() + 1), 1, &operation);
    }
    document
}

fn erase(document: &mut Document, from: Vec2, to: Vec2, radius_mm: f32) -> usize {
    let mut ids = IdSource::new(1_000 * (1 + document.len() as u64));
    let edits = erase_parts(document, PageId::FIRST, &Eraser { from, to, radius_mm }, &mut ids);
    let count = edits.len();
    for operation in Operation::split(edits) {
        let operation = Operation::decode(operation.encode().unwrap().as_bytes()).unwrap();
        document.settle(document.sequence() + 1, by(2, document.sequence() + 1), 1, &operation);
    }
    count
}

/// The middles of all lines, on the page.
fn lines(document: &Document) -> Vec<Vec<Vec2>> {
    let ink = document.elements_on(PageId::FIRST).filter_map(|element| match &element.shape {
        Shape::Ink { points, .. } => {
            let to_page = element.frame.to_affine();
            Some(points.iter().map(|point| to_page.transform_point2(point.position)).collect())
        }
        _ => None,
    });
    ink.collect()
}

#[test]
fn a_line_is_cut_in_two() {
    // Lines are 4 mm wide here, and up to 35 % wider under pressure.
    let mut document = board(vec![stroke(1, &[v(0.0, 0.0), v(100.0, 0.0)], true)]);
    assert_eq!(erase(&mut document, v(50.0, -20.0), v(50.0, 20.0), 5.0), 3);
    let mut lines = lines(&document);
    lines.sort_by(|a, b| a[0].x.total_cmp(&b[0].x));
    let reach = 5.0 + 4.0 * 1.35 / 2.0;
    assert_eq!(lines.len(), 2);
    assert!((lines[0][1].x - (50.0 - reach)).abs() < 0.1 && lines[0][0] == v(0.0, 0.0), "{:?}", lines[0]);
    assert!((lines[1][0].x - (50.0 + reach)).abs() < 0.1 && lines[1][1] == v(100.0, 0.0), "{:?}", lines[1]);
    let original = document.element(ElementId(1)).unwrap();
    assert!(original.is_removed);
    assert!(
        document.elements_on(PageId::FIRST).all(|piece| piece.style == original.style && piece.order == original.order)
    );
}

#[test]
fn ends_dots_and_whole_strokes_go() {
    let mut document = board(vec![
        stroke(1, &[v(0.0, 0.0), v(100.0, 0.0)], true),
        stroke(2, &[v(0.0, 50.0)], true),
        stroke(3, &[v(200.0, 0.0), v(210.0, 0.0)], true),
    ]);
    assert_eq!(erase(&mut document, v(0.0, 0.0), v(0.0, 0.0), 10.0), 2, "a shorter line for the old one");
    assert_eq!(lines(&document).iter().map(Vec::len).sum::<usize>(), 5);
    assert_eq!(erase(&mut document, v(-9.0, 50.0), v(-9.0, 50.0), 10.0), 1);
    assert_eq!(erase(&mut document, v(195.0, 0.0), v(215.0, 0.0), 8.0), 1);
    assert_eq!(lines(&document).len(), 1);
    assert_eq!(erase(&mut document, v(0.0, 300.0), v(500.0, 300.0), 20.0), 0, "nothing is there");
}

#[test]
fn what_is_locked_unfinished_or_not_ink_stays() {
    let mut document = board(vec![
        stroke(1, &[v(0.0, 0.0), v(100.0, 0.0)], true),
        lock(1, true),
        stroke(2, &[v(0.0, 0.0), v(100.0, 0.0)], false),
        add(3, v(40.0, -5.0)),
    ]);
    assert_eq!(erase(&mut document, v(50.0, -20.0), v(50.0, 20.0), 5.0), 0);
}

#[test]
fn turned_and_scaled_ink_is_cut_where_the_eraser_is() {
    let points = pack(&[Point::at(v(0.0, 0.0)), Point::at(v(50.0, 0.0))], 4);
    let shape = NewElement::Ink { is_highlighter: true, points, is_finished: true };
    let frame = Frame { position: v(10.0, 0.0), rotation: std::f32::consts::FRAC_PI_2, scale: v(2.0, 2.0) };
    let (page, order, style) = (PageId::FIRST, OrderKey::between(None, None), Style::default());
    let mut document = board(vec![Edit::Add { id: ElementId(1), page, order, frame, style, shape }]);
    erase(&mut document, v(-30.0, 50.0), v(30.0, 50.0), 6.0);
    let lines = lines(&document);
    assert_eq!(lines.len(), 2);
    for end in lines.iter().flatten() {
        let is_end = (end.y - 0.0).abs() < 0.2 || (end.y - 100.0).abs() < 0.2;
        assert!(is_end || ((end.y - 50.0).abs() - 10.0).abs() < 0.2, "{end}");
        assert!((end.x - 10.0).abs() < 0.01);
    }
}

#[test]
fn what_is_left_is_all_that_the_eraser_did_not_reach_and_no_more() {
    for seed in 0..40 {
        let written = writing(seed, 120.0, 3.0, 50.0).points;
        let (page, order) = (PageId::FIRST, OrderKey::between(None, None));
        let edits = stroke_edits(ElementId(1), (page, order), Frame::default(), Style::default(), false, &written, 4);
        let mut document = board(edits);
        let before = lines(&document).remove(0);
        let (from, to) = (v(seed as f32 * 3.0, -40.0), v(60.0, 30.0 - seed as f32));
        let (radius, reach) = (4.0, 4.0 + 4.0 * 1.35 / 2.0);
        erase(&mut document, from, to, radius);
        let left = lines(&document);
        let beside = |at: Vec2| {
            let along = ((at - from).dot(to - from) / (to - from).length_squared()).clamp(0.0, 1.0);
            at.distance(from.lerp(to, along))
        };
        assert!(left.iter().flatten().all(|at| beside(*at) > reach - 0.1), "seed {seed}: within the eraser's reach");
        // Crumbs of a quarter of the width may be missing.
        let missing = before
            .iter()
            .filter(|at| beside(**at) > reach + 1.2)
            .find(|at| !left.iter().flatten().any(|left| left.distance(**at) < 0.05));
        assert_eq!(missing, None, "seed {seed}");
    }
}

#[test]
fn a_stroke_as_long_as_possible_is_cut_into_pieces_that_fit() {
    let points: Vec<Point> = (0..STROKE_POINTS).map(|at| Point::at(v(at as f32, (at * at % 31) as f32))).collect();
    let (page, order) = (PageId::FIRST, OrderKey::between(None, None));
    let edits = stroke_edits(ElementId(1), (page, order), Frame::default(), Style::default(), false, &points, 8);
    let mut document = board(edits);
    assert_eq!(lines(&document)[0].len(), STROKE_POINTS);
    erase(&mut document, v(1_500.0, -50.0), v(1_500.0, 80.0), 3.0);
    assert_eq!(lines(&document).len(), 2);
    assert!(lines(&document).iter().map(Vec::len).sum::<usize>() > STROKE_POINTS - 40);
    assert!(
        document
            .elements_on(PageId::FIRST)
            .all(|element| { matches!(element.shape, Shape::Ink { is_finished: true, .. }) })
    );
}
