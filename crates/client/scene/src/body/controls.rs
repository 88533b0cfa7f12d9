use atrium_body::BodyInput;
use bevy::prelude::*;

/// What keys and mouse ask for in this frame.
#[derive(Resource, Debug, Default)]
pub(super) struct Controls {
    pub(super) input: BodyInput,
    /// A point of the window, in logical pixels, that the mouse points at.
    pub(super) aim: Option<Vec2>,
    /// The mouse asks to go to what it points at.
    pub(super) is_clicked: bool,
}

pub(super) fn clear(mut controls: ResMut<Controls>) {
    *controls = Controls::default();
}
