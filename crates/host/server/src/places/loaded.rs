use atrium_place::{Place, PlaceManifest};
use atrium_protocol::{ContentHash, FileEntry};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::Arc;

/// The file that describes a place.
const ROOM_FILE: &str = "room.ron";

/// A checked place and the bytes of its files.
#[derive(Debug)]
pub(crate) struct LoadedPlace {
    /// What the place is.
    pub(crate) place: Arc<Place>,
    /// Its files, `room.ron` among them.
    pub(crate) files: Vec<FileEntry>,
    contents: HashMap<ContentHash, Bytes>,
}

impl LoadedPlace {
    /// Checks files: path relative to the place's folder, with `/`, and content.
    ///
    /// # Errors
    /// A sentence that names the file, and the line where there is one.
    pub(super) fn new(files: Vec<(String, Bytes)>) -> Result<Self, String> {
        let manifest = PlaceManifest::new(files.iter().map(|(path, content)| (path.as_str(), content.as_ref())))
            .map_err(|error| error.to_string())?;
        let (_, text) = files
            .iter()
            .find(|(path, _)| path == ROOM_FILE)
            .ok_or_else(|| format!("{ROOM_FILE} is missing: every place needs one"))?;
        let text = std::str::from_utf8(text).map_err(|_| format!("{ROOM_FILE} is not UTF-8: save it as UTF-8"))?;
        let place = Place::parse(text).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(|problem| format!("{ROOM_FILE}: {problem}")).collect();
            lines.join("\n")
        })?;
        let missing = manifest.missing(place.layout());
        if !missing.is_empty() {
            return Err(format!("{ROOM_FILE} names files that are not there: {}", missing.join(", ")));
        }
        let contents = files.into_iter().map(|(_, content)| (ContentHash::of(&content), content)).collect();
        Ok(Self { place: Arc::new(place), files: manifest.into_entries(), contents })
    }

    /// A file, with its content.
    pub(crate) fn file(&self, hash: ContentHash) -> Option<(&FileEntry, Bytes)> {
        let entry = self.files.iter().find(|entry| entry.hash == hash)?;
        Some((entry, self.contents.get(&hash)?.clone()))
    }
}
