use super::pack::Unpacking;
use super::{InkError, Point};
use crate::Bounds;
use crate::limits::{EDIT_POINTS, STROKE_POINTS};
use std::fmt;

/// The points of a stroke, packed as they came: unpacked only when somebody looks at them.
#[derive(Clone, PartialEq)]
pub struct Points {
    packed: Vec<u8>,
    count: u32,
    bounds: Bounds,
}

/// How much of a stroke there was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    bytes: u32,
    count: u32,
    bounds: Bounds,
}

impl Points {
    /// How many.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Of the middle of the line, in the element's own space.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The points, unpacked one by one.
    pub fn iter(&self) -> impl Iterator<Item = Point> + Clone {
        PointsIter { unpacking: Unpacking::new(&self.packed, STROKE_POINTS), left: self.len() }
    }

    /// As they are on the wire.
    pub fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// Points from the wire, a whole stroke.
    ///
    /// # Errors
    /// [`InkError`]; more than [`STROKE_POINTS`] are too many.
    pub fn from_packed(packed: &[u8]) -> Result<Self, InkError> {
        let mut points = Self::default();
        points.append(packed, STROKE_POINTS)?;
        Ok(points)
    }

    /// More points at the end.
    ///
    /// # Errors
    /// [`InkError`]; then nothing has changed.
    pub fn push_packed(&mut self, packed: &[u8]) -> Result<(), InkError> {
        self.append(packed, EDIT_POINTS.min(STROKE_POINTS - self.len().min(STROKE_POINTS)))
    }

    fn append(&mut self, packed: &[u8], most: usize) -> Result<(), InkError> {
        let mut unpacking = Unpacking::new(packed, most);
        let (mut count, mut bounds) = (self.count, self.bounds);
        while let Some(point) = unpacking.next_point()? {
            bounds = bounds.with(point.position);
            count += 1;
        }
        // A whole stroke or its beginning keeps no room for more: most of the ink on a board is finished.
        self.packed.reserve_exact(packed.len());
        self.packed.extend_from_slice(packed);
        (self.count, self.bounds) = (count, bounds);
        Ok(())
    }

    /// How much there is now.
    pub fn mark(&self) -> Mark {
        Mark { bytes: self.packed.len() as u32, count: self.count, bounds: self.bounds }
    }

    /// Takes away what was added since `mark`.
    pub fn truncate_to(&mut self, mark: Mark) {
        self.packed.truncate(mark.bytes as usize);
        (self.count, self.bounds) = (mark.count, mark.bounds);
    }
}

impl Default for Points {
    fn default() -> Self {
        Self { packed: Vec::new(), count: 0, bounds: Bounds::NOTHING }
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} points in {} bytes", self.count, self.packed.len())
    }
}

#[derive(Clone)]
struct PointsIter<'a> {
    unpacking: Unpacking<'a>,
    left: usize,
}

impl Iterator for PointsIter<'_> {
    type Item = Point;

    fn next(&mut self) -> Option<Point> {
        self.left = self.left.checked_sub(1)?;
        // They were checked when they came.
        self.unpacking.next_point().ok().flatten()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.left))
    }
}
