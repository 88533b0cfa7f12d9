use super::cursors::cursors;
use super::paper::{Paper, linear};
use super::triangles::Triangles;
use super::{Painter, Picture};
use crate::{Easel, Figure, Handle, SelectionBox};
use atrium_board::{PageId, Shape};
use atrium_lettering::Lettering;
use atrium_protocol::ParticipantId;
use glam::Vec2;

/// Frames and handles, sRGB: a blue that stands on light and on dark paper.
const ACCENT: [u8; 3] = [0x2f, 0x7d, 0xd1];
/// How much a marquee covers.
const MARQUEE_ALPHA: f32 = 0.1;
const FRAME_PIXELS: f32 = 1.5;
const HANDLE_PIXELS: f32 = 5.0;
/// More selected things than this have no frames of their own.
const FRAMED: usize = 200;

/// How what is around the board is drawn.
pub struct OverlayLook<'a> {
    /// How large a pixel is, in millimetres of the page.
    pub mm_per_pixel: f32,
    /// The colour of a person's cursor, linear.
    pub color_of: &'a dyn Fn(ParticipantId) -> [f32; 4],
}

/// Adds what is around the board while one works on a page: frames, handles, marquee, the eraser's size, cursors and
/// lasers.
pub fn overlay(easel: &Easel, page: PageId, look: &OverlayLook<'_>, out: &mut Triangles) {
    if easel.page() == page {
        selection(easel, look.mm_per_pixel, out);
        marquee(easel, look.mm_per_pixel, out);
        eraser(easel, look.mm_per_pixel, out);
    }
    cursors(easel, page, (look.mm_per_pixel, look.color_of), out);
}

/// Adds what is lifted, before [`crate::Lifted::transform`]; gives back pictures among it.
pub fn lifted(
    easel: &Easel,
    (painter, mut lettering): (&mut Painter, Option<&mut Lettering>),
    tolerance_mm: f32,
    out: &mut Triangles,
) -> Vec<Picture> {
    let look = (Paper { is_dark: easel.document().is_dark() }, tolerance_mm);
    let figures = easel.lifted().map(|lifted| lifted.figures.as_slice()).unwrap_or_default();
    figures.iter().filter_map(|(_, figure)| painter.figure(figure, look, lettering.as_deref_mut(), out)).collect()
}

/// Adds the paper of a note while its words are typed.
pub fn typed(easel: &Easel, painter: &mut Painter, tolerance_mm: f32, out: &mut Triangles) {
    let Some(text) = easel.text().filter(|text| text.is_sticky) else { return };
    let look = (Paper { is_dark: easel.document().is_dark() }, tolerance_mm);
    let shape = Shape::Sticky { text: String::new(), size: text.size };
    painter.figure(&Figure { frame: text.frame, style: text.style, shape }, look, None, out);
}

fn selection(easel: &Easel, mm_per_pixel: f32, out: &mut Triangles) {
    let Some(frame) = easel.selection_box() else { return };
    let accent = linear(ACCENT, 1.0);
    let ids = easel.selection();
    if ids.len() > 1 && ids.len() <= FRAMED && easel.lifted().is_none() {
        for element in ids.iter().filter_map(|id| easel.document().element(*id)) {
            outline(&Figure::of_frame(element), 0.6 * FRAME_PIXELS * mm_per_pixel, linear(ACCENT, 0.6), out);
        }
    }
    if frame.ends.is_none() {
        outline(&frame.corners(), FRAME_PIXELS * mm_per_pixel, accent, out);
    }
    handles(easel, &frame, mm_per_pixel, out);
}

fn handles(easel: &Easel, frame: &SelectionBox, mm_per_pixel: f32, out: &mut Triangles) {
    let (accent, white) = (linear(ACCENT, 1.0), [1.0; 4]);
    let radius_mm = HANDLE_PIXELS * mm_per_pixel;
    let turned = Vec2::from_angle(frame.rotation);
    for (handle, at) in easel.handles(mm_per_pixel) {
        if matches!(handle, Handle::Turn | Handle::End(_)) {
            out.disc(at, radius_mm, accent);
            out.disc(at, radius_mm - FRAME_PIXELS * mm_per_pixel, white);
            continue;
        }
        for (reach, color) in [(radius_mm, accent), (radius_mm - FRAME_PIXELS * mm_per_pixel, white)] {
            let corner = |x, y| at + turned.rotate(Vec2::new(x, y) * reach * 0.9);
            out.convex(&[corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)], color);
        }
    }
}

fn marquee(easel: &Easel, mm_per_pixel: f32, out: &mut Triangles) {
    let Some(area) = easel.marquee() else { return };
    out.convex(&area.corners(), linear(ACCENT, MARQUEE_ALPHA));
    outline(&area.corners(), mm_per_pixel, linear(ACCENT, 1.0), out);
}

fn eraser(easel: &Easel, mm_per_pixel: f32, out: &mut Triangles) {
    let Some((at, radius_mm)) = easel.eraser() else { return };
    out.disc(at, radius_mm, [0.5, 0.5, 0.5, 0.8]);
    out.disc(at, radius_mm - 1.5 * mm_per_pixel, [1.0, 1.0, 1.0, 0.9]);
}

/// A closed line whose corners are filled.
fn outline(corners: &[Vec2; 4], width_mm: f32, color: [f32; 4], out: &mut Triangles) {
    for index in 0..4 {
        let (from, to) = (corners[index], corners[(index + 1) % 4]);
        let further = (to - from).normalize_or_zero() * width_mm / 2.0;
        out.line(from, to + further, width_mm, color);
    }
}
