//! The places that rooms can be in: the built-in ones and folders of the host's own.

mod builtin;
mod folder;
mod library;
mod loaded;

pub use builtin::shipped_place;
pub(crate) use library::{DEFAULT_PLACE, PlaceLibrary};
pub(crate) use loaded::LoadedPlace;
