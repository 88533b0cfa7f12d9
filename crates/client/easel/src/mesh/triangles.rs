use glam::{Affine2, Vec2};

/// Triangles with a colour at every corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Triangles {
    /// Corners.
    pub positions: Vec<[f32; 2]>,
    /// Of each corner: linear red, green, blue, and straight alpha.
    pub colors: Vec<[f32; 4]>,
    /// Three for each triangle.
    pub indices: Vec<u32>,
}

impl Triangles {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.positions.clear();
        self.colors.clear();
        self.indices.clear();
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// Adds what is described by positions and indices, all in one colour.
    pub(crate) fn add(&mut self, positions: impl IntoIterator<Item = Vec2>, indices: &[u32], color: [f32; 4]) {
        let base = self.base();
        self.positions.extend(positions.into_iter().map(|position| position.to_array()));
        self.colors.resize(self.positions.len(), color);
        self.indices.extend(indices.iter().map(|index| base + index));
    }

    /// A triangle fan around its first corner.
    pub(crate) fn fan(&mut self, corners: &[(Vec2, [f32; 4])]) {
        let base = self.base();
        self.positions.extend(corners.iter().map(|(corner, _)| corner.to_array()));
        self.colors.extend(corners.iter().map(|(_, color)| *color));
        for index in 1..(corners.len() as u32).saturating_sub(1) {
            self.indices.extend([base, base + index, base + index + 1]);
        }
    }

    /// A convex shape in one colour.
    pub(crate) fn convex(&mut self, corners: &[Vec2], color: [f32; 4]) {
        let base = self.base();
        self.positions.extend(corners.iter().map(|corner| corner.to_array()));
        self.colors.resize(self.positions.len(), color);
        for index in 1..(corners.len() as u32).saturating_sub(1) {
            self.indices.extend([base, base + index, base + index + 1]);
        }
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: Vec2, to: Vec2, width_mm: f32, color: [f32; 4]) {
        let aside = (to - from).normalize_or(Vec2::X).perp() * width_mm / 2.0;
        self.convex(&[from + aside, to + aside, to - aside, from - aside], color);
    }

    /// A disc.
    pub(crate) fn disc(&mut self, center: Vec2, radius_mm: f32, color: [f32; 4]) {
        self.glow(center, radius_mm, color, color);
    }

    /// A disc whose colour changes from its middle to its edge.
    pub(crate) fn glow(&mut self, center: Vec2, radius_mm: f32, inner: [f32; 4], outer: [f32; 4]) {
        const CORNERS: usize = 24;
        let angle = |index: usize| std::f32::consts::TAU * index as f32 / CORNERS as f32;
        let around = (0..=CORNERS).map(|index| (center + Vec2::from_angle(angle(index)) * radius_mm, outer));
        let corners: Vec<_> = std::iter::once((center, inner)).chain(around).collect();
        self.fan(&corners);
    }

    /// Moves everything from corner `first` on.
    pub(crate) fn place(&mut self, first: usize, place: Affine2) {
        for position in self.positions.iter_mut().skip(first) {
            *position = place.transform_point2(Vec2::from_array(*position)).to_array();
        }
    }

    /// The number of the next corner.
    pub(crate) fn base(&self) -> u32 {
        self.positions.len() as u32
    }
}
