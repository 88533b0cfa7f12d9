use super::camera::MainCamera;
use super::controls::Controls;
use super::entry::Me;
use crate::receive::TheMeeting;
use atrium_body::{Picked, pick};
use atrium_protocol::SeatId;
use bevy::prelude::*;

/// What the mouse points at.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub(super) struct PointedAt(pub(super) Option<Picked>);

/// Finds what the mouse points at; a click goes there.
pub(super) fn point(
    controls: Res<Controls>,
    camera: Option<Single<(&Camera, &GlobalTransform), With<MainCamera>>>,
    me: Option<ResMut<Me>>,
    meeting: Res<TheMeeting>,
    mut pointed: ResMut<PointedAt>,
) {
    let (Some(camera), Some(mut me)) = (camera, me) else { return };
    let (camera, room_from_camera) = *camera;
    let ray = controls.aim.and_then(|aim| camera.viewport_to_world(room_from_camera, aim).ok());
    let is_taken = |seat: SeatId| meeting.people().any(|person| person.seat == Some(seat));
    pointed.0 = ray.and_then(|ray| {
        pick(&me.place, &me.obstacles, me.grid.as_deref(), is_taken, (ray.origin, ray.direction.as_vec3()))
    });
    match pointed.0.filter(|_| controls.is_clicked) {
        Some(Picked::Floor(point)) => me.body.walk_to(point),
        Some(Picked::Seat(seat)) => me.body.walk_to_seat(seat),
        None => {}
    }
}

pub(super) fn forget(mut pointed: ResMut<PointedAt>) {
    pointed.0 = None;
}
