use crate::boards::{at, points_of};
use crate::server::World;
use atrium_board::Shape;
use atrium_easel::{Action, Tool};

#[test]
fn whole_strokes_go_where_the_eraser_touches_them() {
    let mut world = World::new(2);
    world.stroke(at(0.0, 0.0), at(100.0, 0.0));
    let kept = world.stroke(at(0.0, 200.0), at(100.0, 200.0));
    world.stroke(at(0.0, 60.0), at(100.0, 60.0));
    world.me().set_tool(Tool::Eraser { parts: false });
    world.drag(&[at(50.0, -40.0), at(50.0, 30.0), at(50.0, 100.0)]);
    world.settle();
    world.assert_same();
    let ids: Vec<_> = world.elements().iter().map(|element| element.id).collect();
    assert_eq!(ids, [kept.id]);
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.elements().len(), 3, "one drag is one thing to undo");
}

#[test]
fn a_fast_eraser_touches_what_lies_between_two_events() {
    let mut world = World::new(1);
    world.stroke(at(0.0, 0.0), at(10.0, 0.0));
    world.me().set_tool(Tool::Eraser { parts: false });
    world.drag(&[at(5.0, -900.0), at(5.0, 900.0)]);
    world.settle();
    assert!(world.elements().is_empty());
}

#[test]
fn locked_things_stay() {
    let mut world = World::new(1);
    let locked = world.stroke(at(0.0, 0.0), at(100.0, 0.0));
    world.me().select(vec![locked.id]);
    world.act(Action::Lock(true));
    world.stroke(at(0.0, 1.0), at(100.0, 1.0));
    world.me().set_tool(Tool::Eraser { parts: false });
    world.drag(&[at(50.0, -40.0), at(50.0, 40.0)]);
    world.settle();
    world.me().set_tool(Tool::Eraser { parts: true });
    world.drag(&[at(50.0, -40.0), at(50.0, 40.0)]);
    world.settle();
    let ids: Vec<_> = world.elements().iter().map(|element| element.id).collect();
    assert_eq!(ids, [locked.id], "what lay above it is gone");
}

#[test]
fn parts_of_strokes_go_and_their_ends_stay() {
    let mut world = World::new(2);
    world.stroke(at(0.0, 0.0), at(100.0, 0.0));
    world.me().set_tool(Tool::Eraser { parts: true });
    world.drag(&[at(50.0, -40.0), at(50.0, 0.0), at(50.0, 40.0)]);
    world.settle();
    world.assert_same();
    let elements = world.elements();
    assert_eq!(elements.len(), 2);
    for element in &elements {
        assert!(matches!(element.shape, Shape::Ink { is_finished: true, .. }));
        let points = points_of(element);
        assert!(points.iter().all(|point| (point.position.x - 50.0).abs() > 5.0), "{points:?}");
    }
    world.act(Action::Undo);
    world.settle();
    world.assert_same();
    assert_eq!(world.elements().len(), 1);
}

#[test]
fn shapes_are_touched_at_their_lines_and_where_they_are_filled() {
    let mut world = World::new(1);
    world.rectangle(at(0.0, 0.0), at(300.0, 300.0));
    world.me().set_tool(Tool::Eraser { parts: false });
    world.drag(&[at(140.0, 150.0), at(160.0, 150.0)]);
    world.settle();
    assert_eq!(world.elements().len(), 1, "an empty middle");
    world.drag(&[at(140.0, 150.0), at(160.0, -20.0)]);
    world.settle();
    assert_eq!(world.elements().len(), 0);
}

#[test]
fn the_eraser_shows_how_large_it_is() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Eraser { parts: true });
    world.drag(&[at(10.0, 10.0)]);
    let (place, radius_mm) = world.me().eraser().unwrap();
    assert!(place == at(10.0, 10.0) && radius_mm > 4.0);
    world.me().set_tool(Tool::Pen);
    assert!(world.me().eraser().is_none());
}
