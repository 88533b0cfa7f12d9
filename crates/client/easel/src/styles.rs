use crate::Tool;
use atrium_board::limits::{LETTER_MM_MAX, LETTER_MM_MIN, WIDTH_MM_MAX, WIDTH_MM_MIN};
use atrium_board::{Align, Color, Style};

/// Widths that the palette offers for pens and lines.
pub const LINE_WIDTHS_MM: [f32; 4] = [3.0, 6.0, 12.0, 24.0];
/// Widths that the palette offers for the highlighter.
pub const HIGHLIGHTER_WIDTHS_MM: [f32; 4] = [20.0, 32.0, 48.0, 80.0];
/// Heights of letters that the palette offers.
pub const LETTER_SIZES_MM: [f32; 4] = [30.0, 48.0, 80.0, 140.0];

/// How the next thing will look that a tool makes. Tools of a kind share it.
#[derive(Clone, Debug)]
pub(crate) struct Styles {
    line: Style,
    highlighter: Style,
    text: Style,
    sticky: Style,
}

impl Default for Styles {
    fn default() -> Self {
        let line = Style { width_mm: LINE_WIDTHS_MM[1], letter_mm: LETTER_SIZES_MM[1], ..Style::default() };
        Self {
            line,
            highlighter: Style { color: Color::Yellow, width_mm: HIGHLIGHTER_WIDTHS_MM[1], ..line },
            text: line,
            sticky: Style { color: Color::Yellow, align: Align::Middle, ..line },
        }
    }
}

impl Styles {
    pub(crate) fn of(&self, tool: Tool) -> &Style {
        match tool {
            Tool::Highlighter => &self.highlighter,
            Tool::Text => &self.text,
            Tool::Sticky => &self.sticky,
            _ => &self.line,
        }
    }

    /// Takes over what `new` has different from `old`. A colour is meant for pens, lines and text alike.
    pub(crate) fn change(&mut self, tool: Tool, old: &Style, new: &Style) {
        let style = match tool {
            Tool::Highlighter => &mut self.highlighter,
            Tool::Text => &mut self.text,
            Tool::Sticky => &mut self.sticky,
            _ => &mut self.line,
        };
        *style = changed(style, old, new);
        match tool {
            Tool::Highlighter | Tool::Sticky => {}
            _ => (self.line.color, self.text.color) = (new.color, new.color),
        }
    }
}

/// `style` with whatever `new` has different from `old`.
pub(crate) fn changed(style: &Style, old: &Style, new: &Style) -> Style {
    fn pick<T: PartialEq>(mine: T, old: T, new: T) -> T {
        if old == new { mine } else { new }
    }
    Style {
        color: pick(style.color, old.color, new.color),
        width_mm: pick(style.width_mm, old.width_mm, new.width_mm),
        fill: pick(style.fill, old.fill, new.fill),
        dash: pick(style.dash, old.dash, new.dash),
        letter_mm: pick(style.letter_mm, old.letter_mm, new.letter_mm),
        align: pick(style.align, old.align, new.align),
    }
}

/// The same with every number within limits.
pub(crate) fn sane(mut style: Style, instead: &Style) -> Style {
    let within = |value: f32, min: f32, max: f32, or: f32| if value.is_finite() { value.clamp(min, max) } else { or };
    style.width_mm = within(style.width_mm, WIDTH_MM_MIN, WIDTH_MM_MAX, instead.width_mm);
    style.letter_mm = within(style.letter_mm, LETTER_MM_MIN, LETTER_MM_MAX, instead.letter_mm);
    style
}
