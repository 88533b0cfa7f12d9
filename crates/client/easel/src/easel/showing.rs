use super::Easel;
use super::gesture::Gesture;
use crate::{Cursor, Lifted, LiveStroke, Tool, Trail};
use atrium_board::ink::Point;
use atrium_board::{ElementId, PageId};
use atrium_protocol::ParticipantId;
use glam::Vec2;

impl Easel {
    /// Whether an element is not drawn with the others at this moment, because it is shown by itself: a stroke in the making, what
    /// is dragged, text that is typed. When that changes, the element is in [`crate::Damage::elements`].
    pub fn is_apart(&self, id: ElementId) -> bool {
        self.strokes.iter().any(|stroke| stroke.element == id)
            || self.others.is_drawing(id)
            || self.lifted_ids.contains(&id)
            || self.typing.as_ref().is_some_and(|typing| typing.edit.element == id)
    }

    /// Whether an element is part of what is dragged.
    pub fn is_lifted(&self, id: ElementId) -> bool {
        self.lifted_ids.contains(&id)
    }

    /// Strokes in the making on a page, others' below one's own.
    pub fn strokes(&self, page: PageId) -> impl Iterator<Item = LiveStroke> {
        let all = self.others.strokes().chain(self.strokes.iter().map(|stroke| stroke.live()));
        all.filter(move |stroke| stroke.page == page)
    }

    /// Adds the points of a stroke in the making to `out`, on the page, up to where the pen is now.
    pub fn stroke_points(&self, id: ElementId, out: &mut Vec<Point>) {
        match self.strokes.iter().find(|stroke| stroke.element == id) {
            Some(stroke) => stroke.shown(out),
            None => {
                self.others.points(id, self.document(), out);
            }
        }
    }

    /// What is being moved, resized, turned or dragged out.
    pub fn lifted(&self) -> Option<&Lifted> {
        self.lifted.as_ref()
    }

    /// Where others point.
    pub fn cursors(&self) -> impl Iterator<Item = Cursor> {
        self.others.cursors()
    }

    /// Where a laser was a moment ago: others', and with `None` one's own.
    pub fn trails(&self) -> impl Iterator<Item = (Option<ParticipantId>, &Trail)> {
        let theirs = self.others.trails().map(|(who, trail)| (Some(who), trail));
        theirs.chain([(None, &self.trail)]).filter(|(_, trail)| !trail.points.is_empty())
    }

    /// The time of the last tick or event: trails are as old as it says.
    pub fn now_secs(&self) -> f64 {
        self.now_secs
    }

    /// Where the eraser is and how large, while one is held over the board.
    pub fn eraser(&self) -> Option<(Vec2, f32)> {
        let event = self.pointer.filter(|_| matches!(self.tool, Tool::Eraser { .. }))?;
        Some((event.at, event.pixels(super::erasing::RADIUS_PIXELS)))
    }

    /// Whether the pointer is in the middle of something.
    pub fn is_busy(&self) -> bool {
        !matches!(self.gesture, Gesture::None)
    }
}
