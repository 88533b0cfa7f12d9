//! Any bytes are read or refused, and cost no more than they should.

use crate::scribe::{Habits, Scribe, add_shape, by, stroke};
use atrium_board::ink::{InkError, Point, Points, pack, unpack};
use atrium_board::limits::{EDIT_IDS, EDIT_POINTS, EDITS, OPERATION_BYTES, STROKE_POINTS, TEXT_BYTES, UNPACKED_BYTES};
use atrium_board::{
    Document, Edit, ElementId, Frame, NewElement, Operation, OperationError, PageId, Props, Style, View, fuzzing,
    read_snapshot, write_snapshot,
};
use atrium_protocol::encode_message;
use glam::Vec2;
use proptest::prelude::*;
use std::sync::LazyLock;

/// What somebody who does anything does, made once.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let mut scribe = Scribe::new(3, Habits { is_moderator: true, ..Habits::default() });
    let mut document = Document::default();
    let mut operations = Vec::new();
    for nonce in 0..300 {
        let operation = scribe.operation(&document);
        document.settle(nonce + 1, by(1, nonce), 1, &operation);
        operations.push(operation);
    }
    operations
});

#[test]
fn operations_are_read_as_they_were_written() {
    for operation in OPERATIONS.iter() {
        let bytes = operation.encode().unwrap();
        assert_eq!(Operation::decode(bytes.as_bytes()).as_ref(), Ok(operation));
    }
}

fn is_impossible(edit: Edit) -> bool {
    let operation = Operation::one(edit);
    let bytes = encode_message(&operation, usize::MAX).unwrap();
    assert_eq!(operation.encode().is_err(), Operation::decode(&bytes).is_err());
    matches!(Operation::decode(&bytes), Err(OperationError::Impossible(_)))
}

#[test]
fn impossible_numbers_are_refused() {
    let set = |props| Edit::Set { id: ElementId(1), props };
    let frame = |frame| set(Props { frame: Some(frame), ..Props::default() });
    let style = |style| set(Props { style: Some(style), ..Props::default() });
    for number in [f32::NAN, f32::INFINITY, -f32::INFINITY, 1.1e6] {
        assert!(is_impossible(frame(Frame::at(Vec2::new(number, 0.0)))), "{number}");
        assert!(is_impossible(frame(Frame { rotation: number, ..Frame::default() })));
        assert!(is_impossible(frame(Frame { scale: Vec2::new(1.0, number), ..Frame::default() })));
        assert!(is_impossible(frame(Frame { scale: Vec2::new(number, 1.0), ..Frame::default() })));
        assert!(is_impossible(style(Style { width_mm: number, ..Style::default() })));
        assert!(is_impossible(style(Style { letter_mm: number, ..Style::default() })));
        assert!(is_impossible(set(Props { size: Some([number, 1.0]), ..Props::default() })));
        assert!(is_impossible(set(Props { ends: Some([[0.0; 2], [0.0, number]]), ..Props::default() })));
        assert!(is_impossible(set(Props { wrap_mm: Some(number), ..Props::default() })));
        let view = View { page: PageId::FIRST, center: Vec2::splat(number), width_mm: 100.0 };
        assert!(is_impossible(Edit::Show { view }));
        assert!(is_impossible(Edit::Show { view: View { center: Vec2::ZERO, width_mm: number * 10.0, ..view } }));
        let shapes = [
            NewElement::Rectangle { size: Vec2::splat(number) },
            NewElement::Line { ends: [[number, 0.0], [0.0; 2]], is_arrow: false },
            NewElement::Text { text: String::new(), wrap_mm: Some(number), size: Vec2::ONE },
        ];
        shapes.into_iter().for_each(|shape| assert!(is_impossible(add_shape(1, Vec2::ZERO, shape))));
    }
    assert!(is_impossible(frame(Frame { scale: Vec2::ZERO, ..Frame::default() })));
    assert!(is_impossible(add_shape(1, Vec2::ZERO, NewElement::Ellipse { size: Vec2::splat(-1.0) })));
    assert!(!is_impossible(frame(Frame { scale: Vec2::new(-1.0, 1.0), ..Frame::default() })));
}

#[test]
fn too_much_of_anything_is_refused() {
    let text = "x".repeat(TEXT_BYTES + 1);
    assert!(is_impossible(add_shape(1, Vec2::ZERO, NewElement::Sticky { text, size: Vec2::ONE })));
    let ids = vec![ElementId(1); EDIT_IDS + 1];
    assert!(is_impossible(Edit::Remove { ids, is_removed: true }));
    let edits = vec![Edit::Paper { is_dark: true }; EDITS + 1];
    let bytes = encode_message(&Operation { edits }, usize::MAX).unwrap();
    assert_eq!(Operation::decode(&bytes), Err(OperationError::Impossible("too many edits")));
    let large = vec![0; OPERATION_BYTES + 1];
    assert!(matches!(Operation::decode(&large), Err(OperationError::Malformed(_))));
    let megabyte = Edit::Page { id: PageId(1), order: order(), name: "x".repeat(1 << 20) };
    assert!(Operation::one(megabyte).encode().is_err());
}

fn order() -> atrium_board::OrderKey {
    atrium_board::OrderKey::between(None, None)
}

#[test]
fn text_is_cleaned_of_what_must_not_be_shown() {
    let sticky = NewElement::Sticky { text: "a\u{202e}b\u{7}\n\tc".into(), size: Vec2::ONE };
    let operation = Operation::one(add_shape(1, Vec2::ZERO, sticky));
    let bytes = encode_message(&operation, usize::MAX).unwrap();
    let read = Operation::decode(&bytes).unwrap();
    assert_eq!(Operation::decode(operation.encode().unwrap().as_bytes()), Ok(read.clone()));
    let Edit::Add { shape: NewElement::Sticky { text, .. }, .. } = &read.edits[0] else { unreachable!() };
    assert_eq!(text, "ab\n\tc");
}

#[test]
fn ink_has_as_many_points_as_it_may() {
    let points = |count| vec![Point::at(Vec2::ONE); count];
    let chunk = pack(&points(EDIT_POINTS + 100), 4);
    assert_eq!(unpack(&chunk).unwrap().len(), EDIT_POINTS, "what is too much is not written");
    let twice = [chunk.clone(), chunk.clone()].concat();
    assert_eq!(unpack(&twice), Err(InkError::TooMany));
    assert_eq!(Points::from_packed(&twice).unwrap().len(), STROKE_POINTS);
    assert_eq!(Points::from_packed(&[twice, chunk].concat()), Err(InkError::TooMany));
    // A header that promises 16,383 points, and nothing behind it.
    assert_eq!(unpack(&[4, 0xff, 0x7f]), Err(InkError::TooMany));
    assert_eq!(unpack(&[4, 0xff, 0x07]), Err(InkError::Truncated));
    assert_eq!(unpack(&[9, 1, 0, 0]), Err(InkError::Malformed));
    assert_eq!(unpack(&[4, 0, 0, 0]), Err(InkError::Malformed));
    assert!(pack(&[Point::at(Vec2::NAN), Point::at(Vec2::splat(2e6))], 4).is_empty());
    let garbage = NewElement::Ink { is_highlighter: false, points: vec![0xff; 40], is_finished: true };
    assert!(is_impossible(add_shape(1, Vec2::ZERO, garbage)));
}

#[test]
fn points_at_the_edge_of_the_page_stay_on_it() {
    let edge = atrium_board::limits::COORDINATE_MM;
    let corners = [[-edge, -edge], [edge, edge], [-edge, edge], [0.0, 0.0]];
    for precision in 0..=8 {
        let points: Vec<Point> = corners.iter().map(|at| Point::at(Vec2::from(*at))).collect();
        let read = unpack(&pack(&points, precision)).unwrap();
        assert!(read.iter().zip(&points).all(|(a, b)| a.position == b.position), "{precision}");
    }
}

fn snapshot() -> Vec<u8> {
    let mut document = Document::default();
    for (nonce, operation) in OPERATIONS.iter().enumerate() {
        document.settle(nonce as u64 + 1, by(1, nonce as u64), 1, operation);
    }
    write_snapshot(&document).unwrap()
}

#[test]
fn a_bomb_is_not_unpacked() {
    let (start, zeros) = (std::time::Instant::now(), vec![0; UNPACKED_BYTES + 1_000_000]);
    let bomb = zstd::bulk::compress(&zeros, 19).unwrap();
    println!("{} bytes unpack to {}", bomb.len(), zeros.len());
    drop(zeros);
    let packed = start.elapsed();
    assert!(read_snapshot(&bomb).is_err());
    assert!(start.elapsed() - packed < std::time::Duration::from_millis(200), "it gave up early");
    // One long block after a length that allows it.
    let mut block = (4_u32 << 20).to_be_bytes().to_vec();
    block.resize(4 + (4 << 20), 0x90);
    assert!(read_snapshot(&zstd::bulk::compress(&block, 3).unwrap()).is_err());
}

#[test]
fn a_torn_snapshot_is_refused() {
    let snapshot = snapshot();
    assert!(read_snapshot(&snapshot).is_ok());
    for end in (0..snapshot.len()).step_by(7) {
        assert!(read_snapshot(&snapshot[..end]).is_err(), "{end} bytes of {}", snapshot.len());
    }
    let twice = [snapshot.clone(), snapshot].concat();
    assert!(read_snapshot(&twice).is_err(), "bytes after its end");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn garbage_is_refused_or_something(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        fuzzing::operation(&bytes);
        fuzzing::snapshot(&bytes);
        fuzzing::live(&bytes);
        let _ = unpack(&bytes);
    }

    #[test]
    fn changed_ink_is_refused_or_other_ink(flip in 0_usize..4_000, end in 0_usize..500) {
        let points: Vec<Vec2> = (0..200).map(|at| Vec2::new(at as f32, (at * at % 97) as f32)).collect();
        let Edit::Add { shape: NewElement::Ink { mut points, .. }, .. } = stroke(1, &points, true) else { unreachable!() };
        let bits = points.len() * 8;
        points[flip % bits / 8] ^= 1 << (flip % 8);
        points.truncate(end);
        if let Ok(read) = unpack(&points) {
            prop_assert!(read.len() <= EDIT_POINTS && read.iter().all(|point| point.position.is_finite()));
        }
    }

    #[test]
    fn changed_operations_are_refused_or_others(which in 0_usize..300, flips in prop::collection::vec(any::<usize>(), 1..4)) {
        let mut bytes = OPERATIONS[which].encode().unwrap().into_vec();
        for flip in flips {
            let at = flip / 8 % bytes.len();
            bytes[at] ^= 1 << (flip % 8);
        }
        fuzzing::operation(&bytes);
        fuzzing::operation(&bytes[..bytes.len() / 2]);
    }
}

#[test]
fn changed_snapshots_are_refused_or_others() {
    let packed = snapshot();
    let unpacked = zstd::stream::decode_all(&packed[..]).unwrap();
    fuzzing::snapshot(&unpacked);
    let mut scribe = Scribe::new(8, Habits::default());
    for _ in 0..400 {
        for bytes in [&packed, &unpacked] {
            let mut bytes = bytes.clone();
            for _ in 0..rand::RngExt::random_range(&mut scribe.random, 1..4) {
                let at = rand::RngExt::random_range(&mut scribe.random, 0..bytes.len());
                bytes[at] ^= 1 << (at % 8);
            }
            fuzzing::snapshot(&bytes);
        }
    }
}
