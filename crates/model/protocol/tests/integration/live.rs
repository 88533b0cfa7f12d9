use atrium_protocol::{
    BoardId, EncodeError, LiveDown, LiveDownWriter, LiveRecord, LiveUp, ParticipantId, PoseError, decode_live_down,
    decode_live_up, encode_live_up, is_live_up, limits,
};
use proptest::prelude::*;

fn payload() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..=limits::LIVE_BYTES)
}

fn record() -> impl Strategy<Value = LiveRecord> {
    (1_u32.., any::<u16>(), any::<u16>(), payload()).prop_map(|(id, board, sequence, payload)| LiveRecord {
        id: ParticipantId(id),
        board: BoardId(board),
        sequence,
        payload,
    })
}

fn written(records: &[LiveRecord]) -> (Vec<u8>, usize) {
    let mut writer = LiveDownWriter::default();
    let count = records.iter().take_while(|record| writer.push(record)).count();
    (writer.finish(), count)
}

fn small(id: u32) -> LiveRecord {
    LiveRecord { id: ParticipantId(id), board: BoardId(0), sequence: 1, payload: Vec::new() }
}

#[test]
fn a_datagram_is_filled_and_no_more() {
    let (datagram, count) = written(&(1..=300).map(small).collect::<Vec<_>>());
    assert_eq!((datagram.len(), count), (2 + 109 * 10, 109), "1100 bytes have no room for another");
    let large = LiveRecord { payload: vec![9; limits::LIVE_BYTES], ..small(1) };
    let (datagram, count) = written(&[large.clone(), large.clone(), large]);
    assert_eq!(count, 2);
    assert!(datagram.len() <= limits::POSE_DATAGRAM_BYTES);
}

#[test]
fn what_is_too_large_is_refused_both_ways() {
    let payload = vec![0; limits::LIVE_BYTES + 1];
    let up = LiveUp { board: BoardId(0), sequence: 0, payload: payload.clone() };
    assert_eq!(encode_live_up(&up), Err(EncodeError::TooLarge { got: 401, max: 400 }));
    assert!(!LiveDownWriter::default().push(&LiveRecord { payload: payload.clone(), ..small(1) }));
    let mut datagram = vec![3, 0, 0, 0, 0];
    datagram.extend_from_slice(&payload);
    assert_eq!(decode_live_up(&datagram), Err(PoseError::LiveTooLarge { got: 401 }));
    assert_eq!(decode_live_up(&[3; 1_101]), Err(PoseError::TooLarge { got: 1_101 }));
    let mut datagram = vec![4, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0x91, 1];
    datagram.extend_from_slice(&payload);
    assert_eq!(decode_live_down(&datagram), Err(PoseError::LiveTooLarge { got: 401 }));
}

#[test]
fn what_ends_early_or_late_is_refused() {
    let (whole, _) = written(&[LiveRecord { payload: vec![1, 2], ..small(7) }]);
    assert!(decode_live_down(&whole).is_ok());
    for length in 1..whole.len() {
        assert_eq!(decode_live_down(&whole[..length]), Err(PoseError::Truncated));
    }
    let longer = [&whole[..], &[0]].concat();
    assert_eq!(decode_live_down(&longer), Err(PoseError::Trailing));
    assert_eq!(decode_live_up(&[3, 0, 0, 0]), Err(PoseError::Truncated));
    let nobody = [4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(decode_live_down(&nobody), Err(PoseError::BadId));
}

#[test]
fn other_kinds_are_told_apart() {
    assert_eq!(decode_live_up(&[1, 0]), Err(PoseError::UnknownKind(1)));
    assert_eq!(decode_live_down(&[2, 0]), Err(PoseError::UnknownKind(2)));
    assert_eq!(decode_live_down(&[]), Err(PoseError::Truncated));
    assert!(is_live_up(&[3]) && !is_live_up(&[4]) && !is_live_up(&[]));
    assert_eq!(decode_live_down(&LiveDownWriter::default().finish()), Ok(LiveDown::default()));
}

proptest! {
    #[test]
    fn what_a_client_does_survives(board: u16, sequence: u16, payload in payload()) {
        let up = LiveUp { board: BoardId(board), sequence, payload };
        let datagram = encode_live_up(&up).unwrap();
        prop_assert!(datagram.len() <= limits::POSE_DATAGRAM_BYTES && is_live_up(&datagram));
        prop_assert_eq!(decode_live_up(&datagram), Ok(up));
    }

    #[test]
    fn what_people_do_survives(records in proptest::collection::vec(record(), 0..8)) {
        let (datagram, count) = written(&records);
        prop_assert!(datagram.len() <= limits::POSE_DATAGRAM_BYTES);
        prop_assert_eq!(decode_live_down(&datagram), Ok(LiveDown { records: records[..count].to_vec() }));
    }

    #[test]
    fn random_bytes_never_panic(kind in 3_u8..5, mut bytes: Vec<u8>) {
        bytes.insert(0, kind);
        atrium_protocol::fuzzing::live(&bytes);
    }
}
