use crate::boards::at;
use crate::server::World;
use atrium_board::{Color, Edit, ElementId, Shape, Style};
use atrium_easel::{Action, Notice, Tool};
use glam::Vec2;

fn row(world: &mut World, count: usize) -> Vec<ElementId> {
    let left = |index: usize| 200.0 * index as f32;
    let ids =
        (0..count).map(|index| world.rectangle(at(left(index), 0.0), at(left(index) + 100.0, 100.0)).id).collect();
    world.me().set_tool(Tool::Select);
    world.me().select(Vec::new());
    ids
}

fn order(world: &World) -> Vec<ElementId> {
    world.elements().iter().map(|element| element.id).collect()
}

#[test]
fn the_order_of_what_is_moved_to_front_or_back_stays_among_itself() {
    let mut world = World::new(2);
    let ids = row(&mut world, 4);
    world.me().select(vec![ids[2], ids[0]]);
    world.act(Action::ToFront);
    world.settle();
    assert_eq!(order(&world), [ids[1], ids[3], ids[0], ids[2]]);
    world.me().select(vec![ids[3], ids[2]]);
    world.act(Action::ToBack);
    world.settle();
    assert_eq!(order(&world), [ids[3], ids[2], ids[1], ids[0]]);
    world.assert_same();
}

#[test]
fn nudges_in_a_row_are_undone_together() {
    let mut world = World::new(2);
    let ids = row(&mut world, 2);
    world.me().select(ids.clone());
    for _ in 0..10 {
        world.act(Action::Nudge(Vec2::X));
        world.frame();
    }
    world.settle();
    assert_eq!(world.document.element(ids[1]).unwrap().frame.position, at(210.0, 0.0));
    world.pass(2.0);
    world.act(Action::Nudge(Vec2::Y * 5.0));
    world.settle();
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.document.element(ids[1]).unwrap().frame.position, at(210.0, 0.0));
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.document.element(ids[1]).unwrap().frame.position, at(200.0, 0.0));
    world.assert_same();
}

#[test]
fn only_what_differs_in_a_style_is_meant_for_the_selection() {
    let mut world = World::new(1);
    let ids = row(&mut world, 2);
    world.me().select(vec![ids[0]]);
    let thick = Style { width_mm: 20.0, ..*world.me().style() };
    world.me().set_style(thick);
    world.me().select(ids.clone());
    let red = Style { color: Color::Red, ..*world.me().style() };
    world.me().set_style(red);
    world.settle();
    let styles: Vec<Style> = ids.iter().map(|id| world.document.element(*id).unwrap().style).collect();
    assert!(styles.iter().all(|style| style.color == Color::Red));
    assert_eq!(styles[0].width_mm, 20.0);
    assert_ne!(styles[1].width_mm, 20.0);
    world.me().set_tool(Tool::Pen);
    assert_eq!(world.me().style().color, Color::Red, "and the next thing looks like that");
}

#[test]
fn copies_are_pasted_aside_and_cut_takes_away() {
    let mut world = World::new(1);
    row(&mut world, 2);
    world.stroke(at(0.0, 300.0), at(200.0, 300.0));
    world.act(Action::SelectAll);
    world.act(Action::Copy);
    world.act(Action::Paste(None));
    world.act(Action::Paste(None));
    world.settle();
    assert_eq!(world.elements().len(), 9);
    assert_eq!(world.me().selection().len(), 3);
    let xs: Vec<f32> = world
        .elements()
        .iter()
        .filter(|it| matches!(it.shape, Shape::Rectangle { .. }))
        .map(|it| it.frame.position.x)
        .collect();
    assert!(xs[2] > xs[0] && xs[4] > xs[2], "{xs:?}");
    world.act(Action::Cut);
    world.settle();
    assert_eq!(world.elements().len(), 6);
    world.act(Action::Paste(Some(at(2_000.0, 700.0))));
    world.settle();
    let center = world.me().selection_bounds().unwrap().center();
    assert!(center.distance(at(2_000.0, 700.0)) < 5.0, "{center}");
    world.act(Action::Duplicate);
    world.settle();
    assert_eq!(world.elements().len(), 12);
    for _ in 0..5 {
        world.act(Action::Undo);
    }
    world.settle();
    assert_eq!(world.elements().len(), 3, "each was one thing to undo");
}

#[test]
fn a_copy_of_a_long_stroke_is_whole() {
    let mut world = World::new(1);
    let places: Vec<Vec2> = (0..1_800).map(|step| at(step as f32, if step % 2 == 0 { 0.0 } else { 40.0 })).collect();
    world.drag(&places);
    world.settle();
    let original = world.elements().pop().unwrap();
    world.me().set_tool(Tool::Select);
    world.me().select(vec![original.id]);
    world.act(Action::Duplicate);
    world.settle();
    let copy = world.elements().pop().unwrap();
    let (Shape::Ink { points: a, .. }, Shape::Ink { points: b, is_finished: true, .. }) =
        (&original.shape, &copy.shape)
    else {
        panic!()
    };
    assert!(a.len() > 1_024 && a.len() == b.len());
    let furthest = a.iter().zip(b.iter()).map(|(a, b)| a.position.distance(b.position)).fold(0.0, f32::max);
    assert!(furthest < 0.02, "{furthest}");
}

#[test]
fn what_is_locked_is_only_unlocked() {
    let mut world = World::new(1);
    let ids = row(&mut world, 1);
    world.me().select(ids.clone());
    world.act(Action::ToggleLock);
    world.settle();
    assert!(world.me().selection_info().is_locked);
    assert!(world.me().handles(1.0).is_empty());
    world.act(Action::Delete);
    world.act(Action::Nudge(Vec2::X));
    world.act(Action::ToBack);
    world.settle();
    let locked = world.document.element(ids[0]).unwrap();
    assert!(!locked.is_removed && locked.frame.position == Vec2::ZERO);
    world.act(Action::ToggleLock);
    world.act(Action::Delete);
    world.settle();
    assert!(world.elements().is_empty());
}

#[test]
fn a_crowd_is_moved_in_many_operations_that_all_arrive() {
    let mut world = World::new(2);
    world.me().set_tool(Tool::Select);
    row(&mut world, 4);
    // 4 → 8 → … → 4,096.
    for _ in 0..10 {
        world.act(Action::SelectAll);
        world.act(Action::Duplicate);
        world.settle();
    }
    assert_eq!(world.elements().len(), 4_096);
    world.act(Action::SelectAll);
    let before = world.elements()[77].frame.position;
    let count = world.seats[0].appends.len();
    let start = world.elements()[0].frame.position + at(0.0, 50.0);
    world.drag(&[start, start + at(10.0, 0.0), start + at(500.0, 300.0)]);
    world.settle();
    world.assert_same();
    let operations = &world.seats[0].appends[count..];
    assert!(operations.len() > 10, "{}", operations.len());
    assert!(operations.iter().all(|(.., it)| it.edits.iter().all(|edit| matches!(edit, Edit::Set { .. }))));
    assert_eq!(world.elements()[77].frame.position, before + at(500.0, 300.0));
    let is_complaint = |notice: &&Notice| !matches!(notice, Notice::Kept { .. });
    assert_eq!(world.seats[0].notices.iter().find(is_complaint), None);
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.elements()[77].frame.position, before, "as one");
}

#[test]
fn undo_gives_back_what_somebody_else_did_meanwhile() {
    let mut world = World::new(2);
    let id = world.rectangle(at(0.0, 0.0), at(100.0, 100.0)).id;
    world.seats[0].delay_secs = 0.6;
    let now_secs = world.now_secs;
    for (seat, by) in [(0, at(0.0, 300.0)), (1, at(400.0, 0.0))] {
        let easel = &mut world.seats[seat].easel;
        easel.set_tool(Tool::Select);
        easel.select(vec![id]);
        easel.act(now_secs, Action::Nudge(by));
    }
    world.settle();
    assert_eq!(world.document.element(id).unwrap().frame.position, at(0.0, 300.0), "it came last");
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.document.element(id).unwrap().frame.position, at(400.0, 0.0));
    world.assert_same();
}
