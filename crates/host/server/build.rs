//! Writes the list of the places in `assets/rooms`, so that every server carries them inside.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let rooms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/rooms");
    println!("cargo::rerun-if-changed={}", rooms.display());
    let mut list = String::from("&[\n");
    for folder in sorted(&rooms).into_iter().filter(|path| path.is_dir()) {
        writeln!(list, "    ({:?}, &[", name(&folder)).expect("a string grows");
        for file in sorted(&folder).into_iter().filter(|path| path.is_file()) {
            println!("cargo::rerun-if-changed={}", file.display());
            writeln!(list, "        ({:?}, include_bytes!({file:?})),", name(&file)).expect("a string grows");
        }
        list.push_str("    ]),\n");
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    fs::write(out.join("places.rs"), list).expect("the list of places cannot be written");
}

/// What a folder holds, hidden files aside, in a fixed order.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("file names are UTF-8")
}
