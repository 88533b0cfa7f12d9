//! What must hold for any bytes from the network, as functions that panic where it does not.
//!
//! The fuzz targets in `fuzz/` call them, and so does the short run over random input in the tests.

use crate::{
    BoardDown, BoardUp, ControlDown, ControlUp, HandPose, HeadPose, JoinAnswer, JoinRefusal, JoinRequest,
    LiveDownWriter, PackedPose, Pose, PoseDownWriter, decode_live_down, decode_live_up, decode_message,
    decode_pose_down, decode_pose_up, encode_live_up, encode_message, encode_pose_up, limits,
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// Messages of the control and board lanes, and the join's JSON.
///
/// # Panics
/// When a message that was read is not the same after it was written and read again.
pub fn message(bytes: &[u8]) {
    check_message::<ControlUp>(bytes, limits::CONTROL_MESSAGE_BYTES);
    check_message::<ControlDown>(bytes, limits::CONTROL_MESSAGE_BYTES);
    check_message::<BoardUp>(bytes, limits::BOARD_MESSAGE_BYTES);
    check_message::<BoardDown>(bytes, limits::BOARD_MESSAGE_BYTES);
    check_json::<JoinRequest>(bytes);
    check_json::<JoinAnswer>(bytes);
    check_json::<JoinRefusal>(bytes);
}

/// Live datagrams of the pose lane.
///
/// # Panics
/// When one that was read is not the same after it was written and read again.
pub fn live(datagram: &[u8]) {
    if let Ok(up) = decode_live_up(datagram) {
        assert!(up.payload.len() <= limits::LIVE_BYTES);
        assert_eq!(encode_live_up(&up).as_deref(), Ok(datagram));
    }
    if let Ok(down) = decode_live_down(datagram) {
        let mut writer = LiveDownWriter::default();
        assert!(down.records.iter().all(|record| writer.push(record)), "it fitted before");
        assert_eq!(writer.finish(), datagram);
    }
}

/// Datagrams of the pose lane.
///
/// # Panics
/// When a pose that was read is not finite, or not the same after it was written and read again.
pub fn pose(datagram: &[u8]) {
    live(datagram);
    if let Ok(up) = decode_pose_up(datagram) {
        check_pose(&up.pose);
        let again = decode_pose_up(&encode_pose_up(&up)).expect("our own datagram can be read");
        assert_eq!((again.sequence, again.captured_ms), (up.sequence, up.captured_ms));
    }
    if let Ok(down) = decode_pose_down(datagram) {
        let mut writer = PoseDownWriter::new(down.tick, down.sent_ms, limits::POSE_DATAGRAM_BYTES);
        for record in &down.records {
            check_pose(&record.pose);
            assert!(writer.push(record.id, record.age_ms, &PackedPose::new(&record.pose)), "it fitted before");
        }
        let again = decode_pose_down(&writer.finish()).expect("our own datagram can be read");
        let whose = |poses: &crate::PoseDown| poses.records.iter().map(|it| (it.id, it.age_ms)).collect::<Vec<_>>();
        assert_eq!(whose(&again), whose(&down));
    }
}

fn check_message<T: Serialize + DeserializeOwned + PartialEq + Debug>(bytes: &[u8], max_bytes: usize) {
    let Ok(message) = decode_message::<T>(bytes, max_bytes) else { return };
    let written = encode_message(&message, usize::MAX).expect("what was read can be written");
    assert_eq!(decode_message::<T>(&written, usize::MAX).as_ref(), Ok(&message));
}

fn check_json<T: Serialize + DeserializeOwned>(bytes: &[u8]) {
    let Ok(body) = serde_json::from_slice::<T>(bytes) else { return };
    let written = serde_json::to_vec(&body).expect("what was read can be written");
    let again: T = serde_json::from_slice(&written).expect("our own JSON can be read");
    assert_eq!(serde_json::to_vec(&again).expect("it was written before"), written);
}

/// Positions and curls are exact after a second quantisation, rotations nearly so.
fn check_pose(pose: &Pose) {
    let again = PackedPose::new(pose).unpack();
    assert_eq!(again.epoch, pose.epoch);
    assert_eq!(again.head.is_some(), pose.head.is_some());
    for (a, b) in again.head.iter().zip(&pose.head) {
        check_head(a, b);
    }
    for (a, b) in [(again.left, pose.left), (again.right, pose.right)] {
        assert_eq!(a.is_some(), b.is_some());
        a.iter().zip(&b).for_each(|(a, b)| check_hand(a, b));
    }
}

fn check_head(again: &HeadPose, pose: &HeadPose) {
    assert!(pose.position.is_finite());
    assert_eq!(again.position, pose.position);
    check_rotation(again.rotation, pose.rotation);
}

fn check_hand(again: &HandPose, pose: &HandPose) {
    assert!(pose.offset.is_finite());
    assert_eq!((again.offset, again.curls), (pose.offset, pose.curls));
    check_rotation(again.rotation, pose.rotation);
}

fn check_rotation(again: glam::Quat, rotation: glam::Quat) {
    assert!(rotation.is_normalized(), "{rotation} is not a rotation");
    assert!(again.dot(rotation).abs() > 0.999, "{rotation} became {again}");
}
