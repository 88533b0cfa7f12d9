use std::collections::HashMap;

/// Where the values of a RON text stand, by their path, for instance `seats[3].position`.
///
/// Made for texts that RON accepted; of other texts it yields something, but never fails.
pub(crate) struct SourceMap<'a> {
    text: &'a str,
    offset_of_path: HashMap<String, usize>,
}

impl<'a> SourceMap<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut scan = Scan { text: text.as_bytes(), ..Scan::default() };
        scan.run();
        Self { text, offset_of_path: scan.offset_of_path }
    }

    /// Line and column, from 1, of the value at `path`; of its nearest parent where the text leaves it out.
    pub(crate) fn line_and_column(&self, path: &str) -> (usize, usize) {
        let mut path = path;
        loop {
            if let Some(offset) = self.offset_of_path.get(path) {
                return self.position(*offset);
            }
            match path.rfind(['.', '[']) {
                Some(parent_end) => path = &path[..parent_end],
                None => return self.position(self.offset_of_path.get("").copied().unwrap_or(0)),
            }
        }
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

/// A bracket that is open.
struct Bracket {
    path: String,
    index: usize,
    key: Option<String>,
}

#[derive(Default)]
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    open: Vec<Bracket>,
    awaits_value: bool,
    last_word: String,
    offset_of_path: HashMap<String, usize>,
}

impl Scan<'_> {
    fn run(&mut self) {
        self.awaits_value = true;
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                // `#![enable(…)]`
                b'#' => self.skip_until(b"]"),
                b'/' if self.peek(1) == Some(b'/') => self.skip_until(b"\n"),
                b'/' if self.peek(1) == Some(b'*') => self.skip_block_comment(),
                b'(' | b'[' | b'{' => self.enter(),
                b')' | b']' | b'}' => self.leave(),
                b',' => self.next_item(),
                b':' => self.take_key(),
                b'"' => self.skip_string(),
                b'\'' => self.skip_char(),
                b'r' | b'b' if self.raw_string_hashes().is_some() => self.skip_raw_string(),
                _ => self.word(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn path(&self) -> String {
        match self.open.last() {
            None => String::new(),
            Some(Bracket { path, key: Some(key), .. }) if path.is_empty() => key.clone(),
            Some(Bracket { path, key: Some(key), .. }) => format!("{path}.{key}"),
            Some(Bracket { path, index, key: None }) => format!("{path}[{index}]"),
        }
    }

    fn note_value(&mut self) {
        if std::mem::take(&mut self.awaits_value) {
            let path = self.path();
            self.offset_of_path.entry(path).or_insert(self.at);
        }
    }

    fn enter(&mut self) {
        self.note_value();
        self.open.push(Bracket { path: self.path(), index: 0, key: None });
        self.awaits_value = true;
        self.at += 1;
    }

    fn leave(&mut self) {
        self.open.pop();
        self.awaits_value = false;
        self.at += 1;
    }

    fn next_item(&mut self) {
        if let Some(bracket) = self.open.last_mut() {
            bracket.index += 1;
            bracket.key = None;
        }
        self.awaits_value = true;
        self.at += 1;
    }

    fn take_key(&mut self) {
        if let Some(bracket) = self.open.last_mut() {
            bracket.key = Some(std::mem::take(&mut self.last_word));
        }
        self.awaits_value = true;
        self.at += 1;
    }

    fn word(&mut self) {
        self.note_value();
        let start = self.at;
        let is_end = |byte: u8| byte.is_ascii_whitespace() || b"()[]{},:\"'/".contains(&byte);
        self.at += 1;
        while self.peek(0).is_some_and(|byte| !is_end(byte)) {
            self.at += 1;
        }
        self.last_word = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
    }

    fn skip_until(&mut self, end: &[u8]) {
        let rest = &self.text[self.at..];
        let found = rest.windows(end.len()).position(|window| window == end);
        self.at = found.map_or(self.text.len(), |offset| self.at + offset + end.len());
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        while let Some(byte) = self.peek(0) {
            let pair = (byte, self.peek(1));
            self.at += if matches!(pair, (b'/', Some(b'*')) | (b'*', Some(b'/'))) { 2 } else { 1 };
            match pair {
                (b'/', Some(b'*')) => depth += 1,
                (b'*', Some(b'/')) if depth == 1 => return,
                (b'*', Some(b'/')) => depth -= 1,
                _ => {}
            }
        }
    }

    fn skip_string(&mut self) {
        self.note_value();
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    fn skip_char(&mut self) {
        self.note_value();
        self.at += if self.peek(1) == Some(b'\\') { 3 } else { 2 };
        if self.at < self.text.len() {
            self.skip_until(b"'");
        }
    }

    /// Where the quote of a raw string stands, and its number of hashes, if one starts here.
    fn raw_string_hashes(&self) -> Option<(usize, usize)> {
        let prefix = if self.peek(0) == Some(b'b') { 2 } else { 1 };
        if self.peek(prefix - 1) != Some(b'r') {
            return None;
        }
        let hashes = self.text[self.at + prefix..].iter().take_while(|byte| **byte == b'#').count();
        (self.peek(prefix + hashes) == Some(b'"')).then_some((prefix + hashes, hashes))
    }

    fn skip_raw_string(&mut self) {
        self.note_value();
        let Some((quote, hashes)) = self.raw_string_hashes() else { return };
        self.at += quote + 1;
        let mut end = vec![b'"'];
        end.extend(std::iter::repeat_n(b'#', hashes));
        self.skip_until(&end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = r##"#![enable(implicit_some)]
// seats: [ not this one ]
Room(
    title: "a ( in \" a string", /* and [ in /* nested */ a comment */
    seats: [
        Seat(position: (1, 2, 3), name: Some("x")),
        (position:
            (4, 5, 6)),
    ],
    model: r#"raw " ) string"#,
    size: (1, 2),
)"##;

    #[test]
    fn values_are_found_by_their_path() {
        let map = SourceMap::new(TEXT);
        assert_eq!(map.line_and_column("title"), (4, 12));
        assert_eq!(map.line_and_column("seats"), (5, 12));
        assert_eq!(map.line_and_column("seats[0]"), (6, 9));
        assert_eq!(map.line_and_column("seats[0].name"), (6, 41));
        assert_eq!(map.line_and_column("seats[1].position"), (8, 13));
        assert_eq!(map.line_and_column("seats[1].position[2]"), (8, 20));
        assert_eq!(map.line_and_column("size"), (11, 11));
    }

    #[test]
    fn a_value_left_out_is_placed_at_its_parent() {
        let map = SourceMap::new(TEXT);
        assert_eq!(map.line_and_column("seats[1].yaw_degrees"), (7, 9));
        assert_eq!(map.line_and_column("nothing"), (3, 1));
    }

    proptest! {
        #[test]
        fn any_text_is_scanned(text in "[ -~\n\"'/*#r()\\[\\]{},:é\\\\]{0,200}", path in "[a-z\\[\\].0-9]{0,12}") {
            let (line, column) = SourceMap::new(&text).line_and_column(&path);
            prop_assert!(line >= 1 && line <= text.matches('\n').count() + 1 && column >= 1);
        }
    }
}
