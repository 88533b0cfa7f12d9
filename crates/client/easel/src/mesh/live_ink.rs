use super::painter::{Look, Painter};
use super::paper::Paper;
use super::triangles::Triangles;
use crate::{Easel, LiveStroke};
use atrium_board::ink::{Point, widths};
use atrium_board::{ElementId, PageId, Style};
use glam::Vec2;
use std::f32::consts::PI;

/// The triangles of a stroke in the making.
#[derive(Clone, Debug)]
pub struct LiveMesh {
    /// Which stroke.
    pub element: ElementId,
    /// It is see-through: not to be drawn in the pass of opaque things.
    pub is_highlighter: bool,
    /// The triangles.
    pub triangles: Triangles,
    /// Changes with the triangles.
    pub version: u64,
    paper: Paper,
}

/// Keeps the triangles of the strokes in the making on a page, one's own last. Only strokes that changed are remade.
#[derive(Debug, Default)]
pub struct LiveInk {
    page: Option<PageId>,
    meshes: Vec<LiveMesh>,
    points: Vec<Point>,
    bends: Vec<f32>,
}

impl LiveInk {
    /// Follows what is drawn; returns whether anything changed.
    pub fn update(&mut self, easel: &Easel, page: PageId, painter: &mut Painter) -> bool {
        let paper = Paper { is_dark: easel.document().is_dark() };
        if self.page.replace(page) != Some(page) {
            self.meshes.clear();
        }
        let mut before = std::mem::take(&mut self.meshes);
        let mut changed = false;
        for stroke in easel.strokes(page) {
            let known = before.iter().position(|mesh| mesh.element == stroke.element);
            let mut mesh = known.map(|index| before.swap_remove(index)).unwrap_or_else(|| LiveMesh {
                element: stroke.element,
                is_highlighter: stroke.is_highlighter,
                triangles: Triangles::default(),
                version: stroke.version.wrapping_sub(1),
                paper,
            });
            if mesh.version != stroke.version || mesh.paper != paper {
                self.remake(&mut mesh, &stroke, easel, paper, painter);
                changed = true;
            }
            self.meshes.push(mesh);
        }
        changed || !before.is_empty()
    }

    /// What is drawn, from the bottom up.
    pub fn meshes(&self) -> &[LiveMesh] {
        &self.meshes
    }

    fn remake(&mut self, mesh: &mut LiveMesh, stroke: &LiveStroke, easel: &Easel, paper: Paper, painter: &mut Painter) {
        self.points.clear();
        easel.stroke_points(stroke.element, &mut self.points);
        mesh.triangles.clear();
        (mesh.version, mesh.paper) = (stroke.version, paper);
        if stroke.is_highlighter {
            self.band(stroke, paper, &mut mesh.triangles);
        } else {
            let style = Style { color: stroke.color, width_mm: stroke.width_mm, ..Style::default() };
            let look = Look { paper, tolerance_mm: stroke.width_mm / 32.0 };
            painter.ink(&self.points, &style, false, look, &mut mesh.triangles);
        }
    }

    /// The highlighter while it is drawn: a band whose pieces share their edges, so that it is even where it does not cross
    /// itself. The exact filling of the finished stroke takes longer than a frame has for it.
    fn band(&mut self, stroke: &LiveStroke, paper: Paper, out: &mut Triangles) {
        let color = paper.highlighter(stroke.color);
        self.points.dedup_by(|next, last| next.position.distance_squared(last.position) < 1.0e-4);
        self.bends.clear();
        self.bends.extend(widths(&self.points, stroke.width_mm, true));
        let base = out.base();
        for (index, point) in self.points.iter().enumerate() {
            let before = self.points[index.saturating_sub(1)].position;
            let after = self.points[(index + 1).min(self.points.len() - 1)].position;
            let aside =
                (after - before).normalize_or(Vec2::X).perp() * self.bends.get(index).copied().unwrap_or(0.0) / 2.0;
            out.positions.extend([(point.position + aside).to_array(), (point.position - aside).to_array()]);
            out.colors.extend([color, color]);
        }
        for index in 1..self.points.len() as u32 {
            let (here, there) = (base + 2 * (index - 1), base + 2 * index);
            out.indices.extend([here, here + 1, there, there, here + 1, there + 1]);
        }
        let half = |index: usize| self.bends.get(index).copied().unwrap_or(stroke.width_mm) / 2.0;
        match self.points.as_slice() {
            [] => {}
            [only] => out.disc(only.position, half(0), color),
            [first, second, ..] => {
                cap(first.position, first.position - second.position, half(0), color, out);
                let last = self.points.len() - 1;
                let (end, before) = (self.points[last].position, self.points[last - 1].position);
                cap(end, end - before, half(last), color, out);
            }
        }
    }
}

/// A round end: half a disc on the side that `outwards` points to.
fn cap(at: Vec2, outwards: Vec2, radius_mm: f32, color: [f32; 4], out: &mut Triangles) {
    const PIECES: usize = 8;
    let from = outwards.normalize_or(Vec2::X).perp() * -radius_mm;
    let corner = |piece: usize| at + Vec2::from_angle(PI * piece as f32 / PIECES as f32).rotate(from);
    let corners: Vec<Vec2> = (0..=PIECES).map(corner).collect();
    out.convex(&corners, color);
}
