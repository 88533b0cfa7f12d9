//! What is where on a plate, in texels of its lettering; y up, the origin in the middle of its lower edge.

use super::atlas::{self, Region};
use super::glyphs::{CELL, Glyph, PLATE_RADIUS};
use super::letters::LINE_TEXELS;
use bevy::math::Vec2;

/// Height of a plate.
pub(super) const PLATE_TEXELS: f32 = 46.0;
const PADDING: f32 = 15.0;
const ICON: f32 = 32.0;
const GAP: f32 = 8.0;
const BARS: [f32; 3] = [0.65, 1.0, 0.5];
const BAR_WIDTH: f32 = 5.0;
const BAR_GAP: f32 = 4.0;
const BARS_WIDTH: f32 = BARS.len() as f32 * (BAR_WIDTH + BAR_GAP) - BAR_GAP;
/// Size of what is left of a plate in a crowd.
const DOT: f32 = 18.0;

/// Graphite (#2E3136) in linear light, and white that stays white after tone mapping.
const GRAPHITE: [f32; 3] = [0.0273, 0.0307, 0.0369];
const WHITE: [f32; 3] = [2.4, 2.4, 2.4];
const PLATE_ALPHA: f32 = 0.6;

/// What a plate says now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) name: Option<Region>,
    /// How loud they speak, 0 to 1; `None` while they are silent.
    pub(super) level: Option<f32>,
    pub(super) is_muted: bool,
    pub(super) has_hand_up: bool,
    pub(super) is_reconnecting: bool,
    /// 0: a dot, 1: a plate.
    pub(super) open: f32,
    pub(super) alpha: f32,
    /// Any steady time.
    pub(super) secs: f32,
}

/// A piece of a plate: lower left, size, where it is in the atlas, and its colour.
pub(super) type Piece = (Vec2, Vec2, Region, [f32; 4]);

impl Look {
    fn icons(&self) -> impl Iterator<Item = Glyph> {
        let flags = [
            (self.has_hand_up, Glyph::Hand),
            (self.is_muted, Glyph::Muted),
            (self.is_reconnecting, Glyph::Reconnecting),
        ];
        flags.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, glyph)| glyph)
    }

    /// Width of the open plate in texels.
    pub(super) fn width(&self) -> f32 {
        let name = self.name.map_or(0.0, |name| name.size.x);
        let bars = if self.level.is_some() { BARS_WIDTH + GAP } else { 0.0 };
        2.0 * PADDING + name + bars + self.icons().count() as f32 * (ICON + GAP)
    }

    /// All pieces, the lowest first.
    pub(super) fn lay_out(&self, mut put: impl FnMut(Piece)) {
        let dot_alpha = self.alpha * (1.0 - 2.0 * self.open).clamp(0.0, 1.0);
        if dot_alpha > 0.01 {
            self.dot(dot_alpha, &mut put);
        }
        let alpha = self.alpha * (2.0 * self.open - 1.0).clamp(0.0, 1.0);
        if alpha > 0.01 {
            self.plate(alpha, &mut put);
        }
    }

    /// Who speaks or has a hand up has a larger dot, so that a crowd shows it.
    fn dot(&self, alpha: f32, put: &mut impl FnMut(Piece)) {
        let size = if self.level.is_some() || self.has_hand_up { 1.5 * DOT } else { DOT };
        let square = |size: f32, color: [f32; 4]| {
            (Vec2::new(-size / 2.0, (PLATE_TEXELS - size) / 2.0), Vec2::splat(size), atlas::glyph(Glyph::Dot), color)
        };
        put(square(size + 6.0, tinted(GRAPHITE, PLATE_ALPHA * alpha)));
        put(square(size, tinted(WHITE, 0.85 * alpha)));
    }

    fn plate(&self, alpha: f32, put: &mut impl FnMut(Piece)) {
        let width = self.width();
        let mut x = -width / 2.0;
        background(x, width, tinted(GRAPHITE, PLATE_ALPHA * alpha), put);
        let white = tinted(WHITE, alpha);
        x += PADDING;
        if let Some(level) = self.level {
            self.bars(x, level, white, put);
            x += BARS_WIDTH + GAP;
        }
        if let Some(name) = self.name {
            put((Vec2::new(x, (PLATE_TEXELS - LINE_TEXELS as f32) / 2.0), name.size, name, white));
            x += name.size.x;
        }
        for icon in self.icons() {
            x += GAP;
            put((Vec2::new(x, (PLATE_TEXELS - ICON) / 2.0), Vec2::splat(ICON), atlas::glyph(icon), white));
            x += ICON;
        }
    }

    /// Bars that rise with the voice, each a little in its own time.
    fn bars(&self, mut x: f32, level: f32, color: [f32; 4], put: &mut impl FnMut(Piece)) {
        for (index, most) in BARS.into_iter().enumerate() {
            let sway = 0.5 + 0.5 * (self.secs * (9.0 + 2.3 * index as f32) + 2.0 * index as f32).sin();
            let height = 7.0 + 23.0 * most * level.clamp(0.0, 1.0) * (0.45 + 0.55 * sway);
            let low = Vec2::new(x, (PLATE_TEXELS - height) / 2.0);
            put((low, Vec2::new(BAR_WIDTH, height), atlas::glyph(Glyph::Bar), color));
            x += BAR_WIDTH + BAR_GAP;
        }
    }
}

/// The rounded ends keep their form, the middle is stretched.
fn background(x: f32, width: f32, color: [f32; 4], put: &mut impl FnMut(Piece)) {
    let region = atlas::glyph(Glyph::Plate);
    let end_share = (PLATE_RADIUS + 3.0) / CELL as f32;
    let end = (end_share * PLATE_TEXELS).min(width / 2.0);
    let mut piece = |x: f32, width: f32, from: f32, to: f32| {
        put((Vec2::new(x, 0.0), Vec2::new(width, PLATE_TEXELS), region.slice(from, to), color));
    };
    piece(x, end, 0.0, end_share);
    piece(x + end, width - 2.0 * end, end_share, 1.0 - end_share);
    piece(x + width - end, end, 1.0 - end_share, 1.0);
}

fn tinted([red, green, blue]: [f32; 3], alpha: f32) -> [f32; 4] {
    [red, green, blue, alpha]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Region = Region { low: Vec2::new(0.0, 100.0), size: Vec2::new(120.0, LINE_TEXELS as f32) };
    const LOOK: Look = Look {
        name: Some(NAME),
        level: None,
        is_muted: false,
        has_hand_up: false,
        is_reconnecting: false,
        open: 1.0,
        alpha: 1.0,
        secs: 3.0,
    };

    fn pieces(look: Look) -> Vec<Piece> {
        let mut pieces = Vec::new();
        look.lay_out(|piece| pieces.push(piece));
        pieces
    }

    #[test]
    fn everything_lies_on_the_plate() {
        for bits in 0..16 {
            let is = |bit: u32| bits & (1 << bit) != 0;
            let level = is(3).then_some(0.7);
            let look = Look { is_muted: is(0), has_hand_up: is(1), is_reconnecting: is(2), level, ..LOOK };
            let half = look.width() / 2.0;
            let pieces = pieces(look);
            assert!(pieces.len() >= 4 + (bits as usize & 7).count_ones() as usize);
            for (low, size, ..) in &pieces {
                assert!(low.x >= -half - 1e-3 && low.x + size.x <= half + 1e-3, "{look:?}");
                assert!(low.y >= 0.0 && low.y + size.y <= PLATE_TEXELS && size.min_element() > 0.0);
            }
        }
    }

    #[test]
    fn states_differ_without_colour() {
        let shape = |look: Look| pieces(look).len();
        let silent = shape(LOOK);
        assert_eq!(shape(Look { level: Some(0.0), ..LOOK }), silent + 3, "bars");
        assert_eq!(shape(Look { is_muted: true, ..LOOK }), silent + 1);
    }

    #[test]
    fn a_closed_plate_is_a_dot_that_tells_who_speaks() {
        let largest = |look: Look| pieces(look).iter().map(|(_, size, ..)| size.x).fold(0.0, f32::max);
        let closed = Look { open: 0.0, ..LOOK };
        assert!(largest(closed) < 30.0);
        assert!(largest(Look { level: Some(0.1), ..closed }) > largest(closed));
        assert!(pieces(Look { alpha: 0.0, ..LOOK }).is_empty());
    }
}
