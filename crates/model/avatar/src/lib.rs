//! How people look and move: their appearance, the playout of their poses, and a body from head and hands.
//!
//! Everything here is pure: callers say what time it is. All positions are in the room's space (metres, y up,
//! right-handed, −z forward).

mod appearance;
mod body;
mod palette;
mod playout;
mod proportions;

pub use appearance::{Appearance, HAIR_STYLES};
pub use body::{BodyInput, BodyMotion, BodyPart, BodyPose, HandShape, Joint, SeatedHips, Side, solve_body};
pub use palette::{HAIR_COLORS, SHOE_COLORS, SKIN_TONES, SrgbColor, TOP_COLORS, TROUSER_COLORS};
pub use playout::{PlayedPose, PlayoutClock, PosePlayout};
pub use proportions::{PROPORTIONS, Proportions};
