//! Finds and replaces the examples in `docs/PROTOCOL.md`: fenced blocks whose opening line ends with the
//! example's name, such as ```` ```text control_up.ping ````.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Examples whose names begin so are written and checked by `atrium-board`.
pub(crate) const OF_BOARDS: &str = "board.";

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../..")
}

pub(crate) fn path() -> PathBuf {
    root().join("docs/PROTOCOL.md")
}

/// The examples in the document, by name.
pub(crate) fn examples_in(document: &str) -> BTreeMap<String, String> {
    let mut examples = BTreeMap::new();
    rewrite(document, |name, content| {
        let before = examples.insert(name.to_owned(), content.to_owned());
        assert_eq!(before, None, "the example {name} stands twice in the document");
        content.to_owned()
    });
    examples
}

/// The document with each example replaced by what `content_of` makes of its name and content.
pub(crate) fn rewrite(document: &str, mut content_of: impl FnMut(&str, &str) -> String) -> String {
    let mut written = String::new();
    let mut lines = document.split_inclusive('\n');
    while let Some(line) = lines.next() {
        written.push_str(line);
        if let Some(name) = example_name(line) {
            let content: String = lines.by_ref().take_while(|line| line.trim_end() != "```").collect();
            written.push_str(&content_of(name, &content));
            written.push_str("```\n");
        }
    }
    written
}

fn example_name(line: &str) -> Option<&str> {
    let (language, name) = line.trim_end().strip_prefix("```")?.split_once(' ')?;
    (["text", "json"].contains(&language)).then_some(name)
}
