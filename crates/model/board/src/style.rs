use crate::limits::{LETTER_MM_MAX, LETTER_MM_MIN, WIDTH_MM_MAX, WIDTH_MM_MIN};
use serde::{Deserialize, Serialize};

/// The colours of pens, letters and notes. How each looks on a light and on a dark board is [`Color::on_light`] and
/// [`Color::on_dark`]; they stay apart for colour-blind people on both (after Okabe and Ito, 2008).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// Nearly black; nearly white on a dark board.
    #[default]
    Graphite,
    /// Blue.
    Blue,
    /// Light blue.
    Sky,
    /// Bluish green.
    Green,
    /// Yellow.
    Yellow,
    /// Orange.
    Orange,
    /// Vermilion.
    Red,
    /// Reddish purple.
    Purple,
    /// A colour of a newer protocol: drawn as graphite.
    #[serde(other)]
    Unknown,
}

impl Color {
    /// The eight colours, in the order of the palette.
    pub const ALL: [Self; 8] =
        [Self::Graphite, Self::Blue, Self::Sky, Self::Green, Self::Yellow, Self::Orange, Self::Red, Self::Purple];

    /// The highlighter on a light board, which it darkens as a filter does: between one and two coats of the paper of a
    /// note, so that it glows and dark ink below it stays as it is. sRGB.
    pub fn highlighter(self) -> [u8; 3] {
        self.paper().map(|byte| (u32::from(byte) * (255 + u32::from(byte)) / 510) as u8)
    }

    /// Ink on a light board, sRGB.
    pub fn on_light(self) -> [u8; 3] {
        match self {
            Self::Graphite | Self::Unknown => [0x2e, 0x31, 0x36],
            Self::Blue => [0x00, 0x5c, 0xa8],
            Self::Sky => [0x3b, 0x9f, 0xd6],
            Self::Green => [0x00, 0x7f, 0x5f],
            Self::Yellow => [0xd9, 0xa4, 0x00],
            Self::Orange => [0xd9, 0x76, 0x06],
            Self::Red => [0xc4, 0x3d, 0x1a],
            Self::Purple => [0xa8, 0x4a, 0x86],
        }
    }

    /// Ink on a dark board, sRGB.
    pub fn on_dark(self) -> [u8; 3] {
        match self {
            Self::Graphite | Self::Unknown => [0xf1, 0xee, 0xe8],
            Self::Blue => [0x5a, 0x9b, 0xe6],
            Self::Sky => [0x8f, 0xd3, 0xf4],
            Self::Green => [0x3f, 0xc3, 0x9a],
            Self::Yellow => [0xf5, 0xd8, 0x4a],
            Self::Orange => [0xf5, 0xa6, 0x3c],
            Self::Red => [0xf2, 0x6d, 0x4c],
            Self::Purple => [0xdd, 0x8f, 0xc0],
        }
    }

    /// Paper of sticky notes and tinted fills, sRGB.
    pub fn paper(self) -> [u8; 3] {
        match self {
            Self::Graphite | Self::Unknown => [0xe6, 0xe4, 0xdf],
            Self::Blue => [0xbf, 0xd6, 0xee],
            Self::Sky => [0xcf, 0xea, 0xf7],
            Self::Green => [0xc4, 0xe6, 0xd6],
            Self::Yellow => [0xfb, 0xe9, 0xa0],
            Self::Orange => [0xfb, 0xd9, 0xae],
            Self::Red => [0xf6, 0xc6, 0xb8],
            Self::Purple => [0xec, 0xcd, 0xe2],
        }
    }
}

/// What closed shapes are filled with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// Nothing.
    #[default]
    None,
    /// The pale paper of the colour.
    Tint,
    /// The colour itself.
    Solid,
}

/// How lines are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dash {
    /// Without a gap.
    #[default]
    Solid,
    /// In pieces of four widths.
    Dashed,
    /// In dots of a width.
    Dotted,
}

/// Most pieces of a line with gaps: in longer lines they are longer, so that no line costs too much to draw.
const DASHES: f32 = 1_000.0;

impl Dash {
    /// How long a piece and the gap after it are, in a line that is `whole_mm` long; `None`: it has no gaps.
    ///
    /// Lengths are of the middle of the line: round ends make pieces a width longer and gaps a width shorter.
    pub fn lengths_mm(self, whole_mm: f32, width_mm: f32) -> Option<[f32; 2]> {
        let [piece, gap] = match self {
            Self::Solid => return None,
            Self::Dashed => [3.0, 3.0],
            // Some renderers leave out what has no length at all.
            Self::Dotted => [0.02, 1.98],
        };
        let scale_mm = width_mm.max(whole_mm / ((piece + gap) * DASHES));
        Some([piece * scale_mm, gap * scale_mm])
    }
}

/// How lines of text stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Where reading begins.
    #[default]
    Start,
    /// In the middle.
    Middle,
    /// Where reading ends.
    End,
}

/// How an element looks. What a shape has no use for has no effect on it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// Of ink, lines and letters; of a sticky note its paper.
    pub color: Color,
    /// Width of ink and lines, in millimetres of the element's own space.
    pub width_mm: f32,
    /// Of rectangles and ellipses.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub fill: Fill,
    /// Of lines and outlines.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub dash: Dash,
    /// Height of letters (their em), in millimetres of the element's own space.
    pub letter_mm: f32,
    /// Of text.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub align: Align,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: Color::default(),
            width_mm: 4.0,
            fill: Fill::None,
            dash: Dash::Solid,
            letter_mm: 40.0,
            align: Align::Start,
        }
    }
}

impl Style {
    /// Whether every number is finite and within limits.
    pub fn is_possible(&self) -> bool {
        (WIDTH_MM_MIN..=WIDTH_MM_MAX).contains(&self.width_mm)
            && (LETTER_MM_MIN..=LETTER_MM_MAX).contains(&self.letter_mm)
    }
}

/// Whether a property need not be written.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
