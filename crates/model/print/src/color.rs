//! Colours of paper and ink.

use atrium_board::Color;

/// Paper of a light board, sRGB.
const LIGHT: [u8; 3] = [0xfb, 0xfa, 0xf7];
/// Paper of a dark board, sRGB.
const DARK: [u8; 3] = [0x23, 0x26, 0x2a];
/// Letters on a note, whose paper is pale on every board.
pub(crate) const ON_NOTE: [u8; 3] = [0x2e, 0x31, 0x36];

/// The paper that everything lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paper {
    pub(crate) is_dark: bool,
}

impl Paper {
    /// Its own colour.
    pub(crate) fn color(self) -> [u8; 3] {
        if self.is_dark { DARK } else { LIGHT }
    }

    /// How the highlighter of a colour looks on it.
    pub(crate) fn highlighter(self, color: Color) -> [u8; 3] {
        if self.is_dark { color.on_dark() } else { color.highlighter() }
    }

    /// How ink of a colour looks on it.
    pub(crate) fn ink(self, color: Color) -> [u8; 3] {
        if self.is_dark { color.on_dark() } else { color.on_light() }
    }
}

/// As SVG has it.
pub(crate) fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
