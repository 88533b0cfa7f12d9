use crate::boards::WallHit;
use atrium_body::BodyInput;
use bevy::prelude::*;

/// What keys and mouse ask for in this frame.
#[derive(Resource, Debug, Default)]
pub(crate) struct Controls {
    pub(super) input: BodyInput,
    /// A point of the window, in logical pixels, that the mouse points at.
    pub(crate) aim: Option<Vec2>,
    /// The mouse asks to go to what it points at.
    pub(super) is_clicked: bool,
    /// The mouse was clicked on a board.
    pub(crate) clicked_board: Option<WallHit>,
    /// The mouse went down on a board and moves there with its button held: where it went down.
    pub(crate) pen: Option<WallHit>,
}

pub(super) fn clear(mut controls: ResMut<Controls>) {
    *controls = Controls::default();
}
