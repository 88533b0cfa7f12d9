//! Text as text.

use crate::color::hex;
use crate::svg::Writer;
use crate::xml::{push_attribute, push_number_attribute, push_text};
use atrium_board::Style;
use atrium_lettering::{Align, LaidOut, Line};

/// Text that stands by itself.
pub(crate) fn push(writer: &mut Writer<'_>, text: &str, wrap_mm: Option<f32>, style: &Style) {
    let align = match style.align {
        atrium_board::Align::Start => Align::Start,
        atrium_board::Align::Middle => Align::Middle,
        atrium_board::Align::End => Align::End,
    };
    let laid_out = writer.lettering.lay_out_aligned(text, style.letter_mm, wrap_mm, align);
    let color = writer.paper.ink(style.color);
    push_laid_out(writer, &laid_out, color);
}

/// Lines with a place for each run of letters, so that every program sets them alike if it has the fonts.
pub(crate) fn push_laid_out(writer: &mut Writer<'_>, laid_out: &LaidOut, color: [u8; 3]) {
    writer.missed(&laid_out.missing);
    if laid_out.lines.iter().all(|line| line.text.is_empty()) {
        return;
    }
    let out = &mut writer.out;
    out.push_str("<text xml:space=\"preserve\"");
    push_attribute(out, "fill", &hex(color));
    push_number_attribute(out, "font-size", laid_out.letter_mm);
    out.push('>');
    for line in laid_out.lines.iter().filter(|line| !line.text.is_empty()) {
        push_line(out, line);
    }
    out.push_str("</text>");
}

fn push_line(out: &mut String, line: &Line) {
    for run in &line.runs {
        out.push_str("<tspan");
        push_number_attribute(out, "x", run.x_mm);
        push_number_attribute(out, "y", line.baseline_mm);
        push_attribute(out, "font-family", &families(&run.family));
        out.push('>');
        push_text(out, &run.text);
        out.push_str("</tspan>");
    }
}

/// The font that it was set with, and what comes near.
fn families(family: &str) -> String {
    let name: String = family.chars().filter(|character| !matches!(character, '\'' | '\\' | '"')).collect();
    if name == "sans-serif" { name } else { format!("'{name}',sans-serif") }
}
