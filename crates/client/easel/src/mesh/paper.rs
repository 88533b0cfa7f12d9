use atrium_board::Color;

/// Paper of a light and of a dark board, sRGB.
const LIGHT: [u8; 3] = [0xfb, 0xfa, 0xf7];
const DARK: [u8; 3] = [0x23, 0x26, 0x2a];
/// Letters on a note, whose paper is pale on every board.
const ON_NOTE: [u8; 3] = [0x2e, 0x31, 0x36];
/// How much the highlighter adds to dark paper.
const HIGHLIGHTER_ON_DARK: f32 = 0.55;
/// How much of a tint covers dark paper: the pale paper itself would outshine what is written on it.
const TINT_ALPHA_ON_DARK: f32 = 0.22;

/// What everything lies on: it decides how colours look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// A dark board.
    pub is_dark: bool,
}

impl Paper {
    /// Its own colour, linear.
    pub fn color(self) -> [f32; 4] {
        linear(if self.is_dark { DARK } else { LIGHT }, 1.0)
    }

    /// Ink, lines and letters, linear.
    pub fn ink(self, color: Color) -> [f32; 4] {
        linear(if self.is_dark { color.on_dark() } else { color.on_light() }, 1.0)
    }

    /// Ink of the highlighter, linear: what lies below is multiplied by it on light paper, and screened on dark.
    pub fn highlighter(self, color: Color) -> [f32; 4] {
        if self.is_dark { linear(color.on_dark(), HIGHLIGHTER_ON_DARK) } else { linear(color.highlighter(), 1.0) }
    }

    /// The pale filling of a shape, linear.
    pub fn tint(self, color: Color) -> [f32; 4] {
        if self.is_dark { linear(color.on_dark(), TINT_ALPHA_ON_DARK) } else { linear(color.paper(), 1.0) }
    }

    /// The paper of a note, linear.
    pub fn note(self, color: Color) -> [f32; 4] {
        linear(color.paper(), 1.0)
    }

    /// Letters on a note, linear.
    pub fn on_note(self) -> [f32; 4] {
        linear(ON_NOTE, 1.0)
    }
}

/// sRGB as light.
pub(crate) fn linear(srgb: [u8; 3], alpha: f32) -> [f32; 4] {
    let [red, green, blue] = srgb.map(|byte| {
        let value = f32::from(byte) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    [red, green, blue, alpha]
}

/// The same, more see-through.
pub(crate) fn faded([red, green, blue, alpha]: [f32; 4], share: f32) -> [f32; 4] {
    [red, green, blue, alpha * share]
}
