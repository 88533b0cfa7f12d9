//! The one texture of all plates: glyphs in its first row, names in rows below.

use super::glyphs::{CELL, Glyph};
use super::letters::{LINE_TEXELS, Lettering, NAME_TEXELS};
use bevy::math::Vec2;
use std::collections::HashMap;

/// Texels of the atlas.
pub(super) const WIDTH: usize = 2048;
pub(super) const HEIGHT: usize = 1024;
/// Names are stored in runs of units of this width.
const UNIT: usize = NAME_TEXELS / 4;
const UNITS: usize = WIDTH / UNIT;
/// Height of a row of names: none bleeds into the next.
const ROW: usize = LINE_TEXELS + 2;
const ROWS: usize = (HEIGHT - CELL) / ROW;

/// A part of the atlas, in texels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Region {
    pub(super) low: Vec2,
    pub(super) size: Vec2,
}

impl Region {
    /// Texture coordinates of its lower left and upper right.
    pub(super) fn uv(&self) -> [Vec2; 2] {
        let scale = Vec2::new(1.0 / WIDTH as f32, 1.0 / HEIGHT as f32);
        let (low, high) = (self.low * scale, (self.low + self.size) * scale);
        [Vec2::new(low.x, high.y), Vec2::new(high.x, low.y)]
    }

    /// A vertical slice of it, from and to a share of its width.
    pub(super) fn slice(&self, from: f32, to: f32) -> Self {
        Self { low: self.low + Vec2::X * (self.size.x * from), size: Vec2::new(self.size.x * (to - from), self.size.y) }
    }
}

/// Where a glyph is.
pub(super) fn glyph(glyph: Glyph) -> Region {
    let inset = 1.0;
    let low = Vec2::new((glyph.index() * CELL) as f32 + inset, inset);
    Region { low, size: Vec2::splat(CELL as f32 - 2.0 * inset) }
}

#[derive(Clone, Copy, Debug)]
struct Place {
    row: usize,
    unit: usize,
    units: usize,
    width: usize,
}

/// Which names are where.
#[derive(Debug)]
pub(super) struct Atlas {
    places: HashMap<String, Place>,
    /// Units in use, a bit each, by row.
    used: [u32; ROWS],
}

impl Default for Atlas {
    fn default() -> Self {
        Self { places: HashMap::new(), used: [0; ROWS] }
    }
}

impl Atlas {
    /// Where a name is.
    pub(super) fn region(&self, name: &str) -> Option<Region> {
        let place = self.places.get(name)?;
        let low = Vec2::new((place.unit * UNIT) as f32, (CELL + place.row * ROW) as f32);
        Some(Region { low, size: Vec2::new(place.width as f32, LINE_TEXELS as f32) })
    }

    /// Stores a picture in `texels`, RGBA of the whole atlas. False when there is no space.
    pub(super) fn store(&mut self, picture: Lettering, texels: &mut [u8]) -> bool {
        if self.places.contains_key(&picture.name) {
            return true;
        }
        let units = (picture.width + 2).div_ceil(UNIT);
        let Some((row, unit)) = self.find(units) else { return false };
        self.used[row] |= mask(unit, units);
        let (left, top) = (unit * UNIT, CELL + row * ROW);
        for line in 0..ROW {
            let start = 4 * ((top + line) * WIDTH + left);
            let Some(target) = texels.get_mut(start..start + 4 * units * UNIT) else { continue };
            target.as_chunks_mut::<4>().0.fill([255, 255, 255, 0]);
            let source = picture.rgba.chunks_exact(4 * picture.width).nth(line);
            if let Some((target, source)) = source.and_then(|source| Some((target.get_mut(..source.len())?, source))) {
                target.copy_from_slice(source);
            }
        }
        self.places.insert(picture.name, Place { row, unit, units, width: picture.width });
        true
    }

    /// Frees the names for which `is_used` says no.
    pub(super) fn retain(&mut self, is_used: impl Fn(&str) -> bool) {
        let used = &mut self.used;
        self.places.retain(|name, place| {
            let keep = is_used(name);
            if !keep {
                used[place.row] &= !mask(place.unit, place.units);
            }
            keep
        });
    }

    fn find(&self, units: usize) -> Option<(usize, usize)> {
        let free = |row: usize, unit: usize| self.used[row] & mask(unit, units) == 0;
        (0..ROWS).find_map(|row| Some((row, (0..=UNITS.checked_sub(units)?).find(|unit| free(row, *unit))?)))
    }
}

fn mask(unit: usize, units: usize) -> u32 {
    ((1 << units) - 1) << unit
}

/// The texels of an atlas without names.
pub(super) fn blank() -> Vec<u8> {
    let mut texels = [255, 255, 255, 0].repeat(WIDTH * HEIGHT);
    for glyph in Glyph::ALL {
        for y in 0..CELL {
            for x in 0..CELL {
                let coverage = glyph.coverage(Vec2::new(x as f32 + 0.5, y as f32 + 0.5));
                texels[4 * (y * WIDTH + glyph.index() * CELL + x) + 3] = (255.0 * coverage) as u8;
            }
        }
    }
    texels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(name: &str, width: usize) -> Lettering {
        Lettering { name: name.to_owned(), width, rgba: vec![200; 4 * width * LINE_TEXELS] }
    }

    #[test]
    fn two_hundred_names_have_space_and_do_not_overlap() {
        let (mut atlas, mut texels) = (Atlas::default(), blank());
        let width = |n: usize| 40 + n * 37 % 200;
        for n in 0..200 {
            assert!(atlas.store(picture(&n.to_string(), width(n)), &mut texels), "{n}");
        }
        let regions: Vec<_> = (0..200).map(|n| atlas.region(&n.to_string()).unwrap()).collect();
        for (n, a) in regions.iter().enumerate() {
            assert_eq!(a.size.x as usize, width(n));
            assert!(a.low.y as usize >= CELL && (a.low + a.size).cmple(Vec2::new(WIDTH as f32, HEIGHT as f32)).all());
            for b in &regions[..n] {
                let apart = (a.low + a.size).cmple(b.low) | (b.low + b.size).cmple(a.low);
                assert!(apart.any());
            }
        }
    }

    #[test]
    fn a_full_atlas_says_so_and_has_space_again() {
        let (mut atlas, mut texels) = (Atlas::default(), blank());
        let stored = (0..1_000).take_while(|n| atlas.store(picture(&n.to_string(), NAME_TEXELS), &mut texels)).count();
        assert!((80..1_000).contains(&stored));
        atlas.retain(|name| name != "7");
        assert!(atlas.store(picture("new", NAME_TEXELS), &mut texels));
        assert!(atlas.region("7").is_none() && atlas.region("new").is_some());
    }
}
