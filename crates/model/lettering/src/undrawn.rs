//! What shaping could not draw. Marks are not looked up by themselves: they go with the font of what they stand on, which
//! may lack them.

use crate::characters::needs_no_font;
use crate::clean::Clean;
use crate::outline::{GlyphKey, Outlines};
use cosmic_text::{FontSystem, LayoutGlyph, Weight};

/// Characters of which these letters show nothing.
pub(crate) fn undrawn(
    fonts: &mut FontSystem,
    outlines: &mut Outlines,
    clean: &Clean,
    glyphs: &[LayoutGlyph],
) -> Vec<char> {
    let mut undrawn = Vec::new();
    for glyph in glyphs {
        if is_drawn(fonts, outlines, GlyphKey { font: glyph.font_id, glyph: glyph.glyph_id }) {
            continue;
        }
        // A letter and its marks are one: which of them it is, the font knows.
        for character in clean.original(glyph.start..glyph.end).chars().filter(|it| !needs_no_font(*it)) {
            let key = GlyphKey { font: glyph.font_id, glyph: glyph_of(fonts, glyph.font_id, character) };
            if !is_drawn(fonts, outlines, key) {
                undrawn.push(character);
            }
        }
    }
    undrawn
}

/// 0 where the font has none.
fn glyph_of(fonts: &mut FontSystem, font: fontdb::ID, character: char) -> u16 {
    fonts.get_font(font, Weight::NORMAL).map_or(0, |font| font.as_swash().charmap().map(character))
}

fn is_drawn(fonts: &mut FontSystem, outlines: &mut Outlines, key: GlyphKey) -> bool {
    key.glyph != 0 && !outlines.of(fonts, key).is_empty()
}
