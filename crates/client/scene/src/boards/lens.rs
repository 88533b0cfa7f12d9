//! What of a board is seen from near, as sharp as the screen: a texture of its own that follows the eye.

use super::board::Boards;
use super::face::FaceMaterial;
use super::marks::Marks;
use super::paint::{Cut, Damage, PaintOrders, texture};
use super::target::{Target, looks};
use super::walls::{Wall, Walls, page_of};
use crate::body::MainCamera;
use crate::room::RenderQuality;
use atrium_board::{Bounds, PageId, View};
use atrium_protocol::BoardId;
use bevy::prelude::*;
use std::collections::HashMap;

/// Farther than this no texel of a wall is larger than a pixel.
const REACH_M: f32 = 4.0;
/// Rays that look for what is seen, in each direction.
const RAYS: u16 = 9;
/// How much more than is seen is painted, on each side, as a share.
const MARGIN: f32 = 0.18;
/// A lens is painted anew when it would be sharper by this factor.
const SHARPER: f32 = 1.5;
/// A texel of the lens is worth it when it is smaller than that of the wall by this factor.
const WORTH: f32 = 0.85;

/// The lens: there is one, at the board that is nearest.
#[derive(Resource, Default)]
pub(super) struct Lens {
    target: Option<Target>,
    texels: UVec2,
    /// Where it lies on which board, in millimetres of its face.
    place: Option<(BoardId, Bounds)>,
}

/// Texels of the lens: somewhat more than those of a usual window.
fn texels(quality: RenderQuality) -> UVec2 {
    match quality {
        RenderQuality::Low => UVec2::new(1_536, 864),
        RenderQuality::Medium => UVec2::new(2_560, 1_440),
        RenderQuality::High => UVec2::new(3_840, 2_160),
    }
}

impl Lens {
    /// Paints it if something changed on the page that it shows.
    pub(super) fn paint(
        &mut self,
        boards: &Boards,
        walls: &Walls,
        damages: &HashMap<(BoardId, PageId), Damage>,
        orders: &mut PaintOrders,
    ) {
        let (Some(target), Some((board, place))) = (&mut self.target, self.place) else { return };
        let Some((board, wall)) = boards.get(board).zip(walls.get(board)) else { return };
        let Some(easel) = &board.easel else { return };
        let view = easel.wall_view();
        let Some(sheet) = board.sheets.get(&view.page) else { return };
        let cut = Cut::of(page_bounds(place, wall, &view), self.texels);
        let nothing = Damage::Nothing;
        target.show(looks(sheet), cut, damages.get(&(board.id, view.page)).unwrap_or(&nothing), orders);
    }

    /// The target, to mark what is above the page of that board.
    pub(super) fn target_at(&mut self, board: BoardId) -> Option<&mut Target> {
        self.target.as_mut().filter(|_| self.place.is_some_and(|(at, _)| at == board))
    }
}

fn page_bounds(face: Bounds, wall: &Wall, view: &View) -> Bounds {
    Bounds { min: page_of(face.min, wall.size_mm(), view), max: page_of(face.max, wall.size_mm(), view) }
}

/// Moves the lens to where one looks.
pub(super) fn follow(
    camera: Option<Single<(&Camera, &Transform), With<MainCamera>>>,
    walls: Res<Walls>,
    quality: Res<RenderQuality>,
    boards: Res<Boards>,
    mut lens: ResMut<Lens>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<FaceMaterial>>,
    (mut orders, mut marks): (ResMut<PaintOrders>, ResMut<Marks>),
) {
    let Some(camera) = camera else { return };
    let (camera, room_from_camera) = *camera;
    let size = texels(*quality);
    let wish = if boards.open.is_some() { None } else { wish(camera, room_from_camera, &walls, size) };
    let keeps = match (lens.place, wish) {
        (None, None) => true,
        (Some((at, place)), Some(wish)) => {
            let sharper = place.size().max_element() / wish.place.size().max_element();
            at == wish.board && place.contains_all(&wish.seen) && sharper < SHARPER && lens.texels == size
        }
        _ => false,
    };
    if keeps {
        return;
    }
    if lens.texels != size || lens.target.is_none() {
        lens.target.take().into_iter().for_each(|target| target.forget(&mut orders));
        lens.target = Some(Target::new(images.add(texture(size, true))));
        lens.texels = size;
    }
    let before = lens.place.map(|(board, _)| board);
    lens.place = wish.map(|wish| (wish.board, wish.place));
    // What is above the page there is not on this texture yet.
    wish.into_iter().for_each(|wish| marks.touch(wish.board));
    for board in [before, lens.place.map(|(board, _)| board)].into_iter().flatten() {
        let Some(wall) = walls.get(board) else { continue };
        let Some(mut material) = materials.get_mut(&wall.material) else { continue };
        let here = lens.place.filter(|(at, _)| *at == board);
        material.extension.lens = here.and(lens.target.as_ref()).map(|target| target.image.clone());
        material.extension.place.lens = here.map_or(Vec4::ZERO, |(_, place)| {
            let (low, size) = (place.min / wall.size_mm(), place.size() / wall.size_mm());
            Vec4::new(low.x, low.y, size.x, size.y)
        });
    }
}

/// Where the lens should be.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Wish {
    board: BoardId,
    seen: Bounds,
    place: Bounds,
}

fn wish(camera: &Camera, room_from_camera: &Transform, walls: &Walls, texels: UVec2) -> Option<Wish> {
    let eye = room_from_camera.translation;
    let (distance_m, wall) = walls
        .walls
        .iter()
        .filter_map(|wall| Some((wall.distance_m(eye)?, wall)))
        .filter(|(distance_m, _)| *distance_m < REACH_M)
        .min_by(|a, b| a.0.total_cmp(&b.0))?;
    let viewport = camera.logical_viewport_size()?;
    let pixels = camera.physical_viewport_size()?;
    let here = GlobalTransform::from(*room_from_camera);
    let seen = seen(camera, &here, wall, viewport)?;
    let middle = camera.viewport_to_world(&here, viewport / 2.0).ok()?;
    let above = camera.viewport_to_world(&here, viewport * Vec2::new(0.5, 0.0)).ok()?;
    // At the nearest point a pixel is so large.
    let half = middle.direction.angle_between(*above.direction).tan();
    let mm_per_pixel = 2_000.0 * distance_m.max(0.1) * half / pixels.y.max(1) as f32;
    let mm_per_texel = wall.size_mm().x / wall.texels.x as f32;
    let all = Bounds { min: Vec2::ZERO, max: wall.size_mm() };
    let place = clamped(seen.grown(seen.size().max_element() * MARGIN), all);
    let sharp = (place.size() / texels.as_vec2()).max_element();
    let is_worth = mm_per_pixel < mm_per_texel && sharp < mm_per_texel * WORTH;
    is_worth.then_some(Wish { board: wall.id, seen, place })
}

/// What of a board is in the picture, in millimetres of its face.
fn seen(camera: &Camera, here: &GlobalTransform, wall: &Wall, viewport: Vec2) -> Option<Bounds> {
    let all = Bounds { min: Vec2::ZERO, max: wall.size_mm() };
    let mut seen = Bounds::NOTHING;
    for row in 0..RAYS {
        for column in 0..RAYS {
            let share = Vec2::new(f32::from(column), f32::from(row)) / f32::from(RAYS - 1);
            let Ok(ray) = camera.viewport_to_world(here, viewport * share) else { continue };
            if let Some((_, at)) = wall.meet(ray.origin, *ray.direction) {
                seen = seen.with(at);
            }
        }
    }
    if seen.is_empty() || !seen.overlaps(&all) {
        return None;
    }
    let seen = clamped(seen, all);
    (seen.size().min_element() > 1.0).then_some(seen)
}

fn clamped(part: Bounds, all: Bounds) -> Bounds {
    Bounds { min: part.min.clamp(all.min, all.max), max: part.max.clamp(all.min, all.max) }
}
