//! What operations do to a board, and which of them a room takes.

use crate::harness::*;
use atrium_board::ink::{Point, pack};
use atrium_board::{Document, Edit, ElementId, NewElement, PageId, Props, View, limits as board_limits};
use atrium_protocol::*;
use atrium_room::*;
use glam::Vec2;

const BOARD: BoardId = BoardId(0);

fn refusals(world: &mut World, id: ParticipantId) -> Vec<(u64, RefusalCode)> {
    let refused = |message| match message {
        BoardDown::Refused { nonce, code, message, .. } => {
            assert!(message.as_str().len() > 10, "a sentence: {message}");
            Some((nonce, code))
        }
        _ => None,
    };
    world.board_messages(id).into_iter().filter_map(refused).collect()
}

fn board(world: &World) -> &Document {
    world.room.board(BOARD).unwrap()
}

fn points(count: usize) -> Vec<u8> {
    let points: Vec<_> = (0..count).map(|n| Point::at(Vec2::new(n as f32 * 2.0, 5.0))).collect();
    pack(&points, 4)
}

fn stroke(id: u64) -> Edit {
    add(id, NewElement::Ink { is_highlighter: false, points: points(8), is_finished: false })
}

fn ink(id: u64, count: usize, is_last: bool) -> Edit {
    Edit::Ink { id: ElementId(id), points: points(count), is_last }
}

fn lock(id: u64, is_locked: bool) -> Edit {
    Edit::Set { id: ElementId(id), props: Props { is_locked: Some(is_locked), ..Props::default() } }
}

fn remove(id: u64) -> Edit {
    Edit::Remove { ids: vec![ElementId(id)], is_removed: true }
}

#[test]
fn a_board_is_what_its_log_says_and_only_what_is_on_disk() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    world.is_disk_held = true;
    world.draw(a, 0, 1, vec![stroke(10)]);
    world.draw(a, 0, 2, vec![ink(10, 20, false)]);
    world.draw(a, 0, 3, vec![ink(10, 0, true), rectangle(11)]);
    assert!(board(&world).is_empty(), "nothing is on disk");
    world.commit_all();
    assert!(refusals(&mut world, a).is_empty(), "what is on its way counts");
    assert_eq!((board(&world).len(), board(&world).sequence()), (2, 3));
    let made_at_ms = board(&world).element(ElementId(10)).map(|element| element.made_at_ms);
    assert_eq!(made_at_ms, Some(1_700_000_000_000));
    assert!(board(&world).is_identical(&replayed(&world.disk.boards[&BOARD])));
    world.is_disk_held = false;
    let world = world.restarted();
    assert!(board(&world).is_identical(&replayed(&world.disk.boards[&BOARD])));
}

#[test]
fn what_could_not_be_stored_was_never_there() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    world.is_disk_held = true;
    world.draw(a, 0, 1, vec![rectangle(10)]);
    world.draw(a, 0, 2, vec![rectangle(11)]);
    world.draw(a, 0, 3, vec![lock(10, true)]);
    world.settle_promise(false);
    assert_eq!(refusals(&mut world, a), [(1, RefusalCode::StorageFailed)]);
    assert!(board(&world).is_empty());
    world.draw(a, 0, 4, vec![rectangle(10)]);
    world.commit_all();
    assert!(refusals(&mut world, a).is_empty(), "its id is free again");
    assert_eq!((board(&world).len(), board(&world).sequence()), (2, 3));
    assert!(!board(&world).element(ElementId(10)).unwrap().is_locked, "that was before it was there");
}

#[test]
fn an_operation_that_makes_no_sense_is_refused_by_its_number() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    world.draw(a, 0, 1, vec![stroke(10), rectangle(11), lock(11, true)]);
    let cases: Vec<(Vec<Edit>, RefusalCode)> = vec![
        (vec![rectangle(10)], RefusalCode::Taken),
        (vec![rectangle(12), rectangle(12)], RefusalCode::Taken),
        (vec![remove(99)], RefusalCode::NotFound),
        (vec![remove(11)], RefusalCode::NotAllowed),
        (vec![ink(10, 5, false)], RefusalCode::NotAllowed),
        (vec![ink(11, 5, false)], RefusalCode::Invalid),
        (vec![Edit::RemoveBy { person: person(1) }], RefusalCode::NotAllowed),
        (vec![Edit::Freeze { is_frozen: true }], RefusalCode::NotAllowed),
        (vec![Edit::RemovePage { id: PageId::FIRST, is_removed: true }], RefusalCode::Invalid),
        (vec![rectangle(13), remove(99)], RefusalCode::NotFound),
    ];
    for (nonce, (edits, code)) in (1..).zip(cases) {
        world.draw(b, 0, nonce, edits.clone());
        assert_eq!(refusals(&mut world, b), [(nonce, code)], "{edits:?}");
        world.advance_ms(100);
    }
    assert_eq!(world.disk.boards[&BOARD].len(), 1, "nothing of it is in the log");
    assert!(board(&world).element(ElementId(13)).is_none(), "all of an operation or nothing");
}

#[test]
fn bytes_that_are_no_operation_are_refused_and_old_ones_in_a_log_do_nothing() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    let nan = OperationBytes::new(rmp(&[0x93, 1, 2, 3])).unwrap();
    world.board(a, &BoardUp::Append { board: BOARD, nonce: 1, operation: nan.clone() });
    assert_eq!(refusals(&mut world, a), [(1, RefusalCode::Invalid)]);
    let far = Edit::Show { view: View { page: PageId::FIRST, center: Vec2::splat(f32::NAN), width_mm: 10.0 } };
    let bytes = encode_message(&atrium_board::Operation { edits: vec![far] }, usize::MAX).unwrap();
    let operation = OperationBytes::new(bytes).unwrap();
    world.board(a, &BoardUp::Append { board: BOARD, nonce: 2, operation });
    assert_eq!(refusals(&mut world, a), [(2, RefusalCode::Invalid)]);

    // A log of before boards had documents.
    let entry = BoardEntry { sequence: 1, author: person(7), nonce: 1, operation: nan, at: Micros(5) };
    world.disk.boards.insert(BOARD, vec![entry]);
    world.disk.saved.board_sequences.insert(BOARD, 1);
    let mut world = world.restarted();
    let a = world.join(1, Role::Owner);
    world.draw(a, 0, 9, vec![rectangle(10)]);
    assert_eq!((board(&world).len(), board(&world).sequence()), (1, 2));
}

fn rmp(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

#[test]
fn a_frozen_board_takes_nothing_but_from_moderators_and_both_are_noted() {
    let mut world = World::new();
    let (owner, guest) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    world.draw(guest, 0, 1, vec![rectangle(10)]);
    world.draw(owner, 0, 1, vec![Edit::Freeze { is_frozen: true }]);
    world.draw(guest, 0, 2, vec![rectangle(11)]);
    assert_eq!(refusals(&mut world, guest), [(2, RefusalCode::NotAllowed)]);
    world.draw(guest, 1, 3, vec![rectangle(11)]);
    assert!(refusals(&mut world, guest).is_empty(), "the other board is not frozen");
    world.draw(owner, 0, 2, vec![Edit::RemoveBy { person: person(2) }, Edit::Freeze { is_frozen: false }]);
    assert!(board(&world).element(ElementId(10)).unwrap().is_removed);
    world.draw(guest, 0, 4, vec![rectangle(12)]);
    assert!(refusals(&mut world, guest).is_empty());
    let audited: Vec<_> = world.disk.audit.iter().filter(|(event, ..)| event.starts_with("board_")).copied().collect();
    let by = Some(person(1));
    assert_eq!(audited, [("board_freeze", by, None), ("board_clear", by, Some(person(2))), ("board_freeze", by, None)]);
}

#[test]
fn a_moderation_that_is_not_stored_is_not_noted_either() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    world.is_disk_held = true;
    world.draw(owner, 0, 1, vec![Edit::Freeze { is_frozen: true }]);
    world.settle_promise(false);
    assert_eq!(world.disk.audited("board_freeze"), 0);
    assert!(!board(&world).is_frozen());
}

#[test]
fn a_board_is_full_at_its_limit_with_what_is_on_its_way() {
    let mut document = Document::default();
    let per_operation = board_limits::EDITS as u64;
    let by = atrium_board::OperationId { author: person(9), nonce: 1 };
    let room_left = 3;
    let count = board_limits::ELEMENTS as u64 - room_left;
    for first in (0..count).step_by(per_operation as usize) {
        let edits = (first..count.min(first + per_operation)).map(|id| rectangle(1_000_000 + id)).collect();
        document.settle(1, by, 1, &atrium_board::Operation { edits });
    }
    let mut saved = SavedRoom::default();
    saved.documents.insert(BOARD, document);
    saved.board_sequences.insert(BOARD, 1);
    let mut world = World::opened(saved, place(), |_| {});
    let a = world.join(1, Role::Owner);
    world.is_disk_held = true;
    (1..=3).for_each(|nonce| world.draw(a, 0, nonce, vec![rectangle(nonce)]));
    assert!(refusals(&mut world, a).is_empty());
    world.draw(a, 0, 4, vec![rectangle(4)]);
    assert_eq!(refusals(&mut world, a), [(4, RefusalCode::Invalid)]);
    world.draw(a, 0, 5, vec![lock(1, true)]);
    assert!(refusals(&mut world, a).is_empty(), "what needs no room goes on");
}

#[test]
fn the_beginning_of_an_imported_board_is_only_in_its_snapshot() {
    let mut saved = SavedRoom::default();
    saved.board_sequences.insert(BOARD, 40);
    saved.board_starts.insert(BOARD, 40);
    let mut world = World::opened(saved, place(), |_| {});
    let a = world.join(1, Role::Owner);
    world.clear_inboxes();
    world.board(a, &BoardUp::Fetch { board: BOARD, after: 0 });
    assert_eq!(world.refused(a), Some(("fetch".into(), RefusalCode::NotFound)));
    world.board(a, &BoardUp::Fetch { board: BOARD, after: 40 });
    assert_eq!(world.board_messages(a), [BoardDown::UpToDate { board: BOARD, sequence: 40 }]);
}

#[test]
fn pictures_need_the_secret_the_grant_and_patience() {
    let mut world = World::new();
    let (owner, guest) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    let may = |world: &mut World, id, n| world.room.may_transfer(world.now, id, &secret(n), BulkRequest::AddImage);
    let may_read = |world: &mut World, id, n| world.room.may_transfer(world.now, id, &secret(n), BulkRequest::Read);
    assert_eq!(may(&mut world, guest, 2), Ok(()));
    assert_eq!(may(&mut world, guest, 1), Err(RefusalCode::NotFound), "the secret of somebody else");
    assert_eq!(may(&mut world, ParticipantId(99), 2), Err(RefusalCode::NotFound));
    let many = (0..100).filter(|_| may(&mut world, guest, 2) == Ok(())).count();
    assert_eq!(many, RateLimits::STANDARD.image.burst as usize - 1);
    assert_eq!(may(&mut world, guest, 2), Err(RefusalCode::TooFast));
    let grants = Grants { draw: false, ..Grants::for_role(Role::Guest) };
    world.moderate(owner, guest, ModerateAction::SetGrants { grants });
    assert_eq!(may(&mut world, guest, 2), Err(RefusalCode::NotAllowed));
    assert_eq!(may_read(&mut world, guest, 2), Ok(()), "reading needs no grant");
    assert_eq!(may_read(&mut world, guest, 1), Err(RefusalCode::NotFound));
    world.say(owner, &ControlUp::SetLobby { enabled: true });
    let visitor = world.join(3, Role::Guest);
    for may in [may, may_read] {
        assert_eq!(may(&mut world, visitor, 3), Err(RefusalCode::NotAllowed), "still in the lobby");
    }
}
