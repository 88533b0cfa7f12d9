//! A paragraph as it is shaped: without what cannot be drawn, each character with its font.

use crate::characters::{goes_with_the_one_before, needs_no_font};
use crate::faces::{Faces, Rank};
use cosmic_text::FontSystem;

/// A tab is this many spaces.
const TAB: &str = "    ";

/// Text to be shaped, and what became of the original.
#[derive(Default)]
pub(crate) struct Clean {
    pub(crate) text: String,
    /// Where each stretch of one font ends, and which font.
    pub(crate) stretches: Vec<(usize, Rank)>,
    /// Where a box stands in for a character that no font has.
    boxes: Vec<(usize, char)>,
}

impl Clean {
    pub(crate) fn new(fonts: &mut FontSystem, faces: &mut Faces, paragraph: &str) -> Self {
        let mut clean = Self::default();
        let mut rank = faces.first();
        let mut before = None;
        let mut rest = paragraph.chars().peekable();
        while let Some(character) = rest.next() {
            let after = rest.peek().copied();
            if character == '\t' {
                clean.push(TAB, rank);
            } else if character.is_control() {
                continue;
            } else if needs_no_font(character) || (before.is_some() && goes_with_the_one_before(character)) {
                clean.push(character.encode_utf8(&mut [0; 4]), rank);
                continue;
            } else if let Some(found) = faces.of(fonts, character, before, after) {
                rank = found;
                clean.push(character.encode_utf8(&mut [0; 4]), rank);
            } else {
                let (drawn, its_rank) = faces.a_box(fonts);
                clean.boxes.push((clean.text.len(), character));
                rank = its_rank;
                clean.push(drawn.encode_utf8(&mut [0; 4]), rank);
            }
            before = Some(character);
        }
        clean
    }

    fn push(&mut self, text: &str, rank: Rank) {
        self.text.push_str(text);
        match self.stretches.last_mut() {
            Some((end, last)) if *last == rank => *end = self.text.len(),
            _ => self.stretches.push((self.text.len(), rank)),
        }
    }

    /// The stretches of one font.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (&str, Rank)> {
        let starts = std::iter::once(0).chain(self.stretches.iter().map(|(end, _)| *end));
        starts.zip(&self.stretches).map(|(start, (end, rank))| (&self.text[start..*end], *rank))
    }

    /// What the original has where `range` is shaped.
    pub(crate) fn original(&self, range: std::ops::Range<usize>) -> String {
        let first = self.boxes.partition_point(|(at, _)| *at < range.start);
        let mut boxes = self.boxes.get(first..).unwrap_or_default().iter().peekable();
        let Some(shaped) = self.text.get(range.clone()) else { return String::new() };
        let original = shaped.char_indices().map(|(offset, character)| {
            match boxes.next_if(|(at, _)| *at == range.start + offset) {
                Some((_, original)) => *original,
                None => character,
            }
        });
        original.collect()
    }

    /// Characters that no font has.
    pub(crate) fn missing(&self) -> impl Iterator<Item = char> {
        self.boxes.iter().map(|(_, character)| *character)
    }
}
