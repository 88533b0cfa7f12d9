//! Text becomes lines of letters.

use crate::characters::ends_a_line;
use crate::clean::Clean;
use crate::faces::Faces;
use crate::laid_out::Glyph;
use crate::outline::GlyphKey;
use crate::{Align, BASELINE_EM, LINE_EM, LaidOut, Line, Run};
use cosmic_text::{Attrs, Buffer, Family, FontSystem, LayoutGlyph, LayoutRun, Metrics, Shaping, Wrap};
use glam::Vec2;
use std::sync::Arc;

/// How text is to be cut and stood up.
#[derive(Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) letter_mm: f32,
    pub(crate) wrap_mm: Option<f32>,
    pub(crate) align: Align,
    /// A word that is too long for a line is cut; else it sticks out.
    pub(crate) cuts_words: bool,
}

/// Lays out `text`.
pub(crate) fn shape(fonts: &mut FontSystem, faces: &mut Faces, text: &str, wish: Wish) -> LaidOut {
    let mut laid_out = LaidOut { letter_mm: wish.letter_mm, ..LaidOut::default() };
    let mut buffer = Buffer::new_empty(Metrics::new(wish.letter_mm, wish.letter_mm * LINE_EM));
    buffer.set_wrap(fonts, if wish.cuts_words { Wrap::WordOrGlyph } else { Wrap::Word });
    buffer.set_size(fonts, wish.wrap_mm, None);
    // A line of Windows ends with both.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for paragraph in text.split(ends_a_line) {
        push_paragraph(fonts, faces, &mut buffer, paragraph, &mut laid_out);
    }
    stand(&mut laid_out, wish);
    laid_out
}

fn push_paragraph(
    fonts: &mut FontSystem,
    faces: &mut Faces,
    buffer: &mut Buffer,
    paragraph: &str,
    laid_out: &mut LaidOut,
) {
    let clean = Clean::new(fonts, faces, paragraph);
    for missing in clean.missing() {
        if !laid_out.missing.contains(&missing) {
            laid_out.missing.push(missing);
        }
    }
    let families: Vec<_> = clean.spans().map(|(text, rank)| (text, faces.family(rank))).collect();
    let spans = families.iter().map(|(text, family)| (*text, Attrs::new().family(Family::Name(family))));
    let first = faces.family(faces.first());
    let usual = Attrs::new().family(Family::Name(&first));
    buffer.set_rich_text(fonts, spans, &usual, Shaping::Advanced, Some(cosmic_text::Align::Left));
    buffer.shape_until_scroll(fonts, false);
    let lines_before = laid_out.lines.len();
    for run in buffer.layout_runs() {
        push_line(fonts, &clean, &run, laid_out);
    }
    if laid_out.lines.len() == lines_before {
        laid_out.lines.push(Line::default());
    }
}

/// Adds a line whose first letter stands at 0; its baseline is 0 too.
fn push_line(fonts: &FontSystem, clean: &Clean, run: &LayoutRun<'_>, laid_out: &mut LaidOut) {
    let is_blank = |glyph: &LayoutGlyph| clean.text.get(glyph.start..glyph.end).is_none_or(|text| text.trim().is_empty());
    let is_inked = |glyph: &&LayoutGlyph| !is_blank(glyph);
    let left = run.glyphs.iter().find(is_inked).map_or(0.0, |glyph| glyph.x);
    let right = run.glyphs.iter().rfind(is_inked).map_or(left, |glyph| glyph.x + glyph.w);
    let start = run.glyphs.iter().map(|glyph| glyph.start).min().unwrap_or(0);
    let end = run.glyphs.iter().map(|glyph| glyph.end).max().unwrap_or(0);
    let is_rtl = run.rtl;
    let mut text = clean.original(start, end);
    text.truncate(text.trim_end().len());
    // Where a line reads to the right, spaces at its beginning were meant; where it was wrapped there are none.
    let left = if is_rtl { left } else { left.min(run.glyphs.first().map_or(left, |glyph| glyph.x)) };
    let number = laid_out.lines.len();
    for glyph in run.glyphs {
        let x = glyph.x + glyph.font_size * glyph.x_offset - left;
        let y = glyph.y - glyph.font_size * glyph.y_offset + number as f32 * laid_out.letter_mm * LINE_EM;
        let key = GlyphKey { font: glyph.font_id, glyph: glyph.glyph_id };
        if !is_blank(glyph) {
            laid_out.glyphs.push(Glyph { key, origin: Vec2::new(x, y), line: number });
        }
    }
    let runs = runs(fonts, clean, run.glyphs, left);
    laid_out.lines.push(Line { text, width_mm: right - left, is_rtl, runs, ..Line::default() });
}

/// Cuts a line where the font or the direction changes.
fn runs(fonts: &FontSystem, clean: &Clean, glyphs: &[LayoutGlyph], left: f32) -> Vec<Run> {
    let is_same = |a: &LayoutGlyph, b: &LayoutGlyph| a.font_id == b.font_id && a.level.is_rtl() == b.level.is_rtl();
    let runs = glyphs.chunk_by(is_same).filter_map(|glyphs| {
        let (first, last) = (glyphs.first()?, glyphs.last()?);
        let start = glyphs.iter().map(|glyph| glyph.start).min()?;
        let end = glyphs.iter().map(|glyph| glyph.end).max()?;
        let family = fonts.db().face(first.font_id).and_then(|face| face.families.first());
        Some(Run {
            text: clean.original(start, end),
            family: family.map_or_else(|| Arc::from("sans-serif"), |(name, _)| Arc::from(name.as_str())),
            x_mm: first.x - left,
            width_mm: last.x + last.w - first.x,
            is_rtl: first.level.is_rtl(),
        })
    });
    runs.collect()
}

/// Gives the box its size and every line its place in it.
fn stand(laid_out: &mut LaidOut, wish: Wish) {
    let widest = laid_out.lines.iter().map(|line| line.width_mm).fold(0.0, f32::max);
    let width = wish.wrap_mm.unwrap_or(widest);
    laid_out.size = Vec2::new(width, laid_out.lines_mm());
    let mut shifts = Vec::with_capacity(laid_out.lines.len());
    for (number, line) in laid_out.lines.iter_mut().enumerate() {
        let room = width - line.width_mm;
        line.x_mm = match (wish.align, line.is_rtl) {
            (Align::Start, false) | (Align::End, true) => 0.0,
            (Align::Middle, _) => room / 2.0,
            (Align::End, false) | (Align::Start, true) => room,
        };
        line.baseline_mm = (number as f32 * LINE_EM + BASELINE_EM) * wish.letter_mm;
        for run in &mut line.runs {
            run.x_mm += line.x_mm;
        }
        shifts.push(Vec2::new(line.x_mm, BASELINE_EM * wish.letter_mm));
    }
    for glyph in &mut laid_out.glyphs {
        glyph.origin += shifts.get(glyph.line).copied().unwrap_or_default();
    }
}

/// What is left to say without any font: where lines end, roughly.
pub(crate) fn guess(text: &str, wish: Wish) -> LaidOut {
    let mut laid_out = LaidOut { letter_mm: wish.letter_mm, ..LaidOut::default() };
    for paragraph in text.split(ends_a_line) {
        let written: String = paragraph.chars().filter(|character| !character.is_control()).collect();
        for missing in written.chars().filter(|character| !character.is_whitespace()) {
            if !laid_out.missing.contains(&missing) {
                laid_out.missing.push(missing);
            }
        }
        let width_mm = written.chars().count() as f32 * wish.letter_mm / 2.0;
        let run = Run { text: written.clone(), family: "sans-serif".into(), x_mm: 0.0, width_mm, is_rtl: false };
        laid_out.lines.push(Line { text: written, width_mm, runs: vec![run], ..Line::default() });
    }
    stand(&mut laid_out, wish);
    laid_out
}
