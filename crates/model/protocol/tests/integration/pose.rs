use atrium_protocol::{
    HandPose, HeadPose, PackedPose, ParticipantId, Pose, PoseDownWriter, PoseEpoch, PoseError, PoseUp, Tick,
    decode_pose_down, decode_pose_up, encode_pose_up, limits,
};
use glam::{Quat, Vec3};
use proptest::prelude::*;

const HEADER_BYTES: usize = 7;
/// Half a step of 1/512 m, and the rounding of 32-bit floats at 128 m.
const POSITION_ERROR: f32 = 1.0 / 1024.0 + 1e-5;
const HEAD_ANGLE_ERROR: f64 = 0.6 * std::f64::consts::PI / 180.0;
const HAND_ANGLE_ERROR: f64 = 1.2 * std::f64::consts::PI / 180.0;

fn rotation() -> impl Strategy<Value = Quat> {
    let component = || -1.0_f32..1.0;
    (component(), component(), component(), component())
        .prop_filter("has a length", |(x, y, z, w)| x * x + y * y + z * z + w * w > 0.01)
        .prop_map(|(x, y, z, w)| Quat::from_xyzw(x, y, z, w).normalize())
}

fn head() -> impl Strategy<Value = HeadPose> {
    (-128.0_f32..127.99, -8.0_f32..23.99, -128.0_f32..127.99, rotation())
        .prop_map(|(x, y, z, rotation)| HeadPose { position: Vec3::new(x, y, z), rotation })
}

fn hand() -> impl Strategy<Value = HandPose> {
    let axis = || -2.0_f32..1.99;
    (axis(), axis(), axis(), rotation(), proptest::array::uniform5(0.0_f32..=1.0))
        .prop_map(|(x, y, z, rotation, curls)| HandPose { offset: Vec3::new(x, y, z), rotation, curls })
}

fn pose() -> impl Strategy<Value = Pose> {
    use proptest::option::of;
    (0_u8..64, of(head()), of(hand()), of(hand())).prop_map(|(epoch, head, left, right)| Pose {
        epoch: PoseEpoch(epoch),
        head,
        left,
        right,
    })
}

/// Any 32 bits as a number: infinities, NaNs and subnormals included.
fn any_number() -> impl Strategy<Value = f32> {
    prop_oneof![any::<u32>().prop_map(f32::from_bits), Just(f32::NAN), Just(f32::INFINITY), Just(f32::MAX), Just(0.0)]
}

fn any_hand() -> impl Strategy<Value = HandPose> {
    proptest::array::uniform12(any_number()).prop_map(|[x, y, z, a, b, c, d, curls @ ..]| HandPose {
        offset: Vec3::new(x, y, z),
        rotation: Quat::from_xyzw(a, b, c, d),
        curls,
    })
}

fn any_pose() -> impl Strategy<Value = Pose> {
    (any::<u8>(), proptest::array::uniform7(any_number()), any_hand(), any_hand()).prop_map(
        |(epoch, [x, y, z, a, b, c, d], left, right)| Pose {
            epoch: PoseEpoch(epoch),
            head: Some(HeadPose { position: Vec3::new(x, y, z), rotation: Quat::from_xyzw(a, b, c, d) }),
            left: Some(left),
            right: Some(right),
        },
    )
}

fn angle_between(a: Quat, b: Quat) -> f64 {
    let (a, b) = (a.as_dquat().normalize(), b.as_dquat().normalize());
    let chord = (a - b).length().min((a + b).length());
    4.0 * (chord / 2.0).asin()
}

fn assert_close(a: Vec3, b: Vec3) {
    assert!((a - b).abs().max_element() <= POSITION_ERROR, "{a} became {b}");
}

fn assert_hand_close(sent: &Option<HandPose>, got: &Option<HandPose>) {
    assert_eq!(sent.is_some(), got.is_some());
    for (sent, got) in sent.iter().zip(got) {
        assert_close(sent.offset, got.offset);
        assert!(angle_between(sent.rotation, got.rotation) <= HAND_ANGLE_ERROR);
        for (sent, got) in sent.curls.iter().zip(got.curls) {
            assert!((sent - got).abs() <= 1.0 / 30.0 + 1e-6);
        }
    }
}

fn assert_pose_close(sent: &Pose, got: &Pose) {
    assert_eq!(sent.epoch, got.epoch);
    assert_eq!(sent.head.is_some(), got.head.is_some());
    for (sent, got) in sent.head.iter().zip(&got.head) {
        assert_close(sent.position, got.position);
        assert!(angle_between(sent.rotation, got.rotation) <= HEAD_ANGLE_ERROR);
    }
    assert_hand_close(&sent.left, &got.left);
    assert_hand_close(&sent.right, &got.right);
}

fn record_bytes(pose: &Pose) -> usize {
    PackedPose::new(pose).bit_len().div_ceil(8) as usize
}

fn up(pose: Pose) -> PoseUp {
    PoseUp { sequence: Tick(65_535), captured_ms: u32::MAX, pose }
}

/// Bits as the document describes them, lowest first, from `(value, bits)`.
fn bits(header: &[u8], fields: &[(u64, u32)]) -> Vec<u8> {
    let mut bytes = header.to_vec();
    let mut at = 0;
    for (value, width) in fields {
        for bit in 0..*width {
            if at % 8 == 0 {
                bytes.push(0);
            }
            *bytes.last_mut().unwrap() |= ((value >> bit & 1) as u8) << (at % 8);
            at += 1;
        }
    }
    bytes
}

fn down_with_one_record(id_groups: &[u64]) -> Vec<u8> {
    let mut fields: Vec<(u64, u32)> = id_groups.iter().map(|group| (*group, 4)).collect();
    fields.extend([(0, 7), (0, 9)]);
    bits(&[2, 0, 0, 0, 0, 0, 0, 1], &fields)
}

#[test]
fn a_pose_at_rest_stays_exactly_at_rest() {
    let hand = HandPose { offset: Vec3::ZERO, rotation: Quat::IDENTITY, curls: [0.0, 1.0, 0.2, 0.4, 0.6] };
    let head = HeadPose { position: Vec3::new(0.0, 1.625, -3.5), rotation: Quat::IDENTITY };
    let pose = Pose { epoch: PoseEpoch(9), head: Some(head), left: Some(hand), right: Some(hand) };
    assert_eq!(PackedPose::new(&pose).unpack(), pose);
}

#[test]
fn out_of_range_goes_to_the_nearest_end() {
    let head = |position| Pose { head: Some(HeadPose { position, rotation: Quat::IDENTITY }), ..Pose::default() };
    let became = |position| PackedPose::new(&head(position)).unpack().head.unwrap().position;
    assert_eq!(became(Vec3::splat(1e9)), Vec3::new(128.0 - 1.0 / 512.0, 24.0 - 1.0 / 512.0, 128.0 - 1.0 / 512.0));
    assert_eq!(became(Vec3::splat(-1e9)), Vec3::new(-128.0, -8.0, -128.0));
    assert_eq!(became(Vec3::new(f32::NAN, f32::INFINITY, f32::NEG_INFINITY)), Vec3::ZERO);
}

#[test]
fn rotations_without_meaning_become_the_identity() {
    for broken in [Quat::from_xyzw(0.0, 0.0, 0.0, 0.0), Quat::from_xyzw(f32::NAN, 0.0, 0.0, 1.0)] {
        let head = HeadPose { position: Vec3::ZERO, rotation: broken };
        let unpacked = PackedPose::new(&Pose { head: Some(head), ..Pose::default() }).unpack();
        assert_eq!(unpacked.head.unwrap().rotation, Quat::IDENTITY);
    }
    let huge = HeadPose { position: Vec3::ZERO, rotation: Quat::from_xyzw(0.0, f32::MAX, 0.0, 0.0) };
    let unpacked = PackedPose::new(&Pose { head: Some(huge), ..Pose::default() }).unpack();
    assert_eq!(unpacked.head.unwrap().rotation, Quat::from_xyzw(0.0, 1.0, 0.0, 0.0));
}

#[test]
fn other_kinds_are_told_apart() {
    let nothing = encode_pose_up(&up(Pose::default()));
    assert_eq!(decode_pose_down(&nothing), Err(PoseError::UnknownKind(1)));
    assert_eq!(decode_pose_up(&[3, 1, 2]), Err(PoseError::UnknownKind(3)));
    assert_eq!(decode_pose_down(&[0]), Err(PoseError::UnknownKind(0)));
    assert_eq!(decode_pose_up(&[]), Err(PoseError::Truncated));
    assert_eq!(decode_pose_up(&vec![1; 1_101]), Err(PoseError::TooLarge { got: 1_101 }));
}

#[test]
fn ids_have_one_spelling() {
    let id = |groups: &[u64]| decode_pose_down(&down_with_one_record(groups)).map(|down| down.records[0].id.0);
    assert_eq!(id(&[5]), Ok(5));
    assert_eq!(id(&[8, 1]), Ok(8));
    assert_eq!(id(&[15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 3]), Ok(u32::MAX));
    assert_eq!(id(&[0]), Err(PoseError::BadId), "nobody has id 0");
    assert_eq!(id(&[13, 0]), Err(PoseError::BadId), "a needless group");
    assert_eq!(id(&[8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 4]), Err(PoseError::BadId), "2³²");
    assert_eq!(id(&[9; 16]), Err(PoseError::BadId), "groups without end");
}

#[test]
fn ids_must_ascend_and_not_overflow() {
    let two = |second: u64| {
        let fields: Vec<_> = [15; 10].iter().chain(&[3]).map(|group| (*group, 4)).collect();
        let fields = [fields, vec![(0, 7), (0, 9), (second, 4), (0, 7), (0, 9)]].concat();
        decode_pose_down(&bits(&[2, 0, 0, 0, 0, 0, 0, 2], &fields)).unwrap_err()
    };
    assert_eq!(two(0), PoseError::BadId);
    assert_eq!(two(1), PoseError::BadId);
}

#[test]
fn a_writer_takes_ascending_ids_only() {
    let packed = PackedPose::new(&Pose::default());
    let mut writer = PoseDownWriter::new(Tick(1), 2, 1_100);
    assert!(!writer.push(ParticipantId(0), 0, &packed));
    assert!(writer.push(ParticipantId(7), 0, &packed));
    assert!(!writer.push(ParticipantId(7), 0, &packed));
    assert!(!writer.push(ParticipantId(6), 0, &packed));
    assert!(writer.push(ParticipantId(8), 0, &packed));
    assert_eq!(writer.count(), 2);
    let down = decode_pose_down(&writer.finish()).unwrap();
    assert_eq!((down.tick, down.sent_ms), (Tick(1), 2));
    assert_eq!(down.records.iter().map(|record| record.id.0).collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn a_writer_stops_at_255_records() {
    let packed = PackedPose::new(&Pose::default());
    let mut writer = PoseDownWriter::new(Tick(1), 2, 10_000);
    let pushed = (1..=300).filter(|id| writer.push(ParticipantId(*id), 0, &packed)).count();
    assert_eq!(pushed, 255);
    assert_eq!(decode_pose_down(&writer.finish()).unwrap().records.len(), 255);
}

#[test]
fn a_full_datagram_carries_33_whole_poses() {
    let hand = HandPose { offset: Vec3::ONE, rotation: Quat::IDENTITY, curls: [0.5; 5] };
    let head = HeadPose { position: Vec3::ONE, rotation: Quat::IDENTITY };
    let packed = PackedPose::new(&Pose { head: Some(head), left: Some(hand), right: Some(hand), ..Pose::default() });
    let mut writer = PoseDownWriter::new(Tick(1), 2, limits::POSE_DATAGRAM_BYTES);
    let pushed = (1..=300).filter(|id| writer.push(ParticipantId(*id), 33, &packed)).count();
    assert!(pushed >= 33, "{pushed}");
}

#[test]
fn a_buffer_is_used_again() {
    let packed = PackedPose::new(&Pose::default());
    let mut first = PoseDownWriter::new(Tick(1), 2, 100);
    assert!(first.push(ParticipantId(3), 40, &packed));
    let buffer = first.finish();
    let (before, memory) = (buffer.clone(), buffer.as_ptr());
    let mut second = PoseDownWriter::with_buffer(buffer, Tick(1), 2, 100);
    assert!(second.push(ParticipantId(3), 40, &packed));
    let after = second.finish();
    assert_eq!((after.as_ptr(), &after), (memory, &before));
}

proptest! {
    #[test]
    fn a_pose_survives_within_its_quantisation(sequence: u16, captured_ms: u32, pose in pose()) {
        let sent = PoseUp { sequence: Tick(sequence), captured_ms, pose };
        let got = decode_pose_up(&encode_pose_up(&sent)).unwrap();
        prop_assert_eq!((got.sequence, got.captured_ms), (sent.sequence, sent.captured_ms));
        assert_pose_close(&sent.pose, &got.pose);
    }

    #[test]
    fn a_record_is_as_short_as_promised(pose in pose()) {
        let hands = usize::from(pose.left.is_some()) + usize::from(pose.right.is_some());
        let bits = 9 + 77 * usize::from(pose.head.is_some()) + 79 * hands;
        prop_assert_eq!(PackedPose::new(&pose).bit_len() as usize, bits);
        prop_assert_eq!(encode_pose_up(&up(pose)).len(), HEADER_BYTES + bits.div_ceil(8));
        prop_assert!(record_bytes(&pose) <= 32);
        let head_alone = Pose { left: None, right: None, ..pose };
        prop_assert!(record_bytes(&head_alone) <= 12);
    }

    #[test]
    fn any_numbers_become_a_finite_pose(pose in any_pose()) {
        let unpacked = PackedPose::new(&pose).unpack();
        prop_assert!(unpacked.epoch.0 < 64);
        let head = unpacked.head.unwrap();
        prop_assert!(head.position.abs().max_element() <= 128.0 && head.rotation.is_normalized());
        for hand in [unpacked.left.unwrap(), unpacked.right.unwrap()] {
            prop_assert!(hand.offset.abs().max_element() <= 2.0 && hand.rotation.is_normalized());
            prop_assert!(hand.curls.iter().all(|curl| (0.0..=1.0).contains(curl)));
        }
        atrium_protocol::fuzzing::pose(&encode_pose_up(&up(pose)));
    }

    #[test]
    fn cut_and_lengthened_datagrams_are_refused(pose in pose(), extra: u8) {
        let whole = encode_pose_up(&up(pose));
        for end in 1..whole.len() {
            prop_assert_eq!(decode_pose_up(&whole[..end]), Err(PoseError::Truncated));
        }
        prop_assert_eq!(decode_pose_up(&[whole.as_slice(), &[extra]].concat()), Err(PoseError::Trailing));
    }

    #[test]
    fn padding_is_zero(pose in pose()) {
        let mut whole = encode_pose_up(&up(pose));
        if !PackedPose::new(&pose).bit_len().is_multiple_of(8) {
            *whole.last_mut().unwrap() |= 0x80;
            prop_assert_eq!(decode_pose_up(&whole), Err(PoseError::Trailing));
        }
    }

    #[test]
    fn many_poses_survive(
        people in proptest::collection::btree_map(1_u32.., (any::<u16>(), pose()), 0..40),
        max_bytes in 8_usize..1_101,
    ) {
        let mut writer = PoseDownWriter::new(Tick(77), 123, max_bytes);
        let mut written = Vec::new();
        for (id, (age_ms, pose)) in &people {
            let before = (writer.len_bytes(), writer.count());
            if writer.push(ParticipantId(*id), *age_ms, &PackedPose::new(pose)) {
                written.push((*id, *age_ms, *pose));
            } else {
                prop_assert_eq!((writer.len_bytes(), writer.count()), before);
            }
        }
        let length = writer.len_bytes();
        let datagram = writer.finish();
        prop_assert_eq!(datagram.len(), length);
        prop_assert!(length <= max_bytes);
        let down = decode_pose_down(&datagram).unwrap();
        prop_assert_eq!(down.records.len(), written.len());
        for (record, (id, age_ms, pose)) in down.records.iter().zip(&written) {
            prop_assert_eq!(record.id.0, *id);
            prop_assert_eq!(record.age_ms, (age_ms / 2 * 2).min(254));
            assert_pose_close(pose, &record.pose);
        }
        for end in 1..datagram.len() {
            prop_assert!(decode_pose_down(&datagram[..end]).is_err());
        }
        prop_assert_eq!(decode_pose_down(&[datagram.as_slice(), &[0]].concat()), if length == limits::POSE_DATAGRAM_BYTES {
            Err(PoseError::TooLarge { got: length + 1 })
        } else {
            Err(PoseError::Trailing)
        });
    }

    #[test]
    fn random_datagrams_never_panic(kind in 0_u8..4, body in proptest::collection::vec(any::<u8>(), 0..1_200)) {
        atrium_protocol::fuzzing::pose(&[&[kind], body.as_slice()].concat());
    }

    #[test]
    fn random_records_are_read(first: [u8; 30], count in 0_u8..6, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        atrium_protocol::fuzzing::pose(&[&[1_u8], first.as_slice()].concat());
        atrium_protocol::fuzzing::pose(&[&[2, 0, 0, 0, 0, 0, 0, count], body.as_slice()].concat());
    }
}
