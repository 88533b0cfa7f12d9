use super::{LoadedPlace, builtin, folder};
use atrium_protocol::RoomId;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

/// The place of rooms whose name is not that of a place.
pub(crate) const DEFAULT_PLACE: &str = "boardroom";

/// All places of a server, by name.
#[derive(Debug, Default)]
pub(crate) struct PlaceLibrary {
    places: BTreeMap<String, Arc<LoadedPlace>>,
}

impl PlaceLibrary {
    /// Loads the built-in places, then every folder in `dirs`; a later one replaces an earlier one of its name.
    /// A place with a mistake is left out, and the sentences about it come back.
    pub(crate) fn load<'a>(dirs: impl IntoIterator<Item = &'a Path>) -> (Self, Vec<String>) {
        let mut library = Self::default();
        let mut problems = Vec::new();
        for (name, place) in builtin::places() {
            match place {
                Ok(place) => drop(library.places.insert(name.to_owned(), Arc::new(place))),
                Err(problem) => problems.push(format!("built-in place {name}: {problem}")),
            }
        }
        for dir in dirs {
            library.load_dir(dir, &mut problems);
        }
        (library, problems)
    }

    /// A place.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<LoadedPlace>> {
        self.places.get(name).cloned()
    }

    /// Their names, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    fn load_dir(&mut self, dir: &Path, problems: &mut Vec<String>) {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(error) => return problems.push(format!("cannot read the places in {}: {error}", dir.display())),
        };
        let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        for path in folders {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with('.') {
                continue;
            }
            match load_folder(&path, name) {
                Ok(place) => drop(self.places.insert(name.to_owned(), Arc::new(place))),
                Err(problem) => problems.push(problem),
            }
        }
    }
}

fn load_folder(path: &Path, name: &str) -> Result<LoadedPlace, String> {
    let in_folder = |problem: String| {
        let lines: Vec<String> = problem.lines().map(|line| format!("{}: {line}", path.display())).collect();
        lines.join("\n")
    };
    let is_room_name = RoomId::parse(name).is_ok_and(|room| room.as_str() == name);
    if !is_room_name {
        return Err(in_folder("a place's folder is named with letters a-z, digits, '-' or '_': rename it".into()));
    }
    folder::read_files(path).and_then(LoadedPlace::new).map_err(in_folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::ContentHash;

    const PLAIN_ROOM: &str = r#"Room(
    title: "Plain",
    bounds: (min: (-5, 0, -5), max: (5, 3, 5)),
    spawns: [(position: (0, 0, 2), yaw_degrees: 0)],
)"#;

    #[test]
    fn every_server_has_the_shipped_places() {
        let (library, problems) = PlaceLibrary::load([]);
        assert!(problems.is_empty(), "{problems:?}");
        assert!(library.get(DEFAULT_PLACE).is_some());
    }

    #[test]
    fn folders_join_the_built_in_places_and_broken_ones_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, content: &[u8]| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        write("garden/room.ron", PLAIN_ROOM.as_bytes());
        write("garden/textures/grass.png", b"not really grass");
        write("garden/.notes", b"hidden");
        write("broken/room.ron", b"(\n  name: oops\n)");
        write("Bad Name/room.ron", PLAIN_ROOM.as_bytes());
        write("empty/readme.md", b"nothing");
        let (library, problems) = PlaceLibrary::load([dir.path()]);
        let (shipped, _) = PlaceLibrary::load([]);
        let added: Vec<&str> = library.names().filter(|name| shipped.get(name).is_none()).collect();
        assert_eq!(added, ["garden"]);
        let garden = library.get("garden").unwrap();
        let paths: Vec<&str> = garden.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["room.ron", "textures/grass.png"]);
        let (entry, content) = garden.file(ContentHash::of(b"not really grass")).unwrap();
        assert_eq!((entry.path.as_str(), content.as_ref()), ("textures/grass.png", &b"not really grass"[..]));
        assert!(garden.file(ContentHash::of(b"something else")).is_none());

        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("Bad Name") && problems[0].contains("rename"), "{}", problems[0]);
        assert!(problems[1].contains("broken: room.ron: line 2"), "{}", problems[1]);
        assert!(problems[2].contains("empty: room.ron is missing"), "{}", problems[2]);
    }

    #[test]
    fn links_and_too_many_files_stay_out() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("linked");
        fs::create_dir(&place).unwrap();
        fs::write(place.join("room.ron"), PLAIN_ROOM).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", place.join("passwd")).unwrap();
        let (library, problems) = PlaceLibrary::load([dir.path()]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(library.get("linked").unwrap().files.len(), 1);
        for i in 0..atrium_protocol::limits::ROOM_FILES {
            fs::write(place.join(format!("{i}.bin")), [0]).unwrap();
        }
        let (_, problems) = PlaceLibrary::load([dir.path()]);
        assert!(problems[0].contains("at most 256 files"), "{problems:?}");
    }
}
