use atrium_avatar::{
    BodyInput, BodyMotion, BodyPart, BodyPose, HandShape, PROPORTIONS, PlayedPose, SeatedHips, Side, solve_body,
};
use atrium_protocol::{HandPose, HeadPose};
use glam::{Quat, Vec3};
use proptest::prelude::*;

fn standing(position: Vec3, yaw_rad: f32, velocity: Vec3) -> PlayedPose {
    let head = HeadPose { position, rotation: Quat::from_rotation_y(yaw_rad) };
    PlayedPose { head, hands: [None; 2], velocity, has_jumped: false }
}

fn input(pose: &PlayedPose) -> BodyInput<'_> {
    BodyInput { pose, seat: None, ground_y: 0.0, scale: 1.0 }
}

/// Distances between joints that are one bone, against what they should be.
fn worst_bone_error_m(body: &BodyPose) -> f32 {
    let p = PROPORTIONS;
    let at = |part| body.joint(part).position;
    let mut bones = vec![(at(BodyPart::Neck).distance(at(BodyPart::Pelvis)), p.neck_height_m - p.pelvis_height_m)];
    for side in Side::BOTH {
        bones.push((at(BodyPart::UpperArm(side)).distance(at(BodyPart::Forearm(side))), p.upper_arm_m));
        bones.push((at(BodyPart::Forearm(side)).distance(at(BodyPart::Hand(side))), p.forearm_m));
        bones.push((at(BodyPart::Thigh(side)).distance(at(BodyPart::Shin(side))), p.thigh_m));
        bones.push((at(BodyPart::Shin(side)).distance(at(BodyPart::Foot(side))), p.shin_m));
        bones.push((at(BodyPart::Thigh(side)).distance(at(BodyPart::Pelvis)), (p.right_hip - Vec3::Y * 0.95).length()));
    }
    let head = body.joint(BodyPart::Head);
    let pivot = head.position - head.rotation * (p.eyes_from_head_pivot * body.scale);
    bones.push((pivot.distance(at(BodyPart::Neck)), p.neck_m()));
    bones.into_iter().map(|(is, should)| (is - should * body.scale).abs()).fold(0.0, f32::max)
}

/// Solves frame by frame and shows each.
fn play(secs: f32, mut pose_at: impl FnMut(f32) -> PlayedPose, mut show: impl FnMut(f32, &PlayedPose, &BodyPose)) {
    let mut motion = BodyMotion::new(5);
    for frame in 0..(secs * 60.0) as u32 {
        let now = frame as f32 / 60.0;
        let pose = pose_at(now);
        motion.advance(1.0 / 60.0, &input(&pose));
        show(now, &pose, &solve_body(&input(&pose), &motion));
    }
}

#[test]
fn somebody_who_stands_stands_like_the_parts() {
    let pose = standing(Vec3::new(0.0, 1.65, -0.078), 0.0, Vec3::ZERO);
    play(
        3.0,
        |_| pose,
        |_, _, body| {
            let at = |part| body.joint(part).position;
            assert!((at(BodyPart::Pelvis).y - 0.95).abs() < 0.01, "{}", at(BodyPart::Pelvis));
            for side in Side::BOTH {
                let mirrored = |point: Vec3| point * Vec3::new(side.sign(), 1.0, 1.0);
                assert!(at(BodyPart::Thigh(side)).distance(mirrored(PROPORTIONS.right_hip)) < 0.03);
                assert!(at(BodyPart::UpperArm(side)).distance(mirrored(PROPORTIONS.right_shoulder)) < 0.03);
                let foot = body.joint(BodyPart::Foot(side));
                assert!((foot.position.y - 0.08).abs() < 0.012, "{}", foot.position.y);
                let hand = at(BodyPart::Hand(side));
                assert!(hand.distance(mirrored(Vec3::new(0.26, 0.92, -0.05))) < 0.06, "arms hang: {hand}");
                let fingers = body.joint(BodyPart::Hand(side)).rotation * Vec3::NEG_Y;
                assert!(fingers.y < -0.9, "fingers hang");
            }
            assert!((body.scale - 1.0).abs() < 0.01);
        },
    );
}

#[test]
fn a_walk_has_feet_near_the_floor_and_no_slide() {
    for speed in [0.6, 1.4, 2.4] {
        let mut last: Option<BodyPose> = None;
        let mut planted = 0;
        play(
            8.0,
            |now| standing(Vec3::new(0.0, 1.65, -speed * now), 0.0, Vec3::NEG_Z * speed),
            |now, pose, body| {
                assert!(worst_bone_error_m(body) < 1e-3);
                let head = body.joint(BodyPart::Head).position;
                assert!(head.distance(pose.head.position) < 0.115, "the head is where its person has it");
                for side in Side::BOTH {
                    let foot = body.joint(BodyPart::Foot(side));
                    assert!((0.05..0.42).contains(&foot.position.y), "{speed} m/s: {}", foot.position.y);
                    let Some(before) = last.map(|last| last.joint(BodyPart::Foot(side))) else { continue };
                    let ball = |joint: atrium_avatar::Joint| {
                        joint.position + joint.rotation * Vec3::new(0.0, -0.08, -PROPORTIONS.ball_of_foot_m)
                    };
                    let is_down = ball(foot).y < 0.004 && ball(before).y < 0.004;
                    if now > 2.0 && is_down {
                        planted += 1;
                        let slide_m = (ball(foot) - ball(before)).with_y(0.0).length();
                        assert!(slide_m < 0.006, "{speed} m/s: slid {slide_m} m within a frame");
                    }
                }
                last = Some(*body);
            },
        );
        assert!(planted > 200, "{speed} m/s: {planted}");
    }
}

#[test]
fn somebody_low_crouches_instead_of_sinking() {
    let heights = |now: f32| 1.65 - 0.6 * (now - 1.0).clamp(0.0, 1.0);
    play(
        4.0,
        |now| standing(Vec3::new(0.0, heights(now), 0.0), 0.0, Vec3::ZERO),
        |now, _, body| {
            assert!(worst_bone_error_m(body) < 1e-3);
            for side in Side::BOTH {
                assert!(body.joint(BodyPart::Foot(side)).position.y > 0.06, "feet stay on the floor");
                if now > 3.0 {
                    let knee = body.joint(BodyPart::Shin(side)).position;
                    let hip = body.joint(BodyPart::Thigh(side)).position;
                    assert!(knee.z < hip.z - 0.15, "knees go forward");
                }
            }
        },
    );
}

#[test]
fn a_sitter_sits_with_hands_on_the_lap() {
    let mut motion = BodyMotion::new(1);
    let yaw_rad = 1.0;
    let pose = standing(Vec3::new(2.0, 1.2, 3.0), yaw_rad, Vec3::ZERO);
    let seat = Some(SeatedHips { position: Vec3::new(2.0, 0.46, 3.0), yaw_rad });
    let input = BodyInput { seat, ..input(&pose) };
    for _ in 0..120 {
        motion.advance(1.0 / 60.0, &input);
    }
    let body = solve_body(&input, &motion);
    assert!(worst_bone_error_m(&body) < 1e-3);
    let pelvis = body.joint(BodyPart::Pelvis).position;
    assert!(
        pelvis.with_y(0.0).distance(Vec3::new(2.0, 0.0, 3.0)) < 0.12 && (0.46..0.58).contains(&pelvis.y),
        "{pelvis}"
    );
    let forward = Quat::from_rotation_y(yaw_rad) * Vec3::NEG_Z;
    for side in Side::BOTH {
        let at = |part: BodyPart| body.joint(part).position;
        let knee = at(BodyPart::Shin(side));
        assert!((knee - pelvis).dot(forward) > 0.35 && (0.44..0.62).contains(&knee.y), "{knee}");
        assert!((0.06..0.1).contains(&at(BodyPart::Foot(side)).y));
        let hand = at(BodyPart::Hand(side));
        assert!((0.54..0.75).contains(&hand.y) && (hand - pelvis).dot(forward) > 0.15, "{hand}");
    }
}

#[test]
fn tracked_hands_are_where_their_person_has_them() {
    let hand = |x: f32| HandPose {
        offset: Vec3::new(x, -0.35, -0.35),
        rotation: Quat::IDENTITY,
        curls: [0.9, 0.05, 0.9, 0.9, 0.9],
    };
    let mut pose = standing(Vec3::new(0.0, 1.65, 0.0), 0.0, Vec3::ZERO);
    pose.hands = [Some(hand(-0.2)), Some(hand(0.2))];
    play(
        1.0,
        |_| pose,
        |_, _, body| {
            for side in Side::BOTH {
                let joint = body.joint(BodyPart::Hand(side));
                assert!(joint.position.distance(Vec3::new(0.2 * side.sign(), 1.3, -0.35)) < 0.01);
                assert!((joint.rotation * Vec3::NEG_Y).distance(Vec3::NEG_Z) < 1e-4, "fingers forward");
                let palm = joint.rotation * Vec3::new(-side.sign(), 0.0, 0.0);
                assert!(palm.distance(Vec3::NEG_Y) < 1e-4, "palm down");
                assert!((joint.rotation * Vec3::NEG_Z).x * side.sign() < -0.99, "thumbs inward");
                assert_eq!(body.hands[side.index()], HandShape::Point);
                let elbow = body.joint(BodyPart::Forearm(side)).position;
                assert!(elbow.y < 1.3 && elbow.x * side.sign() > 0.15, "{elbow}");
            }
        },
    );
}

#[test]
fn the_body_turns_after_the_head() {
    let turned = |now: f32| if now < 1.0 { 0.0 } else { 1.4 };
    let mut last_yaw = 0.0;
    play(
        6.0,
        |now| standing(Vec3::new(0.0, 1.65, 0.0), turned(now), Vec3::ZERO),
        |now, _, body| {
            let forward = body.joint(BodyPart::Torso).rotation * Vec3::NEG_Z;
            let yaw = (-forward.x).atan2(-forward.z);
            assert!((yaw - last_yaw).abs() < 0.2, "no jerk");
            assert!(now >= 1.0 || yaw.abs() < 0.02);
            last_yaw = yaw;
        },
    );
    assert!((1.0..1.45).contains(&last_yaw), "{last_yaw}");
}

#[test]
fn nobody_is_a_statue() {
    let (mut closed, mut open) = (0, 0);
    let (mut low, mut high) = (Vec3::MAX, Vec3::MIN);
    let pose = standing(Vec3::new(0.0, 1.65, 0.0), 0.0, Vec3::ZERO);
    play(
        20.0,
        |_| pose,
        |_, _, body| {
            closed += u32::from(body.eyelids > 0.9);
            open += u32::from(body.eyelids == 0.0);
            let elbow = body.joint(BodyPart::Forearm(Side::Left)).position;
            (low, high) = (low.min(elbow), high.max(elbow));
        },
    );
    assert!((3..40).contains(&closed) && open > 1_000, "blinks: {closed} closed frames, {open} open ones");
    let moved_m = (high - low).length();
    assert!((0.003..0.05).contains(&moved_m), "breathes and shifts: {moved_m} m");
}

fn any_hand() -> impl Strategy<Value = Option<HandPose>> {
    proptest::option::of((any::<[f32; 3]>(), any::<[f32; 4]>(), any::<[f32; 5]>()).prop_map(
        |(offset, rotation, curls)| HandPose {
            offset: Vec3::from(offset),
            rotation: Quat::from_array(rotation),
            curls,
        },
    ))
}

fn likely_vec3(size: f32) -> impl Strategy<Value = Vec3> {
    prop_oneof![8 => proptest::array::uniform3(-size..size), 1 => any::<[f32; 3]>()].prop_map(Vec3::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_input_gives_a_whole_body(
        frames in proptest::collection::vec(
            (likely_vec3(2.0), any::<[f32; 4]>(), any_hand(), any_hand(), likely_vec3(3.0), any::<bool>(), any::<f32>()), 1..8,
        ),
        seat in proptest::option::of((likely_vec3(2.0), any::<f32>())),
        ground_y in prop_oneof![8 => -1.0_f32..1.0, 1 => any::<f32>()],
        scale in any::<f32>(),
    ) {
        let mut motion = BodyMotion::new(9);
        for (position, rotation, left, right, velocity, has_jumped, dt_secs) in frames {
            let head = HeadPose { position, rotation: Quat::from_array(rotation) };
            let pose = PlayedPose { head, hands: [left, right], velocity, has_jumped };
            let seat = seat.map(|(position, yaw_rad)| SeatedHips { position, yaw_rad });
            let input = BodyInput { pose: &pose, seat, ground_y, scale };
            motion.advance(dt_secs, &input);
            let body = solve_body(&input, &motion);
            for joint in &body.joints {
                prop_assert!(joint.position.is_finite() && joint.rotation.is_normalized(), "{:?}", joint);
            }
            prop_assert!(worst_bone_error_m(&body) < 1e-3, "{} m", worst_bone_error_m(&body));
            prop_assert!((0.0..=1.0).contains(&body.eyelids));
        }
    }
}
