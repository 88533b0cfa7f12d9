use super::LoadedPlace;
use bytes::Bytes;

type Files = &'static [(&'static str, &'static [u8])];

/// The folders of `assets/rooms` with all their files, from when this was built.
const PLACES: &[(&str, Files)] = include!(concat!(env!("OUT_DIR"), "/places.rs"));

/// The places that every server has.
pub(super) fn places() -> impl Iterator<Item = (&'static str, Result<LoadedPlace, String>)> {
    PLACES.iter().map(|(name, files)| {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), Bytes::from_static(content)));
        (*name, LoadedPlace::new(files.collect()))
    })
}

/// The files of the place of that name that every server carries, by their paths in its folder.
pub fn shipped_place(name: &str) -> Option<&'static [(&'static str, &'static [u8])]> {
    PLACES.iter().find(|(shipped, _)| *shipped == name).map(|(_, files)| *files)
}
