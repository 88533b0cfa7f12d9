//! Lines, arrows, rectangles and ellipses.

use crate::color::{Paper, hex};
use crate::path::PathText;
use crate::xml::{push_attribute, push_number_attribute};
use atrium_board::{Fill, Style, arrow_head};
use glam::Vec2;

/// A line, perhaps with a head.
pub(crate) fn push_line(out: &mut String, ends: [Vec2; 2], is_arrow: bool, style: &Style, paper: Paper) {
    let [from, to] = ends;
    out.push_str("<path fill=\"none\"");
    push_stroke(out, style, paper);
    push_dash(out, style, from.distance(to));
    out.push_str(" d=\"");
    let mut path = PathText::new(out, style.width_mm);
    path.move_to(from);
    path.line_to(to);
    out.push_str("\"/>");
    if is_arrow && from != to {
        push_head(out, arrow_head(ends, style.width_mm), style, paper);
    }
}

/// Its lines are never dashed.
fn push_head(out: &mut String, [side, tip, other]: [Vec2; 3], style: &Style, paper: Paper) {
    out.push_str("<path fill=\"none\"");
    push_stroke(out, style, paper);
    out.push_str(" d=\"");
    let mut path = PathText::new(out, style.width_mm);
    path.move_to(side);
    path.line_to(tip);
    path.line_to(other);
    out.push_str("\"/>");
}

/// A rectangle with its outline.
pub(crate) fn push_rectangle(out: &mut String, size: Vec2, style: &Style, paper: Paper) {
    out.push_str("<rect");
    push_number_attribute(out, "width", size.x.abs());
    push_number_attribute(out, "height", size.y.abs());
    push_fill(out, style, paper);
    push_stroke(out, style, paper);
    push_dash(out, style, 2.0 * size.abs().element_sum());
    out.push_str("/>");
}

/// An ellipse with its outline.
pub(crate) fn push_ellipse(out: &mut String, size: Vec2, style: &Style, paper: Paper) {
    let half = size.abs() / 2.0;
    out.push_str("<ellipse");
    for (name, number) in [("cx", half.x), ("cy", half.y), ("rx", half.x), ("ry", half.y)] {
        push_number_attribute(out, name, number);
    }
    push_fill(out, style, paper);
    push_stroke(out, style, paper);
    push_dash(out, style, around_ellipse_mm(half));
    out.push_str("/>");
}

/// How long the outline of an ellipse is (Ramanujan, 1914): right to half a hundredth.
fn around_ellipse_mm(half: Vec2) -> f32 {
    let root = ((3.0 * half.x + half.y) * (half.x + 3.0 * half.y)).sqrt();
    std::f32::consts::PI * (3.0 * (half.x + half.y) - root)
}

fn push_fill(out: &mut String, style: &Style, paper: Paper) {
    let fill = match style.fill {
        Fill::None => "none".to_owned(),
        Fill::Tint if paper.is_dark => hex(style.color.on_dark()),
        Fill::Tint => hex(style.color.paper()),
        Fill::Solid => hex(paper.ink(style.color)),
    };
    push_attribute(out, "fill", &fill);
    if style.fill == Fill::Tint && paper.is_dark {
        // The pale paper itself would outshine what is written on it.
        push_attribute(out, "fill-opacity", ".38");
    }
}

fn push_stroke(out: &mut String, style: &Style, paper: Paper) {
    push_attribute(out, "stroke", &hex(paper.ink(style.color)));
    push_number_attribute(out, "stroke-width", style.width_mm);
    out.push_str(" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
}

/// Of a line that is `whole_mm` long.
fn push_dash(out: &mut String, style: &Style, whole_mm: f32) {
    let Some([piece_mm, gap_mm]) = style.dash.lengths_mm(whole_mm, style.width_mm) else { return };
    let mut lengths = String::new();
    crate::xml::push_number(&mut lengths, piece_mm, 5);
    lengths.push(' ');
    crate::xml::push_number(&mut lengths, gap_mm, 5);
    push_attribute(out, "stroke-dasharray", &lengths);
}
