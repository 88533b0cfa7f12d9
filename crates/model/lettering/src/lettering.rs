use crate::faces::{Faces, prefer_sans_serif};
use crate::memory::Memory;
use crate::outline::Outlines;
use crate::shape::{Means, Wish, guess, shape};
use crate::{Align, GlyphOutline, LaidOut, note};
use cosmic_text::FontSystem;
use fontdb::Database;
use glam::Vec2;
use std::sync::Arc;

/// Characters that Chinese and Japanese share are drawn the Chinese way.
const LOCALE: &str = "zh-CN";
/// Laid-out texts that are kept.
const TEXTS: usize = 1_024;
/// Longer texts are cut here; the board's own limit is lower.
const TEXT_BYTES: usize = 16_384;
/// Heights of letters that make sense, in millimetres.
const LETTERS_MM: std::ops::RangeInclusive<f32> = 1e-3..=1e5;

/// Lays out text with the fonts of a database.
pub struct Lettering {
    fonts: FontSystem,
    faces: Faces,
    is_any_readable: bool,
    outlines: Outlines,
    texts: Memory<TextKey, Arc<LaidOut>>,
}

/// What a layout depends on; numbers by their bits.
#[derive(PartialEq, Eq, Hash)]
struct TextKey {
    text: String,
    letter: u32,
    kind: Kind,
}

#[derive(PartialEq, Eq, Hash)]
enum Kind {
    Text { wrap: Option<u32>, align: Align },
    Note { size: [u32; 2] },
}

impl std::fmt::Debug for Lettering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lettering").field("fonts", &self.fonts.db().len()).finish_non_exhaustive()
    }
}

impl Lettering {
    /// Uses these fonts. Files that the database names are read when a letter of theirs is needed.
    pub fn new(mut fonts: Database) -> Self {
        prefer_sans_serif(&mut fonts);
        let faces = Faces::new(&fonts);
        let mut fonts = FontSystem::new_with_locale_and_db(LOCALE.to_owned(), fonts);
        let is_any_readable = faces.is_any_readable(&mut fonts);
        Self { fonts, faces, is_any_readable, outlines: Outlines::new(), texts: Memory::new(TEXTS) }
    }

    /// The fonts.
    pub fn fonts(&self) -> &Database {
        self.fonts.db()
    }

    /// Lays out text that stands by itself, lines at their beginning: see [`Self::lay_out_aligned`].
    pub fn lay_out(&mut self, text: &str, letter_mm: f32, wrap_mm: Option<f32>) -> Arc<LaidOut> {
        self.lay_out_aligned(text, letter_mm, wrap_mm, Align::Start)
    }

    /// Lays out text that stands by itself. A line ends where the text says so, and before `wrap_mm` at a space, a hyphen
    /// or between Chinese characters; a word that is longer than a line is cut.
    pub fn lay_out_aligned(&mut self, text: &str, letter_mm: f32, wrap_mm: Option<f32>, align: Align) -> Arc<LaidOut> {
        let letter_mm = possible_letter_mm(letter_mm);
        let wrap_mm = wrap_mm.filter(|wrap_mm| wrap_mm.is_finite() && *wrap_mm > 0.0);
        let kind = Kind::Text { wrap: wrap_mm.map(f32::to_bits), align };
        self.remembered(text, letter_mm, kind, |this, text| {
            this.shape(text, Wish { letter_mm, wrap_mm, align, cuts_words: true })
        })
    }

    /// Lays out text in the middle of a note that is `size` large. Letters are `letter_mm` high, or as much smaller as it
    /// takes. The box is the whole note.
    pub fn lay_out_note(&mut self, text: &str, letter_mm: f32, size: Vec2) -> Arc<LaidOut> {
        let letter_mm = possible_letter_mm(letter_mm);
        let size = if size.is_finite() { size.abs() } else { Vec2::ZERO };
        let kind = Kind::Note { size: size.to_array().map(f32::to_bits) };
        self.remembered(text, letter_mm, kind, |this, text| {
            note::lay_out(letter_mm, size, |wish| this.shape(text, wish))
        })
    }

    /// Hands `sink` the outline of every letter that is not blank.
    pub fn outlines(&mut self, laid_out: &LaidOut, sink: &mut dyn FnMut(GlyphOutline<'_>)) {
        for glyph in &laid_out.glyphs {
            let commands = self.outlines.of(&mut self.fonts, glyph.key);
            let (key, origin, letter_mm) = (glyph.key, glyph.origin, laid_out.letter_mm);
            sink(GlyphOutline { key, commands: &commands, origin, letter_mm });
        }
    }

    fn shape(&mut self, text: &str, wish: Wish) -> LaidOut {
        if !self.is_any_readable {
            return guess(text, wish);
        }
        shape(Means { fonts: &mut self.fonts, faces: &mut self.faces, outlines: &mut self.outlines }, text, wish)
    }

    fn remembered(
        &mut self,
        text: &str,
        letter_mm: f32,
        kind: Kind,
        make: impl FnOnce(&mut Self, &str) -> LaidOut,
    ) -> Arc<LaidOut> {
        let text = text.get(..text.floor_char_boundary(TEXT_BYTES)).unwrap_or_default();
        let key = TextKey { text: text.to_owned(), letter: letter_mm.to_bits(), kind };
        if let Some(laid_out) = self.texts.get(&key) {
            return laid_out;
        }
        let laid_out = Arc::new(make(self, text));
        self.texts.put(key, Arc::clone(&laid_out));
        laid_out
    }
}

fn possible_letter_mm(letter_mm: f32) -> f32 {
    if letter_mm.is_finite() { letter_mm.clamp(*LETTERS_MM.start(), *LETTERS_MM.end()) } else { 1.0 }
}
