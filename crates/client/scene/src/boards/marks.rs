//! What is above a page while people work on it: frames and handles, pointers with names, the pen's tip.

use super::board::Boards;
use super::canvas::Canvas;
use super::cost::BoardsCost;
use super::lens::Lens;
use super::mesher::{Job, Mesher, Work};
use super::paint::{PaintOrders, SheetId};
use super::pointing::{Pen, pixel_rad};
use super::walls::{Walls, page_of};
use crate::body::MainCamera;
use crate::receive::TheMeeting;
use atrium_board::PageId;
use atrium_easel::mesh::{OverlayLook, Paper, Triangles, overlay};
use atrium_easel::{Easel, Tool};
use atrium_protocol::{BoardId, ParticipantId};
use bevy::math::Affine2;
use bevy::prelude::*;
use std::collections::{HashMap, HashSet};

/// Colours of people's pointers, sRGB: white letters are read on each.
pub(super) const PEOPLE: [[u8; 3]; 6] = [
    [0x00, 0x5c, 0xa8],
    [0x00, 0x78, 0x5a],
    [0xb3, 0x40, 0x1f],
    [0x8f, 0x3f, 0x77],
    [0x5b, 0x4b, 0xb7],
    [0x7a, 0x5a, 0x00],
];
/// Height of a name's letters, and where it is, in pixels from the pointer's tip.
const LETTER_PX: f32 = 12.0;
const LABEL_PX: Vec2 = Vec2::new(12.0, 18.0);
const PAD_PX: Vec2 = Vec2::new(6.0, 3.0);
const CORNER_PX: f32 = 5.0;
/// Marks are as large as they should be, give or take this share, wherever one stands.
const SIZE_STEP: f32 = 1.2;
/// Names that are kept as triangles.
const NAMES: usize = 256;

/// What is above the pages.
#[derive(Resource, Default)]
pub(super) struct Marks {
    touched: HashSet<BoardId>,
    names: HashMap<ParticipantId, Name>,
    scales: HashMap<BoardId, f32>,
    tip: Option<(BoardId, Vec2)>,
    triangles: Triangles,
}

/// A name as triangles, its letters one unit high.
#[derive(Default)]
struct Name {
    text: String,
    letters: Option<(Triangles, Vec2)>,
}

impl Marks {
    /// Something above that board's page is different.
    pub(super) fn touch(&mut self, board: BoardId) {
        self.touched.insert(board);
    }

    /// A name has become triangles.
    pub(super) fn name_made(&mut self, who: ParticipantId, letters: Triangles, size: Vec2) {
        if let Some(name) = self.names.get_mut(&who) {
            name.letters = Some((letters, size));
        }
    }

    /// Forgets names, since others may have the numbers.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// The colour of a person's pointer, sRGB.
pub(super) fn color_of(who: ParticipantId) -> [u8; 3] {
    PEOPLE[who.0 as usize % PEOPLE.len()]
}

fn linear(who: ParticipantId) -> [f32; 4] {
    let [red, green, blue] = color_of(who);
    LinearRgba::from(Srgba::rgb_u8(red, green, blue)).to_f32_array()
}

/// Puts above the pages what belongs there.
pub(super) fn mark(
    camera: Option<Single<(&Camera, &Transform), With<MainCamera>>>,
    walls: Res<Walls>,
    (pen, meeting, mesher): (Res<Pen>, Res<TheMeeting>, Res<Mesher>),
    cost: Res<BoardsCost>,
    mut marks: ResMut<Marks>,
    mut boards: ResMut<Boards>,
    mut lens: ResMut<Lens>,
    mut canvas: ResMut<Canvas>,
    mut orders: ResMut<PaintOrders>,
) {
    let Some(camera) = camera else { return };
    let _measured = cost.measure();
    let (camera, at) = *camera;
    marks.follow_tip(pen.over.filter(|_| boards.open.is_none()).map(|hit| (hit.board, hit.face_mm)));
    if !boards.boards.is_empty() && boards.open.is_none() {
        marks.follow_eye(at.translation, pixel_rad(camera), &walls);
    }
    if marks.touched.is_empty() {
        return;
    }
    let open = boards.open;
    let size = camera.logical_viewport_size().unwrap_or(Vec2::ONE);
    for id in std::mem::take(&mut marks.touched) {
        let (Some(wall), Some(board)) = (walls.get(id), boards.get_mut(id)) else { continue };
        let Some(easel) = &board.easel else { continue };
        if open == Some(id) {
            let mm_per_pixel = easel.view().width_mm / size.x.max(1.0);
            marks.draw(easel, easel.page(), mm_per_pixel, None, &meeting, &mesher);
            canvas.target().into_iter().for_each(|target| target.mark(&marks.triangles, &mut orders));
            continue;
        }
        let view = easel.wall_view();
        let scale = marks.scales.get(&id).copied().unwrap_or(1.0);
        let mm_per_pixel = scale * view.width_mm / wall.size_mm().x;
        let tip = marks.tip.filter(|(board, _)| *board == id).map(|(_, at)| page_of(at, wall.size_mm(), &view));
        marks.draw(easel, view.page, mm_per_pixel, tip, &meeting, &mesher);
        board.wall.mark(&marks.triangles, &mut orders);
        lens.target_at(id).into_iter().for_each(|target| target.mark(&marks.triangles, &mut orders));
    }
}

impl Marks {
    fn follow_tip(&mut self, tip: Option<(BoardId, Vec2)>) {
        if self.tip != tip {
            [self.tip, tip].into_iter().flatten().for_each(|(board, _)| self.touch(board));
            self.tip = tip;
        }
    }

    /// Marks keep their size for the eye.
    fn follow_eye(&mut self, eye: Vec3, pixel_rad: f32, walls: &Walls) {
        for wall in &walls.walls {
            let distance_m = wall.distance_m(eye).unwrap_or(100.0).max(0.3);
            let step = (distance_m * 1_000.0 * pixel_rad).log(SIZE_STEP).round();
            let scale = SIZE_STEP.powf(step);
            if self.scales.insert(wall.id, scale) != Some(scale) {
                self.touched.insert(wall.id);
            }
        }
    }

    /// Makes the triangles of all marks on a page.
    fn draw(
        &mut self,
        easel: &Easel,
        page: PageId,
        mm_per_pixel: f32,
        tip: Option<Vec2>,
        meeting: &TheMeeting,
        mesher: &Mesher,
    ) {
        self.triangles.clear();
        let look = OverlayLook { mm_per_pixel, color_of: &linear };
        overlay(easel, page, &look, &mut self.triangles);
        if let Some(at) = tip.filter(|_| shows_tip(easel)) {
            pen_tip(easel, at, mm_per_pixel, &mut self.triangles);
        }
        for cursor in easel.cursors().filter(|cursor| cursor.page == page) {
            self.ask_for(cursor.who, meeting, mesher);
            let Some(Name { letters: Some((letters, size)), .. }) = self.names.get(&cursor.who) else { continue };
            label(letters, *size, cursor.position, mm_per_pixel, linear(cursor.who), &mut self.triangles);
        }
    }

    /// Asks for a name as triangles, unless that was done.
    fn ask_for(&mut self, who: ParticipantId, meeting: &TheMeeting, mesher: &Mesher) {
        let Some(person) = meeting.person(who) else { return };
        let text = person.name.as_str();
        if self.names.get(&who).is_some_and(|name| name.text == text) || !mesher.is_free() {
            return;
        }
        if self.names.len() >= NAMES {
            self.names.clear();
        }
        let work = Work::Name { who, text: text.to_owned() };
        let job = Job { sheet: SheetId::Above(0), generation: 0, paper: Paper { is_dark: true }, work };
        if mesher.ask(job).is_none() {
            self.names.insert(who, Name { text: text.to_owned(), letters: None });
        }
    }
}

/// Whether the tip of what one holds is to be seen.
fn shows_tip(easel: &Easel) -> bool {
    matches!(easel.tool(), Tool::Pen | Tool::Highlighter | Tool::Line | Tool::Arrow | Tool::Rectangle | Tool::Ellipse)
        && easel.hindrance().is_none()
        && !easel.is_busy()
}

/// The tip of a pen: its ink as wide as it will be, with a thin ring round it.
fn pen_tip(easel: &Easel, at: Vec2, mm_per_pixel: f32, out: &mut Triangles) {
    let style = easel.style();
    let paper = Paper { is_dark: easel.document().is_dark() };
    let ink = match easel.tool() {
        Tool::Highlighter => paper.highlighter(style.color),
        _ => paper.ink(style.color),
    };
    let radius_mm = (style.width_mm / 2.0).max(1.5 * mm_per_pixel);
    let ring = [0.5, 0.5, 0.5, 0.5];
    disc(at, radius_mm + 1.2 * mm_per_pixel, ring, out);
    disc(at, radius_mm, ink, out);
}

fn disc(at: Vec2, radius_mm: f32, color: [f32; 4], out: &mut Triangles) {
    const CORNERS: u16 = 20;
    let corner =
        |index: u16| at + Vec2::from_angle(std::f32::consts::TAU * f32::from(index) / f32::from(CORNERS)) * radius_mm;
    fan((0..CORNERS).map(corner), color, out);
}

/// A name on a rounded label beside a pointer.
fn label(letters: &Triangles, size: Vec2, tip: Vec2, mm_per_pixel: f32, color: [f32; 4], out: &mut Triangles) {
    let scale = LETTER_PX * mm_per_pixel;
    let corner = tip + LABEL_PX * mm_per_pixel;
    let pad = PAD_PX * mm_per_pixel;
    let (low, high) = (corner, corner + size * scale + 2.0 * pad);
    let radius = CORNER_PX * mm_per_pixel;
    let middles = [
        high - radius,
        Vec2::new(low.x + radius, high.y - radius),
        low + radius,
        Vec2::new(high.x - radius, low.y + radius),
    ];
    let corners = (0_u8..).zip(middles).flat_map(|(quarter, middle)| {
        (0_u8..=4).map(move |piece| {
            let angle = (f32::from(quarter) + f32::from(piece) / 4.0) * std::f32::consts::FRAC_PI_2;
            middle + Vec2::from_angle(angle) * radius
        })
    });
    fan(corners, color, out);
    let place = Affine2::from_scale_angle_translation(Vec2::splat(scale), 0.0, low + pad);
    let base = out.positions.len() as u32;
    out.positions.extend(letters.positions.iter().map(|at| place.transform_point2(Vec2::from(*at)).to_array()));
    out.colors.resize(out.positions.len(), [1.0; 4]);
    out.indices.extend(letters.indices.iter().map(|index| base + index));
}

/// A convex shape.
fn fan(corners: impl Iterator<Item = Vec2>, color: [f32; 4], out: &mut Triangles) {
    let base = out.positions.len() as u32;
    out.positions.extend(corners.map(|corner| corner.to_array()));
    out.colors.resize(out.positions.len(), color);
    let count = out.positions.len() as u32 - base;
    out.indices.extend((1..count.saturating_sub(1)).flat_map(|index| [base, base + index, base + index + 1]));
}
