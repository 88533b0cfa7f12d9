use crate::boards::{at, distance_to, points_of, scribble};
use crate::server::World;
use atrium_board::limits::STROKE_POINTS;
use atrium_board::{Edit, NewElement, Shape};
use atrium_easel::{Action, Hindrance, Notice, Output, Phase, PointerEvent, Saving, Tool};
use atrium_protocol::RefusalCode;
use glam::Vec2;

#[test]
fn a_stroke_is_settled_as_it_was_drawn() {
    let mut world = World::new(2);
    // Slowly: a place is 1.6 mm from the next.
    let places: Vec<Vec2> =
        scribble(50).windows(2).flat_map(|pair| [0.0, 0.25, 0.5, 0.75].map(|it| pair[0].lerp(pair[1], it))).collect();
    world.drag(&places);
    world.settle();
    world.assert_same();
    let elements = world.elements();
    assert_eq!(elements.len(), 1);
    let Shape::Ink { is_finished: true, is_highlighter: false, .. } = elements[0].shape else { panic!("{elements:?}") };
    let points = points_of(&elements[0]);
    assert!(points.len() < 120, "{} of {} are needed", points.len(), places.len());
    let furthest = places.iter().map(|place| distance_to(&points, *place)).fold(0.0, f32::max);
    assert!(furthest < 6.0, "{furthest} mm from where the hand was");
}

#[test]
fn the_line_is_where_the_pen_is_at_every_moment() {
    let mut world = World::new(1);
    let page = world.me().page();
    for (step, place) in scribble(120).into_iter().enumerate() {
        world.point(if step == 0 { Phase::Press } else { Phase::Move }, place);
        let stroke = world.me().strokes(page).next().unwrap();
        let mut points = Vec::new();
        world.me().stroke_points(stroke.element, &mut points);
        assert!(points.last().unwrap().position.distance(place) < 0.3, "step {step}");
        world.frame();
    }
}

#[test]
fn ink_becomes_operations_within_a_quarter_of_a_second_while_it_is_drawn() {
    let mut world = World::new(1);
    let places = scribble(600);
    world.point(Phase::Press, places[0]);
    let mut last_secs = world.now_secs;
    let mut longest_secs = 0.0_f64;
    for place in &places[1..] {
        world.frame();
        world.point(Phase::Move, *place);
        if let Some((at_secs, ..)) = world.seats[0].appends.last() {
            longest_secs = longest_secs.max(world.now_secs - at_secs);
            last_secs = *at_secs;
        }
    }
    assert!(last_secs > 100.0 && longest_secs <= 0.25, "{longest_secs}");
    assert!(world.seats[0].appends.len() >= 40, "ten seconds of drawing");
    let known = world.elements();
    let known = points_of(&known[0]);
    assert!(distance_to(&known, places[560]) < 6.0, "what was drawn half a second ago is settled");
}

#[test]
fn a_click_is_a_dot() {
    let mut world = World::new(1);
    world.drag(&[at(50.0, 60.0)]);
    world.settle();
    let elements = world.elements();
    assert_eq!(points_of(&elements[0]).len(), 1);
    assert!(points_of(&elements[0])[0].position.distance(at(50.0, 60.0)) < 0.1);
    assert_eq!(world.seats[0].appends.len(), 1, "in one operation");
}

#[test]
fn long_strokes_go_on_as_another_element_and_are_undone_as_one() {
    let mut world = World::new(1);
    // A hand that trembles so much that no point can be left out.
    let places: Vec<Vec2> =
        (0..5_000).map(|step| at(100.0 + step as f32 * 0.3, if step % 2 == 0 { 100.0 } else { 140.0 })).collect();
    world.drag(&places);
    world.settle();
    let elements = world.elements();
    assert!(elements.len() >= 2, "{}", elements.len());
    let strokes: Vec<_> = elements.iter().map(points_of).collect();
    assert!(strokes.iter().all(|points| points.len() <= STROKE_POINTS));
    for pair in strokes.windows(2) {
        let (end, start) = (pair[0].last().unwrap().position, pair[1][0].position);
        assert!(end.distance(start) < 0.2, "{end} {start}");
    }
    assert!(strokes.last().unwrap().last().unwrap().position.distance(places[4_999]) < 1.0);
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.elements().len(), 0);
    world.act(Action::Redo);
    world.settle();
    assert_eq!(world.elements().len(), elements.len());
}

#[test]
fn a_mouse_draws_as_wide_after_a_stroke_goes_on_as_another() {
    let mut world = World::new(1);
    // So quick that it seems to press less, in so many corners that it becomes two elements.
    let places: Vec<Vec2> =
        (0..3_000).map(|step| at(100.0 + step as f32 * 0.3, if step % 2 == 0 { 100.0 } else { 115.0 })).collect();
    world.drag(&places);
    world.settle();
    let strokes: Vec<_> = world.elements().iter().map(points_of).collect();
    let [before, after] = &strokes[..] else { panic!("{} strokes", strokes.len()) };
    let usual = before[before.len() - 1].pressure;
    assert!((usual - 0.5).abs() > 0.02, "{usual} must be other than what a mouse says");
    for point in after {
        assert!((point.pressure - usual).abs() < 0.02, "{} after {usual}", point.pressure);
    }
}

#[test]
fn the_highlighter_has_its_own_width_and_colour() {
    let mut world = World::new(1);
    let pen = *world.me().style();
    world.me().set_tool(Tool::Highlighter);
    let highlighter = *world.me().style();
    assert!(highlighter.width_mm > pen.width_mm && highlighter.color != pen.color);
    world.drag(&scribble(20));
    world.settle();
    let elements = world.elements();
    assert!(matches!(elements[0].shape, Shape::Ink { is_highlighter: true, .. }));
    assert_eq!(elements[0].style, highlighter);
}

#[test]
fn strokes_lie_above_one_another_in_the_order_in_which_they_were_drawn() {
    let mut world = World::new(1);
    world.seats[0].delay_secs = 2.0;
    for step in 0..8 {
        world.drag(&[at(10.0 * step as f32, 0.0), at(10.0 * step as f32, 50.0)]);
    }
    world.settle();
    let left: Vec<f32> = world.elements().iter().map(|element| points_of(element)[0].position.x.round()).collect();
    assert_eq!(left, [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0]);
}

#[test]
fn without_the_grant_nothing_happens_and_it_is_said_why() {
    let mut world = World::new(1);
    world.me().set_rights(false, false);
    assert_eq!(world.me().hindrance(), Some(Hindrance::NotGranted));
    world.drag(&scribble(50));
    world.act(Action::AddPage { name: "x".into() });
    world.pass(1.0);
    assert!(world.seats[0].appends.is_empty() && world.me().document().is_empty());
    assert_eq!(world.seats[0].notices, [Notice::Hindered(Hindrance::NotGranted)]);
    assert!(world.seats[0].lives.iter().all(|(_, live)| live.ink.is_none()));
}

#[test]
fn a_grant_that_is_taken_away_ends_the_stroke() {
    let mut world = World::new(1);
    let places = scribble(60);
    world.point(Phase::Press, places[0]);
    for place in &places[1..] {
        world.frame();
        world.point(Phase::Move, *place);
    }
    world.me().set_rights(false, false);
    world.point(Phase::Release, places[59]);
    world.pass(1.0);
    let page = world.me().page();
    assert_eq!(world.me().strokes(page).count(), 0);
    assert_eq!(world.me().saving(), Saving::Saved);
}

#[test]
fn what_the_server_refuses_for_good_is_taken_back_and_said() {
    let mut world = World::new(1);
    world.refuses = Box::new(|_| Some(RefusalCode::NotAllowed));
    world.drag(&scribble(10));
    world.pass(1.0);
    assert!(world.me().document().elements_on(atrium_board::PageId::FIRST).next().is_none());
    let is_it = |notice: &Notice| matches!(notice, Notice::Refused { code: RefusalCode::NotAllowed, .. });
    assert!(world.seats[0].notices.iter().any(is_it), "{:?}", world.seats[0].notices);
    assert_eq!(world.me().saving(), Saving::Saved);
}

#[test]
fn a_refused_beginning_ends_the_stroke_that_is_drawn() {
    let mut world = World::new(1);
    world.refuses = Box::new(|asked| (asked == 0).then_some(RefusalCode::NotAllowed));
    world.drag(&scribble(120));
    world.settle();
    assert!(world.elements().is_empty());
    world.assert_same();
    world.drag(&scribble(20));
    world.settle();
    assert_eq!(world.elements().len(), 1, "the next one is as any other");
}

#[test]
fn escape_takes_the_stroke_away_that_is_drawn() {
    let mut world = World::new(1);
    let places = scribble(60);
    world.point(Phase::Press, places[0]);
    for place in &places[1..] {
        world.frame();
        world.point(Phase::Move, *place);
    }
    world.act(Action::Escape);
    world.point(Phase::Move, places[0]);
    world.point(Phase::Release, places[0]);
    world.settle();
    assert!(world.elements().is_empty());
}

#[test]
fn a_page_that_goes_takes_the_stroke_with_it() {
    let mut world = World::new(2);
    world.act(Action::AddPage { name: "two".into() });
    world.settle();
    let second = world.document.pages().nth(1).unwrap().id;
    let now_secs = world.now_secs;
    world.seats[1].easel.act(now_secs, Action::GoTo(second));
    world.settle();
    let places = scribble(60);
    world.point(Phase::Press, places[0]);
    for (step, place) in places[1..].iter().enumerate() {
        world.frame();
        world.point(Phase::Move, *place);
        if step == 30 {
            let now_secs = world.now_secs;
            world.seats[1].easel.act(now_secs, Action::RemovePage(second));
        }
    }
    world.point(Phase::Release, places[59]);
    world.settle();
    world.assert_same();
    assert_ne!(world.me().page(), second);
}

#[test]
fn every_precision_and_pressure_is_possible() {
    let mut world = World::new(1);
    for mm_per_pixel in [0.001, 0.02, 1.0, 5.0, 400.0] {
        let event = |phase, at: Vec2| PointerEvent { mm_per_pixel, pressure: 0.9, ..PointerEvent::mouse(phase, at) };
        world.event(0, event(Phase::Press, at(-900_000.0, 3.0)));
        for step in 0..40 {
            world.frame();
            world.event(0, event(Phase::Move, at(-900_000.0 + step as f32 * mm_per_pixel * 9.0, 3.0)));
        }
        world.event(0, event(Phase::Release, at(-900_000.0, 3.0)));
    }
    world.settle();
    assert_eq!(world.elements().len(), 5);
}

#[test]
fn impossible_places_are_ignored() {
    let mut world = World::new(1);
    world.point(Phase::Press, at(f32::NAN, 1.0));
    world.point(Phase::Press, at(1.0, 1.0));
    world.point(Phase::Move, at(f32::INFINITY, 1.0));
    world.point(Phase::Move, at(3.0e30, 1.0));
    world.point(Phase::Release, at(2.0, 1.0));
    world.settle();
    assert_eq!(world.elements().len(), 1);
}

#[test]
fn the_first_operation_of_a_stroke_adds_it_and_the_last_one_ends_it() {
    let mut world = World::new(1);
    world.drag(&scribble(90));
    world.settle();
    let edits: Vec<&Edit> = world.seats[0].appends.iter().flat_map(|(_, _, operation)| &operation.edits).collect();
    let is_begin = |edit: &Edit| matches!(edit, Edit::Add { shape: NewElement::Ink { is_finished: false, .. }, .. });
    assert!(is_begin(edits[0]));
    assert!(edits[1..edits.len() - 1].iter().all(|edit| matches!(edit, Edit::Ink { is_last: false, .. })));
    assert!(matches!(edits[edits.len() - 1], Edit::Ink { is_last: true, .. }));
}

#[test]
fn outputs_come_without_a_word_when_nothing_happens() {
    let mut world = World::new(1);
    world.pass(3.0);
    world.me().take_damage();
    world.frame();
    assert!(world.me().take_damage().is_nothing());
    assert_eq!(world.me().drain(), Vec::<Output>::new());
}
