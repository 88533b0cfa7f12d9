//! Ink: points of a pen, small on the wire and in memory, smoothed and thinned, and the shapes that they are drawn as.

mod bits;
mod outline;
mod pack;
mod points;
mod ribbon;
mod smooth;
mod spine;
mod thin;
mod width;

pub(crate) use pack::{count_points, precision_of};
pub(crate) use smooth::distance_to_piece;
pub(crate) use width::{widest, width_at};

pub use outline::outline;
pub use pack::{pack, unpack};
pub use points::{Mark, Points};
pub use ribbon::{Ribbon, ribbon};
pub use smooth::{Smoother, Smoothing};
pub use width::widths;

use glam::Vec2;

/// Where a pen was and how hard it was pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// In millimetres.
    pub position: Vec2,
    /// From 0 to 1; 0.5 is a pen's usual, and a mouse's.
    pub pressure: f32,
}

impl Point {
    /// With usual pressure.
    pub fn at(position: Vec2) -> Self {
        Self { position, pressure: 0.5 }
    }
}

/// Why bytes are not packed points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InkError {
    /// They end too early.
    #[error("the points of a stroke end too early")]
    Truncated,
    /// Not written by [`pack`].
    #[error("these are not the points of a stroke")]
    Malformed,
    /// More than may come at once, or than a stroke may have.
    #[error("too many points for a stroke")]
    TooMany,
    /// A point lies outside of every page.
    #[error("a point of a stroke lies outside of the page")]
    OffPage,
}
