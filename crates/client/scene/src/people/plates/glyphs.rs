//! What plates are drawn with besides letters: shapes by their distance from a point, in texels of a cell.

use bevy::math::Vec2;

/// Texels of a cell, each way.
pub(super) const CELL: usize = 64;

/// A shape of the atlas' first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// The plate itself: a rounded rectangle whose middle is stretched.
    Plate,
    /// A bar of a level.
    Bar,
    /// All that is left of a plate in a crowd.
    Dot,
    /// A microphone, struck through.
    Muted,
    /// An open hand.
    Hand,
    /// A ring with a gap.
    Reconnecting,
}

impl Glyph {
    pub(super) const ALL: [Self; 6] = [Self::Plate, Self::Bar, Self::Dot, Self::Muted, Self::Hand, Self::Reconnecting];

    pub(super) fn index(self) -> usize {
        Self::ALL.iter().position(|glyph| *glyph == self).unwrap_or(0)
    }

    /// How much of a texel the shape covers, 0 to 1.
    pub(super) fn coverage(self, texel: Vec2) -> f32 {
        (0.5 - self.distance(texel)).clamp(0.0, 1.0)
    }

    /// Distance from the shape in texels, negative inside; y goes down.
    fn distance(self, p: Vec2) -> f32 {
        let middle = Vec2::splat(CELL as f32 / 2.0);
        let at = p - middle;
        match self {
            Self::Plate => rounded(at, Vec2::splat(30.0), PLATE_RADIUS),
            Self::Bar => rounded(at, Vec2::splat(30.0), 26.0),
            Self::Dot => at.length() - 29.0,
            Self::Muted => muted(at),
            Self::Hand => hand(at),
            Self::Reconnecting => ring(at),
        }
    }
}

/// Radius of a plate's corners in its cell.
pub(super) const PLATE_RADIUS: f32 = 20.0;

fn rounded(at: Vec2, half: Vec2, radius: f32) -> f32 {
    let outside = at.abs() - half + radius;
    outside.max(Vec2::ZERO).length() + outside.max_element().min(0.0) - radius
}

/// Distance from a line with round ends.
fn stroke(at: Vec2, from: Vec2, to: Vec2, radius: f32) -> f32 {
    let along = to - from;
    let share = ((at - from).dot(along) / along.length_squared()).clamp(0.0, 1.0);
    (at - from - along * share).length() - radius
}

fn arc(at: Vec2, center: Vec2, radius: f32, width: f32) -> f32 {
    ((at - center).length() - radius).abs() - width
}

fn muted(at: Vec2) -> f32 {
    let capsule = stroke(at, Vec2::new(0.0, -16.0), Vec2::new(0.0, -2.0), 8.5);
    let cradle = arc(at, Vec2::new(0.0, -2.0), 15.0, 2.6).max(-2.0 - at.y);
    let stem = stroke(at, Vec2::new(0.0, 14.0), Vec2::new(0.0, 23.0), 2.6);
    let foot = stroke(at, Vec2::new(-8.0, 24.0), Vec2::new(8.0, 24.0), 2.6);
    let microphone = capsule.min(cradle).min(stem).min(foot);
    let (from, to) = (Vec2::new(-22.0, -24.0), Vec2::new(22.0, 22.0));
    // The stroke stands free of what it crosses.
    microphone.max(-stroke(at, from, to, 6.4)).min(stroke(at, from, to, 3.0))
}

fn hand(at: Vec2) -> f32 {
    let palm = rounded(at - Vec2::new(1.0, 11.0), Vec2::new(13.5, 14.0), 9.0);
    let tips = [(-9.2, -17.0), (-2.6, -23.5), (4.2, -22.0), (10.8, -14.0)];
    let fingers = tips.map(|(x, y)| stroke(at, Vec2::new(x, y), Vec2::new(x * 0.95 + 0.6, 6.0), 2.9));
    let thumb = stroke(at, Vec2::new(-20.5, 3.0), Vec2::new(-10.0, 16.0), 3.3);
    fingers.into_iter().fold(palm.min(thumb), f32::min)
}

fn ring(at: Vec2) -> f32 {
    let whole = arc(at, Vec2::ZERO, 20.0, 4.0);
    let gaps =
        stroke(at, Vec2::ZERO, Vec2::new(30.0, -30.0), 7.0).min(stroke(at, Vec2::ZERO, Vec2::new(-30.0, 30.0), 7.0));
    whole.max(-gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texels(glyph: Glyph) -> Vec<f32> {
        let at = |index: usize| Vec2::new((index % CELL) as f32 + 0.5, (index / CELL) as f32 + 0.5);
        (0..CELL * CELL).map(|index| glyph.coverage(at(index))).collect()
    }

    #[test]
    fn glyphs_differ_by_shape_and_stay_in_their_cells() {
        for (n, glyph) in Glyph::ALL.into_iter().enumerate() {
            let own = texels(glyph);
            let ink: f32 = own.iter().sum();
            assert!(ink > 250.0, "{glyph:?} is to be seen: {ink}");
            let on_border =
                |index: usize| [0, CELL - 1].contains(&(index % CELL)) || [0, CELL - 1].contains(&(index / CELL));
            assert!(own.iter().enumerate().all(|(index, texel)| !on_border(index) || *texel == 0.0), "{glyph:?}");
            for other in Glyph::ALL.into_iter().take(n) {
                let differing: f32 = texels(other).iter().zip(&own).map(|(a, b)| (a - b).abs()).sum();
                assert!(differing > 100.0, "{glyph:?} and {other:?}");
            }
        }
    }
}
