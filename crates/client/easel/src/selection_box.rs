use crate::Figure;
use atrium_board::{Bounds, Shape};
use glam::Vec2;
use std::f32::consts::TAU;

/// Pixels from the upper edge of a selection to the handle that turns it.
const TURN_PIXELS: f32 = 26.0;
/// Pixels around a handle's middle that still are the handle.
const GRIP_PIXELS: f32 = 9.0;
/// Boxes with shorter sides than so many pixels have no handles in the middle of them.
const MIDDLE_PIXELS: f32 = 32.0;
/// Something that a selection is held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handle {
    /// The upper left corner, as the box is turned; the others clockwise.
    UpperLeft,
    /// The middle of the upper edge.
    Upper,
    /// The upper right corner.
    UpperRight,
    /// The middle of the right edge.
    Right,
    /// The lower right corner.
    LowerRight,
    /// The middle of the lower edge.
    Lower,
    /// The lower left corner.
    LowerLeft,
    /// The middle of the left edge.
    Left,
    /// Turns the selection.
    Turn,
    /// An end of the only line that is selected.
    End(u8),
}

impl Handle {
    const AROUND: [Self; 8] = [
        Self::UpperLeft,
        Self::Upper,
        Self::UpperRight,
        Self::Right,
        Self::LowerRight,
        Self::Lower,
        Self::LowerLeft,
        Self::Left,
    ];

    /// Where it sits on a box from −1 to 1.
    pub(crate) fn side(self) -> Vec2 {
        match self {
            Self::UpperLeft => Vec2::new(-1.0, -1.0),
            Self::Upper => Vec2::new(0.0, -1.0),
            Self::UpperRight => Vec2::new(1.0, -1.0),
            Self::Right => Vec2::new(1.0, 0.0),
            Self::LowerRight => Vec2::new(1.0, 1.0),
            Self::Lower => Vec2::new(0.0, 1.0),
            Self::LowerLeft => Vec2::new(-1.0, 1.0),
            Self::Left => Vec2::new(-1.0, 0.0),
            Self::Turn | Self::End(_) => Vec2::ZERO,
        }
    }

    fn is_middle(self) -> bool {
        matches!(self, Self::Upper | Self::Right | Self::Lower | Self::Left)
    }
}

/// The frame around a selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelectionBox {
    /// Its middle on the page.
    pub center: Vec2,
    /// Width and height along its own axes.
    pub size: Vec2,
    /// Clockwise.
    pub rotation: f32,
    /// The ends of the line, if a line is all that is selected: it has no frame.
    pub ends: Option<[Vec2; 2]>,
}

impl SelectionBox {
    /// Around several things: upright.
    pub(crate) fn around(bounds: Bounds) -> Self {
        Self { center: bounds.center(), size: bounds.size(), rotation: 0.0, ends: None }
    }

    /// Around one thing: turned as it is.
    pub(crate) fn of(figure: &Figure) -> Self {
        let [upper_left, upper_right, lower_right, lower_left] = figure.corners();
        let center = (upper_left + lower_right) / 2.0;
        let size = Vec2::new(upper_left.distance(upper_right), upper_left.distance(lower_left));
        let place = figure.frame.to_affine();
        let ends = match &figure.shape {
            Shape::Line { ends, .. } => Some(ends.map(|end| place.transform_point2(end))),
            _ => None,
        };
        Self { center, size, rotation: figure.frame.rotation, ends }
    }

    /// A point of the box, given from −1 to 1.
    pub(crate) fn at(&self, side: Vec2) -> Vec2 {
        self.center + Vec2::from_angle(self.rotation).rotate(side * self.size / 2.0)
    }

    /// Its corners, clockwise from its own upper left.
    pub fn corners(&self) -> [Vec2; 4] {
        [Vec2::new(-1.0, -1.0), Vec2::new(1.0, -1.0), Vec2::ONE, Vec2::new(-1.0, 1.0)].map(|side| self.at(side))
    }

    /// Whether a point lies in it, or so near.
    pub fn contains(&self, point: Vec2, margin_mm: f32) -> bool {
        let own = Vec2::from_angle(-self.rotation).rotate(point - self.center);
        own.abs().cmple(self.size / 2.0 + margin_mm).all()
    }

    /// Its handles and where they are.
    pub fn handles(&self, mm_per_pixel: f32) -> Vec<(Handle, Vec2)> {
        if let Some([first, second]) = self.ends {
            return vec![(Handle::End(0), first), (Handle::End(1), second)];
        }
        let has_room = self.size.cmpge(Vec2::splat(MIDDLE_PIXELS * mm_per_pixel));
        let is_shown = |handle: &Handle| match handle {
            Handle::Upper | Handle::Lower => has_room.x,
            Handle::Left | Handle::Right => has_room.y,
            _ => true,
        };
        let around = Handle::AROUND.into_iter().filter(is_shown).map(|handle| (handle, self.at(handle.side())));
        let up = Vec2::from_angle(self.rotation).rotate(-Vec2::Y);
        let turn = self.at(Handle::Upper.side()) + up * TURN_PIXELS * mm_per_pixel;
        around.chain([(Handle::Turn, turn)]).collect()
    }

    /// The handle at a point; corners before edges.
    pub fn handle_at(&self, point: Vec2, mm_per_pixel: f32) -> Option<Handle> {
        let near = |(handle, at): (Handle, Vec2)| {
            let distance_mm = at.distance(point);
            (distance_mm <= GRIP_PIXELS * mm_per_pixel).then_some((handle.is_middle(), distance_mm, handle))
        };
        let found = self.handles(mm_per_pixel).into_iter().filter_map(near);
        found.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(_, _, handle)| handle)
    }

    /// Which way a handle resizes, in eighths of a turn, for the pointer's shape.
    pub(crate) fn direction(&self, handle: Handle) -> u8 {
        let angle = handle.side().to_angle() + self.rotation;
        ((angle / (TAU / 8.0)).round() as i32).rem_euclid(4) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::FRAC_PI_2;

    #[test]
    fn small_boxes_have_their_corners_only() {
        let frame = SelectionBox { center: Vec2::ZERO, size: Vec2::splat(20.0), rotation: 0.0, ends: None };
        assert_eq!(frame.handles(0.1).len(), 9);
        assert_eq!(frame.handles(1.0).len(), 5);
        assert_eq!(frame.handle_at(Vec2::splat(10.0), 1.0), Some(Handle::LowerRight));
        assert_eq!(frame.handle_at(Vec2::splat(40.0), 1.0), None);
    }

    #[test]
    fn directions_turn_with_the_box() {
        let frame = |rotation| SelectionBox { center: Vec2::ZERO, size: Vec2::ONE, rotation, ends: None };
        assert_eq!(frame(0.0).direction(Handle::Left), 0);
        assert_eq!(frame(0.0).direction(Handle::UpperLeft), 1);
        assert_eq!(frame(0.0).direction(Handle::Upper), 2);
        assert_eq!(frame(0.0).direction(Handle::UpperRight), 3);
        assert_eq!(frame(FRAC_PI_2).direction(Handle::Left), 2);
    }
}
