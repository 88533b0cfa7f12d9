//! Boards come from the server: as a whole first, then word by word.

use super::board::{Board, Boards, Coming, ReadBoard};
use super::cost::BoardsCost;
use super::paint::{Change, PaintOrders};
use super::pictures::Pictures;
use super::sheet::Dirty;
use super::target::Target;
use super::walls::Walls;
use crate::receive::{BoardWord, Link, LiveWord, SnapshotArrived, TheMeeting};
use crate::wire::{LinkState, RoomWire, ToRoom};
use atrium_board::{Document, Live, PageId, read_snapshot};
use atrium_easel::{Easel, Numbers};
use atrium_protocol::{BoardDown, BoardId, BoardUp, PersonId, Role};
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, block_on, poll_once};
use std::time::{SystemTime, UNIX_EPOCH};

/// A board that could not be fetched is asked for again after this time.
const AGAIN_SECS: f64 = 5.0;
/// One that could not be read, after this: it may be better by then, and costs more.
const READ_AGAIN_SECS: f64 = 30.0;

/// Asks for the boards of a place that one has come into, and forgets those of another.
pub(super) fn ask(
    walls: Res<Walls>,
    link: Res<Link>,
    meeting: Res<TheMeeting>,
    wire: Res<RoomWire>,
    time: Res<Time<Real>>,
    mut boards: ResMut<Boards>,
    mut pictures: ResMut<Pictures>,
    mut orders: ResMut<PaintOrders>,
) {
    if boards.generation != walls.generation {
        forget(&mut boards, &mut pictures, &mut orders);
        boards.generation = walls.generation;
    }
    let is_connected = matches!(**link, Some(LinkState::Connected { .. })) && meeting.my_info().is_some();
    let now_secs = time.elapsed_secs_f64();
    for wall in &walls.walls {
        let Some(board) = boards.get_mut(wall.id) else {
            boards.boards.push(Board::new(wall.id, wall.texture.clone()));
            continue;
        };
        if board.wall.image != wall.texture {
            board.wall.forget(&mut orders);
            board.wall = Target::new(wall.texture.clone());
        }
        if is_connected && matches!(board.coming, Coming::Later { at_secs } if at_secs <= now_secs) {
            wire.say(ToRoom::Snapshot(wall.id));
            board.coming = Coming::Asked;
        }
    }
}

fn forget(boards: &mut Boards, pictures: &mut Pictures, orders: &mut PaintOrders) {
    for board in &boards.boards {
        orders.changes.extend(board.sheets.values().map(|sheet| Change::Forget(sheet.id())));
        board.wall.forget(orders);
    }
    orders.changes.push(Change::ForgetPictures);
    pictures.clear();
    *boards = Boards { tool: boards.tool, ..Boards::default() };
}

/// Reads what comes as a whole, away from the frame.
pub(super) fn read(
    mut arrived: MessageReader<SnapshotArrived>,
    meeting: Res<TheMeeting>,
    walls: Res<Walls>,
    wire: Res<RoomWire>,
    time: Res<Time<Real>>,
    mut boards: ResMut<Boards>,
) {
    let now_secs = time.elapsed_secs_f64();
    for SnapshotArrived { board, bytes } in arrived.read() {
        let Some(board) = boards.get_mut(*board).filter(|board| matches!(board.coming, Coming::Asked)) else {
            continue;
        };
        board.coming = match bytes {
            Ok(bytes) => {
                let bytes = bytes.clone();
                Coming::Reading(AsyncComputeTaskPool::get().spawn(async move { read_board(&bytes) }))
            }
            Err(why) => {
                warn!("a board could not be fetched: {why}");
                Coming::Later { at_secs: now_secs + AGAIN_SECS }
            }
        };
    }
    let Some(me) = meeting.my_info().map(|me| me.person) else { return };
    let tool = boards.tool;
    for board in &mut boards.boards {
        let Coming::Reading(task) = &mut board.coming else { continue };
        let Some(read) = block_on(poll_once(task)) else { continue };
        board.coming = match read {
            Ok(ReadBoard { document, first_page }) => {
                let size_mm = walls.get(board.id).map(super::walls::Wall::size_mm);
                let easel = set_up(board.id, me, document, (size_mm, tool));
                wire.say(ToRoom::Board(BoardUp::Fetch { board: board.id, after: easel.sequence() }));
                board.easel = Some(easel);
                board.first_page = Some(first_page);
                Coming::Over
            }
            Err(why) => {
                warn!("a board cannot be read: {why}");
                Coming::Later { at_secs: now_secs + READ_AGAIN_SECS }
            }
        };
    }
}

fn read_board(bytes: &[u8]) -> Result<ReadBoard, String> {
    let document = read_snapshot(bytes).map_err(|error| error.to_string())?;
    let is_there = |page: &PageId| document.page(*page).is_some_and(|page| !page.is_removed);
    let shown = document.shown().map(|view| view.page).filter(is_there);
    let page = shown.or_else(|| document.pages().next().map(|page| page.id)).unwrap_or(PageId::FIRST);
    let first_page = (page, Dirty::all_on(&document, page));
    Ok(ReadBoard { document, first_page })
}

fn set_up(
    board: BoardId,
    me: PersonId,
    document: Document,
    (size_mm, tool): (Option<Vec2>, atrium_easel::Tool),
) -> Easel {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let nonce = u64::try_from(since_epoch.as_micros()).unwrap_or_default();
    let mut easel = Easel::new(board, me, document, Numbers { ids: random(), nonce });
    size_mm.into_iter().for_each(|size_mm| easel.set_surface(size_mm));
    easel.set_tool(tool);
    // All of it is listed already; from here on counts what comes on top of that, in this very frame too.
    easel.take_damage();
    easel
}

/// So that no two people ever give the same name to two things.
fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    // Keyed anew each time, from the system's randomness.
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

/// Hears what the server and others say. What comes before a board is here is in what the fetch brings.
pub(super) fn hear(
    mut words: MessageReader<BoardWord>,
    mut live: MessageReader<LiveWord>,
    meeting: Res<TheMeeting>,
    time: Res<Time<Real>>,
    cost: Res<BoardsCost>,
    mut boards: ResMut<Boards>,
) {
    if boards.boards.is_empty() {
        words.clear();
        live.clear();
        return;
    }
    let _measured = cost.measure();
    let now_secs = time.elapsed_secs_f64();
    for BoardWord(word) in words.read() {
        let easel = board_of(word).and_then(|board| boards.easel_mut(board));
        easel.into_iter().for_each(|easel| easel.hear(now_secs, word));
    }
    for LiveWord { from, board, payload } in live.read().filter(|word| Some(word.from) != meeting.me()) {
        let Some(easel) = boards.easel_mut(*board) else { continue };
        if let Ok(live) = Live::decode(payload) {
            easel.hear_live(now_secs, *from, &live);
        }
    }
    let rights = (meeting.my_grants().draw, matches!(meeting.my_role(), Role::Owner | Role::Moderator));
    let easels = boards.boards.iter_mut().filter_map(|board| board.easel.as_mut());
    easels.for_each(|easel| easel.set_rights(rights.0, rights.1));
}

fn board_of(word: &BoardDown) -> Option<BoardId> {
    match word {
        BoardDown::Settled { board, .. }
        | BoardDown::Refused { board, .. }
        | BoardDown::Stale { board, .. }
        | BoardDown::UpToDate { board, .. } => Some(*board),
        BoardDown::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_board::{Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, Style, write_snapshot};

    const ME: PersonId = PersonId([1; 32]);
    const OTHER: PersonId = PersonId([2; 32]);

    fn oval(number: u64) -> Operation {
        Operation::one(Edit::Add {
            id: ElementId(number),
            page: PageId::FIRST,
            order: OrderKey::between(None, None),
            frame: Frame::default(),
            style: Style::default(),
            shape: NewElement::Ellipse { size: Vec2::splat(40.0) },
        })
    }

    #[test]
    fn what_is_drawn_in_the_frame_in_which_a_board_comes_is_to_be_painted_too() {
        let mut document = Document::default();
        document.settle(1, OperationId { author: OTHER, nonce: 1 }, 0, &oval(1));
        let ReadBoard { document, first_page } = read_board(&write_snapshot(&document).unwrap()).unwrap();
        assert_eq!(first_page.0, PageId::FIRST);
        let board = BoardId(0);
        let mut easel = set_up(board, ME, document, (None, atrium_easel::Tool::default()));
        let operation = oval(2).encode().unwrap();
        easel.hear(1.0, &BoardDown::Settled { board, sequence: 2, author: OTHER, nonce: 2, at_ms: 0, operation });
        let news = easel.take_damage();
        assert_eq!((news.everything, news.elements), (false, vec![ElementId(2)]));
    }
}
