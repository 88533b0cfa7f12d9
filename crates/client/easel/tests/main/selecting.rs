use crate::boards::{at, points_of};
use crate::server::{World, person};
use atrium_board::{
    Document, Edit, Element, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Shape, Style,
};
use atrium_easel::{Action, Handle, Modifiers, Phase, PointerEvent, PointerShape, Tool};
use glam::Vec2;
use std::f32::consts::FRAC_PI_2;
use std::time::Instant;

const SHIFT: Modifiers = Modifiers { shift: true, alt: false, command: false };
const ALT: Modifiers = Modifiers { shift: false, alt: true, command: false };

/// Three rectangles in a row.
fn row(world: &mut World) -> [ElementId; 3] {
    let ids = [0.0, 200.0, 400.0].map(|x| world.rectangle(at(x, 0.0), at(x + 100.0, 100.0)).id);
    world.me().set_tool(Tool::Select);
    world.me().select(Vec::new());
    ids
}

fn get(world: &World, id: ElementId) -> Element {
    world.document.element(id).unwrap().clone()
}

fn size_of(element: &Element) -> Vec2 {
    match &element.shape {
        Shape::Rectangle { size } | Shape::Ellipse { size } | Shape::Text { size, .. } => *size,
        shape => panic!("{shape:?}"),
    }
}

#[test]
fn clicks_select_and_shift_adds_and_takes_away() {
    let mut world = World::new(1);
    let [a, b, _] = row(&mut world);
    world.click(at(0.0, 50.0));
    assert_eq!(world.me().selection(), [a]);
    world.click_with(at(200.0, 50.0), SHIFT);
    assert_eq!(world.me().selection(), [a, b]);
    world.click_with(at(0.0, 20.0), SHIFT);
    assert_eq!(world.me().selection(), [b]);
    world.click(at(0.0, 50.0));
    assert_eq!(world.me().selection(), [a]);
    world.click(at(150.0, 300.0));
    assert!(world.me().selection().is_empty());
}

#[test]
fn a_marquee_selects_what_lies_inside() {
    let mut world = World::new(1);
    let [a, b, c] = row(&mut world);
    world.drag(&[at(-30.0, -30.0), at(100.0, 100.0), at(330.0, 130.0)]);
    assert_eq!(world.me().selection(), [a, b]);
    world.drag_with(&[at(380.0, -30.0), at(400.0, 100.0), at(530.0, 130.0)], SHIFT);
    assert_eq!(world.me().selection(), [a, b, c]);
    world.me().select(vec![b]);
    world.act(Action::Lock(true));
    world.me().select(Vec::new());
    world.drag(&[at(-30.0, -30.0), at(100.0, 100.0), at(530.0, 130.0)]);
    assert_eq!(world.me().selection(), [a, c], "what is locked stays out");
}

#[test]
fn what_lies_in_a_marquee_is_looked_for_once_a_frame() {
    let mut world = World::new(1);
    let [a, b, c] = row(&mut world);
    world.point(Phase::Press, at(-30.0, -30.0));
    for corner in [at(100.0, 130.0), at(530.0, 130.0), at(330.0, 130.0)] {
        world.point(Phase::Move, corner);
        assert_eq!(world.me().marquee().map(|area| area.max), Some(corner), "it is shown at once");
        assert!(world.me().selection().is_empty());
    }
    world.frame();
    assert_eq!(world.me().selection(), [a, b]);
    world.point(Phase::Move, at(530.0, 130.0));
    world.point(Phase::Release, at(530.0, 130.0));
    assert_eq!(world.me().selection(), [a, b, c], "as far as it came");
}

#[test]
fn a_large_selection_costs_a_frame_next_to_nothing() {
    let mut world = World::with(2, rectangles(20_000));
    world.act(Action::SelectAll);
    let frame = world.me().selection_box();
    let start = Instant::now();
    for _ in 0..1_000 {
        let me = world.me();
        assert!(me.selection_box() == frame && me.selection_info().count == 20_000 && !me.handles(1.0).is_empty());
    }
    assert!(start.elapsed().as_secs_f64() < 0.3, "{:?}", start.elapsed());
    let theirs = &mut world.seats[1].easel;
    theirs.set_tool(Tool::Select);
    theirs.select(vec![ElementId(0)]);
    let now_secs = world.now_secs;
    world.seats[1].easel.act(now_secs, Action::Nudge(at(-500.0, 0.0)));
    world.settle();
    let moved = world.me().selection_box().unwrap();
    assert_eq!(moved.size.x, frame.unwrap().size.x + 500.0, "it goes with what others do");
}

/// So many of them side by side.
fn rectangles(count: u64) -> Document {
    let mut document = Document::default();
    for id in 0..count {
        let (page, order, style) =
            (PageId::FIRST, OrderKey::between(document.top(PageId::FIRST), None), Style::default());
        let shape = NewElement::Rectangle { size: Vec2::splat(10.0) };
        let frame = Frame::at(at((id % 100) as f32 * 20.0, (id / 100) as f32 * 20.0));
        let by = OperationId { author: person(9), nonce: id };
        document.apply(by, 0, &Operation::one(Edit::Add { id: ElementId(id), page, order, frame, style, shape }));
    }
    document
}

#[test]
fn a_drag_moves_all_that_is_selected_and_nothing_that_is_locked() {
    let mut world = World::new(2);
    let [a, b, c] = row(&mut world);
    world.me().select(vec![c]);
    world.act(Action::Lock(true));
    world.me().select(vec![a, b, c]);
    world.drag(&[at(0.0, 20.0), at(10.0, 30.0), at(30.0, 60.0)]);
    world.settle();
    world.assert_same();
    assert_eq!(get(&world, a).frame.position, at(30.0, 40.0));
    assert_eq!(get(&world, b).frame.position, at(230.0, 40.0));
    assert_eq!(get(&world, c).frame.position, at(400.0, 0.0));
    assert_eq!(world.me().selection(), [a, b, c], "it stays selected");
    world.act(Action::Undo);
    world.settle();
    assert_eq!(get(&world, a).frame.position, at(0.0, 0.0));
}

#[test]
fn what_is_dragged_is_shown_by_itself_and_others_see_it_move() {
    let mut world = World::new(2);
    let [a, ..] = row(&mut world);
    world.point(Phase::Press, at(0.0, 50.0));
    for step in 1..60 {
        world.frame();
        world.point(Phase::Move, at(step as f32 * 2.0, 50.0));
        if step > 5 {
            let lifted = world.me().lifted().unwrap().clone();
            let moved = lifted.transform.transform_point2(lifted.figures[0].1.frame.position);
            assert!(world.me().is_apart(a));
            assert!((moved.x - step as f32 * 2.0).abs() < 0.01, "{moved}");
        }
    }
    let theirs = world.seats[1].easel.document().element(a).unwrap().frame.position;
    assert!(theirs.x > 60.0, "{theirs}");
    world.point(Phase::Release, at(120.0, 50.0));
    assert!(world.me().lifted().is_none() && !world.me().is_apart(a));
    world.settle();
    world.assert_same();
}

#[test]
fn escape_puts_a_drag_back() {
    let mut world = World::new(2);
    let [a, ..] = row(&mut world);
    world.point(Phase::Press, at(0.0, 50.0));
    for step in 1..60 {
        world.frame();
        world.point(Phase::Move, at(step as f32 * 2.0, 50.0));
    }
    world.act(Action::Escape);
    world.point(Phase::Release, at(300.0, 50.0));
    world.settle();
    world.assert_same();
    assert_eq!(get(&world, a).frame.position, at(0.0, 0.0));
}

#[test]
fn someone_takes_away_what_is_dragged() {
    let mut world = World::new(2);
    let [a, b, _] = row(&mut world);
    world.me().select(vec![a, b]);
    world.point(Phase::Press, at(0.0, 20.0));
    for step in 1..60 {
        world.frame();
        world.point(Phase::Move, at(step as f32 * 2.0, 20.0));
        if step == 20 {
            let now_secs = world.now_secs;
            world.seats[1].easel.set_tool(Tool::Select);
            world.seats[1].easel.select(vec![a]);
            world.seats[1].easel.act(now_secs, Action::Delete);
        }
    }
    assert_eq!(world.me().lifted().unwrap().figures.len(), 1);
    world.point(Phase::Release, at(120.0, 20.0));
    world.settle();
    world.assert_same();
    assert_eq!(world.elements().len(), 2);
    assert_eq!(get(&world, b).frame.position, at(320.0, 0.0));
}

#[test]
fn handles_resize_from_the_other_side() {
    let mut world = World::new(2);
    let [a, ..] = row(&mut world);
    world.me().select(vec![a]);
    let handles = world.me().handles(1.0);
    assert_eq!(handles.len(), 9, "eight and one to turn");
    world.drag(&[at(100.0, 100.0), at(120.0, 110.0), at(150.0, 120.0)]);
    world.settle();
    let resized = get(&world, a);
    assert!(resized.frame.position == at(0.0, 0.0) && size_of(&resized).distance(at(150.0, 120.0)) < 0.01);
    // Over the other side: it is mirrored, and a rectangle looks the same.
    world.drag(&[at(150.0, 60.0), at(100.0, 60.0), at(-50.0, 60.0)]);
    world.settle();
    let mirrored = get(&world, a);
    assert!(mirrored.frame.position.distance(at(-50.0, 0.0)) < 0.01, "{:?}", mirrored.frame);
    assert!(size_of(&mirrored).distance(at(50.0, 120.0)) < 0.01);
    world.assert_same();
}

#[test]
fn alt_resizes_from_the_middle_and_shift_keeps_the_proportions() {
    let mut world = World::new(1);
    let [a, ..] = row(&mut world);
    world.me().select(vec![a]);
    world.drag_with(&[at(100.0, 100.0), at(110.0, 100.0), at(120.0, 100.0)], ALT);
    world.settle();
    let wider = get(&world, a);
    assert!(wider.frame.position.distance(at(-20.0, 0.0)) < 0.01 && size_of(&wider).distance(at(140.0, 100.0)) < 0.01);
    world.drag_with(&[at(120.0, 100.0), at(200.0, 100.0), at(260.0, 100.0)], SHIFT);
    world.settle();
    let larger = get(&world, a);
    assert!(size_of(&larger).distance(at(280.0, 200.0)) < 0.01, "{:?}", size_of(&larger));
}

#[test]
fn several_things_are_resized_together() {
    let mut world = World::new(2);
    let [a, b, c] = row(&mut world);
    world.me().select(vec![a, b, c]);
    world.drag(&[at(500.0, 100.0), at(600.0, 150.0), at(1_000.0, 200.0)]);
    world.settle();
    world.assert_same();
    assert!(get(&world, c).frame.position.distance(at(800.0, 0.0)) < 0.01, "{:?}", get(&world, c).frame);
    assert!(size_of(&get(&world, b)).distance(at(200.0, 200.0)) < 0.01);
}

#[test]
fn the_upper_handle_turns_and_shift_turns_in_steps() {
    let mut world = World::new(2);
    let [a, ..] = row(&mut world);
    world.me().select(vec![a]);
    let (_, turn) = *world.me().handles(1.0).iter().find(|(handle, _)| *handle == Handle::Turn).unwrap();
    world.drag(&[turn, at(100.0, 0.0), at(200.0, 50.0)]);
    world.settle();
    let turned = get(&world, a);
    assert!((turned.frame.rotation - FRAC_PI_2).abs() < 1e-3, "{:?}", turned.frame);
    let corners = turned.corners();
    let middle = corners.iter().sum::<Vec2>() / 4.0;
    assert!(middle.distance(at(50.0, 50.0)) < 0.01, "about its middle");
    let (_, turn) = *world.me().handles(1.0).iter().find(|(handle, _)| *handle == Handle::Turn).unwrap();
    world.drag_with(&[turn, turn + at(0.0, 3.0), turn + at(0.0, 10.0)], SHIFT);
    world.settle();
    let steps = get(&world, a).frame.rotation / 15.0_f32.to_radians();
    assert!((steps - steps.round()).abs() < 1e-3 && steps.round() >= 6.0, "{steps}");
    world.assert_same();
}

#[test]
fn what_lies_askew_in_a_selection_keeps_its_proportions() {
    let mut world = World::new(1);
    let [a, b, _] = row(&mut world);
    world.me().select(vec![a]);
    let (_, turn) = *world.me().handles(1.0).iter().find(|(handle, _)| *handle == Handle::Turn).unwrap();
    world.drag(&[turn, at(90.0, 0.0), at(80.0, 20.0)]);
    world.me().select(vec![a, b]);
    let frame = world.me().selection_box().unwrap();
    let corner = frame.corners()[2];
    world.drag(&[corner, corner + at(50.0, 0.0), corner + at(100.0, 0.0)]);
    world.settle();
    for id in [a, b] {
        let size = size_of(&get(&world, id));
        assert!((size.x - size.y).abs() < 0.01 && size.x > 110.0, "{size}");
    }
}

#[test]
fn an_end_of_a_line_is_moved_by_itself() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Arrow);
    world.drag(&[at(0.0, 0.0), at(100.0, 0.0)]);
    world.settle();
    let handles = world.me().handles(1.0);
    assert_eq!(handles, [(Handle::End(0), at(0.0, 0.0)), (Handle::End(1), at(100.0, 0.0))]);
    world.drag(&[at(100.0, 0.0), at(100.0, 50.0), at(80.0, 90.0)]);
    world.settle();
    let Shape::Line { ends, .. } = world.elements()[0].shape else { panic!() };
    assert_eq!(ends, [at(0.0, 0.0), at(80.0, 90.0)]);
}

#[test]
fn ink_is_scaled_and_mirrored() {
    let mut world = World::new(1);
    let ink = world.stroke(at(0.0, 0.0), at(100.0, 50.0));
    world.me().set_tool(Tool::Select);
    world.me().select(vec![ink.id]);
    let frame = world.me().selection_box().unwrap();
    let corner = frame.corners()[2];
    world.drag(&[corner, corner + at(10.0, 10.0), corner + at(100.0, -100.0)]);
    world.settle();
    let points = points_of(&get(&world, ink.id));
    let end = points.last().unwrap().position;
    assert!(end.distance(at(200.0, -50.0)) < 1.0, "{end}");
}

#[test]
fn alt_drags_a_copy() {
    let mut world = World::new(1);
    let [a, ..] = row(&mut world);
    world.drag_with(&[at(0.0, 50.0), at(0.0, 100.0), at(0.0, 250.0)], ALT);
    world.settle();
    assert_eq!(world.elements().len(), 4);
    assert_eq!(get(&world, a).frame.position, at(0.0, 0.0));
    let copy = world.elements().pop().unwrap();
    assert_eq!(copy.frame.position, at(0.0, 200.0));
    assert_eq!(world.me().selection(), [copy.id]);
}

#[test]
fn one_can_select_without_the_grant_but_not_move() {
    let mut world = World::new(1);
    let [a, ..] = row(&mut world);
    world.me().set_rights(false, false);
    world.click(at(0.0, 50.0));
    assert_eq!(world.me().selection(), [a]);
    assert!(world.me().handles(1.0).is_empty());
    world.drag(&[at(0.0, 50.0), at(40.0, 90.0), at(80.0, 90.0)]);
    world.settle();
    assert_eq!(get(&world, a).frame.position, at(0.0, 0.0));
}

#[test]
fn the_pointer_shows_what_it_would_do() {
    let mut world = World::new(1);
    let [a, ..] = row(&mut world);
    world.me().select(vec![a]);
    let mut shape_at = |x, y| {
        world.point(Phase::Move, at(x, y));
        world.me().pointer_shape()
    };
    assert_eq!(shape_at(50.0, 50.0), PointerShape::Move);
    assert_eq!(shape_at(100.0, 100.0), PointerShape::Resize(1));
    assert_eq!(shape_at(100.0, 50.0), PointerShape::Resize(0));
    assert_eq!(shape_at(50.0, 0.0), PointerShape::Resize(2));
    assert_eq!(shape_at(0.0, 100.0), PointerShape::Resize(3));
    assert_eq!(shape_at(50.0, -26.0), PointerShape::Turn);
    assert_eq!(shape_at(150.0, -200.0), PointerShape::Arrow);
    world.me().set_tool(Tool::Pen);
    assert_eq!(world.me().pointer_shape(), PointerShape::Cross);
    world.me().hold_hand(true);
    assert_eq!(world.me().pointer_shape(), PointerShape::Grab);
}

#[test]
fn handles_are_as_large_for_the_hand_at_any_zoom() {
    let mut world = World::new(1);
    let [a, ..] = row(&mut world);
    world.me().select(vec![a]);
    let event = |phase, place, mm_per_pixel| PointerEvent { mm_per_pixel, ..PointerEvent::mouse(phase, place) };
    let view = world.me().view();
    let mut shape_at = |mm_per_pixel| {
        world.event(0, event(Phase::Move, at(140.0, 140.0), mm_per_pixel));
        world.me().pointer_shape()
    };
    assert_eq!(shape_at(1.0), PointerShape::Arrow, "a corner 40 mm away, and a hand that is near");
    assert_eq!(shape_at(8.0), PointerShape::Resize(1), "the same from far away");
    world.event(0, event(Phase::Press, at(140.0, 140.0), 8.0));
    world.event(0, event(Phase::Move, at(240.0, 240.0), 8.0));
    world.event(0, event(Phase::Release, at(240.0, 240.0), 8.0));
    world.settle();
    assert!(size_of(&get(&world, a)).distance(at(200.0, 200.0)) < 0.01);
    assert_eq!(world.me().view(), view, "it was not the wall that moved");
}
