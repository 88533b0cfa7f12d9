use super::paper::faded;
use super::triangles::Triangles;
use glam::Vec2;
use std::f32::consts::FRAC_PI_2;

/// The shadow of a note: how far it reaches over its edges, how far it lies below it, in shares of its shorter side.
const REACH: f32 = 0.075;
const BELOW: f32 = 0.028;
/// How dark it is at its darkest.
const DARKNESS: f32 = 0.28;
/// Steps in which it fades: light does not fade evenly.
const STEPS: [(f32, f32); 4] = [(0.0, 1.0), (0.3, 0.62), (0.6, 0.25), (1.0, 0.0)];
/// Pieces of a rounded corner.
const CORNER_PIECES: usize = 4;
/// The paper's lower edge lifts a little, and gets less light.
const LOWER_EDGE: f32 = 0.94;

/// The paper of a note and its soft shadow, in its own space. Light comes from above, however the note is turned: `down` says
/// where below is.
pub(super) fn paper(size: Vec2, down: Vec2, color: [f32; 4], out: &mut Triangles) {
    let short = size.min_element();
    shadow(down * short * BELOW, size, short * REACH, out);
    let [red, green, blue, alpha] = color;
    let lower = [red * LOWER_EDGE, green * LOWER_EDGE, blue * LOWER_EDGE, alpha];
    let right = Vec2::new(size.x, 0.0);
    out.fan(&[(Vec2::ZERO, color), (right, color), (size, lower), (Vec2::new(0.0, size.y), lower)]);
}

/// Rings around the edge of the note that fade outwards; what the note covers itself needs none.
fn shadow(offset: Vec2, size: Vec2, reach: f32, out: &mut Triangles) {
    // Inside the edge by as much as it fades, so that it does not begin like a frame.
    let inset = reach * 0.5;
    let dark = [0.0, 0.0, 0.0, DARKNESS];
    let rings: Vec<Vec<Vec2>> = STEPS.iter().map(|(way, _)| ring(offset, size, inset, way * (reach + inset))).collect();
    let colors = STEPS.map(|(_, share)| faded(dark, share));
    out.convex(&rings[0], colors[0]);
    for (index, pair) in rings.windows(2).enumerate() {
        band(&pair[0], &pair[1], colors[index], colors[index + 1], out);
    }
}

/// A rounded rectangle that lies `way` outside of one that is smaller than the note by `inset`.
fn ring(offset: Vec2, size: Vec2, inset: f32, way: f32) -> Vec<Vec2> {
    let (min, max) = (offset + inset, offset + size - inset);
    let corners = [max, Vec2::new(min.x, max.y), min, Vec2::new(max.x, min.y)];
    let mut ring = Vec::with_capacity(4 * (CORNER_PIECES + 1));
    for (quarter, corner) in corners.into_iter().enumerate() {
        for piece in 0..=CORNER_PIECES {
            let angle = (quarter as f32 + piece as f32 / CORNER_PIECES as f32) * FRAC_PI_2;
            ring.push(corner + Vec2::from_angle(angle) * way);
        }
    }
    ring
}

fn band(inner: &[Vec2], outer: &[Vec2], inner_color: [f32; 4], outer_color: [f32; 4], out: &mut Triangles) {
    let base = out.base();
    let count = inner.len() as u32;
    for (inside, outside) in inner.iter().zip(outer) {
        out.positions.extend([inside.to_array(), outside.to_array()]);
        out.colors.extend([inner_color, outer_color]);
    }
    for index in 0..count {
        let (here, next) = (base + 2 * index, base + 2 * ((index + 1) % count));
        out.indices.extend([here, here + 1, next, next, here + 1, next + 1]);
    }
}
