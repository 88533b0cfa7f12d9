use crate::limits::{COORDINATE_MM, SCALE_MAX, SCALE_MIN};
use glam::{Affine2, Vec2};
use serde::{Deserialize, Serialize};

/// How an element's own space lies on its page: scaled, then turned, then moved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 5]", into = "[f32; 5]")]
pub struct Frame {
    /// Where the element's origin lies on the page.
    pub position: Vec2,
    /// Clockwise, in radians.
    pub rotation: f32,
    /// Along the element's own axes; negative mirrors.
    pub scale: Vec2,
}

impl Frame {
    /// Moved to `position`, neither turned nor scaled.
    pub fn at(position: Vec2) -> Self {
        Self { position, rotation: 0.0, scale: Vec2::ONE }
    }

    /// `page_from_element`.
    pub fn to_affine(self) -> Affine2 {
        Affine2::from_scale_angle_translation(self.scale, self.rotation, self.position)
    }

    /// Whether every number is finite and within limits.
    pub fn is_possible(&self) -> bool {
        let scale = self.scale.abs();
        is_on_page(self.position)
            && self.rotation.is_finite()
            && self.rotation.abs() <= 1_000.0
            // The smaller of a number and one that is none is the number.
            && scale.is_finite()
            && scale.min_element() >= SCALE_MIN
            && scale.max_element() <= SCALE_MAX
    }
}

impl Default for Frame {
    fn default() -> Self {
        Self::at(Vec2::ZERO)
    }
}

impl From<[f32; 5]> for Frame {
    fn from([x, y, rotation, scale_x, scale_y]: [f32; 5]) -> Self {
        Self { position: Vec2::new(x, y), rotation, scale: Vec2::new(scale_x, scale_y) }
    }
}

impl From<Frame> for [f32; 5] {
    fn from(frame: Frame) -> Self {
        [frame.position.x, frame.position.y, frame.rotation, frame.scale.x, frame.scale.y]
    }
}

/// Whether a point is finite and within the limits of a page.
pub(crate) fn is_on_page(point: Vec2) -> bool {
    point.is_finite() && point.abs().max_element() <= COORDINATE_MM
}

/// An upright rectangle on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The corner with the smallest coordinates.
    pub min: Vec2,
    /// The corner with the largest coordinates.
    pub max: Vec2,
}

impl Bounds {
    /// Holds nothing, and grows to whatever is added.
    pub const NOTHING: Self = Self { min: Vec2::INFINITY, max: Vec2::NEG_INFINITY };

    /// The smallest that holds all of `points`.
    pub fn of(points: impl IntoIterator<Item = Vec2>) -> Self {
        points.into_iter().fold(Self::NOTHING, |bounds, point| bounds.with(point))
    }

    /// Holds `point` too.
    #[must_use]
    pub fn with(self, point: Vec2) -> Self {
        Self { min: self.min.min(point), max: self.max.max(point) }
    }

    /// Holds all of `other` too.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// Larger by `margin` on every side.
    #[must_use]
    pub fn grown(self, margin: f32) -> Self {
        Self { min: self.min - margin, max: self.max + margin }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.min.x > self.max.x || self.min.y > self.max.y
    }

    /// Whether `point` lies in it.
    pub fn contains(&self, point: Vec2) -> bool {
        point.cmpge(self.min).all() && point.cmple(self.max).all()
    }

    /// Whether all of `other` lies in it.
    pub fn contains_all(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Whether they have a point in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.min.cmple(other.max).all() && other.min.cmple(self.max).all()
    }

    /// Its middle.
    pub fn center(&self) -> Vec2 {
        (self.min + self.max) / 2.0
    }

    /// Width and height.
    pub fn size(&self) -> Vec2 {
        self.max - self.min
    }

    /// Its corners, clockwise from the upper left.
    pub fn corners(&self) -> [Vec2; 4] {
        [self.min, Vec2::new(self.max.x, self.min.y), self.max, Vec2::new(self.min.x, self.max.y)]
    }
}

/// A point as the wire has it: two numbers.
pub(crate) mod vec2_as_pair {
    use glam::Vec2;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(point: &Vec2, serializer: S) -> Result<S::Ok, S::Error> {
        point.to_array().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec2, D::Error> {
        <[f32; 2]>::deserialize(deserializer).map(Vec2::from_array)
    }
}
