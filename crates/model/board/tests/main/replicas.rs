//! One's own operations on top of everybody else's.

use crate::scribe::{add, by, move_to, person, remove};
use atrium_board::{Document, Edit, ElementId, Operation, Replica};
use glam::Vec2;
use std::collections::BTreeMap;

fn board() -> Document {
    let mut document = Document::default();
    document.settle(1, by(9, 1), 1, &Operation { edits: vec![add(1, Vec2::ZERO), add(2, Vec2::ZERO)] });
    document
}

fn x(replica: &Replica, id: u64) -> f32 {
    replica.document().element(ElementId(id)).unwrap().frame.position.x
}

#[test]
fn an_own_operation_is_seen_at_once_and_stays_when_it_is_settled() {
    let mut replica = Replica::new(person(1), board());
    let own = Operation::one(add(5, Vec2::ONE));
    let change = replica.propose(1, own.clone());
    assert_eq!((change.touched(), replica.pending()), (&[ElementId(5)][..], 1));
    assert_eq!(replica.document().element(ElementId(5)).unwrap().made_at_ms, 0);
    let settled = replica.settle(2, by(1, 1), 777, &own);
    assert!(settled.touched.is_empty() && !settled.touches_board, "nothing to draw again");
    assert_eq!((replica.pending(), replica.sequence()), (0, 2));
    assert_eq!(replica.document().element(ElementId(5)).unwrap().made_at_ms, 777);
}

#[test]
fn an_own_write_stays_on_top_of_one_that_was_settled_before_it() {
    let mut replica = Replica::new(person(1), board());
    let own = Operation::one(move_to(1, Vec2::X * 10.0));
    replica.propose(1, own.clone());
    let settled = replica.settle(2, by(2, 1), 1, &Operation::one(move_to(1, Vec2::X * 20.0)));
    assert_eq!((settled.touched, x(&replica, 1)), (vec![ElementId(1)], 10.0));
    replica.refuse(1);
    assert_eq!(x(&replica, 1), 20.0, "what was underneath");
    replica.propose(2, own.clone());
    replica.settle(3, by(1, 2), 1, &own);
    replica.settle(4, by(2, 2), 1, &Operation::one(move_to(1, Vec2::X * 30.0)));
    assert_eq!(x(&replica, 1), 30.0);
}

#[test]
fn operations_on_other_elements_are_just_applied() {
    let mut replica = Replica::new(person(1), board());
    replica.propose(1, Operation::one(move_to(1, Vec2::X)));
    let settled = replica.settle(2, by(2, 1), 1, &Operation::one(move_to(2, Vec2::X)));
    assert_eq!(settled.touched, [ElementId(2)]);
    assert_eq!((x(&replica, 1), x(&replica, 2)), (1.0, 1.0));
}

#[test]
fn what_is_refused_is_taken_back_and_what_came_after_it_stays() {
    let mut replica = Replica::new(person(1), board());
    replica.propose(1, Operation::one(add(5, Vec2::ZERO)));
    replica.propose(2, Operation::one(move_to(5, Vec2::X)));
    replica.propose(3, Operation::one(move_to(1, Vec2::X)));
    let settled = replica.refuse(1);
    assert!(settled.touched.contains(&ElementId(5)));
    assert!(replica.document().element(ElementId(5)).is_none());
    assert_eq!((x(&replica, 1), replica.pending()), (1.0, 2));
    assert_eq!(replica.refuse(99), Default::default(), "nobody asked for that");
}

#[test]
fn what_the_snapshot_had_already_is_not_done_twice() {
    let mut server = board();
    let own = Operation::one(move_to(1, Vec2::X));
    server.settle(2, by(1, 1), 1, &own);
    server.settle(3, by(2, 1), 1, &Operation::one(move_to(1, Vec2::X * 2.0)));
    let mut replica = Replica::new(person(1), server);
    replica.propose(1, own.clone());
    assert_eq!(x(&replica, 1), 1.0);
    replica.settle(2, by(1, 1), 1, &own);
    assert_eq!((x(&replica, 1), replica.pending(), replica.sequence()), (2.0, 0, 3));
    assert_eq!(replica.settle(2, by(2, 7), 1, &Operation::one(remove(1, true))), Default::default());
}

#[test]
fn impossible_operations_are_not_begun() {
    let mut replica = Replica::new(person(1), board());
    let change = replica.propose(1, Operation::one(move_to(1, Vec2::NAN)));
    assert!(!change.has_effect());
    assert_eq!((replica.pending(), x(&replica, 1)), (0, 0.0));
    let page = Edit::Page {
        id: atrium_board::PageId(3),
        order: atrium_board::OrderKey::between(None, None),
        name: "a\u{202e}b\nc".into(),
    };
    replica.propose(2, Operation::one(page));
    assert_eq!(replica.document().page(atrium_board::PageId(3)).unwrap().name, "ab c", "as the server will read it");
}

#[test]
fn a_thousand_unsettled_operations_settle_in_no_time() {
    let mut replica = Replica::new(person(1), board());
    let own: Vec<Operation> = (0..1_000).map(|id| Operation::one(add(100 + id, Vec2::splat(id as f32)))).collect();
    own.iter().enumerate().for_each(|(nonce, operation)| drop(replica.propose(nonce as u64, operation.clone())));
    let start = std::time::Instant::now();
    for (nonce, operation) in own.iter().enumerate() {
        let sequence = 2 + 2 * nonce as u64;
        replica.settle(sequence, by(2, sequence), 1, &Operation::one(add(5_000 + sequence, Vec2::ZERO)));
        replica.settle(sequence + 1, by(1, nonce as u64), 1, operation);
    }
    println!("two thousand operations settle under a thousand own ones in {:?}", start.elapsed());
    assert_eq!(replica.pending(), 0);
    assert!(start.elapsed().as_secs_f64() < 1.0);
}

#[test]
fn another_number_changes_nothing_but_the_number() {
    let mut replica = Replica::new(person(1), board());
    let own = [move_to(1, Vec2::X), add(5, Vec2::ZERO), move_to(5, Vec2::Y)].map(Operation::one);
    (1..).zip(&own).for_each(|(nonce, own)| drop(replica.propose(nonce, own.clone())));
    let before = replica.document().clone();
    replica.renumber(&BTreeMap::from([(1, 11), (3, 12)]));
    assert!(*replica.document() == before);
    assert_eq!(replica.unsettled().map(|(nonce, _)| nonce).collect::<Vec<_>>(), [11, 2, 12]);
    let mut server = board();
    for (sequence, (nonce, own)) in (2..).zip([11, 2, 12].into_iter().zip(&own)) {
        server.settle(sequence, by(1, nonce), 1, own);
        replica.settle(sequence, by(1, nonce), 1, own);
    }
    assert!(replica.document().is_identical(&server) && replica.pending() == 0);
}
