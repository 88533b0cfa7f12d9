use super::entry::Me;
use atrium_body::VERTICAL_FOV_DEGREES;
use atrium_protocol::{Placement, Pose};
use bevy::prelude::*;

/// Nearer than any wall comes to the camera.
const NEAR_M: f32 = 0.05;

/// The camera through which a person looks.
#[derive(Component)]
pub struct MainCamera;

/// One's own body as others see it, while one is in a place; drawn only where the camera is behind it.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub struct OwnBody {
    /// Head and hands: every part is there.
    pub pose: Pose,
    /// Feet and the body's yaw, or the seat.
    pub placement: Placement,
    /// Whether it is in the picture.
    pub is_third_person: bool,
}

pub(super) fn spawn(mut commands: Commands) {
    let projection = PerspectiveProjection { fov: VERTICAL_FOV_DEGREES.to_radians(), near: NEAR_M, ..default() };
    let transform = Transform::from_xyz(0.0, 1.65, 0.0);
    commands.spawn((Camera3d::default(), Projection::Perspective(projection), transform, MainCamera));
}

/// Puts the camera where the body has it, and says where the body is.
pub(super) fn follow(
    me: Option<Res<Me>>,
    camera: Option<Single<&mut Transform, With<MainCamera>>>,
    mut commands: Commands,
) {
    let Some(me) = me else {
        return commands.remove_resource::<OwnBody>();
    };
    let view = me.body.camera();
    if let Some(mut transform) = camera {
        (transform.translation, transform.rotation) = (view.position, view.rotation);
    }
    let (pose, placement) = (me.body.pose(), me.body.placement());
    commands.insert_resource(OwnBody { pose, placement, is_third_person: view.is_third_person });
}
