use super::Triangles;
use atrium_lettering::{GlyphKey, GlyphOutline, LaidOut, Lettering, OutlineCommand};
use glam::Vec2;
use lyon_tessellation::math::{Point, point};
use lyon_tessellation::path::Path;
use lyon_tessellation::{BuffersBuilder, FillOptions, FillRule, FillTessellator, FillVertex, VertexBuffers};
use std::collections::HashMap;

/// Letters whose triangles are kept.
const KEPT: usize = 4_096;
/// How far triangles are from the outline at most, in heights of letters: for small and for large letters.
const COARSE_EM: f32 = 0.008;
const FINE_EM: f32 = 0.001;

/// Triangles of letters, each made once.
#[derive(Default)]
pub(super) struct Glyphs {
    known: HashMap<(GlyphKey, bool), VertexBuffers<Point, u32>>,
}

impl Glyphs {
    /// Adds text in its own space.
    pub(super) fn text(
        &mut self,
        fill: &mut FillTessellator,
        (lettering, text): (&mut Lettering, &LaidOut),
        (color, tolerance_mm): ([f32; 4], f32),
        out: &mut Triangles,
    ) {
        let is_fine = text.letter_mm * COARSE_EM > tolerance_mm;
        lettering.outlines(text, &mut |outline| {
            let glyph = self.glyph(fill, &outline, is_fine);
            let place = |at: &Point| outline.origin + Vec2::new(at.x, at.y) * outline.letter_mm;
            out.add(glyph.vertices.iter().map(place), &glyph.indices, color);
        });
    }

    fn glyph(
        &mut self,
        fill: &mut FillTessellator,
        outline: &GlyphOutline<'_>,
        is_fine: bool,
    ) -> &VertexBuffers<Point, u32> {
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.entry((outline.key, is_fine)).or_insert_with(|| {
            let mut buffers = VertexBuffers::new();
            let tolerance = if is_fine { FINE_EM } else { COARSE_EM };
            let options = FillOptions::tolerance(tolerance).with_fill_rule(FillRule::NonZero);
            // A letter that cannot be filled is left out; the rest of the text stands.
            let mut builder = BuffersBuilder::new(&mut buffers, |corner: FillVertex<'_>| corner.position());
            if fill.tessellate_path(&path_of(outline), &options, &mut builder).is_err() {
                buffers.clear();
            }
            buffers
        })
    }
}

fn path_of(outline: &GlyphOutline<'_>) -> Path {
    let at = |point_em: Vec2| point(point_em.x, point_em.y);
    let mut builder = Path::builder();
    let mut is_open = false;
    for command in outline.commands {
        if let OutlineCommand::Move(to) = command {
            if is_open {
                builder.end(true);
            }
            builder.begin(at(*to));
            is_open = true;
            continue;
        }
        if !is_open {
            continue;
        }
        match command {
            OutlineCommand::Line(to) => drop(builder.line_to(at(*to))),
            OutlineCommand::Quad(control, to) => drop(builder.quadratic_bezier_to(at(*control), at(*to))),
            OutlineCommand::Cubic(first, second, to) => {
                builder.cubic_bezier_to(at(*first), at(*second), at(*to));
            }
            OutlineCommand::Close => {
                builder.end(true);
                is_open = false;
            }
            OutlineCommand::Move(_) => {}
        }
    }
    if is_open {
        builder.end(true);
    }
    builder.build()
}
