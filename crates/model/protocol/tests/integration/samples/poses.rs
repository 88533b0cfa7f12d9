use super::pose_layout::{explain_down, explain_up};
use atrium_protocol::{
    HandPose, HeadPose, PackedPose, ParticipantId, Pose, PoseDownWriter, PoseEpoch, PoseUp, Tick, encode_pose_up,
};
use glam::{Quat, Vec3};
use std::f32::consts::{FRAC_PI_2, FRAC_PI_3};

fn head() -> HeadPose {
    HeadPose { position: Vec3::new(1.5, 1.625, -2.25), rotation: Quat::from_rotation_y(FRAC_PI_2) }
}

fn hand(side: f32) -> HandPose {
    HandPose {
        offset: Vec3::new(0.25 * side, -0.5, -0.375),
        rotation: Quat::from_rotation_x(side * FRAC_PI_3),
        curls: [0.0, 0.2, 0.4, 0.6, 1.0],
    }
}

fn whole() -> Pose {
    Pose { epoch: PoseEpoch(5), head: Some(head()), left: Some(hand(-1.0)), right: Some(hand(1.0)) }
}

fn up(pose: Pose) -> Vec<u8> {
    encode_pose_up(&PoseUp { sequence: Tick(517), captured_ms: 1_994_857_984, pose })
}

fn down(records: &[(u32, u16, Pose)]) -> Vec<u8> {
    let mut writer = PoseDownWriter::new(Tick(9_001), 1_994_858_000, 1_100);
    for (id, age_ms, pose) in records {
        assert!(writer.push(ParticipantId(*id), *age_ms, &PackedPose::new(pose)));
    }
    writer.finish()
}

fn head_only() -> Pose {
    Pose { left: None, right: None, ..whole() }
}

fn right_hand_only() -> Pose {
    Pose { head: None, left: None, ..whole() }
}

pub(super) fn datagrams() -> Vec<(&'static str, Vec<u8>)> {
    let nothing = Pose { epoch: PoseEpoch(63), ..Pose::default() };
    let many: Vec<_> = (1..=30).map(|n| (n * n * n, n as u16 * 9, whole())).collect();
    vec![
        ("pose.up", up(whole())),
        ("pose.up_head", up(head_only())),
        ("pose.up_nothing", up(nothing)),
        ("pose.down", down(&[(3, 16, head_only()), (12, 33, right_hand_only())])),
        ("pose.down_many", down(&many)),
        ("pose.down_far_ids", down(&[(1, 0, nothing), (u32::MAX, 300, whole())])),
        ("pose.down_empty", down(&[])),
    ]
}

/// The two that the document takes apart bit by bit.
pub(super) fn document_examples() -> Vec<(String, String)> {
    let explain = |(name, datagram): (&str, Vec<u8>)| match name {
        "pose.up" => Some((name.to_owned(), explain_up(&datagram))),
        "pose.down" => Some((name.to_owned(), explain_down(&datagram))),
        _ => None,
    };
    datagrams().into_iter().filter_map(explain).collect()
}
