//! Voices come from where their mouths are.

use crate::support::{ANNA, HEAD, Meeting, bright, ears, tone};
use atrium_audio::{Mouth, OutputMode, Reach, SoundCommand, SoundScene, occlusion, room_sound};
use atrium_place::Place;
use glam::{Quat, Vec3};

#[test]
fn who_speaks_on_the_left_is_louder_in_the_left_ear() {
    let mut meeting = Meeting::new();
    for (x, louder) in [(-1.5, 0), (1.5, 1)] {
        meeting.place_anna(Vec3::new(x, 0.0, 0.0));
        meeting.pass(2.0, bright);
        let levels_db = meeting.levels_db(1.2);
        let difference_db = levels_db[louder] - levels_db[1 - louder];
        assert!(difference_db > 2.0, "at x {x}: {levels_db:?}");
    }
    meeting.place_anna(Vec3::new(0.0, 0.0, -1.5));
    meeting.pass(2.0, bright);
    let [left_db, right_db] = meeting.levels_db(1.2);
    assert!((left_db - right_db).abs() < 1.5, "{left_db} {right_db}");
}

#[test]
fn ears_turn_with_the_head() {
    let mut meeting = Meeting::new();
    let mut scene = SoundScene { ears: ears(), mouths: vec![Mouth::new(ANNA, HEAD + Vec3::NEG_Z * 1.5)] };
    // A quarter to the left: Anna is on the right now.
    scene.ears.room_from_head = Quat::from_rotation_y(std::f32::consts::FRAC_PI_2);
    meeting.ben.place(scene);
    meeting.pass(2.0, bright);
    let [left_db, right_db] = meeting.levels_db(1.2);
    assert!(right_db - left_db > 2.0, "{left_db} {right_db}");
}

#[test]
fn loudspeakers_and_one_ear_get_the_voice_too() {
    let mut meeting = Meeting::new();
    meeting.place_anna(Vec3::new(-1.5, 0.0, 0.0));
    meeting.tell_ben(SoundCommand::PlayFor(OutputMode::Stereo));
    meeting.pass(2.0, bright);
    let [left_db, right_db] = meeting.levels_db(1.2);
    assert!(left_db - right_db > 3.0, "{left_db} {right_db}");
    meeting.tell_ben(SoundCommand::PlayFor(OutputMode::Mono));
    meeting.pass(2.0, bright);
    let [left_db, right_db] = meeting.levels_db(1.2);
    assert!((left_db - right_db).abs() < 0.1, "{left_db} {right_db}");
}

#[test]
fn distance_and_walls_make_quieter_and_a_stage_does_not() {
    let mut meeting = Meeting::new();
    let mut level_db = |mouth: Mouth| {
        meeting.place(mouth);
        meeting.pass(2.0, tone);
        meeting.level_db(0.5)
    };
    let near = Mouth::new(ANNA, HEAD + Vec3::NEG_Z * 1.5);
    let far = Mouth { position: HEAD + Vec3::NEG_Z * 12.0, ..near };
    let near_db = level_db(near);
    let far_db = level_db(far);
    let behind_wall_db = level_db(Mouth { occlusion: 1.0, ..near });
    let stage_db = level_db(Mouth { reach: Reach::Everyone, ..far });
    assert!(near_db - far_db > 4.0, "{near_db} {far_db}");
    assert!(near_db - behind_wall_db > 4.0, "{near_db} {behind_wall_db}");
    assert!((near_db - stage_db).abs() < 6.0, "{near_db} {stage_db}");
}

const TWO_ROOMS: &str = r#"Room(
    title: "Two rooms",
    bounds: (min: (-5, 0, -5), max: (5, 3, 5)),
    spawns: [(position: (0, 0, 4), yaw_degrees: 0)],
    walls: [
        (position: (-3, 1.5, 0), shape: Box(size: (4, 3, 0.2))),
        (position: (3, 1.5, 0), shape: Box(size: (4, 3, 0.2))),
    ],
    zones: [(name: "Booth", min: (3, 0, 2), max: (5, 3, 5), private: true)],
    acoustics: (reverb_secs: 0.7),
)"#;

#[test]
fn walls_stand_between_and_doors_do_not() {
    let place = Place::parse(TWO_ROOMS).unwrap();
    let head = |x: f32, z: f32| Vec3::new(x, 1.6, z);
    assert_eq!(occlusion(&place, head(0.0, -2.0), head(0.0, 2.0)), 0.0, "through the door");
    assert_eq!(occlusion(&place, head(-3.0, -2.0), head(-3.0, 2.0)), 1.0);
    assert_eq!(occlusion(&place, head(-3.0, 1.0), head(0.0, 1.0)), 0.0, "in the same room");
    let steps: Vec<f32> =
        (0..40).map(|n| occlusion(&place, head(-2.5 + 0.05 * n as f32, -1.0), head(-1.0, 2.0))).collect();
    assert!(steps.iter().any(|share| (0.1..0.9).contains(share)), "bit by bit: {steps:?}");
    assert_eq!(occlusion(&place, head(4.0, 4.0), head(1.0, 4.0)), 1.0, "a private zone ends all");
    assert_eq!(occlusion(&place, head(4.0, 4.0), head(4.5, 3.0)), 0.0);
    assert_eq!(occlusion(&place, head(0.0, 1.0), head(0.0, 1.0)), 0.0);
    assert_eq!(room_sound(&place).reverb_secs, 0.7);
    assert_eq!(room_sound(&place).max, Vec3::new(5.0, 3.0, 5.0));
}
