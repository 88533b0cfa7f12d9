//! Copies the places in `assets/rooms` to where the compiler finds them, so that every server carries them inside.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// From this package, in which build scripts run: cargo remembers it as it stands here, wherever a clone lies.
const ROOMS: &str = "../../../assets/rooms";

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::Error::other("cargo does not say where to write"))?);
    println!("cargo::rerun-if-changed={ROOMS}");
    let mut list = String::from("&[\n");
    for folder in sorted(Path::new(ROOMS))?.into_iter().filter(|path| path.is_dir()) {
        let room = name(&folder)?;
        fs::create_dir_all(out.join("rooms").join(room))?;
        list.push_str(&format!("    ({room:?}, &[\n"));
        for file in sorted(&folder)?.into_iter().filter(|path| path.is_file()) {
            println!("cargo::rerun-if-changed={}", file.display());
            let file_name = name(&file)?;
            let copy = format!("rooms/{room}/{file_name}");
            fs::copy(&file, out.join(&copy))?;
            let content = format!("include_bytes!(concat!(env!(\"OUT_DIR\"), {:?}))", format!("/{copy}"));
            list.push_str(&format!("        ({file_name:?}, {content}),\n"));
        }
        list.push_str("    ]),\n");
    }
    list.push(']');
    fs::write(out.join("places.rs"), list)
}

/// What a folder holds, hidden files aside, in a fixed order.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| !name(path).is_ok_and(|name| name.starts_with('.')));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> io::Result<&str> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.ok_or_else(|| io::Error::other(format!("{} has no name in UTF-8: rename it", path.display())))
}
