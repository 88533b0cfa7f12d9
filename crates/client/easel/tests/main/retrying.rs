use crate::boards::{at, points_of, scribble};
use crate::server::{FRAME_SECS, World};
use atrium_board::{Document, Shape};
use atrium_easel::{Action, Notice, Phase, PointerEvent, Saving, Sight, Tool};
use atrium_protocol::RefusalCode;

/// Draws without pause; returns how many strokes.
fn draw(world: &mut World, strokes: usize, places: usize) {
    for stroke in 0..strokes {
        let mut scribble = scribble(places);
        scribble.iter_mut().for_each(|place| *place += at(40.0 * stroke as f32, 25.0 * stroke as f32));
        world.drag(&scribble);
        world.frame();
    }
}

/// The same drawn on a board where nothing went wrong.
fn undisturbed(strokes: usize, places: usize) -> Document {
    let mut world = World::new(1);
    draw(&mut world, strokes, places);
    world.settle();
    world.document
}

fn assert_same_ink(one: &Document, other: &Document) {
    let page = atrium_board::PageId::FIRST;
    assert_eq!(one.elements_on(page).count(), other.elements_on(page).count());
    for (a, b) in one.elements_on(page).zip(other.elements_on(page)) {
        let (points, same) = (points_of(a), points_of(b));
        assert!(matches!(a.shape, Shape::Ink { is_finished: true, .. }));
        assert_eq!(points.len(), same.len());
        let furthest = points.iter().zip(&same).map(|(a, b)| a.position.distance(b.position)).fold(0.0, f32::max);
        assert!(furthest < 0.2, "{furthest}");
    }
}

#[test]
fn nothing_is_lost_while_answers_are_late() {
    for delay_secs in [0.2, 1.0, 6.0] {
        let mut world = World::new(1);
        world.seats[0].delay_secs = delay_secs;
        draw(&mut world, 12, 60);
        world.settle();
        world.assert_same();
        assert_same_ink(&world.document, &undisturbed(12, 60));
        assert!(world.most_under_way <= 48, "{}", world.most_under_way);
    }
}

#[test]
fn nothing_is_lost_while_the_server_is_busy() {
    for every in [2, 3, 7] {
        let mut world = World::new(2);
        world.refuses = Box::new(move |asked| (asked % every == 1).then_some(RefusalCode::TooFast));
        draw(&mut world, 8, 70);
        world.settle();
        world.assert_same();
        assert_same_ink(&world.document, &undisturbed(8, 70));
    }
}

#[test]
fn nothing_is_lost_while_the_disk_is_full_and_one_is_told() {
    let mut world = World::new(2);
    let full = std::rc::Rc::new(std::cell::Cell::new(true));
    let is_full = full.clone();
    world.refuses = Box::new(move |_| is_full.get().then_some(RefusalCode::StorageFailed));
    draw(&mut world, 10, 60);
    world.pass(5.0);
    assert!(matches!(world.me().saving(), Saving::Kept { code: RefusalCode::StorageFailed, .. }));
    assert_eq!(world.elements().len(), 0);
    assert_eq!(world.seats[1].easel.document().len(), 0);
    let shown = world.me().document().elements_on(atrium_board::PageId::FIRST).count();
    assert_eq!(shown, 10, "one's own is still shown");
    let kept = |notice: &Notice| matches!(notice, Notice::Kept { code: RefusalCode::StorageFailed });
    assert!(world.seats[0].notices.iter().any(kept));
    let asked = world.seats[0].appends.len();
    assert!(asked < 60, "it does not ask all the time: {asked}");

    full.set(false);
    world.settle();
    world.assert_same();
    assert_same_ink(&world.document, &undisturbed(10, 60));
    assert!(world.seats[0].notices.contains(&Notice::Stored));
}

#[test]
fn a_refusal_that_was_lost_with_the_connection_holds_nothing_up() {
    let mut world = World::new(2);
    world.seats[0].delay_secs = 0.3;
    world.refuses = Box::new(|asked| (asked % 3 == 0).then_some(RefusalCode::StorageFailed));
    for _ in 0..6 {
        draw(&mut world, 6, 6);
        // The server has dealt with some of it, and the answers are on their way.
        world.reconnect(0);
    }
    world.settle();
    world.assert_same();
    assert!(world.stale > 0, "later ones were stored before");
    let mut same = World::new(1);
    (0..6).for_each(|_| draw(&mut same, 6, 6));
    same.settle();
    assert_same_ink(&world.document, &same.document);
}

#[test]
fn a_clock_that_goes_behind_holds_nothing_up() {
    let mut world = World::new(2);
    let last_nonce = 5_000_000;
    world.last_nonces.insert(crate::server::person(1), last_nonce);
    draw(&mut world, 8, 70);
    world.settle();
    world.assert_same();
    assert_same_ink(&world.document, &undisturbed(8, 70));
    assert!(world.last_nonces[&crate::server::person(1)] > last_nonce);
}

#[test]
fn what_is_kept_can_be_undone_before_and_after_it_is_stored() {
    let mut world = World::new(1);
    world.refuses = Box::new(|asked| (asked < 6).then_some(RefusalCode::TooFast));
    draw(&mut world, 3, 20);
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.elements().len(), 2);
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.elements().len(), 1);
    world.act(Action::Redo);
    world.settle();
    assert_eq!(world.elements().len(), 2);
    world.assert_same();
}

#[test]
fn it_never_sends_faster_than_a_room_takes() {
    let mut world = World::new(1);
    for step in 0..400 {
        world.drag(&[at(step as f32, 0.0), at(step as f32, 10.0)]);
    }
    world.settle();
    assert_eq!(world.elements().len(), 400);
    let times: Vec<f64> = world.seats[0].appends.iter().map(|(at_secs, ..)| *at_secs).collect();
    for (index, from) in times.iter().enumerate() {
        let within = times[index..].iter().take_while(|time| **time < from + 1.0).count();
        assert!(within <= 130, "{within} in a second");
    }
}

#[test]
fn ink_waits_in_its_stroke_while_nothing_is_answered_and_there_is_an_end_to_it() {
    let mut world = World::new(1);
    world.seats[0].delay_secs = 1_000.0;
    let mut step = 0;
    let mut is_full = false;
    while !is_full && step < 1_000 {
        draw(&mut world, 1, 400);
        step += 1;
        is_full = world.me().hindrance().is_some();
    }
    assert!(is_full, "never full");
    assert!(step > 20, "{step}");
    assert!(world.seats[0].appends.len() <= 48);
    world.point(Phase::Press, at(0.0, 0.0));
    let page = world.me().page();
    let before = world.me().strokes(page).count();
    world.point(Phase::Move, at(10.0, 0.0));
    world.point(Phase::Release, at(10.0, 0.0));
    assert_eq!(world.me().strokes(page).count(), before);
}

#[test]
fn a_board_that_is_fetched_anew_keeps_what_is_not_confirmed() {
    let mut world = World::new(2);
    draw(&mut world, 3, 60);
    world.seats[0].delay_secs = 0.4;
    draw(&mut world, 3, 60);
    // What is under way may have been stored already when the board is fetched.
    for _ in 0..40 {
        let (now_secs, document) = (world.now_secs, world.document.clone());
        world.me().replace(now_secs, document);
        world.pass(7.0 * FRAME_SECS);
    }
    world.settle();
    world.assert_same();
    let mut undisturbed = World::new(1);
    draw(&mut undisturbed, 3, 60);
    draw(&mut undisturbed, 3, 60);
    undisturbed.settle();
    assert_same_ink(&world.document, &undisturbed.document);
}

#[test]
fn what_is_in_hand_stays_there_while_what_it_is_about_gets_other_numbers() {
    let mut world = World::new(1);
    world.me().set_sight(Sight::Window);
    world.refuses = Box::new(|asked| (asked < 2).then_some(RefusalCode::TooFast));
    world.act(Action::AddPage { name: "new".into() });
    let page = world.me().page();
    world.me().set_tool(Tool::Text);
    world.click(at(500.0, 500.0));
    world.me().edit_text("words".into());
    world.pass(5.0);
    assert_eq!((world.me().page(), world.document.page(page).is_some()), (page, true));
    assert_eq!(world.me().text().unwrap().text, "words");
    world.me().end_text();
    world.settle();

    let asked = std::rc::Rc::new(std::cell::Cell::new(0));
    world.refuses = Box::new(move |_| (asked.replace(asked.get() + 1) < 2).then_some(RefusalCode::TooFast));
    world.act(Action::SelectAll);
    world.act(Action::Duplicate);
    let copies = world.me().selection().to_vec();
    assert_eq!(copies.len(), 1);
    let from = world.me().selection_bounds().unwrap().center();
    world.point(Phase::Press, from);
    world.point(Phase::Move, from + at(0.0, 300.0));
    world.pass(5.0);
    assert_eq!(world.me().selection(), copies);
    world.point(Phase::Move, from + at(0.0, 600.0));
    world.point(Phase::Release, from + at(0.0, 600.0));
    world.settle();
    world.assert_same();
    let copy = world.document.element(copies[0]).unwrap();
    assert!(copy.bounds().center().distance(from + at(0.0, 600.0)) < 1.0);
}

#[test]
fn two_windows_of_one_person_never_take_an_operation_for_another() {
    for delays_secs in [[0.02, 0.02], [0.3, 0.02], [0.5, 0.4]] {
        let me = crate::server::person(1);
        let mut world = World::of(&[me, me], Document::default());
        for (seat, delay_secs) in world.seats.iter_mut().zip(delays_secs) {
            seat.delay_secs = delay_secs;
        }
        for stroke in 0..12 {
            let places = scribble(40);
            for (index, place) in places.iter().enumerate() {
                for seat in 0..2 {
                    let phase = if index == 0 { Phase::Press } else { Phase::Move };
                    let place = *place + at(800.0 * seat as f32, 60.0 * stroke as f32);
                    world.event(seat, PointerEvent::mouse(phase, place));
                }
                world.frame();
            }
            (0..2).for_each(|seat| world.event(seat, PointerEvent::mouse(Phase::Release, places[39])));
            world.reconnect(stroke % 2);
        }
        world.settle();
        world.assert_same();
        assert_eq!(world.elements().len(), 24);
    }
}
