use super::*;
use crate::test_places;
use proptest::prelude::*;

fn walker(feet: Vec3) -> Walker {
    let mut walker = Walker::new(Arc::new(Obstacles::new(&test_places::course())), feet);
    run(&mut walker, 1.0, 60.0, Vec3::ZERO);
    walker
}

fn run(walker: &mut Walker, secs: f32, hz: f32, wanted: Vec3) {
    (0..(secs * hz).round() as usize).for_each(|_| walker.step(1.0 / hz, wanted, &[]));
}

fn is_inside_something(walker: &Walker) -> bool {
    walker.obstacles.touches(&capsule(-0.002), walker.feet + middle())
}

/// A way with turns, by time.
fn wanted_at(secs: f32) -> Vec3 {
    match secs + 1e-3 {
        secs if secs < 1.5 => Vec3::X * WALK_M_PER_SEC,
        secs if secs < 3.0 => Vec3::new(0.5, 0.0, -0.8) * RUN_M_PER_SEC,
        secs if secs < 4.5 => Vec3::new(-1.0, 0.0, -0.3) * WALK_M_PER_SEC,
        _ => Vec3::ZERO,
    }
}

#[test]
fn the_way_is_the_same_at_every_frame_rate() {
    let end_of = |frames: &mut dyn Iterator<Item = f32>| {
        let mut walker = walker(Vec3::ZERO);
        let mut secs = 0.0;
        for dt in frames {
            walker.step(dt, wanted_at(secs), &[]);
            secs += dt;
            if secs >= 5.0 {
                break;
            }
        }
        walker.feet()
    };
    let reference = end_of(&mut std::iter::repeat(1.0 / 60.0));
    assert!(reference.length() > 2.0, "the way leads somewhere: {reference}");
    let irregular = (0..).map(|n: i32| 0.004 + 0.03 * ((n * 7919 % 100) as f32 / 100.0));
    for (name, end) in [
        ("30 Hz", end_of(&mut std::iter::repeat(1.0 / 30.0))),
        ("144 Hz", end_of(&mut std::iter::repeat(1.0 / 144.0))),
        ("irregular", end_of(&mut { irregular })),
    ] {
        // Irregular frames turn up to 34 ms late, which is up to 10 cm of running.
        let most_m = if name == "irregular" { 0.1 } else { 0.03 };
        assert!(end.distance(reference) < most_m, "{name}: {end} instead of {reference}");
    }
}

#[test]
fn speeds_are_as_said_and_come_smoothly() {
    for (wanted, within_secs) in [(WALK_M_PER_SEC, 0.13), (RUN_M_PER_SEC, 0.27)] {
        let mut walker = walker(Vec3::new(-9.0, 0.0, 8.0));
        let mut speeds = Vec::new();
        for _ in 0..120 {
            let before = walker.feet();
            walker.step(1.0 / 60.0, Vec3::X * wanted, &[]);
            speeds.push(before.distance(walker.feet()) * 60.0);
        }
        assert!(speeds[0] < 0.4 * wanted, "no jump to full speed: {} m/s", speeds[0]);
        let full = speeds.iter().position(|speed| (speed - wanted).abs() < 0.02).unwrap() as f32 / 60.0;
        assert!(full <= within_secs + 0.02, "{full} s");
        assert!(speeds.iter().all(|speed| *speed < wanted + 0.05));
    }
}

#[test]
fn against_a_wall_one_stands_still() {
    for hz in [30.0, 60.0, 144.0] {
        for wanted in [Vec3::NEG_Z, Vec3::new(0.0, 0.0, -3.0)] {
            let mut walker = walker(Vec3::new(8.0, 0.0, -9.0));
            run(&mut walker, 2.0, hz, wanted);
            let still = walker.feet();
            assert!((still.z + 10.0 - BODY_RADIUS_M - GAP_M).abs() < 0.01, "at the wall: {still}");
            for _ in 0..(3.0 * hz) as usize {
                walker.step(1.0 / hz, wanted, &[]);
                assert!(walker.feet().distance(still) < 1e-3, "{hz} Hz: {} from {still}", walker.feet());
            }
        }
    }
}

#[test]
fn along_a_slanted_wall_one_glides_evenly() {
    let mut walker = walker(Vec3::new(7.0, 0.0, -1.0));
    run(&mut walker, 1.0, 60.0, Vec3::NEG_Z * WALK_M_PER_SEC);
    let mut speeds = Vec::new();
    for _ in 0..60 {
        let before = walker.feet();
        walker.step(1.0 / 60.0, Vec3::NEG_Z * WALK_M_PER_SEC, &[]);
        speeds.push(before.distance(walker.feet()) * 60.0);
    }
    let (slowest, fastest) = speeds.iter().fold((f32::MAX, 0.0f32), |(a, b), speed| (a.min(*speed), b.max(*speed)));
    assert!(slowest > 0.3 && fastest - slowest < 0.1, "{slowest} to {fastest} m/s");
}

#[test]
fn standing_feet_do_not_move_at_all() {
    for feet in [Vec3::ZERO, Vec3::new(-2.5, 0.4, -3.9), Vec3::new(0.0, 0.64, -6.0)] {
        let mut walker = walker(feet);
        run(&mut walker, 2.0, 60.0, Vec3::ZERO);
        let still = walker.feet();
        run(&mut walker, 10.0, 30.0, Vec3::ZERO);
        assert!(walker.feet().distance(still) < 1e-5, "{} from {still}", walker.feet());
    }
}

#[test]
fn stairs_and_ramps_lead_up_and_down() {
    for x in [0.0, -2.5] {
        let mut walker = walker(Vec3::new(x, 0.0, -2.0));
        run(&mut walker, 3.5, 60.0, Vec3::NEG_Z * WALK_M_PER_SEC);
        assert!((walker.feet().y - 0.64).abs() < 0.01 && walker.feet().z < -5.0, "up at {x}: {}", walker.feet());
        run(&mut walker, 3.5, 60.0, Vec3::Z * WALK_M_PER_SEC);
        assert!(walker.feet().y.abs() < 0.01 && walker.feet().z > -3.0, "down at {x}: {}", walker.feet());
    }
}

#[test]
fn the_highest_step_is_taken_and_found_by_ways() {
    let mut walker = walker(Vec3::new(6.0, 0.0, 8.0));
    run(&mut walker, 1.5, 60.0, Vec3::X * WALK_M_PER_SEC);
    assert!((walker.feet().y - 0.3).abs() < 0.01 && walker.feet().x > 7.5, "{}", walker.feet());
    let grid = crate::WalkGrid::new(&test_places::course(), &walker.obstacles);
    assert!(grid.path(Vec3::new(5.0, 0.0, 8.0), Vec3::new(8.0, 0.3, 8.0)).is_some());
}

#[test]
fn the_eyes_take_stairs_without_a_jolt() {
    for wanted in [Vec3::NEG_Z * WALK_M_PER_SEC, Vec3::NEG_Z * RUN_M_PER_SEC] {
        let mut walker = walker(Vec3::new(0.0, 0.0, -2.0));
        let mut highest_m = 0.0;
        for _ in 0..180 {
            let before = walker.feet();
            walker.step(1.0 / 60.0, wanted, &[]);
            assert!((walker.feet().y - before.y).abs() < 0.06, "{} to {}", before, walker.feet());
            highest_m = walker.feet().y.max(highest_m);
        }
        assert!(highest_m > 0.6, "{highest_m}");
    }
}

#[test]
fn a_platform_is_too_high_to_climb_and_one_falls_off_it() {
    let mut walker = walker(Vec3::new(2.0, 0.0, -3.5));
    run(&mut walker, 3.0, 60.0, Vec3::NEG_Z * WALK_M_PER_SEC);
    assert!(walker.feet().y < 0.01 && walker.feet().z > -4.7, "{}", walker.feet());
    walker.place_at(Vec3::new(2.0, 0.64, -6.0), 0.0);
    run(&mut walker, 3.0, 60.0, Vec3::X * WALK_M_PER_SEC);
    assert!(walker.feet().y.abs() < 0.01 && walker.feet().x > 3.2, "{}", walker.feet());
}

#[test]
fn one_fits_through_a_gap_of_seventy_centimetres_but_not_under_a_table() {
    let mut walker = walker(Vec3::new(-3.65, 0.0, 2.0));
    run(&mut walker, 3.0, 60.0, Vec3::NEG_Z * WALK_M_PER_SEC);
    assert!(walker.feet().z < -1.0, "{}", walker.feet());
    walker.place_at(Vec3::new(-6.0, 0.0, -2.0), 0.0);
    run(&mut walker, 3.0, 60.0, Vec3::NEG_Z * WALK_M_PER_SEC);
    assert!(walker.feet().z > -3.5 + BODY_RADIUS_M, "{}", walker.feet());
}

#[test]
fn whoever_is_put_into_furniture_comes_out_in_front() {
    let walker = walker(Vec3::new(-7.0, 0.0, 5.3));
    assert!(!is_inside_something(&walker), "{}", walker.feet());
    let obstacles = walker.obstacles.clone();
    let spot = room_near(&obstacles, Vec3::new(-7.0, 0.0, 5.5), 0.0).unwrap();
    assert!(spot.z < 5.0 && spot.y.abs() < 0.05, "in front of the bench: {spot}");
}

#[test]
fn nonsense_changes_nothing() {
    let mut walker = walker(Vec3::ZERO);
    let before = walker.feet();
    walker.step(f32::NAN, Vec3::NAN, &[Vec3::NAN]);
    walker.step(-1.0, Vec3::splat(f32::INFINITY), &[]);
    walker.place_at(Vec3::NAN, 0.0);
    assert_eq!(walker.feet(), before);
}

/// Directions and how long each is kept, with frames of any length.
fn ways() -> impl Strategy<Value = Vec<(f32, f32, f32, f32)>> {
    prop::collection::vec((0.0..TAU, 0.0f32..4.0, 0.3f32..3.0, 0.002f32..0.06), 8..14)
}

fn wander(walker: &mut Walker, ways: &[(f32, f32, f32, f32)], people: &[Vec3]) -> Result<(), TestCaseError> {
    let bounds = walker.obstacles.bounds();
    for (angle, speed, secs, dt) in ways {
        let wanted = Vec3::new(angle.sin(), 0.0, angle.cos()) * *speed;
        for _ in 0..(secs / dt) as usize {
            walker.step(*dt, wanted, people);
            prop_assert!(walker.feet().is_finite());
            prop_assert!(bounds.contain(walker.feet + Vec3::Y * 1e-3), "{}", walker.feet);
        }
        prop_assert!(!is_inside_something(walker), "inside something at {}", walker.feet);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn wanderers_stay_inside_and_out_of_everything(ways in ways(), x in -9.5f32..9.5, z in -9.5f32..9.5) {
        let mut walker = walker(Vec3::new(x, 0.0, z));
        wander(&mut walker, &ways, &[Vec3::new(1.0, 0.0, 0.5), Vec3::new(-1.0, 0.0, 0.5)])?;
    }

    #[test]
    fn the_boardroom_holds_them(ways in ways(), spawn in 0usize..10) {
        let place = test_places::boardroom();
        let mut walker = Walker::new(Arc::new(Obstacles::new(&place)), place.spawn(spawn).position);
        wander(&mut walker, &ways, &[])?;
    }
}

/// Prints what a tick costs; the limit is generous, for busy machines.
#[test]
fn a_tick_among_300_colliders_is_cheap() {
    let place = test_places::crowded();
    assert!(place.colliders().len() >= 290);
    let mut walker = Walker::new(Arc::new(Obstacles::new(&place)), Vec3::ZERO);
    let start = std::time::Instant::now();
    let ticks = 4_800;
    for n in 0..ticks {
        let (sin, cos) = (n as f32 * 0.003).sin_cos();
        walker.tick(Vec3::new(sin, 0.0, cos) * RUN_M_PER_SEC, &[]);
    }
    let micros = start.elapsed().as_secs_f64() * 1e6 / f64::from(ticks);
    eprintln!("{micros:.1} µs a tick of 1/120 s");
    assert!(micros < 400.0, "{micros} µs");
}
