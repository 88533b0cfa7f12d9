//! Writes the examples of boards into `docs/PROTOCOL.md`, after they have changed on purpose. A test fails until this was
//! done.

#[path = "../../protocol/tests/integration/samples/document.rs"]
#[allow(dead_code, clippy::unwrap_used)]
mod document;
#[path = "../tests/documented/samples.rs"]
#[allow(dead_code, clippy::unwrap_used)]
mod samples;

use std::fs;

fn main() -> std::io::Result<()> {
    let examples = samples::document_examples();
    let document = fs::read_to_string(document::path())?;
    let written = document::rewrite(&document, |name, content| match examples.get(name) {
        Some(example) => example.clone(),
        None => {
            if name.starts_with(document::OF_BOARDS) {
                println!("the document shows {name}, which the code does not know");
            }
            content.to_owned()
        }
    });
    fs::write(document::path(), written)
}
