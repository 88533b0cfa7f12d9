//! What the server refuses, and what it says.

use crate::scribe::{add, by, lock, move_to, person, remove, stroke};
use atrium_board::ink::{Point, pack};
use atrium_board::limits::{EDIT_POINTS, PAGES};
use atrium_board::{Asker, Document, Edit, ElementId, Operation, OrderKey, PageId, Props, Refusal};
use atrium_protocol::RefusalCode;
use glam::Vec2;

fn check(document: &Document, author: u8, edits: Vec<Edit>) -> Result<(), Refusal> {
    let asker = Asker { person: person(author), may_moderate: author == 9 };
    document.check(&Operation { edits }, &asker, |id| id == ElementId(77))
}

fn board() -> Document {
    let mut document = Document::default();
    let edits = vec![
        add(1, Vec2::ZERO),
        add(2, Vec2::ZERO),
        lock(2, true),
        stroke(3, &[Vec2::ZERO], false),
        stroke(4, &[Vec2::ZERO], true),
    ];
    document.settle(1, by(1, 1), 1, &Operation { edits });
    document
}

fn more(id: u64, count: usize) -> Edit {
    let points: Vec<Point> = (0..count).map(|at| Point::at(Vec2::splat(at as f32))).collect();
    Edit::Ink { id: ElementId(id), points: pack(&points, 4), is_last: false }
}

#[test]
fn missing_locked_and_foreign_elements_are_refused() {
    let board = board();
    let cases = [
        (1, vec![move_to(50, Vec2::X)], Refusal::MissingElement),
        (1, vec![remove(50, true)], Refusal::MissingElement),
        (1, vec![more(50, 1)], Refusal::MissingElement),
        (1, vec![add(1, Vec2::X)], Refusal::ElementExists),
        (1, vec![add(77, Vec2::X)], Refusal::ElementExists),
        (1, vec![add(60, Vec2::X), add(60, Vec2::X)], Refusal::ElementExists),
        (1, vec![move_to(2, Vec2::X)], Refusal::Locked),
        (1, vec![remove(2, true)], Refusal::Locked),
        (1, vec![lock(1, true), move_to(1, Vec2::X)], Refusal::Locked),
        (2, vec![more(3, 1)], Refusal::NotYours),
        (1, vec![more(4, 1)], Refusal::StrokeFinished),
        (1, vec![more(1, 1)], Refusal::WrongKind),
        (1, vec![Edit::RemoveBy { person: person(1) }], Refusal::ModeratorsOnly),
        (1, vec![Edit::Freeze { is_frozen: true }], Refusal::ModeratorsOnly),
        (1, vec![Edit::RemovePage { id: PageId::FIRST, is_removed: true }], Refusal::LastPage),
        (1, vec![Edit::RemovePage { id: PageId(5), is_removed: true }], Refusal::MissingPage),
    ];
    for (author, edits, refusal) in cases {
        let said = format!("{edits:?}");
        assert_eq!(check(&board, author, edits), Err(refusal), "{said}");
        assert!(!refusal.to_string().is_empty() && refusal.code() != RefusalCode::Unknown);
    }
}

#[test]
fn what_earlier_edits_make_counts_and_what_is_on_its_way() {
    let board = board();
    let cases = [
        vec![lock(2, false), move_to(2, Vec2::X), remove(2, true)],
        vec![add(60, Vec2::ZERO), move_to(60, Vec2::X), lock(60, true)],
        vec![stroke(61, &[Vec2::ZERO], false), more(61, 3)],
        vec![move_to(77, Vec2::X), more(77, 2), remove(77, true)],
        vec![remove(1, true), move_to(1, Vec2::X), remove(1, false)],
        vec![Edit::Page { id: PageId(5), order: OrderKey::between(None, None), name: String::new() }],
    ];
    for edits in cases {
        let said = format!("{edits:?}");
        assert_eq!(check(&board, 1, edits), Ok(()), "{said}");
    }
}

#[test]
fn a_frozen_board_is_the_moderators() {
    let mut board = board();
    board.settle(2, by(9, 1), 1, &Operation::one(Edit::Freeze { is_frozen: true }));
    assert!(board.is_frozen());
    assert_eq!(check(&board, 1, vec![add(60, Vec2::ZERO)]), Err(Refusal::Frozen));
    assert_eq!(check(&board, 1, vec![]), Err(Refusal::Frozen));
    assert_eq!(check(&board, 9, vec![add(60, Vec2::ZERO)]), Ok(()));
    assert_eq!(check(&board, 9, vec![Edit::Freeze { is_frozen: false }]), Ok(()));
    assert_eq!(Refusal::Frozen.to_string(), "a moderator has frozen this board");
}

#[test]
fn removed_pages_take_nothing_new() {
    let mut board = board();
    let two = PageId(7);
    let page = Edit::Page { id: two, order: OrderKey::between(None, None), name: String::new() };
    board.settle(2, by(1, 2), 1, &Operation::one(page.clone()));
    let on_two = |id| match add(id, Vec2::ZERO) {
        Edit::Add { id, order, frame, style, shape, .. } => Edit::Add { id, page: two, order, frame, style, shape },
        edit => edit,
    };
    assert_eq!(check(&board, 1, vec![on_two(60)]), Ok(()));
    board.settle(3, by(1, 3), 1, &Operation::one(Edit::RemovePage { id: two, is_removed: true }));
    assert_eq!(check(&board, 1, vec![on_two(60)]), Err(Refusal::MissingPage));
    let props = Props { page: Some(two), ..Props::default() };
    assert_eq!(check(&board, 1, vec![Edit::Set { id: ElementId(1), props }]), Err(Refusal::MissingPage));
    assert_eq!(check(&board, 1, vec![Edit::RemovePage { id: two, is_removed: false }]), Ok(()));
}

#[test]
fn a_stroke_and_a_board_become_full() {
    let mut board = board();
    for nonce in 2..4 {
        assert_eq!(check(&board, 1, vec![more(3, EDIT_POINTS - 1)]), Ok(()));
        board.settle(nonce, by(1, nonce), 1, &Operation::one(more(3, EDIT_POINTS - 1)));
    }
    assert_eq!(check(&board, 1, vec![more(3, 1)]), Ok(()));
    assert_eq!(check(&board, 1, vec![more(3, 2)]), Err(Refusal::StrokeFull));
    let page = |id| Edit::Page { id: PageId(id), order: OrderKey::between(None, None), name: String::new() };
    let edits: Vec<Edit> = (1..PAGES as u32).map(page).collect();
    board.settle(4, by(1, 4), 1, &Operation { edits });
    assert_eq!(board.pages().count(), PAGES);
    assert_eq!(check(&board, 1, vec![page(9_999)]), Err(Refusal::PagesFull));
    assert_eq!(check(&board, 1, vec![page(3)]), Ok(()), "a new name for one that is there");
}
