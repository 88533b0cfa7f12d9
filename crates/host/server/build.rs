//! Copies the places in `assets/rooms` to where the compiler finds them, so that every server carries them inside.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// From this package, in which build scripts run: cargo remembers it as it stands here, wherever a clone lies.
const ROOMS: &str = "../../../assets/rooms";

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    println!("cargo::rerun-if-changed={ROOMS}");
    let mut list = String::from("&[\n");
    for folder in sorted(Path::new(ROOMS)).into_iter().filter(|path| path.is_dir()) {
        let room = name(&folder);
        fs::create_dir_all(out.join("rooms").join(room)).expect("a folder for copies");
        writeln!(list, "    ({room:?}, &[").expect("a string grows");
        for file in sorted(&folder).into_iter().filter(|path| path.is_file()) {
            println!("cargo::rerun-if-changed={}", file.display());
            let copy = format!("rooms/{room}/{}", name(&file));
            fs::copy(&file, out.join(&copy)).expect("a copy");
            let content = format!("include_bytes!(concat!(env!(\"OUT_DIR\"), {:?}))", format!("/{copy}"));
            writeln!(list, "        ({:?}, {content}),", name(&file)).expect("a string grows");
        }
        list.push_str("    ]),\n");
    }
    list.push(']');
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
