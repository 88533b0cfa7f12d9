use super::paper::{faded, linear};
use super::triangles::Triangles;
use crate::others::TRAIL_SECS;
use crate::{Easel, Trail};
use atrium_board::PageId;
use atrium_protocol::ParticipantId;
use glam::Vec2;

/// A laser's light, sRGB.
const LASER: [u8; 3] = [0xff, 0x2d, 0x20];
/// The shape of a cursor, in pixels from its tip.
const POINTER: [Vec2; 4] = [Vec2::ZERO, Vec2::new(11.5, 11.5), Vec2::new(4.9, 11.9), Vec2::new(0.0, 16.2)];
/// Its rim.
const RIM_PIXELS: f32 = 1.6;

/// Cursors and lasers of a page. A cursor has its person's colour.
pub(super) fn cursors(
    easel: &Easel,
    page: PageId,
    (mm_per_pixel, color_of): (f32, &dyn Fn(ParticipantId) -> [f32; 4]),
    out: &mut Triangles,
) {
    for (_, trail) in easel.trails().filter(|(_, trail)| trail.page == Some(page)) {
        glowing(trail, easel.now_secs(), mm_per_pixel, out);
    }
    for cursor in easel.cursors().filter(|cursor| cursor.page == page) {
        if cursor.is_laser {
            dot(cursor.position, mm_per_pixel, out);
        } else {
            pointer(cursor.position, mm_per_pixel, color_of(cursor.who), out);
        }
    }
}

fn pointer(tip: Vec2, mm_per_pixel: f32, color: [f32; 4], out: &mut Triangles) {
    let middle = Vec2::new(4.6, 9.4);
    let at = |corner: Vec2| tip + corner * mm_per_pixel;
    let rim = POINTER.map(|corner| at(corner + (corner - middle).normalize_or_zero() * RIM_PIXELS));
    // The arrow is not convex: two halves about the line from its tip to its notch.
    for (corners, color) in [(rim, [1.0, 1.0, 1.0, color[3]]), (POINTER.map(at), color)] {
        let [tip, right, notch, left] = corners;
        out.convex(&[tip, right, notch], color);
        out.convex(&[tip, notch, left], color);
    }
}

fn dot(at: Vec2, mm_per_pixel: f32, out: &mut Triangles) {
    let light = linear(LASER, 1.0);
    out.glow(at, 14.0 * mm_per_pixel, faded(light, 0.45), faded(light, 0.0));
    out.disc(at, 4.5 * mm_per_pixel, light);
    out.disc(at, 2.0 * mm_per_pixel, [1.0, 0.75, 0.7, 1.0]);
}

/// A trail that gets thinner and fainter with its age.
fn glowing(trail: &Trail, now_secs: f64, mm_per_pixel: f32, out: &mut Triangles) {
    let youth = |at_secs: f64| (1.0 - (now_secs - at_secs) / TRAIL_SECS).clamp(0.0, 1.0) as f32;
    let points: Vec<(f32, Vec2)> = trail.points.iter().map(|(at_secs, at)| (youth(*at_secs), *at)).collect();
    let light = linear(LASER, 0.75);
    let base = out.base();
    for (index, (youth, at)) in points.iter().enumerate() {
        let before = points[index.saturating_sub(1)].1;
        let after = points[(index + 1).min(points.len() - 1)].1;
        let aside = (after - before).normalize_or(Vec2::X).perp() * (0.6 + 3.4 * youth) * mm_per_pixel;
        out.positions.extend([(*at + aside).to_array(), (*at - aside).to_array()]);
        out.colors.extend([faded(light, *youth); 2]);
    }
    for index in 1..points.len() as u32 {
        let (here, there) = (base + 2 * (index - 1), base + 2 * index);
        out.indices.extend([here, here + 1, there, there, here + 1, there + 1]);
    }
    if let Some((_, newest)) = points.last() {
        dot(*newest, mm_per_pixel, out);
    }
}
