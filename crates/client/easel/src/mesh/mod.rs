//! Triangles of what is on a board, and of what is around it while somebody works.
//!
//! [`Painter`] makes the triangles of one thing; [`LiveInk`] keeps those of strokes in the making and remakes only what
//! changed. Positions are millimetres of the page, colours linear
//! with straight alpha; what comes later lies above what comes before.

mod cursors;
mod dashes;
mod glyphs;
mod live_ink;
mod note;
mod overlay;
mod painter;
mod paper;
mod triangles;

pub use live_ink::{LiveInk, LiveMesh};
pub use overlay::{OverlayLook, lifted, overlay, typed};
pub use painter::{Painter, Picture};
pub use paper::Paper;
pub use triangles::Triangles;
