use crate::boards::{at, points_of, scribble};
use crate::server::{World, person};
use atrium_board::ink::Point;
use atrium_board::{Live, LiveInk, OperationId, PageId, Pointing, Shape};
use atrium_easel::{Easel, Phase, Tool};
use atrium_protocol::ParticipantId;

const FIRST: ParticipantId = ParticipantId(1);

fn shown(easel: &Easel) -> Vec<Point> {
    let mut points = Vec::new();
    if let Some(stroke) = easel.strokes(PageId::FIRST).next() {
        easel.stroke_points(stroke.element, &mut points);
    }
    points
}

#[test]
fn others_see_a_stroke_while_it_is_drawn_and_never_less_of_it() {
    let mut world = World::new(2);
    let places = scribble(240);
    world.point(Phase::Press, places[0]);
    let mut length = 0.0_f32;
    for place in &places[1..] {
        world.frame();
        world.point(Phase::Move, *place);
        let points = shown(&world.seats[1].easel);
        let Some(last) = points.last() else { continue };
        assert!(last.position.distance(*place) < 40.0, "a few frames behind: {}", last.position.distance(*place));
        let now: f32 = points.windows(2).map(|pair| pair[0].position.distance(pair[1].position)).sum();
        assert!(now > length - 6.0, "it does not get shorter: {now} after {length}");
        length = now;
    }
    world.point(Phase::Release, places[239]);
    world.settle();
    world.assert_same();
    let theirs = &world.seats[1].easel;
    assert_eq!(theirs.strokes(PageId::FIRST).count(), 0, "settled");
    assert!(!theirs.is_apart(world.elements()[0].id));
}

#[test]
fn live_words_are_at_most_thirty_a_second_and_carry_what_is_not_in_operations() {
    let mut world = World::new(1);
    let places = scribble(300);
    world.drag(&places);
    let times: Vec<f64> = world.seats[0].lives.iter().map(|(at_secs, _)| *at_secs).collect();
    assert!(times.len() > 120, "{}", times.len());
    for (index, from) in times.iter().enumerate() {
        let within = times[index..].iter().take_while(|time| **time < from + 0.999).count();
        assert!(within <= 30, "{within} in a second");
    }
    let waiting = world.seats[0].lives.iter().filter_map(|(_, live)| live.ink.as_ref());
    let most = waiting.map(|ink| ink.points.len()).max().unwrap();
    assert!((1..40).contains(&most), "{most} points");
}

#[test]
fn who_hears_no_live_words_sees_the_stroke_grow_by_its_operations() {
    let mut world = World::new(1);
    world.drag(&scribble(200));
    world.settle();
    // The same operations at another easel, one after the other.
    let operations = world.seats[0].appends.clone();
    let mut other = World::new(1);
    for (step, (_, nonce, operation)) in operations.iter().enumerate() {
        let by = OperationId { author: person(9), nonce: *nonce };
        other.put(by, operation.encode().unwrap());
        other.pass(0.1);
        let is_last = step + 1 == operations.len();
        let strokes = other.me().strokes(PageId::FIRST).count();
        assert_eq!(strokes, usize::from(!is_last), "step {step}");
    }
    assert!(shown(other.me()).is_empty());
}

#[test]
fn what_nobody_says_again_is_forgotten() {
    let mut world = World::new(2);
    let places = scribble(60);
    world.point(Phase::Press, places[0]);
    for place in &places[1..] {
        world.frame();
        world.point(Phase::Move, *place);
    }
    // The first one is gone without a word.
    world.seats.remove(0);
    assert_eq!(world.seats[0].easel.strokes(PageId::FIRST).count(), 1);
    assert_eq!(world.seats[0].easel.cursors().count(), 1);
    world.seats[0].easel.take_damage();
    world.pass(3.5);
    let easel = &mut world.seats[0].easel;
    assert_eq!((easel.strokes(PageId::FIRST).count(), easel.cursors().count()), (0, 0));
    let damage = easel.take_damage();
    assert!(damage.strokes && damage.overlay);
    let id = easel.document().elements_on(PageId::FIRST).next().unwrap().id;
    assert!(damage.elements.contains(&id), "it is a part of the sheet now");
}

#[test]
fn a_pointer_that_rests_stays_and_one_that_leaves_goes() {
    let mut world = World::new(2);
    world.point(Phase::Move, at(10.0, 20.0));
    world.pass(10.0);
    let cursors: Vec<_> = world.seats[1].easel.cursors().collect();
    assert_eq!(cursors.len(), 1);
    assert_eq!((cursors[0].who, cursors[0].position, cursors[0].is_laser), (FIRST, at(10.0, 20.0), false));
    assert!(world.seats[0].lives.len() < 15, "once a second");
    world.point(Phase::Leave, at(10.0, 20.0));
    world.pass(0.2);
    assert_eq!(world.seats[1].easel.cursors().count(), 0);
}

#[test]
fn a_laser_leaves_a_trail_that_fades() {
    let mut world = World::new(2);
    world.me().set_tool(Tool::Laser);
    for step in 0..30 {
        world.point(Phase::Move, at(10.0 * step as f32, 0.0));
        world.frame();
    }
    for seat in &world.seats {
        let (_, trail) = seat.easel.trails().next().expect("a trail");
        assert!(trail.points.len() > 10);
    }
    world.pass(1.5);
    assert!(world.seats.iter().all(|seat| seat.easel.trails().next().is_none()));
    assert_eq!(world.document.len(), 0, "it leaves nothing");
}

#[test]
fn words_that_come_late_or_twice_do_no_harm() {
    let mut world = World::new(1);
    let stroke = world.stroke(at(0.0, 0.0), at(100.0, 0.0));
    let count = points_of(&stroke).len() as u32;
    let ink = |after| LiveInk {
        element: stroke.id,
        page: PageId::FIRST,
        color: stroke.style.color,
        width_mm: 3.0,
        is_highlighter: false,
        after,
        points: vec![Point::at(at(1.0, 1.0))],
    };
    let now_secs = world.now_secs;
    for after in [0, 1, count, count + 50] {
        let live = Live { ink: Some(ink(after)), ..Live::default() };
        world.me().hear_live(now_secs, FIRST, &live);
        world.me().hear_live(now_secs, FIRST, &live);
    }
    assert_eq!(world.me().strokes(PageId::FIRST).count(), 0, "it is finished");
    let Shape::Ink { .. } = stroke.shape else { panic!() };
}

#[test]
fn a_crowd_of_made_up_people_is_bounded() {
    let mut world = World::new(1);
    let now_secs = world.now_secs;
    for number in 0..5_000_u32 {
        let pointing = Some(Pointing { page: PageId::FIRST, position: at(1.0, 1.0), is_laser: true });
        world.me().hear_live(now_secs, ParticipantId(number), &Live { pointing, ..Live::default() });
    }
    assert!(world.me().cursors().count() <= 512);
}
