//! What was removed long ago is forgotten, everywhere at the same operation.

use crate::scribe::{add, by, move_to, remove};
use atrium_board::limits::{ELEMENTS_CROWDED, FORGOTTEN_AT_ONCE, REMOVED_FOR_OPERATIONS};
use atrium_board::{Document, Edit, ElementId, Operation, OrderKey, PageId, Replica, read_snapshot, write_snapshot};
use glam::Vec2;

fn settle(document: &mut Document, sequence: u64, edits: Vec<Edit>) {
    document.settle(sequence, by(1, sequence), sequence, &Operation { edits });
}

#[test]
fn a_removed_element_comes_back_only_for_so_long() {
    let mut document = Document::default();
    settle(&mut document, 1, vec![add(1, Vec2::ZERO), add(2, Vec2::ZERO)]);
    settle(&mut document, 2, vec![remove(1, true), remove(2, true)]);
    settle(&mut document, 3, vec![remove(2, false)]);
    settle(&mut document, REMOVED_FOR_OPERATIONS + 1, vec![]);
    assert_eq!(document.len(), 2);
    let mut late = document.clone();
    settle(&mut late, REMOVED_FOR_OPERATIONS + 2, vec![remove(1, false)]);
    assert_eq!(late.elements_on(PageId::FIRST).count(), 2, "at the last moment");
    settle(&mut document, REMOVED_FOR_OPERATIONS + 2, vec![]);
    assert_eq!(document.len(), 1);
    settle(&mut document, REMOVED_FOR_OPERATIONS + 3, vec![remove(1, false)]);
    assert!(document.element(ElementId(1)).is_none());
    assert!(document.element(ElementId(2)).is_some_and(|element| !element.is_removed));
}

#[test]
fn much_is_forgotten_bit_by_bit_and_a_snapshot_knows_how_far() {
    let mut document = Document::default();
    let count = 3 * FORGOTTEN_AT_ONCE as u64;
    settle(&mut document, 1, (1..=count).map(|id| add(id, Vec2::ZERO)).collect());
    settle(&mut document, 2, vec![Edit::RemoveBy { person: crate::scribe::person(1) }]);
    let old = REMOVED_FOR_OPERATIONS + 2;
    settle(&mut document, old, vec![]);
    assert_eq!(document.len(), 2 * FORGOTTEN_AT_ONCE);
    let mut read = read_snapshot(&write_snapshot(&document).unwrap()).unwrap();
    assert!(read.is_identical(&document));
    for sequence in old + 1..old + 3 {
        settle(&mut document, sequence, vec![]);
        settle(&mut read, sequence, vec![]);
        assert!(read.is_identical(&document));
    }
    assert_eq!(document.len(), 0);
}

#[test]
fn a_removed_page_goes_with_all_that_is_on_it() {
    let mut document = Document::default();
    let two = PageId(7);
    let on_two = |id| match add(id, Vec2::ZERO) {
        Edit::Add { id, order, frame, style, shape, .. } => Edit::Add { id, page: two, order, frame, style, shape },
        edit => edit,
    };
    let page = Edit::Page { id: two, order: OrderKey::between(None, None), name: "two".into() };
    let count = FORGOTTEN_AT_ONCE as u64 + 10;
    settle(&mut document, 1, std::iter::once(page.clone()).chain((1..=count).map(on_two)).collect());
    settle(&mut document, 2, vec![add(9_999, Vec2::ZERO), Edit::RemovePage { id: two, is_removed: true }]);
    let old = REMOVED_FOR_OPERATIONS + 2;
    settle(&mut document, old, vec![]);
    assert!(document.page(two).is_none() && document.len() == 11, "{}", document.len());
    let mut read = read_snapshot(&write_snapshot(&document).unwrap()).unwrap();
    for document in [&mut document, &mut read] {
        // Half of it is gone already: neither the page nor what was on it comes back.
        settle(document, old + 1, vec![Edit::RemovePage { id: two, is_removed: false }, page.clone()]);
        assert!(document.page(two).is_none() && document.len() == 1);
        settle(document, old + 2, vec![page.clone()]);
        assert_eq!(document.elements_on(two).count(), 0);
    }
    assert!(read.is_identical(&document));
}

#[test]
fn a_crowded_board_forgets_at_once() {
    let mut document = Document::default();
    let count = ELEMENTS_CROWDED as u64;
    settle(&mut document, 1, (1..=count).map(|id| add(id, Vec2::ZERO)).collect());
    settle(&mut document, 2, vec![remove(1, true), remove(2, true)]);
    assert_eq!(document.len() as u64, count);
    settle(&mut document, 3, vec![add(count + 1, Vec2::ZERO)]);
    assert_eq!(document.len() as u64, count, "one had to go");
    assert!(document.element(ElementId(1)).is_none() && document.element(ElementId(2)).is_some());
}

#[test]
fn what_waits_for_the_server_makes_no_difference_to_what_is_forgotten() {
    let mut server = Document::default();
    settle(&mut server, 1, vec![add(1, Vec2::ZERO), add(2, Vec2::ZERO)]);
    settle(&mut server, 2, vec![remove(1, true)]);
    let mut replica = Replica::new(crate::scribe::person(5), server.clone());
    let own =
        [Operation::one(move_to(1, Vec2::X)), Operation::one(remove(1, false)), Operation::one(move_to(2, Vec2::X))];
    for (nonce, operation) in own.iter().enumerate() {
        replica.propose(nonce as u64, operation.clone());
    }
    assert_eq!(replica.document().elements_on(PageId::FIRST).count(), 2);
    let foreign = Operation::one(add(3, Vec2::Y));
    let sequence = REMOVED_FOR_OPERATIONS + 2;
    server.settle(sequence, by(6, 1), 5, &foreign);
    replica.settle(sequence, by(6, 1), 5, &foreign);
    assert!(replica.document().element(ElementId(1)).is_none(), "it was forgotten under what brought it back");
    for (nonce, operation) in own.iter().enumerate() {
        let (sequence, by) = (sequence + 1 + nonce as u64, by(5, nonce as u64));
        server.settle(sequence, by, 6, operation);
        replica.settle(sequence, by, 6, operation);
    }
    assert!(replica.document().is_identical(&server));
}
