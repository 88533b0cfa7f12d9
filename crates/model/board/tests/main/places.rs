//! What is where.

use crate::scribe::{add_shape, by, stroke};
use atrium_board::{
    Bounds, Document, Edit, ElementId, Fill, Frame, NewElement, Operation, PageId, Props, Style, hit, inside,
};
use glam::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

fn board(edits: Vec<Edit>) -> Document {
    let mut document = Document::default();
    document.settle(1, by(1, 1), 1, &Operation { edits });
    document
}

fn at(document: &Document, x: f32, y: f32) -> Option<u64> {
    hit(document, PageId::FIRST, v(x, y), 1.0).map(|id| id.0)
}

#[test]
fn lines_are_hit_near_them_and_hollow_shapes_on_their_edge() {
    let ends = [[0.0; 2], [100.0, 100.0]];
    let document = board(vec![
        add_shape(1, v(0.0, 0.0), NewElement::Line { ends, is_arrow: false }),
        add_shape(2, v(200.0, 0.0), NewElement::Rectangle { size: v(100.0, 60.0) }),
        add_shape(3, v(400.0, 0.0), NewElement::Ellipse { size: v(100.0, 60.0) }),
        stroke(4, &[v(600.0, 0.0), v(700.0, 0.0), v(700.0, 100.0)], true),
        add_shape(5, v(800.0, 0.0), NewElement::Sticky { text: String::new(), size: v(50.0, 50.0) }),
    ]);
    assert_eq!([at(&document, 51.0, 50.0), at(&document, 60.0, 50.0)], [Some(1), None]);
    assert_eq!(
        [at(&document, 201.0, 30.0), at(&document, 250.0, 30.0), at(&document, 196.0, 30.0)],
        [Some(2), None, None]
    );
    assert_eq!(
        [at(&document, 450.0, 1.0), at(&document, 450.0, 30.0), at(&document, 402.0, 2.0)],
        [Some(3), None, None]
    );
    assert_eq!(
        [at(&document, 650.0, 3.0), at(&document, 650.0, 50.0), at(&document, 702.0, 50.0)],
        [Some(4), None, Some(4)]
    );
    assert_eq!([at(&document, 825.0, 25.0), at(&document, 855.0, 25.0)], [Some(5), None]);
}

#[test]
fn filled_shapes_are_hit_inside_and_the_topmost_first() {
    let filled = |id| {
        let style = Style { fill: Fill::Tint, ..Style::default() };
        Edit::Set { id: ElementId(id), props: Props { style: Some(style), ..Props::default() } }
    };
    let size = v(100.0, 60.0);
    let mut document = board(vec![
        add_shape(1, v(0.0, 0.0), NewElement::Rectangle { size }),
        filled(1),
        add_shape(2, v(50.0, 0.0), NewElement::Ellipse { size }),
        filled(2),
    ]);
    assert_eq!(
        [at(&document, 20.0, 30.0), at(&document, 75.0, 30.0), at(&document, 52.0, 2.0)],
        [Some(1), Some(2), Some(1)]
    );
    let gone = Edit::Remove { ids: vec![ElementId(2)], is_removed: true };
    document.settle(2, by(1, 2), 1, &Operation::one(gone));
    assert_eq!(at(&document, 75.0, 30.0), Some(1));
}

#[test]
fn bounds_follow_the_frame_and_the_width_of_the_line() {
    let turned = Frame { position: v(100.0, 100.0), rotation: std::f32::consts::FRAC_PI_2, scale: v(2.0, 1.0) };
    let document = board(vec![
        add_shape(1, v(0.0, 0.0), NewElement::Rectangle { size: v(10.0, 20.0) }),
        Edit::Set { id: ElementId(1), props: Props { frame: Some(turned), ..Props::default() } },
    ]);
    let element = document.element(ElementId(1)).unwrap();
    let bounds = element.bounds();
    // 10 × 20 with a line of 4 is 14 × 24; twice as long along x, which points down now.
    assert!((bounds.size() - v(24.0, 28.0)).abs().max_element() < 1e-3, "{bounds:?}");
    assert!((bounds.max.x - 102.0).abs() < 1e-3 && (bounds.min.y - 96.0).abs() < 1e-3, "{bounds:?}");
    assert_eq!(Bounds::of(element.corners()), bounds);
    assert_eq!(document.bounds(PageId::FIRST), bounds);
    assert!(hit(&document, PageId::FIRST, v(100.0, 110.0), 0.5).is_some());
}

#[test]
fn only_what_lies_entirely_inside_is_inside() {
    let document = board(
        (0..5)
            .map(|id| add_shape(id, v(id as f32 * 100.0, 0.0), NewElement::Rectangle { size: v(50.0, 50.0) }))
            .collect(),
    );
    let area = Bounds { min: v(-10.0, -10.0), max: v(240.0, 60.0) };
    let ids: Vec<u64> = inside(&document, PageId::FIRST, area).iter().map(|id| id.0).collect();
    assert_eq!(ids, [0, 1]);
    let near: Vec<u64> = document.elements_in(PageId::FIRST, area).map(|element| element.id.0).collect();
    assert_eq!(near, [0, 1, 2]);
}

#[test]
fn an_arrow_is_as_wide_as_its_head() {
    let ends = [[0.0; 2], [100.0, 0.0]];
    let document = board(vec![add_shape(1, Vec2::ZERO, NewElement::Line { ends, is_arrow: true })]);
    let bounds = document.bounds(PageId::FIRST);
    let head = atrium_board::arrow_head(ends.map(Vec2::from), 4.0);
    assert!(head.iter().all(|corner| bounds.contains(*corner)) && head[1] == v(100.0, 0.0));
    assert!(head[0].y * head[2].y < 0.0 && head[0].x < 100.0);
    assert!(atrium_board::arrow_head([Vec2::ZERO; 2], 4.0).iter().all(|corner| *corner == Vec2::ZERO));
}
