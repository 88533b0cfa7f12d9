//! Plates with names over heads: one mesh, one texture.

mod atlas;
mod crowding;
mod draw;
mod glyphs;
mod layout;
mod letters;
mod upload;

use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    upload::plugin(app);
    draw::plugin(app);
}
