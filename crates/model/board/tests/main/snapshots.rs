//! A snapshot is the board.

use crate::hand::writing;
use crate::scribe::{Habits, Scribe, add, by, person};
use atrium_board::ink::pack;
use atrium_board::{
    Asker, Document, Edit, ElementId, Frame, NewElement, Operation, OrderKey, PageId, Style, read_snapshot,
    write_snapshot,
};
use glam::Vec2;
use std::time::Instant;

#[test]
fn a_board_is_read_as_it_was_written() {
    for seed in 0..60 {
        let mut scribe = Scribe::new(seed, Habits { is_moderator: true, ..Habits::default() });
        let mut document = Document::default();
        for nonce in 0..80 {
            let operation = scribe.operation(&document);
            document.settle(nonce + 1, by((nonce % 4) as u8, nonce), nonce, &operation);
        }
        let mut read = read_snapshot(&write_snapshot(&document).unwrap()).unwrap();
        assert!(read == document && read.is_identical(&document), "seed {seed}");
        assert_eq!(write_snapshot(&read).unwrap(), write_snapshot(&document).unwrap());
        for nonce in 80..120 {
            let operation = scribe.operation(&document);
            let by = by((nonce % 4) as u8, nonce);
            let touched = document.settle(nonce + 1, by, nonce, &operation).touched().to_vec();
            assert_eq!(read.settle(nonce + 1, by, nonce, &operation).touched(), touched);
        }
        assert!(read.is_identical(&document), "seed {seed}: later operations mean the same");
    }
}

#[test]
fn an_empty_board_is_small() {
    let bytes = write_snapshot(&Document::default()).unwrap();
    assert!(bytes.len() < 200, "{}", bytes.len());
    assert!(read_snapshot(&bytes).unwrap().is_identical(&Document::default()));
}

/// Strokes of 64 points, as a pen at 120 Hz gives them.
fn strokes(count: u64) -> Document {
    let mut document = Document::default();
    let written = writing(1, 120.0, 64.0 / 120.0, 60.0).points;
    let points = pack(&written, 4);
    let mut order = OrderKey::between(None, None);
    for id in 0..count {
        order = OrderKey::between(Some(&order), None);
        let at = Vec2::new((id % 100) as f32, (id / 100) as f32) * 80.0;
        let shape = NewElement::Ink { is_highlighter: false, points: points.clone(), is_finished: true };
        let (page, frame, style) = (PageId::FIRST, Frame::at(at), Style::default());
        let add = Edit::Add { id: ElementId(id), page, order: order.clone(), frame, style, shape };
        document.settle(id + 1, by((id % 50) as u8, id), id, &Operation::one(add));
    }
    document
}

#[test]
fn a_hundred_thousand_strokes_are_written_and_read_in_no_time() {
    let document = strokes(100_000);
    let start = Instant::now();
    let bytes = write_snapshot(&document).unwrap();
    let written = start.elapsed();
    let read = read_snapshot(&bytes).unwrap();
    let read_in = start.elapsed() - written;
    let start = Instant::now();
    assert_eq!(read.elements_on(PageId::FIRST).count(), 100_000);
    println!(
        "100,000 strokes: written in {written:?}, read in {read_in:?}, gone through in {:?}; {} bytes each in memory",
        start.elapsed(),
        read.memory_bytes() / 100_000
    );
    assert!(read.is_identical(&document));
    let one_more = Operation::one(add(u64::MAX, Vec2::ZERO));
    let asker = Asker { person: person(1), may_moderate: false };
    assert_eq!(document.check(&one_more, &asker, |_| false), Ok(()), "it is far from full");
    assert!(written.as_secs_f64() < 10.0 && read_in.as_secs_f64() < 10.0);
}

#[test]
fn what_is_not_settled_yet_can_be_written_too() {
    let mut document = Document::default();
    document.settle(1, by(1, 1), 1, &Operation::one(add(1, Vec2::ZERO)));
    let remove = Edit::Remove { ids: vec![ElementId(1)], is_removed: true };
    document.apply(by(1, 2), 0, &Operation { edits: vec![remove, add(2, Vec2::ZERO)] });
    let read = read_snapshot(&write_snapshot(&document).unwrap()).unwrap();
    assert!(read == document);
}
