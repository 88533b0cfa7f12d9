use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;

fn settled(messages: &[BoardDown]) -> Vec<(u16, u64, u64)> {
    let settled = |message: &BoardDown| match message {
        BoardDown::Settled { board, sequence, nonce, .. } => Some((board.0, *sequence, *nonce)),
        _ => None,
    };
    messages.iter().filter_map(settled).collect()
}

fn refusals(messages: &[BoardDown]) -> Vec<(u64, RefusalCode)> {
    let refused = |message: &BoardDown| match message {
        BoardDown::Refused { nonce, code, .. } => Some((*nonce, *code)),
        _ => None,
    };
    messages.iter().filter_map(refused).collect()
}

fn stale(messages: &[BoardDown]) -> Vec<(u64, u64)> {
    let stale = |message: &BoardDown| match message {
        BoardDown::Stale { nonce, last_nonce, .. } => Some((*nonce, *last_nonce)),
        _ => None,
    };
    messages.iter().filter_map(stale).collect()
}

#[test]
fn operations_settle_in_one_order_for_all_when_they_are_on_disk() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    world.is_disk_held = true;
    world.append(a, 0, 1);
    world.append(b, 0, 1);
    world.append(a, 1, 7);
    world.append(a, 0, 2);
    assert!(world.board_messages(a).is_empty());
    world.commit_all();
    let (seen_by_a, seen_by_b) = (world.board_messages(a), world.board_messages(b));
    assert_eq!(seen_by_a, seen_by_b);
    let on_left: Vec<_> = settled(&seen_by_a).into_iter().filter(|(board, ..)| *board == 0).collect();
    assert_eq!(on_left, [(0, 1, 1), (0, 2, 1), (0, 3, 2)]);
    assert_eq!(world.disk.boards[&BoardId(1)].len(), 1);
}

#[test]
fn a_failed_batch_is_refused_and_leaves_no_gap() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    world.is_disk_held = true;
    (1..=5).for_each(|nonce| world.append(a, 0, nonce));
    world.settle_promise(false);
    assert_eq!(refusals(&world.board_messages(a)), [(1, RefusalCode::StorageFailed)]);
    world.commit_all();
    assert_eq!(settled(&world.board_messages(a)), [(0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 5)]);
}

#[test]
fn the_same_operation_settles_once_and_is_answered_again() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    world.is_disk_held = true;
    world.append(a, 0, 1);
    world.append(a, 0, 1);
    world.commit_all();
    assert_eq!(settled(&world.board_messages(a)).len(), 1);
    world.board_messages(b);
    world.append(a, 0, 1);
    world.commit_all();
    assert_eq!(settled(&world.board_messages(a)), [(0, 1, 1)]);
    assert!(world.board_messages(b).is_empty());
    assert_eq!(world.disk.boards[&BoardId(0)].len(), 1);
    world.is_disk_held = false;
    let boards = world.disk.boards.clone();
    let mut world = world.restarted();
    let a = world.join(1, Role::Owner);
    world.append(a, 0, 1);
    assert_eq!(
        stale(&world.board_messages(a)),
        [(1, 1)],
        "older than what is at hand: who has fetched knows that it is there"
    );
    assert_eq!(world.disk.boards, boards);
}

#[test]
fn drawing_needs_the_grant_a_board_and_growing_numbers() {
    let mut world = World::new();
    let (owner, guest) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    world.append(guest, 9, 1);
    assert_eq!(refusals(&world.board_messages(guest)), [(1, RefusalCode::NotFound)]);
    let grants = Grants { draw: false, ..Grants::for_role(Role::Guest) };
    world.moderate(owner, guest, ModerateAction::SetGrants { grants });
    world.append(guest, 0, 1);
    assert_eq!(refusals(&world.board_messages(guest)), [(1, RefusalCode::NotAllowed)]);
    world.is_disk_held = true;
    world.append(owner, 0, 5);
    world.append(owner, 0, 4);
    assert_eq!(stale(&world.board_messages(owner)), [(4, 5)]);
}

#[test]
fn an_operation_that_was_refused_while_its_author_was_away_is_not_met_with_silence() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    world.is_disk_held = true;
    world.append(a, 0, 1);
    world.append(a, 0, 2);
    world.lose(a);
    world.settle_promise(false);
    world.commit_all();
    world.enter(resume(1, a, secret(1), secret(2)));
    world.clear_inboxes();
    world.append(a, 0, 1);
    assert_eq!(stale(&world.board_messages(a)), [(1, 2)]);
    world.append(a, 0, 3);
    world.commit_all();
    assert_eq!(settled(&world.board_messages(a)), [(0, 2, 3)]);
}

#[test]
fn a_number_that_another_operation_has_is_stale_under_way_and_settled() {
    let mut world = World::new();
    let (one, two) = (world.join(1, Role::Owner), world.join(1, Role::Owner));
    world.is_disk_held = true;
    world.append(one, 0, 7);
    world.append(two, 0, 7);
    assert_eq!(stale(&world.board_messages(two)), [(7, 7)], "its elements have other names");
    world.commit_all();
    world.board_messages(two);
    world.append(two, 0, 7);
    world.append(two, 0, 6);
    assert_eq!(stale(&world.board_messages(two)), [(7, 7), (6, 7)]);
    world.append(one, 0, 7);
    assert_eq!(settled(&world.board_messages(one)), [(0, 1, 7), (0, 1, 7)]);
}

#[test]
fn whoever_asked_last_hears_that_it_was_not_stored() {
    let mut world = World::new();
    let gone = world.join(1, Role::Owner);
    world.is_disk_held = true;
    world.draw(gone, 0, 1, vec![rectangle(5)]);
    world.lose(gone);
    let here = world.join(1, Role::Owner);
    world.draw(here, 0, 1, vec![rectangle(5)]);
    assert!(world.board_messages(here).is_empty(), "it is still under way");
    world.settle_promise(false);
    assert_eq!(refusals(&world.board_messages(here)), [(1, RefusalCode::StorageFailed)]);
}

#[test]
fn what_may_still_be_stored_is_not_refused() {
    let mut world = World::new();
    let (owner, a) = (world.join(2, Role::Owner), world.join(1, Role::Guest));
    world.is_disk_held = true;
    world.append(a, 0, 1);
    let grants = Grants { draw: false, ..Grants::for_role(Role::Guest) };
    world.moderate(owner, a, ModerateAction::SetGrants { grants });
    world.append(a, 0, 1);
    (0..1_000).for_each(|_| world.append(a, 0, 1));
    assert!(refusals(&world.board_messages(a)).is_empty());
    world.commit_all();
    assert_eq!(settled(&world.board_messages(a)), [(0, 1, 1)]);
}

#[test]
fn a_fetch_brings_everything_in_pieces_and_says_when_it_is_done() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    for nonce in 1..=300 {
        world.append(a, 0, nonce);
        world.advance_ms(20);
    }
    let late = world.join(2, Role::Guest);
    world.is_loading_held = true;
    world.board(late, &BoardUp::Fetch { board: BoardId(0), after: 10 });
    world.board(late, &BoardUp::Fetch { board: BoardId(0), after: 0 });
    assert_eq!(world.loads.len(), 1, "one at a time");
    world.load();
    let first = settled(&world.board_messages(late));
    assert!(first.len() < 290, "not all at once");
    world.input(RoomInput::Congested { id: late, congested: true });
    world.load();
    assert!(world.loads.is_empty(), "a receiver who cannot take more is not sent more");
    world.input(RoomInput::Congested { id: late, congested: false });
    while !world.loads.is_empty() {
        world.load();
    }
    let rest = world.board_messages(late);
    assert_eq!(rest.last(), Some(&BoardDown::UpToDate { board: BoardId(0), sequence: 300 }));
    let sequences: Vec<_> = first.into_iter().chain(settled(&rest)).map(|(_, sequence, _)| sequence).collect();
    assert_eq!(sequences, (11..=300).collect::<Vec<_>>());
}

#[test]
fn fetches_of_nothing_and_of_boards_that_do_not_exist_end_at_once() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    for board in [0, 77].map(BoardId) {
        world.board(a, &BoardUp::Fetch { board, after: 0 });
        assert_eq!(world.board_messages(a), [BoardDown::UpToDate { board, sequence: 0 }]);
    }
}

#[test]
fn an_answer_for_an_earlier_connection_does_not_confuse_a_new_fetch() {
    let mut world = World::new();
    let a = world.join(1, Role::Owner);
    for nonce in 1..=100 {
        world.append(a, 0, nonce);
        world.advance_ms(20);
    }
    world.is_loading_held = true;
    world.board(a, &BoardUp::Fetch { board: BoardId(0), after: 0 });
    world.lose(a);
    world.enter(resume(1, a, secret(1), secret(2)));
    world.inboxes.clear();
    world.board(a, &BoardUp::Fetch { board: BoardId(0), after: 70 });
    while !world.loads.is_empty() {
        world.load();
    }
    let sequences: Vec<_> = settled(&world.board_messages(a)).into_iter().map(|(_, sequence, _)| sequence).collect();
    assert_eq!(sequences, (71..=100).collect::<Vec<_>>());
}
