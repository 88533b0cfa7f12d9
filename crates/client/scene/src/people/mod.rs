//! The other people: bodies that follow their poses, and plates with their names.

mod animate;
mod contact;
mod detail;
mod ground;
mod me;
mod parts;
mod person;
mod plain_parts;
mod plates;
mod poses;
mod quads;
mod roster;
mod speaking;
mod wardrobe;

pub use person::{HeadPosition, HeadPositions};
pub use speaking::Speaking;

use bevy::prelude::*;

/// Nothing slides, grows or fades: things are there or not.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Deref, DerefMut)]
pub struct ReducedMotion(pub bool);

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<ReducedMotion>();
    parts::plugin(app);
    wardrobe::plugin(app);
    speaking::plugin(app);
    roster::plugin(app);
    poses::plugin(app);
    detail::plugin(app);
    animate::plugin(app);
    contact::plugin(app);
    plates::plugin(app);
}
