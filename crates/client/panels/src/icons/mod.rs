//! Icons and reactions, drawn as shapes: no font has to have them.

mod board;
mod icon;
mod pen;
mod reaction;

pub use icon::Icon;
pub use reaction::Reaction;
