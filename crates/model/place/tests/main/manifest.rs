//! A place's files: listed, limited, and recognised again.

use atrium_place::{ManifestError, Place, PlaceManifest, check_entries, check_file_path, verify};
use atrium_protocol::{ContentHash, FileEntry, limits};

#[test]
fn files_are_listed_by_path_and_recognised_by_content() {
    let manifest = PlaceManifest::new([("room.ron", &b"Room()"[..]), ("looks/room.glb", b"glTF"), ("empty", b"")]);
    let manifest = manifest.unwrap();
    let paths: Vec<&str> = manifest.entries().iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["empty", "looks/room.glb", "room.ron"]);
    assert_eq!(manifest.total_bytes(), 10);
    let entry = &manifest.entries()[1];
    assert_eq!(entry.hash, ContentHash::of(b"glTF"));
    assert_eq!(verify(entry, b"glTF"), Ok(()));
    assert!(matches!(verify(entry, b"glTF2"), Err(ManifestError::WrongSize { got: 5, expected: 4, .. })));
    assert!(matches!(verify(entry, b"GLTF"), Err(ManifestError::WrongContent { .. })));
    assert_eq!(check_entries(&manifest.into_entries()), Ok(()));
}

#[test]
fn files_that_a_room_names_must_be_there() {
    let text = r#"Room(title: "T", bounds: (min: (-5, 0, -5), max: (5, 3, 5)),
        spawns: [(position: (0, 0, 0), yaw_degrees: 0)],
        model: "room.glb", lightmaps: [(mesh: "floor", image: "light/floor.ktx2")])"#;
    let place = Place::parse(text).unwrap();
    let manifest = PlaceManifest::new([("room.glb", &b"x"[..])]).unwrap();
    assert_eq!(manifest.missing(place.layout()), ["light/floor.ktx2"]);
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    let long = "a".repeat(201);
    let bad = [
        "",
        "/etc/passwd",
        "..",
        "../x",
        "a/../x",
        "a/./x",
        "a//x",
        "a/",
        "C:/x",
        "a\\x",
        "..\\x",
        "a\0",
        "a\nb",
        "a*",
        "con",
        "a/NUL.txt",
        "lpt1",
        "end.",
        "end ",
        " start",
        "a/ b",
        &long,
        "~root?",
        "a\u{202e}b",
    ];
    for path in bad {
        assert!(check_file_path(path).is_err(), "{path:?}");
        assert!(matches!(PlaceManifest::new([(path, &b"x"[..])]), Err(ManifestError::BadPath(_))), "{path:?}");
    }
    for path in ["room.ron", "a/b/c.glb", "Käfer (2).png", "..hidden..x", ".hidden", "com10", "会议室.ron"] {
        assert_eq!(check_file_path(path), Ok(()), "{path:?}");
    }
    assert_eq!(check_file_path(&"é".repeat(200)), Ok(()));
}

#[test]
fn too_many_too_large_and_double_files_are_refused() {
    let names: Vec<String> = (0..=limits::ROOM_FILES).map(|n| format!("f{n}")).collect();
    let files = |count: usize| names[..count].iter().map(|name| (name.as_str(), &b"x"[..]));
    assert!(PlaceManifest::new(files(limits::ROOM_FILES)).is_ok());
    assert_eq!(PlaceManifest::new(files(limits::ROOM_FILES + 1)), Err(ManifestError::TooManyFiles));
    let large = vec![0; limits::ROOM_BYTES as usize];
    assert!(PlaceManifest::new([("a", &large[..])]).is_ok());
    assert_eq!(PlaceManifest::new([("a", &large[..]), ("b", b"x")]), Err(ManifestError::TooLarge));
    let double = PlaceManifest::new([("a/B", &b"x"[..]), ("A/b", b"y")]);
    assert_eq!(double, Err(ManifestError::DuplicatePath("A/b".into())));
    let entry = |size| FileEntry { path: format!("f{size}"), hash: ContentHash([0; 32]), size };
    assert_eq!(check_entries(&[entry(u64::MAX), entry(7)]), Err(ManifestError::TooLarge));
}
