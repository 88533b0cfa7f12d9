//! Strokes of pens and highlighters.

use crate::color::{Paper, hex};
use crate::path::PathText;
use crate::xml::push_attribute;
use glam::Vec2;

/// How much a highlighter adds to dark paper.
const HIGHLIGHTER_ON_DARK: &str = ".55";
/// Corners of an outline that lie nearer than this to the line between their neighbours are left out: in widths of the
/// stroke, and at most so many millimetres of the page.
const STRAIGHT: f32 = 0.006;
const STRAIGHT_MM: f32 = 0.03;
/// Curves may be this far from the corners of an outline, in widths of the stroke.
const CURVE: f32 = 0.03;

/// What makes a group see-through as a highlighter is: what lies below stays as dark, or on dark paper as light, as it
/// was.
pub(crate) fn push_highlighter(out: &mut String, paper: Paper) {
    let mode = if paper.is_dark { "screen" } else { "multiply" };
    push_attribute(out, "style", &format!("mix-blend-mode:{mode}"));
    if paper.is_dark {
        push_attribute(out, "opacity", HIGHLIGHTER_ON_DARK);
    }
}

/// A stroke of a colour, sRGB, as the area that it covers; `scale` is how much larger the page has it.
pub(crate) fn push(out: &mut String, corners: &[Vec2], color: [u8; 3], width_mm: f32, scale: f32) {
    let tolerance = (width_mm * STRAIGHT).min(STRAIGHT_MM / scale.max(f32::MIN_POSITIVE));
    let corners = thinned(corners, tolerance);
    if corners.is_empty() {
        return;
    }
    out.push_str("<path fill=\"");
    out.push_str(&hex(color));
    out.push_str("\" d=\"");
    PathText::new(out, width_mm).around(&corners, width_mm * CURVE);
    out.push_str("\"/>");
}

/// Leaves out corners of a polygon that nobody would see.
fn thinned(corners: &[Vec2], tolerance: f32) -> Vec<Vec2> {
    let Some(last) = corners.len().checked_sub(1) else { return Vec::new() };
    let mut is_kept = vec![false; corners.len()];
    is_kept[0] = true;
    is_kept[last] = true;
    let mut stretches = vec![(0, last)];
    while let Some((from, to)) = stretches.pop() {
        let offs = (from + 1..to).map(|at| (at, off(corners[at], corners[from], corners[to])));
        let Some((farthest, distance)) = offs.max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        if distance > tolerance {
            is_kept[farthest] = true;
            stretches.extend([(from, farthest), (farthest, to)]);
        }
    }
    corners.iter().zip(is_kept).filter(|(_, is_kept)| *is_kept).map(|(corner, _)| *corner).collect()
}

/// How far a point lies from the stretch between two others.
fn off(point: Vec2, from: Vec2, to: Vec2) -> f32 {
    let along = to - from;
    let share = (point - from).dot(along) / along.length_squared();
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    point.distance(from + along * share)
}
