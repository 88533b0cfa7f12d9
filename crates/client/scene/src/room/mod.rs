//! The place: its files become meshes and light.

mod dress;
mod load;
mod look;
mod mipmaps;
mod plain;
mod source;

pub use load::{CurrentPlace, RoomProgress, RoomShown};
pub use look::RenderQuality;
pub(crate) use mipmaps::{filtered, level_count, with_levels};
pub use source::{PLACE_SOURCE, place_source};

use bevy::prelude::*;

pub(crate) fn plugin(app: &mut App) {
    load::plugin(app);
    look::plugin(app);
}
