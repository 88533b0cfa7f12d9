//! What changed on boards is painted: once a frame, and only where something did.

use super::board::Boards;
use super::canvas::Canvas;
use super::cost::BoardsCost;
use super::lens::Lens;
use super::marks::Marks;
use super::mesher::{Made, Mesher};
use super::paint::{Change, Cut, Damage, PaintOrders, SheetId};
use super::pictures::{self, Pictures};
use super::sheet::{Dirty, Sheet};
use super::target::{bounds_of, looks};
use super::walls::Walls;
use crate::receive::PictureArrived;
use crate::room::RenderQuality;
use crate::wire::RoomWire;
use atrium_board::{Bounds, PageId};
use atrium_easel::mesh::{Painter, Paper};
use atrium_protocol::BoardId;
use bevy::prelude::*;
use std::collections::HashMap;

/// Makes triangles of strokes in the making, in the frame in which they grow.
#[derive(Default)]
pub(super) struct LivePainter(pub(super) Painter);

/// What changed on which page in this frame.
#[derive(Resource, Default)]
pub(super) struct Damages(HashMap<(BoardId, PageId), Damage>);

/// Follows the documents: what changed becomes triangles, or is gone.
pub(super) fn follow(
    mut boards: ResMut<Boards>,
    mut painter: NonSendMut<LivePainter>,
    mut damages: ResMut<Damages>,
    mut marks: ResMut<Marks>,
    mut orders: ResMut<PaintOrders>,
    mesher: Res<Mesher>,
    (time, cost): (Res<Time<Real>>, Res<BoardsCost>),
) {
    let _measured = cost.measure();
    take_made(&mut boards, &mesher, &mut marks, &mut orders);
    damages.0.clear();
    let open = boards.open;
    for board in &mut boards.boards {
        let Some(easel) = &mut board.easel else { continue };
        let news = easel.take_damage();
        if news.overlay || news.view || news.everything {
            marks.touch(board.id);
        }
        let mut pages = vec![easel.wall_view().page];
        if open == Some(board.id) && !pages.contains(&easel.page()) {
            pages.push(easel.page());
        }
        let gone: Vec<PageId> = board.sheets.keys().filter(|page| !pages.contains(page)).copied().collect();
        for sheet in gone.into_iter().filter_map(|page| board.sheets.remove(&page)) {
            orders.changes.push(Change::Forget(sheet.id()));
        }
        // It is right in the frame in which the board came, and only then.
        let mut first_page = board.first_page.take();
        for page in pages {
            let first = first_page.take_if(|(first, _)| *first == page).map(|(_, all)| all);
            let sheet = board.sheets.entry(page).or_insert_with(|| {
                marks.touch(board.id);
                Sheet::new(page, easel, first.unwrap_or_else(|| Dirty::all_on(easel.document(), page)))
            });
            let is_other_paper = sheet.paper() != Paper { is_dark: easel.document().is_dark() };
            if news.everything || is_other_paper {
                sheet.touch_all(easel);
            }
            news.elements.iter().for_each(|id| sheet.touch(*id, easel, &mut orders));
            sheet.follow_strokes(easel, &mut painter.0, time.elapsed_secs_f64(), &mut orders);
            sheet.ask(easel, &mesher, &mut orders);
            sheet.follow_lifted(easel, &mesher, &mut orders);
            sheet.follow_typing(easel, &mesher, &mut orders);
            let damage = sheet.take_damage();
            if !damage.is_nothing() {
                damages.0.insert((board.id, page), damage);
            }
        }
    }
}

/// Takes what the thread has made.
fn take_made(boards: &mut Boards, mesher: &Mesher, marks: &mut Marks, orders: &mut PaintOrders) {
    while let Some(done) = mesher.next() {
        let SheetId::Page(board, page) = done.sheet else {
            if let Made::Name { who, letters, size } = done.items {
                marks.name_made(who, letters, size);
                boards.boards.iter().for_each(|board| marks.touch(board.id));
            }
            continue;
        };
        let Some(board) = boards.get_mut(board) else { continue };
        if let (Some(easel), Some(sheet)) = (&board.easel, board.sheets.get_mut(&page)) {
            sheet.made(done, easel, orders);
        }
    }
}

/// Paints walls, lens and canvas where they show what changed.
pub(super) fn show(
    mut boards: ResMut<Boards>,
    mut lens: ResMut<Lens>,
    mut canvas: ResMut<Canvas>,
    mut orders: ResMut<PaintOrders>,
    walls: Res<Walls>,
    damages: Res<Damages>,
    cost: Res<BoardsCost>,
) {
    let _measured = cost.measure();
    let nothing = Damage::Nothing;
    for board in &mut boards.boards {
        let Some(wall) = walls.get(board.id) else { continue };
        let Some(easel) = &board.easel else {
            // Not here yet: blank paper.
            let blank = SheetId::Page(board.id, PageId::FIRST);
            let all = Bounds { min: Vec2::ZERO, max: wall.size_mm() };
            board.wall.show((blank, Paper::default()), Cut::of(all, wall.texels), &nothing, &mut orders);
            continue;
        };
        let view = easel.wall_view();
        let Some(sheet) = board.sheets.get(&view.page) else { continue };
        let cut = Cut::of(bounds_of(&view, wall.size_mm()), wall.texels);
        let damage = damages.0.get(&(board.id, view.page)).unwrap_or(&nothing);
        board.wall.show(looks(sheet), cut, damage, &mut orders);
    }
    lens.paint(&boards, &walls, &damages.0, &mut orders);
    canvas.paint(&boards, &damages.0, &mut orders);
}

/// Pictures on boards come, and are painted.
pub(super) fn hang_pictures(
    mut arrived: MessageReader<PictureArrived>,
    mut pictures: ResMut<Pictures>,
    mut boards: ResMut<Boards>,
    mut images: ResMut<Assets<Image>>,
    mut orders: ResMut<PaintOrders>,
    wire: Res<RoomWire>,
    (quality, time): (Res<RenderQuality>, Res<Time<Real>>),
) {
    if boards.boards.is_empty() {
        return;
    }
    let sheets = boards.boards.iter_mut().flat_map(|board| board.sheets.values_mut());
    sheets.flat_map(Sheet::take_pictures).for_each(|hash| pictures.want(hash));
    let come = pictures::come(
        &mut pictures,
        &mut arrived,
        &wire,
        (*quality, time.elapsed_secs_f64()),
        &mut images,
        &mut orders,
    );
    if !come.is_empty() {
        let sheets = boards.boards.iter_mut().flat_map(|board| board.sheets.values_mut());
        sheets.for_each(|sheet| sheet.pictures_came(&come));
    }
}
