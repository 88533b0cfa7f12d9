//! Writes what the code says into `docs/PROTOCOL.md` and `fuzz/seeds`, after the wire has changed on
//! purpose. A test fails until this was done.

#[path = "../tests/integration/samples/mod.rs"]
#[allow(dead_code, unused_imports, clippy::unwrap_used)]
mod samples;

use samples::document;
use std::fs;

fn main() -> std::io::Result<()> {
    let examples = samples::document_examples();
    let document = fs::read_to_string(document::path())?;
    let written = document::rewrite(&document, |name, content| {
        examples.get(name).cloned().unwrap_or_else(|| {
            if !name.starts_with(document::OF_BOARDS) {
                println!("the document shows {name}, which the code does not know");
            }
            content.to_owned()
        })
    });
    fs::write(document::path(), written)?;
    for (target, name, bytes) in samples::fuzz_seeds() {
        let folder = document::root().join("fuzz/seeds").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
