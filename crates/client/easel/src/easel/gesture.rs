use super::dragging::Drag;
use super::erasing::Erasing;
use super::shaping::Shaping;
use atrium_board::{ElementId, Style};
use glam::Vec2;

/// Changes of a kind that follow one another so quickly are undone together.
const REPEAT_SECS: f64 = 1.0;

/// What the pointer is about while it is pressed.
#[derive(Debug, Default)]
pub(super) enum Gesture {
    /// Nothing.
    #[default]
    None,
    /// The last stroke is drawn.
    Ink,
    /// Things are wiped away.
    Erase(Erasing),
    /// A line or a box is dragged out.
    Shape(Shaping),
    /// Pressed on something that is selected, or now is: a click, or the beginning of a drag.
    Pressed(Pressed),
    /// The selection is moved, resized or turned.
    Drag(Box<Drag>),
    /// A frame is drawn around what will be selected.
    Marquee(Marquee),
    /// The view is moved.
    Pan {
        /// The point of the page that stays under the pointer.
        grabbed: Vec2,
    },
    /// Points.
    Laser,
}

/// A press of which it is not clear yet what it will be.
#[derive(Clone, Debug)]
pub(super) struct Pressed {
    pub(super) at: Vec2,
    /// What was hit.
    pub(super) element: Option<ElementId>,
    /// It was selected before: a click with shift takes it out again, one without selects it alone.
    pub(super) was_selected: bool,
}

/// A frame around what will be selected.
#[derive(Clone, Debug)]
pub(super) struct Marquee {
    pub(super) from: Vec2,
    pub(super) to: Vec2,
    /// What was selected before, and stays so.
    pub(super) before: Vec<ElementId>,
    /// What lies inside is selected already.
    pub(super) is_gathered: bool,
}

/// Which change was made last, so that the next of its kind belongs to the same gesture.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats {
    last: Option<(Repeat, f64, u64)>,
}

/// A change that is made little by little.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Repeat {
    /// These were moved by keys.
    Nudge(Vec<ElementId>),
    /// These got another style, of which only the numbers differ.
    Style(Vec<ElementId>),
    /// The wall was moved.
    Wall,
}

impl Repeats {
    /// The gesture that a change belongs to; `new` if it is the first of its kind for a while.
    pub(super) fn gesture(&mut self, now_secs: f64, repeat: Repeat, new: u64) -> u64 {
        let goes_on = |(last, at_secs, _): &&(Repeat, f64, u64)| *last == repeat && now_secs - at_secs < REPEAT_SECS;
        let gesture = self.last.as_ref().filter(goes_on).map_or(new, |(_, _, gesture)| *gesture);
        self.last = Some((repeat, now_secs, gesture));
        gesture
    }

    /// Something else was done in between.
    pub(super) fn end(&mut self) {
        self.last = None;
    }
}

/// Whether two styles differ in numbers at most, as while a slider is dragged.
pub(super) fn differ_in_numbers(old: &Style, new: &Style) -> bool {
    Style { width_mm: 1.0, letter_mm: 1.0, ..*old } == Style { width_mm: 1.0, letter_mm: 1.0, ..*new }
}
