use atrium_board::Bounds;
use bevy::math::{URect, UVec2, Vec2};

/// Largest part of a texture that is painted at once, in texels.
const TILE: u32 = 1_024;
/// Round what changed, in texels: edges are smooth.
const MARGIN: f32 = 2.0;
/// So many places are told apart; more become one.
const PARTS: usize = 8;

/// Which part of a page a texture shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::boards) struct Cut {
    /// The point of the page at the texture's upper left corner, in millimetres.
    pub(in crate::boards) corner: Vec2,
    /// Millimetres of the page that a texel is wide and high.
    pub(in crate::boards) mm_per_texel: Vec2,
    /// Texels across and down.
    pub(in crate::boards) size: UVec2,
}

impl Cut {
    /// All of `bounds` on a texture of that size.
    pub(in crate::boards) fn of(bounds: Bounds, size: UVec2) -> Self {
        Self { corner: bounds.min, mm_per_texel: bounds.size() / size.as_vec2().max(Vec2::ONE), size }
    }

    /// What of the page it shows.
    #[cfg(test)]
    fn bounds(&self) -> Bounds {
        self.page_of(URect::from_corners(UVec2::ZERO, self.size))
    }

    /// What of the page a part of the texture shows.
    pub(super) fn page_of(&self, texels: URect) -> Bounds {
        let at = |texel: UVec2| self.corner + texel.as_vec2() * self.mm_per_texel;
        Bounds { min: at(texels.min), max: at(texels.max) }
    }

    /// The part of the texture that shows `page`; `None` when none does.
    pub(super) fn texels_of(&self, page: Bounds) -> Option<URect> {
        if page.is_empty() {
            return None;
        }
        let at = |point: Vec2| (point - self.corner) / self.mm_per_texel;
        let most = self.size.as_vec2();
        let low = (at(page.min) - MARGIN).floor().clamp(Vec2::ZERO, most);
        let high = (at(page.max) + MARGIN).ceil().clamp(Vec2::ZERO, most);
        let rect = URect::from_corners(low.as_uvec2(), high.as_uvec2());
        (!rect.is_empty()).then_some(rect)
    }
}

/// What has to be painted anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::boards) enum Damage {
    /// Nothing.
    #[default]
    Nothing,
    /// These parts of the page, in millimetres.
    Parts(Vec<Bounds>),
    /// Everything.
    All,
}

impl Damage {
    /// Adds a part of the page.
    pub(in crate::boards) fn add(&mut self, part: Bounds) {
        if part.is_empty() {
            return;
        }
        match self {
            Self::All => {}
            Self::Nothing => *self = Self::Parts(vec![part]),
            Self::Parts(parts) => {
                if let Some(known) = parts.iter_mut().find(|known| known.overlaps(&part)) {
                    *known = known.union(part);
                } else if parts.len() < PARTS {
                    parts.push(part);
                } else {
                    *parts = vec![parts.iter().fold(part, |all, part| all.union(*part))];
                }
            }
        }
    }

    /// Adds all of another's.
    pub(in crate::boards) fn join(&mut self, other: Self) {
        match other {
            Self::Nothing => {}
            Self::All => *self = Self::All,
            Self::Parts(parts) => parts.into_iter().for_each(|part| self.add(part)),
        }
    }

    /// Whether there is nothing to paint.
    pub(in crate::boards) fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }

    /// The parts of a texture that are painted one after the other.
    pub(super) fn tiles(&self, cut: &Cut) -> Vec<URect> {
        let whole = URect::from_corners(UVec2::ZERO, cut.size);
        match self {
            Self::Nothing => Vec::new(),
            Self::All => tiles_of(whole).collect(),
            Self::Parts(parts) => {
                let mut rects: Vec<URect> = parts.iter().filter_map(|part| cut.texels_of(*part)).collect();
                join_overlapping(&mut rects);
                rects.into_iter().flat_map(tiles_of).collect()
            }
        }
    }
}

/// No texel is painted twice.
fn join_overlapping(rects: &mut Vec<URect>) {
    let mut first = 0;
    while first < rects.len() {
        let overlaps = |other: &URect| !rects[first].intersect(*other).is_empty();
        match rects.iter().skip(first + 1).position(overlaps) {
            Some(place) => {
                let other = rects.swap_remove(first + 1 + place);
                rects[first] = rects[first].union(other);
                // It may touch now what it did not before.
                first = 0;
            }
            None => first += 1,
        }
    }
}

fn tiles_of(rect: URect) -> impl Iterator<Item = URect> {
    let columns = (rect.min.x..rect.max.x).step_by(TILE as usize);
    let rows = (rect.min.y..rect.max.y).step_by(TILE as usize);
    rows.flat_map(move |y| columns.clone().map(move |x| UVec2::new(x, y)))
        .map(move |min| URect::from_corners(min, (min + TILE).min(rect.max)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(x: f32, y: f32, width: f32, height: f32) -> Bounds {
        Bounds { min: Vec2::new(x, y), max: Vec2::new(x + width, y + height) }
    }

    #[test]
    fn a_large_texture_is_painted_in_tiles_that_cover_it_once() {
        let cut = Cut::of(bounds(-1_500.0, -600.0, 3_000.0, 1_200.0), UVec2::new(2_500, 1_100));
        let tiles = Damage::All.tiles(&cut);
        assert_eq!(tiles.len(), 6);
        let area: u32 = tiles.iter().map(|tile| tile.width() * tile.height()).sum();
        assert_eq!(area, 2_500 * 1_100);
        assert!(tiles.iter().all(|tile| tile.width() <= TILE && tile.height() <= TILE));
        assert_eq!(cut.bounds(), bounds(-1_500.0, -600.0, 3_000.0, 1_200.0));
    }

    #[test]
    fn what_changed_is_found_on_the_texture() {
        let cut = Cut::of(bounds(0.0, 0.0, 1_000.0, 500.0), UVec2::new(500, 250));
        assert_eq!(cut.texels_of(bounds(100.0, 100.0, 20.0, 10.0)), Some(URect::new(48, 48, 62, 57)));
        assert_eq!(cut.texels_of(bounds(-50.0, -50.0, 52.0, 52.0)), Some(URect::new(0, 0, 3, 3)));
        assert_eq!(cut.texels_of(bounds(2_000.0, 0.0, 10.0, 10.0)), None);
        assert_eq!(cut.texels_of(Bounds::NOTHING), None);
    }

    #[test]
    fn parts_that_overlap_are_painted_once() {
        let cut = Cut::of(bounds(0.0, 0.0, 1_000.0, 1_000.0), UVec2::splat(1_000));
        let mut damage = Damage::default();
        assert!(damage.is_nothing());
        damage.add(bounds(10.0, 10.0, 20.0, 20.0));
        damage.add(bounds(60.0, 60.0, 20.0, 20.0));
        damage.add(bounds(25.0, 25.0, 40.0, 40.0));
        assert_eq!(damage.tiles(&cut), [URect::new(8, 8, 82, 82)]);
        (0..20).for_each(|n| damage.add(bounds(45.0 * n as f32, 900.0, 10.0, 10.0)));
        let Damage::Parts(parts) = &damage else { panic!("parts") };
        assert!(parts.len() <= PARTS);
        damage.join(Damage::All);
        damage.add(bounds(0.0, 0.0, 1.0, 1.0));
        assert_eq!(damage, Damage::All);
    }
}
