use super::*;
use crate::test_places;
use glam::Vec2;
use proptest::prelude::*;

const DT: f32 = 1.0 / 60.0;
const FORWARD: BodyInput = walking(Vec2::Y);

const fn walking(walk: Vec2) -> BodyInput {
    BodyInput {
        walk,
        run: false,
        turn: 0.0,
        look: Vec2::ZERO,
        zoom_m: 0.0,
        toggle_third_person: false,
        stand: false,
        point: false,
        wave: false,
        hand_raised: false,
        reduced_motion: false,
    }
}

fn placement(epoch: u8, position: Vec3, yaw: f32, seat: Option<u16>) -> Placement {
    Placement { epoch: PoseEpoch(epoch), position: position.to_array(), yaw, seat: seat.map(SeatId) }
}

fn body_in(place: Place, position: Vec3) -> Body {
    let obstacles = Arc::new(Obstacles::new(&place));
    let grid = Arc::new(WalkGrid::new(&place, &obstacles));
    let mut body = Body::new(Arc::new(place), obstacles, placement(1, position, 0.0, None));
    body.set_walk_grid(grid);
    body
}

fn boardroom() -> Body {
    let place = test_places::boardroom();
    let position = place.spawn(0).position;
    body_in(place, position)
}

fn eyes(body: &Body) -> Vec3 {
    body.pose().head.unwrap().position
}

fn run(body: &mut Body, secs: f32, input: &BodyInput) -> Vec<Wish> {
    (0..(secs / DT).round() as usize).filter_map(|_| body.step(DT, input, &[])).collect()
}

fn seat_in(body: &mut Body, epoch: u8, seat: u16) {
    let at = body.place.seat(SeatId(seat)).unwrap().clone();
    body.place(&placement(epoch, at.position, at.yaw(), Some(seat)), PlacedReason::Seat, false);
}

#[test]
fn standing_eyes_are_at_their_height_and_walking_follows_the_look() {
    let mut body = boardroom();
    run(&mut body, 0.5, &BodyInput::default());
    assert!((eyes(&body).y - STANDING_EYES_M).abs() < 0.005);
    let before = eyes(&body);
    run(&mut body, 1.0, &FORWARD);
    assert!((before.z - eyes(&body).z - WALK_M_PER_SEC).abs() < 0.15, "{before} to {}", eyes(&body));
    body.step(DT, &BodyInput { look: Vec2::new(0.5, 9.0), ..FORWARD }, &[]);
    assert!((body.yaw - 0.5).abs() < 1e-5 && (body.pitch - PITCH_MAX).abs() < 1e-5);
}

#[test]
fn sitting_down_takes_a_quarter_of_a_second_and_ends_at_the_seats_height() {
    let mut body = boardroom();
    body.walker.place_at(Vec3::new(2.9, 0.0, 1.6), 0.0);
    run(&mut body, 0.5, &BodyInput::default());
    body.walker.place_at(Vec3::new(1.9, 0.0, 2.0), 0.0);
    let standing = eyes(&body);
    seat_in(&mut body, 2, 1);
    assert_eq!(body.pose().epoch, PoseEpoch(2));
    let mut before = eyes(&body);
    assert!(before.distance(standing) < 1e-3, "no jump");
    for _ in 0..16 {
        body.step(DT, &BodyInput::default(), &[]);
        assert!(eyes(&body).distance(before) < 0.12, "smoothly");
        before = eyes(&body);
    }
    assert!(before.distance(Vec3::new(1.9, 1.2, 1.15)) < 1e-3, "{before}");
    let camera = body.camera();
    assert!(camera.position.distance(before) < 1e-3 && !camera.is_third_person);
}

#[test]
fn a_far_seat_is_the_truth_at_once() {
    let mut body = boardroom();
    seat_in(&mut body, 2, 6);
    assert!(eyes(&body).distance(Vec3::new(-2.85, 1.2, 0.0)) < 1e-3);
    assert!((body.yaw + std::f32::consts::FRAC_PI_2).abs() < 1e-5);
}

#[test]
fn movement_keys_ask_to_stand_up_first_and_then_walk() {
    let mut body = boardroom();
    seat_in(&mut body, 2, 1);
    run(&mut body, 0.5, &BodyInput::default());
    let seated = eyes(&body);
    assert_eq!(run(&mut body, 0.9, &FORWARD), [Wish::Stand], "once, not every frame");
    assert_eq!(eyes(&body), seated, "the room has not answered yet");
    body.place(&placement(3, Vec3::new(1.9, 0.0, 1.15), 0.0, None), PlacedReason::Seat, false);
    assert!(eyes(&body).distance(seated) < 1e-3);
    assert_eq!(run(&mut body, 1.0, &walking(Vec2::NEG_Y)), []);
    assert!((eyes(&body).y - STANDING_EYES_M).abs() < 0.005 && eyes(&body).z > 2.0, "{}", eyes(&body));
}

#[test]
fn a_correction_is_true_at_once_and_seen_smoothly() {
    let mut body = boardroom();
    run(&mut body, 1.0, &FORWARD);
    body.yaw = 0.3;
    body.step(DT, &BodyInput::default(), &[]);
    let seen = body.camera().position;
    let back = Vec3::new(5.4, 0.0, 1.6);
    body.place(&placement(2, back, 1.0, None), PlacedReason::Correction, false);
    assert!((eyes(&body) - Vec3::Y * STANDING_EYES_M).distance(back) < 0.03);
    assert!((body.yaw - 0.3).abs() < 1e-5, "one looks where one looked");
    body.step(0.001, &BodyInput::default(), &[]);
    assert!(body.camera().position.distance(seen) < 0.01);
    run(&mut body, 0.17, &BodyInput::default());
    assert!(body.camera().position.distance(eyes(&body)) < 1e-3);
}

#[test]
fn long_jumps_and_reduced_motion_cut() {
    for (to, reduced_motion) in [(Vec3::new(-5.0, 0.0, 2.0), false), (Vec3::new(5.4, 0.0, 1.0), true)] {
        let mut body = boardroom();
        body.place(&placement(2, to, 0.0, None), PlacedReason::Teleport, reduced_motion);
        body.step(0.001, &BodyInput::default(), &[]);
        assert!(body.camera().position.distance(eyes(&body)) < 1e-3);
    }
}

#[test]
fn a_click_walks_round_the_table_and_any_key_ends_it() {
    let mut body = boardroom();
    let goal = Vec3::new(-4.5, 0.0, -1.5);
    body.walk_to(goal);
    run(&mut body, 12.0, &BodyInput::default());
    let feet = Vec3::from_array(body.placement().position);
    assert!(!body.is_on_a_course() && feet.distance(goal) < 0.12, "{feet}");
    body.walk_to(Vec3::new(4.0, 0.0, 2.0));
    run(&mut body, 1.0, &BodyInput::default());
    assert!(body.is_on_a_course());
    run(&mut body, DT, &BodyInput { turn: 1.0, ..Default::default() });
    assert!(!body.is_on_a_course());
}

#[test]
fn every_seat_is_reached_by_a_click_even_from_another_one() {
    let mut body = boardroom();
    let seats = body.place.layout().seats.clone();
    for (n, seat) in seats.iter().enumerate() {
        body.walk_to_seat(SeatId(n as u16));
        let mut wishes = run(&mut body, DT * 2.0, &BodyInput::default());
        if wishes == [Wish::Stand] {
            let from = body.placement();
            body.place(&Placement { seat: None, epoch: PoseEpoch(2 * n as u8), ..from }, PlacedReason::Seat, false);
            wishes.clear();
        }
        if wishes.is_empty() {
            wishes = run(&mut body, 15.0, &BodyInput::default());
        }
        assert_eq!(wishes, [Wish::Sit(SeatId(n as u16))]);
        let feet = Vec3::from_array(body.placement().position);
        assert!(feet.distance(seat.position) < 1.2, "{feet} to {}", seat.position);
        seat_in(&mut body, 2 * n as u8 + 1, n as u16);
        run(&mut body, 0.5, &BodyInput::default());
        assert_eq!(body.seat(), Some(SeatId(n as u16)));
    }
}

#[test]
fn starting_somewhere_is_seen_at_once_and_sent_at_a_speed_the_room_takes() {
    let mut body = boardroom();
    let (start, above) = (eyes(&body), Vec3::new(-3.0, 2.8, -2.0));
    body.start_at(above, 2.0, -1.0);
    body.step(DT, &BodyInput::default(), &[]);
    assert_eq!(body.camera().position, above);
    let mut before = start;
    for _ in 0..300 {
        body.step(DT, &BodyInput::default(), &[]);
        assert!(eyes(&body).distance(before) / DT < 8.0);
        before = eyes(&body);
    }
    assert!(before.distance(Vec3::new(-3.0, STANDING_EYES_M, -2.0)) < 0.05, "{before}");
    run(&mut body, DT, &FORWARD);
    assert!(body.camera().position.distance(eyes(&body)) < 1e-3, "walking ends it");
}

#[test]
fn the_body_follows_the_head_when_the_neck_is_at_its_end() {
    let mut body = boardroom();
    run(&mut body, DT, &BodyInput { look: Vec2::new(0.5, 0.0), ..Default::default() });
    assert!(body.body_yaw.abs() < 0.01);
    run(&mut body, DT, &BodyInput { look: Vec2::new(1.0, 0.0), ..Default::default() });
    assert!((body.body_yaw - (1.5 - NECK)).abs() < 0.01);
    run(&mut body, 1.0, &FORWARD);
    assert!((body.body_yaw - 1.5).abs() < 0.05);
}

fn any_input() -> impl Strategy<Value = BodyInput> {
    let vector = || (-1.5f32..1.5, -1.5f32..1.5).prop_map(|(x, y)| Vec2::new(x, y));
    let number = || prop_oneof![20 => -1.0f32..1.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY)];
    (vector(), any::<[bool; 6]>(), number(), vector(), number()).prop_map(|(walk, keys, turn, look, zoom_m)| {
        let [run, toggle_third_person, stand, point, wave, hand_raised] = keys;
        let look = look * 0.1;
        BodyInput {
            walk,
            run,
            turn,
            look,
            zoom_m,
            toggle_third_person,
            stand,
            point,
            wave,
            hand_raised,
            ..Default::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..Default::default() })]

    /// Twenty seconds of anything, with a room that grants every wish.
    #[test]
    fn whatever_is_pressed_the_body_stays_possible(
        inputs in prop::collection::vec((any_input(), 0.5f32..1.5, 0.004f32..0.05, 0u16..14), 20),
    ) {
        let mut body = boardroom();
        let mut epoch = 1u8;
        let bounds = body.obstacles.bounds();
        for (input, secs, dt, seat) in inputs {
            if seat % 4 == 0 {
                body.walk_to_seat(SeatId(seat));
            }
            for _ in 0..(secs / dt) as usize {
                let wish = body.step(dt, &input, &[Vec3::new(4.0, 0.0, 2.0)]);
                epoch = epoch.wrapping_add(u8::from(wish.is_some()));
                match wish {
                    Some(Wish::Sit(seat)) => seat_in(&mut body, epoch, seat.0),
                    Some(Wish::Stand) => {
                        let here = Placement { seat: None, epoch: PoseEpoch(epoch), ..body.placement() };
                        body.place(&here, PlacedReason::Seat, false);
                    }
                    None => {}
                }
                let pose = body.pose();
                let head = pose.head.unwrap();
                prop_assert!(head.position.is_finite() && head.rotation.is_normalized());
                prop_assert!(bounds.contain(head.position), "{}", head.position);
                prop_assert!(pose.left.unwrap().offset.is_finite() && pose.right.unwrap().rotation.is_normalized());
                let camera = body.camera();
                prop_assert!(camera.position.is_finite() && camera.rotation.is_normalized());
            }
        }
    }
}
