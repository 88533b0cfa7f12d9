use super::dashes::pieces;
use super::glyphs::Glyphs;
use super::note;
use super::paper::Paper;
use super::triangles::Triangles;
use crate::Figure;
use atrium_board::ink::{self, Ribbon};
use atrium_board::{Align, Dash, Element, Fill, Frame, Shape, Style, arrow_head};
use atrium_lettering::Lettering;
use atrium_protocol::ContentHash;
use glam::Vec2;
use lyon_tessellation::math::{Point, point};
use lyon_tessellation::path::Path;
use lyon_tessellation::{
    BuffersBuilder, FillOptions, FillRule, FillTessellator, FillVertex, LineCap, LineJoin, StrokeOptions,
    StrokeTessellator, StrokeVertex, VertexBuffers,
};
use std::f32::consts::{PI, TAU};

/// A picture on the page: a file between four corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    /// Which file.
    pub hash: ContentHash,
    /// Its corners, clockwise from the picture's own upper left.
    pub corners: [[f32; 2]; 4],
}

/// What things are painted for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Look {
    pub(crate) paper: Paper,
    /// How far a curve may be from where it should be.
    pub(crate) tolerance_mm: f32,
}

/// Makes triangles of elements. It remembers letters, and keeps its memory: one for all boards.
#[derive(Default)]
pub struct Painter {
    fill: FillTessellator,
    stroke: StrokeTessellator,
    glyphs: Glyphs,
    buffers: VertexBuffers<Point, u32>,
    ribbon: Ribbon,
    points: Vec<ink::Point>,
}

impl std::fmt::Debug for Painter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Painter").finish_non_exhaustive()
    }
}

impl Painter {
    /// Adds the triangles of an element, and gives it back if it is a picture. Without `lettering` words are left out.
    pub fn element(
        &mut self,
        element: &Element,
        (paper, tolerance_mm): (Paper, f32),
        lettering: Option<&mut Lettering>,
        out: &mut Triangles,
    ) -> Option<Picture> {
        let look = Look { paper, tolerance_mm };
        self.paint((element.frame, &element.style, &element.shape), look, lettering, out)
    }

    /// The same for what is not an element, or not yet.
    pub fn figure(
        &mut self,
        figure: &Figure,
        (paper, tolerance_mm): (Paper, f32),
        lettering: Option<&mut Lettering>,
        out: &mut Triangles,
    ) -> Option<Picture> {
        let look = Look { paper, tolerance_mm };
        self.paint((figure.frame, &figure.style, &figure.shape), look, lettering, out)
    }

    /// The fonts are others now.
    pub fn forget_letters(&mut self) {
        self.glyphs = Glyphs::default();
    }

    fn paint(
        &mut self,
        (frame, style, shape): (Frame, &Style, &Shape),
        mut look: Look,
        lettering: Option<&mut Lettering>,
        out: &mut Triangles,
    ) -> Option<Picture> {
        let first = out.positions.len();
        let place = frame.to_affine();
        look.tolerance_mm /= frame.scale.abs().max_element().max(f32::MIN_POSITIVE);
        match shape {
            Shape::Ink { is_highlighter, points, .. } => {
                self.points.clear();
                self.points.extend(points.iter());
                let points = std::mem::take(&mut self.points);
                self.ink(&points, style, *is_highlighter, look, out);
                self.points = points;
            }
            Shape::Line { ends, is_arrow } => self.straight(*ends, *is_arrow, style, look, out),
            Shape::Rectangle { size } => self.closed(&rectangle(*size), style, look, out),
            Shape::Ellipse { size } => self.closed(&ellipse(*size, look.tolerance_mm), style, look, out),
            Shape::Text { text, wrap_mm, .. } => self.text(text, *wrap_mm, style, look, lettering, out),
            Shape::Sticky { text, size } => {
                let down = Vec2::from_angle(-frame.rotation).rotate(Vec2::Y) * frame.scale.signum();
                note::paper(*size, down, look.paper.note(style.color), out);
                self.note_words(text, *size, style, look, lettering, out);
            }
            Shape::Image { hash, size } => {
                let corners = rectangle(*size).map(|corner| place.transform_point2(corner).to_array());
                let [a, b, c, d, _] = corners;
                return Some(Picture { hash: *hash, corners: [a, b, c, d] });
            }
        }
        out.place(first, place);
        None
    }

    /// Ink along points. Overlapping triangles are faster, and do not show in opaque ink.
    pub(super) fn ink(
        &mut self,
        points: &[ink::Point],
        style: &Style,
        is_highlighter: bool,
        look: Look,
        out: &mut Triangles,
    ) {
        if is_highlighter {
            let outline = ink::outline(points, style.width_mm, true);
            let color = look.paper.highlighter(style.color);
            self.fill_outline(&outline, look.tolerance_mm, color, out);
        } else {
            self.ribbon.clear();
            ink::ribbon(points, style.width_mm, false, &mut self.ribbon);
            let color = look.paper.ink(style.color);
            out.add(self.ribbon.positions.iter().copied(), &self.ribbon.indices, color);
        }
    }

    /// Fills a closed outline that may cross itself, every place of it once.
    fn fill_outline(&mut self, outline: &[Vec2], tolerance_mm: f32, color: [f32; 4], out: &mut Triangles) {
        let options = FillOptions::tolerance(tolerance_mm).with_fill_rule(FillRule::NonZero);
        let path = path_of(outline, true);
        self.buffers.clear();
        let mut builder = BuffersBuilder::new(&mut self.buffers, |corner: FillVertex<'_>| corner.position());
        if self.fill.tessellate_path(&path, &options, &mut builder).is_ok() {
            self.flush(color, out);
        }
    }

    /// Adds what was tessellated last.
    fn flush(&mut self, color: [f32; 4], out: &mut Triangles) {
        let positions = self.buffers.vertices.iter().map(|at| Vec2::new(at.x, at.y));
        out.add(positions, &self.buffers.indices, color);
    }

    /// Strokes a line with round ends and corners.
    fn stroke_line(&mut self, line: &[Vec2], is_closed: bool, (width_mm, look, color): Pen, out: &mut Triangles) {
        let options = StrokeOptions::tolerance(look.tolerance_mm)
            .with_line_width(width_mm)
            .with_line_cap(LineCap::Round)
            .with_line_join(LineJoin::Round);
        let path = path_of(line, is_closed);
        self.buffers.clear();
        let mut builder = BuffersBuilder::new(&mut self.buffers, |corner: StrokeVertex<'_, '_>| corner.position());
        if self.stroke.tessellate_path(&path, &options, &mut builder).is_ok() {
            self.flush(color, out);
        }
    }

    /// Strokes a line as its style says; a closed one ends where it begins.
    fn stroke_styled(&mut self, line: &[Vec2], style: &Style, look: Look, out: &mut Triangles) {
        let pen = (style.width_mm, look, look.paper.ink(style.color));
        if style.dash == Dash::Solid {
            let is_closed = line.len() > 3 && line.first() == line.last();
            let line = if is_closed { &line[..line.len() - 1] } else { line };
            self.stroke_line(line, is_closed, pen, out);
            return;
        }
        for piece in pieces(line, style.dash, style.width_mm) {
            self.stroke_line(&piece, false, pen, out);
        }
    }

    fn straight(&mut self, ends: [Vec2; 2], is_arrow: bool, style: &Style, look: Look, out: &mut Triangles) {
        self.stroke_styled(&ends, style, look, out);
        if is_arrow {
            let pen = (style.width_mm, look, look.paper.ink(style.color));
            self.stroke_line(&arrow_head(ends, style.width_mm), false, pen, out);
        }
    }

    /// A closed convex shape: its filling and its outline, which ends where it begins.
    fn closed(&mut self, outline: &[Vec2], style: &Style, look: Look, out: &mut Triangles) {
        let inside = &outline[..outline.len() - 1];
        match style.fill {
            Fill::None => {}
            Fill::Tint => out.convex(inside, look.paper.tint(style.color)),
            Fill::Solid => out.convex(inside, look.paper.ink(style.color)),
        }
        self.stroke_styled(outline, style, look, out);
    }

    fn text(
        &mut self,
        text: &str,
        wrap_mm: Option<f32>,
        style: &Style,
        look: Look,
        lettering: Option<&mut Lettering>,
        out: &mut Triangles,
    ) {
        let Some(lettering) = lettering else { return };
        let align = match style.align {
            Align::Start => atrium_lettering::Align::Start,
            Align::Middle => atrium_lettering::Align::Middle,
            Align::End => atrium_lettering::Align::End,
        };
        let laid_out = lettering.lay_out_aligned(text, style.letter_mm, wrap_mm, align);
        let ink = (look.paper.ink(style.color), look.tolerance_mm);
        self.glyphs.text(&mut self.fill, (lettering, &laid_out), ink, out);
    }

    fn note_words(
        &mut self,
        text: &str,
        size: Vec2,
        style: &Style,
        look: Look,
        lettering: Option<&mut Lettering>,
        out: &mut Triangles,
    ) {
        let Some(lettering) = lettering.filter(|_| !text.is_empty()) else { return };
        let laid_out = lettering.lay_out_note(text, style.letter_mm, size);
        let ink = (look.paper.on_note(), look.tolerance_mm);
        self.glyphs.text(&mut self.fill, (lettering, &laid_out), ink, out);
    }
}

/// How wide, for what, in which colour.
type Pen = (f32, Look, [f32; 4]);

fn path_of(line: &[Vec2], is_closed: bool) -> Path {
    let mut builder = Path::builder();
    if let [first, rest @ ..] = line {
        builder.begin(point(first.x, first.y));
        for to in rest {
            builder.line_to(point(to.x, to.y));
        }
        builder.end(is_closed);
    }
    builder.build()
}

/// Ends where it begins.
fn rectangle(size: Vec2) -> [Vec2; 5] {
    [Vec2::ZERO, Vec2::new(size.x, 0.0), size, Vec2::new(0.0, size.y), Vec2::ZERO]
}

/// As many corners as it takes; ends where it begins.
fn ellipse(size: Vec2, tolerance_mm: f32) -> Vec<Vec2> {
    let radius = size.max_element() / 2.0;
    let off = (tolerance_mm / radius.max(f32::MIN_POSITIVE)).clamp(1.0e-5, 0.5);
    let corners = (PI / (1.0 - off).acos()).ceil().clamp(12.0, 256.0) as usize;
    let corner = |index: usize| {
        let angle = TAU * (index % corners) as f32 / corners as f32;
        (Vec2::ONE + Vec2::from_angle(angle)) * size / 2.0
    };
    (0..=corners).map(corner).collect()
}
