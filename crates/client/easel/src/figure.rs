use atrium_board::{Bounds, Element, Frame, Shape, Style};
use glam::Vec2;

/// How something looks, whether it is an element or only about to be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Where it lies.
    pub frame: Frame,
    /// How it looks.
    pub style: Style,
    /// What it is.
    pub shape: Shape,
}

impl Figure {
    /// An element as it is.
    pub fn of(element: &Element) -> Self {
        Self { frame: element.frame, style: element.style, shape: element.shape.clone() }
    }

    /// An element's place without what it is: for moving it.
    pub(crate) fn of_frame_only(element: &Element) -> Self {
        let shape = Shape::Rectangle { size: Vec2::ONE };
        Self { frame: element.frame, style: element.style, shape }
    }

    /// The corners of an element's box on the page.
    pub(crate) fn of_frame(element: &Element) -> [Vec2; 4] {
        let place = element.frame.to_affine();
        own_box(&element.shape).corners().map(|corner| place.transform_point2(corner))
    }

    /// Its box in its own space, without the width of lines.
    pub fn own_box(&self) -> Bounds {
        own_box(&self.shape)
    }

    /// The corners of its box on the page, clockwise from its own upper left.
    pub fn corners(&self) -> [Vec2; 4] {
        let place = self.frame.to_affine();
        self.own_box().corners().map(|corner| place.transform_point2(corner))
    }
}

/// The box of a shape in its own space, without the width of lines.
pub(crate) fn own_box(shape: &Shape) -> Bounds {
    match shape {
        Shape::Ink { points, .. } => points.bounds(),
        Shape::Line { ends, .. } => Bounds::of(*ends),
        Shape::Rectangle { size }
        | Shape::Ellipse { size }
        | Shape::Text { size, .. }
        | Shape::Sticky { size, .. }
        | Shape::Image { size, .. } => Bounds { min: Vec2::ZERO, max: *size },
    }
}
