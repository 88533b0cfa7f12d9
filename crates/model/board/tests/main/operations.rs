//! What operations do to a board.

use crate::scribe::{add, add_shape, by, lock, move_to, person, remove, stroke};
use atrium_board::ink::{Point, pack};
use atrium_board::{
    Document, Edit, ElementId, Frame, NewElement, Operation, OrderKey, PageId, Property, Props, Shape, Style, View,
};
use glam::Vec2;

fn document(edits: Vec<Edit>) -> Document {
    let mut document = Document::default();
    document.settle(1, by(1, 1), 1_000, &Operation { edits });
    document
}

fn do_as(document: &mut Document, author: u8, edits: Vec<Edit>) -> atrium_board::Change {
    let sequence = document.sequence() + 1;
    document.settle(sequence, by(author, sequence), 1_000 * sequence, &Operation { edits })
}

fn position(document: &Document, id: u64) -> Vec2 {
    document.element(ElementId(id)).unwrap().frame.position
}

#[test]
fn a_new_board_has_one_page_and_nothing_on_it() {
    let document = Document::default();
    assert_eq!(document.pages().map(|page| page.id).collect::<Vec<_>>(), [PageId::FIRST]);
    assert!(document.is_empty() && document.bounds(PageId::FIRST).is_empty() && document.shown().is_none());
    assert_eq!((document.sequence(), document.top(PageId::FIRST)), (0, None));
}

#[test]
fn each_property_is_of_whoever_wrote_it_last() {
    let mut document = document(vec![add(1, Vec2::ZERO)]);
    do_as(&mut document, 2, vec![move_to(1, Vec2::X)]);
    let style = Style { width_mm: 9.0, ..Style::default() };
    let props = Props { style: Some(style), ..Props::default() };
    do_as(&mut document, 3, vec![Edit::Set { id: ElementId(1), props }]);
    let element = document.element(ElementId(1)).unwrap();
    assert_eq!((element.frame.position, element.style), (Vec2::X, style));
    let writers = [Property::Frame, Property::Style, Property::Order].map(|property| element.writer(property).author);
    assert_eq!(writers, [person(2), person(3), person(1)]);
    assert_eq!((element.author(), element.made_at_ms), (person(1), 1_000));
}

#[test]
fn the_same_element_twice_has_no_second_effect() {
    let mut document = document(vec![add(1, Vec2::ZERO)]);
    do_as(&mut document, 2, vec![move_to(1, Vec2::X)]);
    let before = document.clone();
    for _ in 0..2 {
        let change = do_as(&mut document, 2, vec![add(1, Vec2::Y)]);
        assert!(!change.has_effect());
    }
    assert!(document == before);
    do_as(&mut document, 2, vec![remove(1, true)]);
    assert!(!do_as(&mut document, 2, vec![add(1, Vec2::Y)]).has_effect(), "a removed one is not made again");
}

#[test]
fn only_its_author_goes_on_with_an_unfinished_stroke() {
    let more = |is_last| Edit::Ink { id: ElementId(1), points: pack(&[Point::at(Vec2::ONE)], 4), is_last };
    let mut document = document(vec![stroke(1, &[Vec2::ZERO], false)]);
    let length = |document: &Document| match &document.element(ElementId(1)).unwrap().shape {
        Shape::Ink { points, is_finished, .. } => (points.len(), *is_finished),
        _ => unreachable!(),
    };
    assert!(!do_as(&mut document, 2, vec![more(false)]).has_effect());
    assert!(do_as(&mut document, 1, vec![more(false)]).has_effect());
    assert_eq!(length(&document), (2, false));
    let garbage = Edit::Ink { id: ElementId(1), points: vec![0xff; 9], is_last: true };
    assert!(!do_as(&mut document, 1, vec![garbage]).has_effect());
    do_as(&mut document, 1, vec![more(true)]);
    assert!(!do_as(&mut document, 1, vec![more(false)]).has_effect());
    assert_eq!(length(&document), (3, true));
}

#[test]
fn a_stroke_that_is_erased_while_it_is_drawn_comes_back_whole() {
    let mut document = document(vec![stroke(1, &[Vec2::ZERO], false)]);
    do_as(&mut document, 2, vec![remove(1, true)]);
    let points = pack(&[Point::at(Vec2::ONE)], 4);
    do_as(&mut document, 1, vec![Edit::Ink { id: ElementId(1), points, is_last: true }]);
    assert_eq!(document.elements_on(PageId::FIRST).count(), 0);
    do_as(&mut document, 2, vec![remove(1, false)]);
    assert!(document.bounds(PageId::FIRST).contains(Vec2::ONE), "with what was drawn meanwhile");
}

#[test]
fn locked_elements_stay_as_they_are() {
    let mut document = document(vec![add(1, Vec2::ZERO), lock(1, true)]);
    let both = Props { is_locked: Some(false), frame: Some(Frame::at(Vec2::X)), ..Props::default() };
    for edit in [move_to(1, Vec2::X), remove(1, true), Edit::Set { id: ElementId(1), props: both }] {
        assert!(!do_as(&mut document, 1, vec![edit]).has_effect());
    }
    do_as(&mut document, 2, vec![lock(1, false), move_to(1, Vec2::X)]);
    assert_eq!(position(&document, 1), Vec2::X);
}

#[test]
fn everything_by_one_person_goes_locked_or_not() {
    let mut document = document(vec![add(1, Vec2::ZERO), add(2, Vec2::ZERO), lock(2, true)]);
    do_as(&mut document, 2, vec![add(3, Vec2::ZERO)]);
    let change = do_as(&mut document, 9, vec![Edit::RemoveBy { person: person(1) }]);
    assert_eq!(change.touched(), [ElementId(1), ElementId(2)]);
    let left: Vec<_> = document.elements_on(PageId::FIRST).map(|element| element.id).collect();
    assert_eq!(left, [ElementId(3)]);
    do_as(&mut document, 9, vec![remove(1, false), remove(2, false)]);
    assert_eq!(document.elements_on(PageId::FIRST).count(), 3, "and comes back");
}

#[test]
fn what_does_not_fit_the_kind_has_no_effect_as_a_whole() {
    let text = NewElement::Text { text: "a".into(), wrap_mm: Some(50.0), size: Vec2::splat(20.0) };
    let mut document = document(vec![add(1, Vec2::ZERO), add_shape(2, Vec2::ZERO, text)]);
    let props = Props { text: Some("b".into()), frame: Some(Frame::at(Vec2::X)), ..Props::default() };
    assert!(!do_as(&mut document, 1, vec![Edit::Set { id: ElementId(1), props: props.clone() }]).has_effect());
    assert_eq!(position(&document, 1), Vec2::ZERO);
    let props = Props { wrap_mm: Some(0.0), ..props };
    do_as(&mut document, 1, vec![Edit::Set { id: ElementId(2), props }]);
    let Shape::Text { text, wrap_mm, size } = &document.element(ElementId(2)).unwrap().shape else { unreachable!() };
    assert_eq!((text.as_str(), *wrap_mm, *size), ("b", None, Vec2::splat(20.0)));
}

#[test]
fn elements_lie_in_the_order_of_their_keys() {
    let mut document = document((1..=5).map(|id| add(id, Vec2::ZERO)).collect());
    let ids = |document: &Document| document.elements_on(PageId::FIRST).map(|it| it.id.0).collect::<Vec<_>>();
    assert_eq!(ids(&document), [1, 2, 3, 4, 5], "the same key: by id");
    let to = |order| Props { order: Some(order), ..Props::default() };
    let top = OrderKey::between(document.top(PageId::FIRST), None);
    do_as(&mut document, 1, vec![Edit::Set { id: ElementId(2), props: to(top.clone()) }]);
    let bottom = OrderKey::between(None, document.bottom(PageId::FIRST));
    do_as(&mut document, 1, vec![Edit::Set { id: ElementId(4), props: to(bottom) }]);
    assert_eq!(ids(&document), [4, 1, 3, 5, 2]);
    assert_eq!(document.top(PageId::FIRST), Some(&top));
}

#[test]
fn pages_come_and_go_and_one_stays() {
    let mut document = document(vec![add(1, Vec2::ZERO)]);
    let (two, order) = (PageId(7), OrderKey::between(None, Some(&document.page(PageId::FIRST).unwrap().order)));
    do_as(&mut document, 1, vec![Edit::Page { id: two, order, name: "Ideas".into() }]);
    assert_eq!(document.pages().map(|page| page.id).collect::<Vec<_>>(), [two, PageId::FIRST]);
    let show = |page| Edit::Show { view: View { page, center: Vec2::ZERO, width_mm: 800.0 } };
    do_as(&mut document, 1, vec![show(two), Edit::Paper { is_dark: true }]);
    assert_eq!((document.shown().unwrap().page, document.is_dark()), (two, true));
    assert!(!do_as(&mut document, 1, vec![show(PageId(99))]).has_effect());
    let to_two = Props { page: Some(two), ..Props::default() };
    do_as(&mut document, 1, vec![Edit::Set { id: ElementId(1), props: to_two }]);
    assert_eq!((document.elements_on(PageId::FIRST).count(), document.elements_on(two).count()), (0, 1));
    let take = |id, is_removed| vec![Edit::RemovePage { id, is_removed }];
    do_as(&mut document, 1, take(two, true));
    assert!(!do_as(&mut document, 1, take(PageId::FIRST, true)).has_effect(), "the last page stays");
    do_as(&mut document, 1, take(two, false));
    assert_eq!(document.elements_on(two).count(), 1);
    let nowhere = Props { page: Some(PageId(99)), ..Props::default() };
    assert!(!do_as(&mut document, 1, vec![Edit::Set { id: ElementId(1), props: nowhere }]).has_effect());
}

#[test]
fn edits_of_a_newer_protocol_have_no_effect() {
    assert!(!do_as(&mut Document::default(), 1, vec![Edit::Unknown]).has_effect());
}
