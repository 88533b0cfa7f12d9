//! The one texture of all plates: glyphs in its first row, names in rows below.

use super::glyphs::{CELL, Glyph};
use super::letters::{LINE_TEXELS, Lettering, NAME_TEXELS};
use bevy::math::{UVec2, Vec2};
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

/// A picture with an empty edge, to be written into the texture.
#[derive(Debug)]
pub(super) struct Patch {
    pub(super) origin: UVec2,
    pub(super) size: UVec2,
    /// RGBA, row by row.
    pub(super) rgba: Vec<u8>,
}

impl Patch {
    fn new(picture: &Lettering, origin: UVec2, width: usize) -> Self {
        let mut rgba = [255, 255, 255, 0].repeat(width * ROW);
        let lines = rgba.chunks_exact_mut(4 * width).zip(picture.rgba.chunks_exact(4 * picture.width));
        for (target, source) in lines {
            target.iter_mut().zip(source).for_each(|(target, source)| *target = *source);
        }
        Self { origin, size: UVec2::new(width as u32, ROW as u32), rgba }
    }
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

    /// Finds space for a picture; what is given back has to be written into the texture. `None` when there is no space.
    pub(super) fn store(&mut self, picture: Lettering) -> Option<Patch> {
        let units = (picture.width + 2).div_ceil(UNIT);
        let (row, unit) = self.find(units)?;
        self.used[row] |= mask(unit, units);
        let patch = Patch::new(&picture, UVec2::new((unit * UNIT) as u32, (CELL + row * ROW) as u32), units * UNIT);
        self.places.insert(picture.name, Place { row, unit, units, width: picture.width });
        Some(patch)
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
        let mut atlas = Atlas::default();
        let width = |n: usize| 40 + n * 37 % 200;
        for n in 0..200 {
            let patch = atlas.store(picture(&n.to_string(), width(n))).unwrap();
            assert_eq!(patch.rgba.len(), (4 * patch.size.x * patch.size.y) as usize);
            assert_eq!(patch.origin.as_vec2(), atlas.region(&n.to_string()).unwrap().low);
            let inked = patch.rgba.chunks_exact(4).filter(|texel| texel[3] == 200).count();
            assert_eq!(inked, width(n) * LINE_TEXELS, "all of it, and an empty edge");
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
        let mut atlas = Atlas::default();
        let stored = (0..1_000).take_while(|n| atlas.store(picture(&n.to_string(), NAME_TEXELS)).is_some()).count();
        assert!((80..1_000).contains(&stored));
        atlas.retain(|name| name != "7");
        assert!(atlas.store(picture("new", NAME_TEXELS)).is_some());
        assert!(atlas.region("7").is_none() && atlas.region("new").is_some());
    }
}
