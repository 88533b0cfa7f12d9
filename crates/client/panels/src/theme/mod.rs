//! How panels look: colours, sizes, motion.

mod palette;
mod style;

pub use palette::{DARK, LIGHT, Palette, contrast};
pub use style::{GRID, MOTION_SECS, RADIUS, TOUCH, Type, apply, is_dark};
