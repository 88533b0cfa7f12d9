use super::camera::MainCamera;
use super::controls::Controls;
use super::entry::Me;
use crate::boards::{WallHit, Walls};
use crate::receive::TheMeeting;
use atrium_body::{Picked, pick};
use atrium_protocol::SeatId;
use bevy::prelude::*;

/// Boards are in reach of the pen from so far.
const BOARD_REACH_M: f32 = 6.5;
/// What hangs on the wall is before the wall by less.
const BEFORE_WALL_M: f32 = 0.06;

/// What the mouse points at.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub(crate) struct PointedAt {
    pub(super) picked: Option<Picked>,
    /// A board within reach; then nothing else is pointed at.
    pub(crate) board: Option<WallHit>,
}

/// Finds what the mouse points at; a click goes there.
pub(super) fn point(
    controls: Res<Controls>,
    camera: Option<Single<(&Camera, &GlobalTransform), With<MainCamera>>>,
    me: Option<ResMut<Me>>,
    meeting: Res<TheMeeting>,
    walls: Res<Walls>,
    mut pointed: ResMut<PointedAt>,
) {
    let (Some(camera), Some(mut me)) = (camera, me) else { return };
    let (camera, room_from_camera) = *camera;
    let ray = controls.aim.and_then(|aim| camera.viewport_to_world(room_from_camera, aim).ok());
    let ray = ray.map(|ray| (ray.origin, ray.direction.as_vec3()));
    let is_taken = |seat: SeatId| meeting.people().any(|person| person.seat == Some(seat));
    pointed.picked = ray.and_then(|ray| pick(&me.place, &me.obstacles, me.grid.as_deref(), is_taken, ray));
    pointed.board = ray.and_then(|ray| board_at(&walls, &me, pointed.picked, ray));
    if pointed.board.is_some() {
        pointed.picked = None;
    }
    match pointed.picked.filter(|_| controls.is_clicked) {
        Some(Picked::Floor(point)) => me.body.walk_to(point),
        Some(Picked::Seat(seat)) => me.body.walk_to_seat(seat),
        None => {}
    }
}

/// The board that a ray meets, when nothing is before it.
fn board_at(walls: &Walls, me: &Me, picked: Option<Picked>, (origin, direction): (Vec3, Vec3)) -> Option<WallHit> {
    let hit = walls.hit(origin, direction).filter(|hit| hit.distance_m < BOARD_REACH_M)?;
    let before_m = hit.distance_m - BEFORE_WALL_M;
    let is_hidden = match picked {
        Some(Picked::Seat(seat)) => me.place.seat(seat).is_some_and(|seat| seat.position.distance(origin) < before_m),
        _ => false,
    };
    let is_clear = me.obstacles.ray_hit(origin, direction, before_m).is_none();
    (is_clear && !is_hidden).then_some(hit)
}

pub(super) fn forget(mut pointed: ResMut<PointedAt>) {
    *pointed = PointedAt::default();
}
