//! What must hold for any bytes from the network or the disk, as functions that panic where it does not.
//!
//! The fuzz targets in `fuzz/` call them, and so does the short run over random input in the tests.

use crate::snapshot::read_blocks;
use crate::{
    Asker, Document, Edit, ElementId, Live, Operation, OperationId, PageId, Shape, limits, read_snapshot,
    write_snapshot,
};
use atrium_protocol::PersonId;

/// A board operation.
///
/// # Panics
/// When an operation that was read is not the same after it was written and read again, or cannot be applied and taken
/// back, or makes an impossible element.
pub fn operation(bytes: &[u8]) {
    let Ok(operation) = Operation::decode(bytes) else { return };
    if let Ok(written) = operation.encode() {
        assert_eq!(Operation::decode(written.as_bytes()).as_ref(), Ok(&operation));
    }
    let author = PersonId([1; 32]);
    let mut document = Document::default();
    for (id, edits) in operation.edits.iter().filter_map(target).zip(operation.edits.chunks(2)) {
        // So that something of what it is about is there.
        let edits = edits.iter().map(|edit| about(edit, id)).collect();
        document.settle(document.sequence() + 1, OperationId { author, nonce: id.0 }, 1, &Operation { edits });
    }
    let before = document.clone();
    for may_moderate in [false, true] {
        let _ = document.check(&operation, &Asker { person: author, may_moderate }, |_| false);
    }
    let change = document.apply(OperationId { author, nonce: 7 }, 2, &operation);
    check_document(&document);
    document.revert(change);
    assert!(document.is_identical(&before), "an operation that was taken back left something");
    document.settle(document.sequence() + 1, OperationId { author, nonce: 7 }, 2, &operation);
    snapshot_of(&document);
}

/// A snapshot: packed, and unpacked.
///
/// # Panics
/// When a document that was read is not the same after it was written and read again.
pub fn snapshot(bytes: &[u8]) {
    for document in [read_snapshot(bytes), read_blocks(bytes)].into_iter().flatten() {
        check_document(&document);
        snapshot_of(&document);
    }
}

/// What somebody does at a board.
///
/// # Panics
/// When it is not finite, or not the same after it was written and read again.
pub fn live(bytes: &[u8]) {
    let Ok(live) = Live::decode(bytes) else { return };
    let written = live.encode();
    assert!(written.len() <= limits::LIVE_BYTES);
    let Ok(again) = Live::decode(&written) else {
        // Points may be left out so that the rest fits, and then there can be more before them than a stroke has.
        assert!(live.ink.is_some_and(|ink| ink.after as usize + ink.points.len() > limits::STROKE_POINTS));
        return;
    };
    assert_eq!((again.pointing, again.view), (live.pointing, live.view));
    let ink = again.ink.iter().flat_map(|ink| &ink.points);
    assert!(ink.clone().all(|point| point.position.is_finite() && (0.0..=1.0).contains(&point.pressure)));
}

fn target(edit: &Edit) -> Option<ElementId> {
    match edit {
        Edit::Add { id, .. } | Edit::Ink { id, .. } | Edit::Set { id, .. } => Some(*id),
        Edit::Remove { ids, .. } => ids.first().copied(),
        _ => None,
    }
}

fn about(edit: &Edit, other: ElementId) -> Edit {
    match edit.clone() {
        Edit::Add { order, frame, style, shape, .. } => {
            Edit::Add { id: other, page: PageId::FIRST, order, frame, style, shape }
        }
        edit => edit,
    }
}

fn check_document(document: &Document) {
    for page in document.pages() {
        for element in document.elements_on(page.id) {
            assert!(element.frame.is_possible() && element.style.is_possible());
            assert!(element.corners().iter().all(|corner| corner.is_finite()));
            if let Shape::Ink { points, .. } = &element.shape {
                assert!(points.len() <= limits::STROKE_POINTS && points.iter().count() == points.len());
                assert!(points.iter().all(|point| point.position.is_finite()));
            }
        }
    }
}

fn snapshot_of(document: &Document) {
    let written = write_snapshot(document).expect("what was read can be written");
    let again = read_snapshot(&written).expect("our own snapshot can be read");
    assert!(again.is_identical(document), "a snapshot is not the document that it was written of");
}
