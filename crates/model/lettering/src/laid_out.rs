use crate::outline::GlyphKey;
use glam::Vec2;
use std::sync::Arc;

/// How lines stand in their box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// Where reading begins: left, or right for Arabic and Hebrew.
    #[default]
    Start,
    /// In the middle.
    Middle,
    /// Where reading ends.
    End,
}

/// Text in lines, with a place for every letter. The origin is the upper left corner of its box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaidOut {
    /// Of the box: as wide as the wrapping says, else as the longest line.
    pub size: Vec2,
    /// Height of the letters (their em); smaller than asked for where a note shrank them.
    pub letter_mm: f32,
    /// From top to bottom; at least one, which may be empty.
    pub lines: Vec<Line>,
    /// Characters that no font has, each once.
    pub missing: Vec<char>,
    pub(crate) glyphs: Vec<Glyph>,
}

/// A line of a [`LaidOut`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What is written in it, in the order of reading, without white space at its end.
    pub text: String,
    /// Where its first ink may begin, from the left of the box.
    pub x_mm: f32,
    /// What the letters stand on, from the top of the box.
    pub baseline_mm: f32,
    /// From the first letter to the last.
    pub width_mm: f32,
    /// Reads from right to left.
    pub is_rtl: bool,
    /// Its parts from left to right.
    pub runs: Vec<Run>,
}

/// Letters of a line that stand side by side, have one font and read in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What is written in it, in the order of reading.
    pub text: String,
    /// The font's family.
    pub family: Arc<str>,
    /// Where it begins on the left, from the left of the box.
    pub x_mm: f32,
    /// How far its letters carry.
    pub width_mm: f32,
    /// Reads from right to left.
    pub is_rtl: bool,
}

/// A letter's shape and where its origin on the baseline lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) key: GlyphKey,
    pub(crate) origin: Vec2,
    /// Which of the lines it belongs to.
    pub(crate) line: usize,
}

impl LaidOut {
    /// Height of the lines together; less than the box's where a note has room left.
    pub fn lines_mm(&self) -> f32 {
        self.lines.len() as f32 * self.letter_mm * crate::LINE_EM
    }

    /// Remembers what no font has.
    pub(crate) fn miss(&mut self, characters: impl IntoIterator<Item = char>) {
        for character in characters {
            if !self.missing.contains(&character) {
                self.missing.push(character);
            }
        }
    }

    /// Moves everything but the box.
    pub(crate) fn shift(&mut self, by: Vec2) {
        for line in &mut self.lines {
            line.x_mm += by.x;
            line.baseline_mm += by.y;
            for run in &mut line.runs {
                run.x_mm += by.x;
            }
        }
        for glyph in &mut self.glyphs {
            glyph.origin += by;
        }
    }
}
