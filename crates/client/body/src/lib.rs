//! One's own body: walking, sitting, looking about, and the camera that goes with it.
//!
//! Nothing here knows an engine, a clock or a network: [`Body::step`] takes the seconds that passed and what the
//! keys and the mouse ask for, and says where the head, the hands and the camera are. The room has the last word:
//! what it says goes in by [`Body::place`].
//!
//! Metres, y up, right-handed; a yaw of 0 looks along −z and turns counter-clockwise as seen from above.

mod body;
mod camera_rig;
mod course;
mod crowd;
mod ease;
mod hands;
mod input;
mod obstacles;
mod pick;
mod stance;
#[cfg(test)]
mod test_places;
mod walk_grid;
mod walker;

pub use body::Body;
pub use camera_rig::{BOOM_MAX_M, CameraRig, CameraView, VERTICAL_FOV_DEGREES};
pub use hands::{Gestures, Hands};
pub use input::{BodyInput, Wish};
pub use obstacles::{Obstacles, SurfaceHit};
pub use pick::{Picked, pick};
pub use stance::STANDING_EYES_M;
pub use walk_grid::WalkGrid;
pub use walker::{BODY_HEIGHT_M, BODY_RADIUS_M, RUN_M_PER_SEC, WALK_M_PER_SEC, Walker};
