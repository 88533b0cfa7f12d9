use crate::{Figure, Handle, SelectionBox};
use atrium_board::limits::{SCALE_MAX, SCALE_MIN, SIZE_MM};
use atrium_board::{Frame, Shape};
use glam::{Affine2, Vec2};
use std::f32::consts::{FRAC_PI_2, TAU};

/// Smallest width or height that something is resized to.
const SMALLEST_MM: f32 = 0.5;
/// Turning with shift goes in steps of 15°.
const TURN_STEP: f32 = TAU / 24.0;

/// Moves, turns or resizes figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Warp {
    Move(Vec2),
    Turn { center: Vec2, angle: f32 },
    Scale { anchor: Vec2, rotation: f32, factor: Vec2 },
}

impl Warp {
    pub(crate) const NOTHING: Self = Self::Move(Vec2::ZERO);

    /// The turn that takes `from` to `to` around the middle of a box; in steps if asked for.
    pub(crate) fn turn(around: &SelectionBox, from: Vec2, to: Vec2, in_steps: bool) -> Self {
        let (before, after) = (from - around.center, to - around.center);
        let mut angle = if before.length() > 1e-3 && after.length() > 1e-3 { before.angle_to(after) } else { 0.0 };
        if in_steps {
            let whole = around.rotation + angle;
            angle = (whole / TURN_STEP).round() * TURN_STEP - around.rotation;
        }
        Self::Turn { center: around.center, angle }
    }

    /// The scaling that takes a handle of a box from `from` to `to`.
    pub(crate) fn scale(around: &SelectionBox, handle: Handle, (from, to): (Vec2, Vec2), hold: Hold) -> Self {
        let side = handle.side();
        let own = |point: Vec2| Vec2::from_angle(-around.rotation).rotate(point - around.center);
        // How far the handle is from what stays where it is: the other side, or the middle.
        let reach = if hold.middle { around.size / 2.0 } else { around.size };
        let moved = own(to) - own(from);
        let along = |side: f32, reach: f32, moved: f32| {
            if side == 0.0 || reach < 1e-3 { 1.0 } else { (reach + side * moved) / reach }
        };
        let mut factor = Vec2::new(along(side.x, reach.x, moved.x), along(side.y, reach.y, moved.y));
        if hold.shape {
            let most = match handle {
                Handle::Upper | Handle::Lower => factor.y.abs(),
                Handle::Left | Handle::Right => factor.x.abs(),
                _ => factor.abs().max_element(),
            };
            factor = factor.signum() * most;
        }
        let anchor = if hold.middle { around.center } else { around.at(-side) };
        Self::Scale { anchor, rotation: around.rotation, factor: without_zero(factor) }
    }

    pub(crate) fn to_affine(self) -> Affine2 {
        let around = |middle: Vec2, linear: Affine2| {
            Affine2::from_translation(middle) * linear * Affine2::from_translation(-middle)
        };
        match self {
            Self::Move(by) => Affine2::from_translation(by),
            Self::Turn { center, angle } => around(center, Affine2::from_angle(angle)),
            Self::Scale { anchor, rotation, factor } => around(
                anchor,
                Affine2::from_angle(rotation) * Affine2::from_scale(factor) * Affine2::from_angle(-rotation),
            ),
        }
    }

    /// Whether [`Self::to_affine`] shows exactly what [`Self::apply`] makes.
    pub(crate) fn is_rigid(self) -> bool {
        !matches!(self, Self::Scale { .. })
    }

    /// The figure after it; as it was if that is beyond limits.
    pub(crate) fn apply(self, figure: &Figure) -> Figure {
        let mut after = figure.clone();
        after.frame.position = self.to_affine().transform_point2(figure.frame.position);
        match self {
            Self::Move(_) => {}
            Self::Turn { angle, .. } => after.frame.rotation = wrapped(figure.frame.rotation + angle),
            Self::Scale { rotation, factor, .. } => {
                let along = along_own_axes(figure.frame.rotation - rotation, factor);
                resize(&mut after, along);
            }
        }
        if after.frame.is_possible() { after } else { figure.clone() }
    }
}

/// What stays as it is while something is resized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hold {
    /// The ratio of the sides.
    pub(crate) shape: bool,
    /// The middle, instead of the other side.
    pub(crate) middle: bool,
}

/// Whether figures can only be scaled alike in both directions: those that lie askew in the box would be sheared, and
/// letters are not stretched.
pub(crate) fn keeps_shape<'a>(rotation: f32, mut figures: impl Iterator<Item = &'a Figure>) -> bool {
    figures.any(|figure| {
        let quarters = (figure.frame.rotation - rotation) / FRAC_PI_2;
        (quarters - quarters.round()).abs() > 1e-3 || matches!(figure.shape, Shape::Text { .. })
    })
}

/// A scaling in a box's axes as one along the axes of something that is turned in it by quarters.
fn along_own_axes(turned: f32, factor: Vec2) -> Vec2 {
    let quarters = (turned / FRAC_PI_2).round() as i64;
    if quarters.rem_euclid(2) == 0 { factor } else { Vec2::new(factor.y, factor.x) }
}

/// Resizes a figure, whose origin is where it will be, along its own axes.
fn resize(figure: &mut Figure, factor: Vec2) {
    let to_page = Affine2::from_angle(figure.frame.rotation) * Affine2::from_scale(figure.frame.scale);
    match &mut figure.shape {
        Shape::Ink { .. } => figure.frame.scale = scaled(figure.frame.scale, factor),
        Shape::Line { ends, .. } => *ends = ends.map(|end| end * factor),
        Shape::Text { .. } => {
            let alike = Vec2::splat(factor.abs().max_element());
            figure.frame.scale = scaled(figure.frame.scale, alike);
        }
        Shape::Rectangle { size }
        | Shape::Ellipse { size }
        | Shape::Sticky { size, .. }
        | Shape::Image { size, .. } => {
            let whole = *size * factor;
            *size = whole.abs().clamp(Vec2::splat(SMALLEST_MM), Vec2::splat(SIZE_MM));
            // A mirrored box extends the other way from its origin.
            figure.frame.position += to_page.transform_vector2(whole.min(Vec2::ZERO));
        }
    }
    if let Shape::Text { size, .. } = &figure.shape {
        // A mirrored text is not: it lies where its mirrored box does.
        let mirrored = (*size * factor.signum()).min(Vec2::ZERO) * factor.abs();
        figure.frame.position += to_page.transform_vector2(mirrored);
    }
}

fn scaled(scale: Vec2, factor: Vec2) -> Vec2 {
    let whole = scale * factor;
    whole.signum() * whole.abs().clamp(Vec2::splat(SCALE_MIN), Vec2::splat(SCALE_MAX))
}

fn without_zero(factor: Vec2) -> Vec2 {
    let away = |value: f32| if value.abs() < 1e-3 { 1e-3_f32.copysign(value) } else { value };
    Vec2::new(away(factor.x), away(factor.y))
}

/// An angle within a turn of 0.
fn wrapped(angle: f32) -> f32 {
    if angle.abs() <= TAU { angle } else { angle.rem_euclid(TAU) }
}

/// The end of a line after one of its ends was moved to `to`.
pub(crate) fn with_end(figure: &Figure, end: usize, to: Vec2, in_steps: bool) -> Figure {
    let mut after = figure.clone();
    let frame = figure.frame;
    let Shape::Line { ends, .. } = &mut after.shape else { return after };
    let own = frame.to_affine().inverse().transform_point2(to);
    let other = ends[1 - end];
    ends[end] = if in_steps { other + in_eighths(own - other) } else { own };
    if ends[end].is_finite() && ends[end].abs().max_element() < SIZE_MM { after } else { figure.clone() }
}

/// A text that is wrapped elsewhere: its right or left edge was dragged by so much along its own axis.
pub(crate) fn with_wrap(figure: &Figure, handle: Handle, to: Vec2) -> Figure {
    let mut after = figure.clone();
    let Frame { scale, rotation, .. } = figure.frame;
    let least_mm = figure.style.letter_mm;
    let Shape::Text { wrap_mm, size, .. } = &mut after.shape else { return after };
    let own_x = figure.frame.to_affine().inverse().transform_point2(to).x;
    let width_mm = if handle == Handle::Left { size.x - own_x } else { own_x };
    let width_mm = if width_mm.is_finite() { width_mm.clamp(least_mm, SIZE_MM) } else { return figure.clone() };
    if handle == Handle::Left {
        after.frame.position += Vec2::from_angle(rotation).rotate(Vec2::new((size.x - width_mm) * scale.x, 0.0));
    }
    *wrap_mm = Some(width_mm);
    size.x = width_mm;
    if after.frame.is_possible() { after } else { figure.clone() }
}

/// The nearest direction of eight, as long as it reaches there.
pub(crate) fn in_eighths(direction: Vec2) -> Vec2 {
    let step = TAU / 8.0;
    let angle = (direction.to_angle() / step).round() * step;
    let unit = Vec2::from_angle(angle);
    unit * direction.dot(unit).max(0.0)
}

#[cfg(test)]
mod tests;
