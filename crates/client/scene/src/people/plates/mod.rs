//! Plates with names over heads: one mesh, one texture.

mod atlas;
mod crowding;
mod draw;
mod glyphs;
mod layout;
mod letters;

use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    draw::plugin(app);
}
