use super::LoadedPlace;
use bytes::Bytes;

macro_rules! place_files {
    ($folder:literal: $($file:literal),+ $(,)?) => {
        &[$(($file, include_bytes!(concat!("../../../../../assets/rooms/", $folder, "/", $file)) as &[u8])),+]
    };
}

type Files = &'static [(&'static str, &'static [u8])];

const PLACES: &[(&str, Files)] = &[("boardroom", place_files!("boardroom": "room.ron"))];

/// The places that every server has.
pub(super) fn places() -> impl Iterator<Item = (&'static str, Result<LoadedPlace, String>)> {
    PLACES.iter().map(|(name, files)| {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), Bytes::from_static(content)));
        (*name, LoadedPlace::new(files.collect()))
    })
}
