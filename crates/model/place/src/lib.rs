//! A room as data: the types of `room.ron`, their checks, and the questions that a room asks of its place.
//!
//! Metres and degrees, y up, right-handed; a yaw of 0 looks along −z and turns counter-clockwise as seen from
//! above. Nothing here does IO: texts and file contents come in as arguments, and any input gives a [`Place`], a
//! [`PlaceManifest`], or sentences that say what to correct.

mod acoustics;
mod check;
mod file_path;
mod layout;
mod light;
mod manifest;
mod place;
mod problem;
mod solids;
mod source_map;

pub use acoustics::Acoustics;
pub use file_path::{FILE_PATH_CHARS, check_file_path};
pub use layout::{Bounds, Layout, Lightmap, Material, Seat, Shape, Solid, Spawn, Surface, Zone};
pub use light::{Environment, Light, Sun};
pub use manifest::{ManifestError, PlaceManifest, check_entries, verify};
pub use place::{PLACE_TEXT_BYTES, Place};
pub use problem::{PlaceProblem, PlaceProblems};
pub use solids::Collider;
