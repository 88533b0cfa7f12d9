//! Whiteboards: what one draws the others see, in the same order everywhere, whenever they come.

use crate::world::ink::{Hand, document_of, made_by, points_of};
use crate::world::mirror::Mirror;
use crate::world::{Host, Person};
use atrium_board::ink::Point;
use atrium_board::{Color, Document, Edit, Frame, Live, LiveInk, Operation, PageId, Pointing, Props, Style};
use atrium_bot::{BotConfig, run_bots};
use atrium_protocol::{BoardId, OperationBytes, PersonId, RefusalCode, Role, encode_message, limits};
use glam::Vec2;
use std::time::Duration;
use tokio::sync::watch;

const STROKES: usize = 12;
const PIECES_PER_STROKE: usize = 4;
/// Below the room's rate of 45 a second.
const LIVE_INTERVAL: Duration = Duration::from_millis(33);
/// Bots have an idea every second or two, and a pen that moves like a hand.
const BOTS_DRAW_FOR: Duration = Duration::from_secs(12);

/// A room with a moderator, somebody who draws, and somebody who looks on.
struct Room {
    host: Host,
    ada: Person,
    bo: Person,
    cy: Person,
}

impl Room {
    async fn new() -> Self {
        let host = Host::start().await;
        let ada = host.welcome("Ada", Role::Owner).await;
        let bo = host.welcome("Bo", Role::Member).await;
        let cy = host.welcome("Cy", Role::Guest).await;
        for person in [&ada, &bo, &cy] {
            person.read_board().await;
        }
        Self { host, ada, bo, cy }
    }

    /// Everybody has so many operations; gives the document that they make.
    async fn all_have(&self, operations: usize) -> Document {
        for person in [&self.ada, &self.bo, &self.cy] {
            person.eventually("every operation", |mirror| mirror.board.len() == operations).await;
        }
        let boards = [&self.ada, &self.bo, &self.cy].map(|person| person.look(|mirror| mirror.board.clone()));
        assert!(boards[0] == boards[1] && boards[1] == boards[2], "everybody sees the same order");
        assert!(boards[0].iter().map(|settled| settled.sequence).eq(1..=operations as u64), "without gaps");
        document_of(&boards[0])
    }

    /// Somebody who comes late sees the same.
    async fn is_seen_late(&self, document: &Document) {
        let late = self.host.welcome("Late", Role::Guest).await;
        let seen = late.whole_board().await;
        assert!(seen == *document, "{seen:?}\n{document:?}");
        assert_eq!(seen.sequence(), document.sequence());
        late.leave().await;
    }
}

/// Draws something that is settled.
async fn draw(who: &Person, operation: &Operation) {
    let nonce = who.append(operation).await;
    who.eventually("settled", |mirror| mirror.board.iter().any(|settled| settled.nonce == nonce)).await;
}

/// Asks for something that is refused; gives the code.
async fn refused(who: &Person, operation: &Operation) -> RefusalCode {
    refused_bytes(who, encode_message(operation, usize::MAX).expect("MessagePack")).await
}

async fn refused_bytes(who: &Person, operation: Vec<u8>) -> RefusalCode {
    let nonce = who.append_bytes(operation).await;
    let code = |mirror: &Mirror| mirror.board_refusals.iter().find(|(of, _)| *of == nonce).map(|(_, code)| *code);
    who.find("refused", code).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_what_everybody_draws() {
    let room = Room::new().await;
    let (mut left, mut right) = (Hand::new(1), Hand::new(2));
    for _ in 0..STROKES * PIECES_PER_STROKE {
        room.ada.append(&left.piece()).await;
        room.bo.append(&right.piece()).await;
    }
    let document = room.all_have(2 * STROKES * PIECES_PER_STROKE).await;
    assert_eq!(document.len(), 2 * STROKES);
    let author = |element: &atrium_board::Element| element.author();
    let by_bo = document.elements_on(PageId::FIRST).filter(|element| author(element) == room.bo.person_id()).count();
    assert_eq!(by_bo, STROKES, "each stroke has its author");
    assert!(document.elements_on(PageId::FIRST).all(|element| points_of(&document, element.id) == Some(60)));
    room.is_seen_late(&document).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_the_same_after_a_restart() {
    let mut host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    ada.read_board().await;
    let mut hand = Hand::new(3);
    for _ in 0..40 {
        ada.append(&hand.piece()).await;
    }
    draw(&ada, &hand.note("留在这里 \u{1f58a}")).await;
    let document = document_of(&ada.look(|mirror| mirror.board.clone()));
    host.restart().await;
    let bo = host.welcome("Bo", Role::Guest).await;
    let seen = bo.whole_board().await;
    assert!(seen == document && seen.sequence() == 41);
    ada.eventually("back", |mirror| mirror.arrivals() == 2 && mirror.me().is_some()).await;
    draw(&ada, &hand.stroke()).await;
    bo.eventually("it goes on", |mirror| mirror.board.last().is_some_and(|last| last.sequence == 42)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_possible_is_refused_to_its_author_alone() {
    let room = Room::new().await;
    let (mut hand, mut other) = (Hand::new(4), Hand::new(5));
    let begun = other.piece();
    draw(&room.ada, &begun).await;
    let locked = hand.note("stays");
    draw(&room.bo, &locked).await;
    let (theirs, mine, missing) = (made_by(&begun), made_by(&locked), made_by(&hand.note("never sent")));
    let lock = Props { is_locked: Some(true), ..Props::default() };
    draw(&room.bo, &Operation::one(Edit::Set { id: mine, props: lock })).await;

    let more = |id| {
        let Edit::Ink { points, .. } = second_piece() else { panic!("more ink expected") };
        Operation::one(Edit::Ink { id, points, is_last: false })
    };
    let moved = |id| {
        let props = Props { frame: Some(Frame::at(Vec2::ONE)), ..Props::default() };
        Operation::one(Edit::Set { id, props })
    };
    let gone = |id| Operation::one(Edit::Remove { ids: vec![id], is_removed: true });
    let clear = Operation::one(Edit::RemoveBy { person: room.ada.person_id() });
    let cases = [
        ("more ink on a stroke of somebody else", more(theirs), RefusalCode::NotAllowed),
        ("more ink on nothing", more(missing), RefusalCode::NotFound),
        ("more ink on a note", more(mine), RefusalCode::Invalid),
        ("moving nothing", moved(missing), RefusalCode::NotFound),
        ("removing nothing", gone(missing), RefusalCode::NotFound),
        ("moving what is locked", moved(mine), RefusalCode::NotAllowed),
        ("removing what is locked", gone(mine), RefusalCode::NotAllowed),
        ("an id that is taken", locked.clone(), RefusalCode::Taken),
        ("clearing somebody", clear, RefusalCode::NotAllowed),
        ("freezing", Operation::one(Edit::Freeze { is_frozen: true }), RefusalCode::NotAllowed),
        (
            "all or nothing",
            Operation { edits: [hand.stroke().edits, gone(missing).edits].concat() },
            RefusalCode::NotFound,
        ),
    ];
    for (what, operation, code) in cases {
        assert_eq!(refused(&room.bo, &operation).await, code, "{what}");
    }
    draw(&room.bo, &hand.stroke()).await;
    let document = room.all_have(4).await;
    assert_eq!(document.len(), 3);
    let others = [&room.ada, &room.cy].map(|person| person.look(|mirror| mirror.board_refusals.len()));
    assert_eq!(others, [0, 0], "nobody else hears of it");
    room.is_seen_late(&document).await;
    room.host.is_well_for(&room.bo, &room.cy).await;
}

/// The second piece of any stroke.
fn second_piece() -> Edit {
    let mut hand = Hand::new(6);
    hand.piece();
    hand.piece().edits.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused() {
    let room = Room::new().await;
    let mut hand = Hand::new(7);
    let with_frame = |frame: Frame, hand: &mut Hand| {
        let mut operation = hand.note("somewhere");
        if let Edit::Add { frame: of, .. } = &mut operation.edits[0] {
            *of = frame;
        }
        operation
    };
    let nowhere = [
        Frame::at(Vec2::NAN),
        Frame::at(Vec2::new(f32::INFINITY, 0.0)),
        Frame::at(Vec2::splat(2.0e6)),
        Frame { rotation: f32::NAN, ..Frame::default() },
        Frame { scale: Vec2::ZERO, ..Frame::default() },
    ];
    for frame in nowhere {
        let operation = with_frame(frame, &mut hand);
        assert_eq!(refused(&room.bo, &operation).await, RefusalCode::Invalid, "{frame:?}");
    }
    let long = hand.note(&"长".repeat(atrium_board::limits::TEXT_BYTES / 3 + 1));
    assert_eq!(refused(&room.bo, &long).await, RefusalCode::Invalid, "too long a text");
    let mut wide = hand.stroke();
    if let Edit::Add { style, .. } = &mut wide.edits[0] {
        style.width_mm = f32::NAN;
    }
    assert_eq!(refused(&room.bo, &wide).await, RefusalCode::Invalid, "an impossible pen");
    let many = Operation { edits: vec![Edit::Paper { is_dark: true }; atrium_board::limits::EDITS + 1] };
    assert_eq!(refused(&room.bo, &many).await, RefusalCode::Invalid, "too many edits");
    for garbage in [vec![], vec![0xc1], vec![0xff; 12_000], b"a stroke".to_vec(), vec![0x91; 12_000]] {
        assert_eq!(refused_bytes(&room.bo, garbage).await, RefusalCode::Invalid);
    }
    let million = Edit::Ink { id: made_by(&hand.stroke()), points: endless_ink(), is_last: false };
    assert_eq!(refused(&room.bo, &Operation::one(million)).await, RefusalCode::Invalid, "a million points");
    assert!(OperationBytes::new(vec![0; limits::BOARD_OPERATION_BYTES + 1]).is_err());
    draw(&room.bo, &hand.stroke()).await;
    let document = room.all_have(1).await;
    room.is_seen_late(&document).await;
}

/// Packed ink that says it has more points than any stroke.
fn endless_ink() -> Vec<u8> {
    let still = [Point { position: Vec2::ZERO, pressure: 0.5 }; atrium_board::limits::EDIT_POINTS];
    let chunk = atrium_board::ink::pack(&still, 4);
    chunk.repeat(limits::BOARD_OPERATION_BYTES / 2 / chunk.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stroke_has_an_end() {
    let room = Room::new().await;
    let mut hand = Hand::new(8);
    let begun = hand.piece();
    let id = made_by(&begun);
    draw(&room.bo, &begun).await;
    let points = |count: usize| {
        let at = |n: usize| Point { position: Vec2::splat(n as f32), pressure: 0.5 };
        atrium_board::ink::pack(&(0..count).map(at).collect::<Vec<_>>(), 4)
    };
    let more = |count, is_last| Operation::one(Edit::Ink { id, points: points(count), is_last });
    draw(&room.bo, &more(1_000, false)).await;
    draw(&room.bo, &more(1_000, false)).await;
    assert_eq!(refused(&room.bo, &more(1_000, false)).await, RefusalCode::Invalid, "it would be too long");
    draw(&room.bo, &more(10, true)).await;
    assert_eq!(refused(&room.bo, &more(1, false)).await, RefusalCode::Invalid, "it is finished");
    let document = room.all_have(4).await;
    assert_eq!(points_of(&document, id), Some(15 + 2_010));
}

#[tokio::test(flavor = "multi_thread")]
async fn saying_it_twice_or_out_of_turn_does_no_harm() {
    let room = Room::new().await;
    let mut hand = Hand::new(9);
    let first = hand.stroke();
    let nonce = room.bo.append(&first).await;
    room.bo.append_as(BoardId(0), nonce, &first).await;
    room.bo.append_as(BoardId(0), nonce, &hand.stroke()).await;
    let is_settled = |mirror: &Mirror| mirror.board.iter().any(|settled| settled.nonce == nonce);
    room.bo.eventually("settled", is_settled).await;
    room.bo.append_as(BoardId(0), nonce, &first).await;
    room.bo.append_as(BoardId(0), nonce - 1_000, &hand.stroke()).await;
    // The lane keeps the order: when this one is settled, all before it is dealt with.
    draw(&room.bo, &hand.stroke()).await;
    let document = room.all_have(2).await;
    assert_eq!(document.len(), 2, "once each");
    let nowhere = room.bo.append_to(BoardId(77), &hand.stroke()).await;
    let not_found = (nowhere, RefusalCode::NotFound);
    room.bo.eventually("no such board", |mirror| mirror.board_refusals.contains(&not_found)).await;
    room.is_seen_late(&document).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_clear_and_freeze() {
    let room = Room::new().await;
    let (mut hand, mut other) = (Hand::new(10), Hand::new(11));
    for _ in 0..3 {
        draw(&room.bo, &hand.stroke()).await;
        draw(&room.cy, &other.stroke()).await;
    }
    draw(&room.ada, &Operation::one(Edit::RemoveBy { person: room.bo.person_id() })).await;
    let document = room.all_have(7).await;
    let authors: Vec<PersonId> = document.elements_on(PageId::FIRST).map(atrium_board::Element::author).collect();
    assert_eq!(authors, [room.cy.person_id(); 3]);

    draw(&room.ada, &Operation::one(Edit::Freeze { is_frozen: true })).await;
    room.bo.eventually("told of it", |mirror| mirror.board.len() == 8).await;
    assert_eq!(refused(&room.bo, &hand.stroke()).await, RefusalCode::NotAllowed);
    draw(&room.ada, &Hand::new(12).stroke()).await;
    draw(&room.ada, &Operation::one(Edit::Freeze { is_frozen: false })).await;
    draw(&room.bo, &hand.stroke()).await;
    let document = room.all_have(11).await;
    assert_eq!(document.elements_on(PageId::FIRST).count(), 5);
    room.is_seen_late(&document).await;
}

fn live(number: u32, hand: &mut Hand) -> Live {
    let position = Vec2::new(number as f32, 5.0);
    let points = (0..8).map(|n| Point { position: position + Vec2::Y * n as f32, pressure: 0.5 }).collect();
    let ink = LiveInk {
        element: made_by(&hand.stroke()),
        page: PageId::FIRST,
        color: Color::Red,
        width_mm: Style::default().width_mm,
        is_highlighter: false,
        after: number,
        points,
    };
    Live { pointing: Some(Pointing { page: PageId::FIRST, position, is_laser: false }), ink: Some(ink), view: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stroke_is_seen_while_it_is_drawn() {
    let room = Room::new().await;
    let mut hand = Hand::new(13);
    let id = room.bo.id();
    let mut said = Vec::new();
    for number in 0..60 {
        let live = live(number, &mut hand);
        room.bo.live(BoardId(0), &live).await;
        said.push(live.encode());
        tokio::time::sleep(LIVE_INTERVAL).await;
    }
    let count = |mirror: &Mirror| mirror.lives.get(&id).map_or(0, Vec::len);
    for person in [&room.ada, &room.cy] {
        // Two that arrive within one tick of the room leave it as one.
        person.eventually("most of it", |mirror| count(mirror) >= 40).await;
        let lives = person.look(|mirror| mirror.lives[&id].clone());
        assert!(lives.iter().all(|(board, payload)| *board == BoardId(0) && said.contains(payload)));
        let ahead = |payload: &Vec<u8>| Live::decode(payload).expect("live").ink.expect("ink").after;
        assert!(lives.iter().map(|(_, payload)| ahead(payload)).is_sorted(), "never back to what is older");
        assert_eq!(person.look(|mirror| mirror.board.len()), 0, "nothing of it lasts");
    }
    // What nobody could have said reaches nobody, and a board that does not exist neither.
    let last =
        |mirror: &Mirror| mirror.lives.get(&id).and_then(|lives| lives.last()).map(|(_, payload)| payload.clone());
    room.cy.eventually("the last of it", |mirror| last(mirror) == said.last().cloned()).await;
    let before = room.cy.look(count);
    room.bo.live_bytes(BoardId(0), vec![0xff; 40]).await;
    room.bo.live_bytes(BoardId(9), live(1_000, &mut hand).encode()).await;
    let end = live(61, &mut hand);
    room.bo.live(BoardId(0), &end).await;
    room.cy.eventually("what came after it", |mirror| last(mirror) == Some(end.encode())).await;
    assert_eq!(room.cy.look(count), before + 1);
    room.host.is_well_for(&room.bo, &room.cy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bots_draw_as_people_do() {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    ada.read_board().await;
    let mut config = BotConfig::new(host.invite(Role::Guest).await);
    (config.count, config.draws, config.stay) = (2, true, Some(BOTS_DRAW_FOR));
    config.cache = host.folder().join("bots");
    let (_stop, stopped) = watch::channel(false);
    let report = run_bots(&config, stopped).await.expect("bots that draw");
    let summary = &report.summary;
    assert_eq!((summary.joined, summary.refused), (2, 0), "{report:?}");
    assert!(summary.drawn > 20, "{report:?}");
    let board = ada.look(|mirror| mirror.board.clone());
    assert!(board.len() as u64 <= summary.drawn && board.len() as u64 + 4 > summary.drawn, "{report:?}");
    let document = document_of(&board);
    let authors = document.elements_on(PageId::FIRST).map(atrium_board::Element::author);
    assert_eq!(authors.collect::<std::collections::BTreeSet<_>>().len(), 2, "both drew");
    assert!(ada.look(|mirror| mirror.lives.values().filter(|lives| lives.len() > 30).count()) == 2, "both were seen");
    let late = host.welcome("Late", Role::Guest).await;
    assert!(late.whole_board().await == document);
}
