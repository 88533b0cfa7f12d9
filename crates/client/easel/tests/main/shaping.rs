use crate::boards::at;
use crate::server::World;
use atrium_board::{Dash, Fill, Shape, Style};
use atrium_easel::{Action, Modifiers, Phase, Tool};
use glam::Vec2;

const SHIFT: Modifiers = Modifiers { shift: true, alt: false, command: false };
const ALT: Modifiers = Modifiers { shift: false, alt: true, command: false };

#[test]
fn boxes_lie_between_the_corners_whichever_way_they_are_dragged() {
    let mut world = World::new(2);
    for (from, to) in [(at(10.0, 20.0), at(110.0, 70.0)), (at(110.0, 70.0), at(10.0, 20.0))] {
        for tool in [Tool::Rectangle, Tool::Ellipse] {
            world.me().set_tool(tool);
            world.drag(&[from, (from + to) / 2.0, to]);
            world.settle();
            let made = world.elements().pop().unwrap();
            assert_eq!(made.frame.position, at(10.0, 20.0));
            let (Shape::Rectangle { size } | Shape::Ellipse { size }) = made.shape else { panic!("{made:?}") };
            assert_eq!(size, at(100.0, 50.0));
            assert_eq!(world.me().selection(), [made.id], "it is in hand");
            assert_eq!(world.me().tool(), Tool::Select);
        }
    }
    world.assert_same();
}

#[test]
fn shift_makes_squares_and_steps_and_alt_begins_in_the_middle() {
    let mut world = World::new(1);
    let mut drag = |tool, to, modifiers| {
        world.me().set_tool(tool);
        world.drag_with(&[at(100.0, 100.0), to], modifiers);
        world.settle();
        world.elements().pop().unwrap()
    };
    let square = drag(Tool::Rectangle, at(60.0, 120.0), SHIFT);
    assert!(matches!(square.shape, Shape::Rectangle { size } if size == Vec2::splat(40.0)));
    assert_eq!(square.frame.position, at(60.0, 100.0));
    let middle = drag(Tool::Ellipse, at(130.0, 110.0), ALT);
    assert!(matches!(middle.shape, Shape::Ellipse { size } if size == at(60.0, 20.0)));
    assert_eq!(middle.frame.position, at(70.0, 90.0));
    let line = drag(Tool::Line, at(200.0, 110.0), SHIFT);
    let Shape::Line { ends, is_arrow: false } = line.shape else { panic!("{line:?}") };
    assert!(ends[1].distance(at(100.0, 0.0)) < 0.01, "{ends:?}");
    let arrow = drag(Tool::Arrow, at(130.0, 140.0), ALT);
    let Shape::Line { ends, is_arrow: true } = arrow.shape else { panic!("{arrow:?}") };
    assert_eq!((arrow.frame.position, ends[1]), (at(70.0, 60.0), at(60.0, 80.0)));
}

#[test]
fn a_click_makes_nothing() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Rectangle);
    world.drag(&[at(10.0, 10.0), at(11.0, 10.0)]);
    world.settle();
    assert!(world.elements().is_empty() && world.me().lifted().is_none());
    assert_eq!(world.me().tool(), Tool::Rectangle);
}

#[test]
fn others_see_it_grow_and_it_is_undone_as_one() {
    let mut world = World::new(2);
    world.me().set_tool(Tool::Rectangle);
    world.point(Phase::Press, at(0.0, 0.0));
    for step in 1..60 {
        world.frame();
        world.point(Phase::Move, Vec2::splat(10.0 * step as f32));
        let lifted = world.me().lifted().cloned();
        assert_eq!(lifted.map(|lifted| lifted.figures.len()), Some(1));
    }
    assert!(world.seats[0].appends.len() >= 4);
    let theirs = &world.seats[1].easel;
    let seen = theirs.document().elements_on(theirs.page()).next().unwrap();
    assert!(matches!(seen.shape, Shape::Rectangle { size } if size.x > 300.0));
    let id = seen.id;
    assert!(world.me().is_apart(id), "it is shown by itself");
    world.point(Phase::Release, Vec2::splat(590.0));
    assert!(!world.me().is_apart(id));
    world.settle();
    world.assert_same();
    assert!(matches!(world.elements()[0].shape, Shape::Rectangle { size } if size == Vec2::splat(590.0)));
    world.act(Action::Undo);
    world.settle();
    assert!(world.elements().is_empty());
}

#[test]
fn escape_takes_it_away_even_when_others_have_seen_it() {
    let mut world = World::new(2);
    world.me().set_tool(Tool::Ellipse);
    world.point(Phase::Press, at(0.0, 0.0));
    for step in 1..40 {
        world.frame();
        world.point(Phase::Move, Vec2::splat(10.0 * step as f32));
    }
    world.act(Action::Escape);
    world.point(Phase::Release, at(0.0, 0.0));
    world.settle();
    world.assert_same();
    assert!(world.elements().is_empty() && world.me().lifted().is_none());
}

#[test]
fn they_look_as_the_style_says_and_stay_within_limits() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Rectangle);
    let style = Style { fill: Fill::Tint, dash: Dash::Dotted, width_mm: f32::NAN, ..*world.me().style() };
    world.me().set_style(style);
    world.drag(&[at(0.0, 0.0), at(3.0e5, 10.0)]);
    world.settle();
    let made = world.elements().pop().unwrap();
    assert_eq!((made.style.fill, made.style.dash), (Fill::Tint, Dash::Dotted));
    assert!(made.style.width_mm.is_finite());
}
