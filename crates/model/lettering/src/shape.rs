//! Text becomes lines of letters.

use crate::characters::ends_a_line;
use crate::clean::Clean;
use crate::faces::Faces;
use crate::laid_out::Glyph;
use crate::outline::{GlyphKey, Outlines};
use crate::undrawn::undrawn;
use crate::{Align, BASELINE_EM, LINE_EM, LaidOut, Line, Run};
use cosmic_text::{Attrs, Buffer, Family, FontSystem, LayoutGlyph, LayoutRun, Metrics, Shaping, Wrap};
use glam::Vec2;
use std::ops::Range;
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

/// What text is drawn with.
pub(crate) struct Means<'a> {
    pub(crate) fonts: &'a mut FontSystem,
    pub(crate) faces: &'a mut Faces,
    pub(crate) outlines: &'a mut Outlines,
}

/// Lays out `text`.
pub(crate) fn shape(mut means: Means<'_>, text: &str, wish: Wish) -> LaidOut {
    let mut laid_out = LaidOut { letter_mm: wish.letter_mm, ..LaidOut::default() };
    let mut buffer = Buffer::new_empty(Metrics::new(wish.letter_mm, wish.letter_mm * LINE_EM));
    buffer.set_wrap(means.fonts, if wish.cuts_words { Wrap::WordOrGlyph } else { Wrap::Word });
    buffer.set_size(means.fonts, wish.wrap_mm, None);
    // A line of Windows ends with both.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for paragraph in text.split(ends_a_line) {
        push_paragraph(&mut means, &mut buffer, paragraph, &mut laid_out);
    }
    stand(&mut laid_out, wish);
    laid_out
}

fn push_paragraph(means: &mut Means<'_>, buffer: &mut Buffer, paragraph: &str, laid_out: &mut LaidOut) {
    let Means { fonts, faces, outlines } = means;
    let clean = Clean::new(fonts, faces, paragraph);
    laid_out.miss(clean.missing());
    let families: Vec<_> = clean.spans().map(|(text, rank)| (text, faces.family(rank))).collect();
    let spans = families.iter().map(|(text, family)| (*text, Attrs::new().family(Family::Name(family))));
    let first = faces.family(faces.first());
    let usual = Attrs::new().family(Family::Name(&first));
    buffer.set_rich_text(fonts, spans, &usual, Shaping::Advanced, Some(cosmic_text::Align::Left));
    buffer.shape_until_scroll(fonts, false);
    let lines_before = laid_out.lines.len();
    let ranges = cut(clean.text.len(), buffer.layout_runs().map(|run| first_byte(run.glyphs)));
    for (run, range) in buffer.layout_runs().zip(ranges) {
        laid_out.miss(undrawn(fonts, outlines, &clean, run.glyphs));
        push_line(fonts, &clean, &run, range, laid_out);
    }
    if laid_out.lines.len() == lines_before {
        laid_out.lines.push(Line::default());
    }
}

/// Where the letters' text begins.
fn first_byte(glyphs: &[LayoutGlyph]) -> usize {
    glyphs.iter().map(|glyph| glyph.start).min().unwrap_or(0)
}

/// Cuts `0..len` into as many ranges as there are starts: the first begins at 0, and none is left out or covered twice,
/// however the ranges that the shaper gives to letters of strange text overlap.
fn cut(len: usize, starts: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut starts: Vec<_> = starts
        .scan(0, |most, start| {
            *most = start.max(*most);
            Some(*most)
        })
        .collect();
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([len]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
}

/// Adds a line whose first letter stands at 0; its baseline is 0 too.
fn push_line(fonts: &FontSystem, clean: &Clean, run: &LayoutRun<'_>, range: Range<usize>, laid_out: &mut LaidOut) {
    let is_blank =
        |glyph: &LayoutGlyph| clean.text.get(glyph.start..glyph.end).is_none_or(|text| text.trim().is_empty());
    let is_inked = |glyph: &&LayoutGlyph| !is_blank(glyph);
    let left = run.glyphs.iter().find(is_inked).map_or(0.0, |glyph| glyph.x);
    let right = run.glyphs.iter().rfind(is_inked).map_or(left, |glyph| glyph.x + glyph.w);
    let mut text = clean.original(range.clone());
    text.truncate(text.trim_end().len());
    // Where a line reads to the right, spaces at its beginning were meant; where it was wrapped there are none.
    let left = if run.rtl { left } else { left.min(run.glyphs.first().map_or(left, |glyph| glyph.x)) };
    let number = laid_out.lines.len();
    for glyph in run.glyphs.iter().filter(is_inked) {
        let x = glyph.x + glyph.font_size * glyph.x_offset - left;
        let y = glyph.y - glyph.font_size * glyph.y_offset + number as f32 * laid_out.letter_mm * LINE_EM;
        let key = GlyphKey { font: glyph.font_id, glyph: glyph.glyph_id };
        laid_out.glyphs.push(Glyph { key, origin: Vec2::new(x, y), line: number });
    }
    let runs = runs(fonts, clean, run.glyphs, range, left);
    laid_out.lines.push(Line { text, width_mm: right - left, is_rtl: run.rtl, runs, ..Line::default() });
}

/// Cuts a line where the font or the direction changes.
fn runs(fonts: &FontSystem, clean: &Clean, glyphs: &[LayoutGlyph], range: Range<usize>, left: f32) -> Vec<Run> {
    let is_same = |a: &LayoutGlyph, b: &LayoutGlyph| a.font_id == b.font_id && a.level.is_rtl() == b.level.is_rtl();
    let pieces: Vec<_> = glyphs.chunk_by(is_same).collect();
    let mut starts: Vec<_> = pieces.iter().map(|piece| first_byte(piece).clamp(range.start, range.end)).collect();
    starts.sort_unstable();
    let runs = pieces.iter().filter_map(|piece| {
        let (first, last) = (piece.first()?, piece.last()?);
        let start = first_byte(piece).clamp(range.start, range.end);
        let is_first = starts.first() == Some(&start);
        let end = starts.iter().find(|other| **other > start).copied().unwrap_or(range.end);
        let family = fonts.db().face(first.font_id).and_then(|face| face.families.first());
        Some(Run {
            text: clean.original(if is_first { range.start } else { start }..end),
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
        laid_out.miss(written.chars().filter(|character| !character.is_whitespace()));
        let width_mm = written.chars().count() as f32 * wish.letter_mm / 2.0;
        let run = Run { text: written.clone(), family: "sans-serif".into(), x_mm: 0.0, width_mm, is_rtl: false };
        laid_out.lines.push(Line { text: written, width_mm, runs: vec![run], ..Line::default() });
    }
    stand(&mut laid_out, wish);
    laid_out
}
