use super::Easel;
use super::gesture::Gesture;
use crate::{Phase, PointerEvent, PointerShape, Tool};
use atrium_board::{PageId, Pointing};

impl Easel {
    /// The pointer does something on the page that one looks at.
    pub fn pointer(&mut self, now_secs: f64, event: PointerEvent) {
        self.advance(now_secs);
        let Some(event) = event.sane() else { return };
        self.pointer = (event.phase != Phase::Leave).then_some(event);
        self.last_event = Some(event);
        self.point(&event);
        match event.phase {
            Phase::Press => self.press(event),
            Phase::Move => self.moved(event),
            Phase::Release => {
                self.moved(event);
                self.released(event);
            }
            Phase::Leave => {}
            Phase::Cancel => {
                self.cancel_gesture();
            }
        }
    }

    /// Others see where one points.
    fn point(&mut self, event: &PointerEvent) {
        let (page, is_laser) = (self.page(), self.tool == Tool::Laser);
        let position = event.at;
        let before = self.pointing;
        self.pointing = (event.phase != Phase::Leave).then_some(Pointing { page, position, is_laser });
        if is_laser && self.pointing.is_some() {
            self.trail.point(self.now_secs, page, position);
        }
        if is_laser || before.is_some_and(|before| before.is_laser) {
            self.damages.overlay();
        }
    }

    fn press(&mut self, event: PointerEvent) {
        self.finish_gesture();
        let is_second = self.clicks.press(self.now_secs, &event);
        if event.is_pan || self.holds_hand || self.tool == Tool::Hand {
            self.gesture = Gesture::Pan { grabbed: event.at };
            return;
        }
        self.repeats.end();
        if self.end_text() && matches!(self.tool, Tool::Text | Tool::Sticky) {
            // A click beside what one typed ends the typing, and does not begin another.
            return;
        }
        if self.tool.draws() && !self.may_change() {
            return;
        }
        match self.tool {
            Tool::Select => {
                if !is_second || !self.edit_text_at(&event) {
                    self.press_select(&event);
                }
            }
            Tool::Pen | Tool::Highlighter => self.begin_stroke(&event),
            Tool::Eraser { parts } => self.begin_erasing(&event, parts),
            Tool::Line | Tool::Arrow | Tool::Rectangle | Tool::Ellipse => self.begin_shape(&event),
            Tool::Text => self.begin_text(&event),
            Tool::Sticky => self.put_up_sticky(&event),
            Tool::Laser => self.gesture = Gesture::Laser,
            Tool::Hand => {}
        }
    }

    fn moved(&mut self, event: PointerEvent) {
        match &self.gesture {
            Gesture::None | Gesture::Laser => {}
            Gesture::Ink => self.draw_on(&event),
            Gesture::Erase(_) => self.erase_to(&event),
            Gesture::Shape(_) => self.shape_to(&event),
            Gesture::Pressed(_) => self.press_becomes_drag(&event),
            Gesture::Drag(_) => self.drag_to(&event),
            Gesture::Marquee(_) => self.marquee_to(&event),
            Gesture::Pan { grabbed } => {
                let by = *grabbed - event.at;
                self.pan(by);
            }
        }
    }

    fn released(&mut self, event: PointerEvent) {
        match std::mem::take(&mut self.gesture) {
            Gesture::None | Gesture::Laser | Gesture::Pan { .. } => {}
            Gesture::Ink => self.lift_pen(),
            Gesture::Erase(erasing) => self.end_erasing(erasing),
            Gesture::Shape(shaping) => self.end_shape(shaping),
            Gesture::Pressed(pressed) => self.click(pressed, &event),
            Gesture::Drag(drag) => self.drop_drag(*drag),
            Gesture::Marquee(marquee) => {
                if !marquee.is_gathered {
                    self.select_inside(marquee);
                }
                self.damages.overlay();
            }
        }
    }

    /// Ends what the pointer is about as if it was released here.
    pub(super) fn finish_gesture(&mut self) {
        if let Some(event) = self.last_event.filter(|_| !matches!(self.gesture, Gesture::None)) {
            self.released(event);
        }
        self.gesture = Gesture::None;
    }

    /// Ends what the pointer is about as if it had never begun.
    pub(super) fn cancel_gesture(&mut self) -> bool {
        match std::mem::take(&mut self.gesture) {
            Gesture::None => return false,
            Gesture::Laser | Gesture::Pan { .. } | Gesture::Pressed(_) => {}
            Gesture::Ink => self.cancel_stroke(),
            Gesture::Erase(erasing) => self.end_erasing(erasing),
            Gesture::Shape(shaping) => self.cancel_shape(shaping),
            Gesture::Drag(drag) => self.cancel_drag(*drag),
            Gesture::Marquee(marquee) => self.select(marquee.before),
        }
        self.damages.overlay();
        true
    }

    /// What the hand and the keys are about belongs to the page on which it began. When another one is shown now, it ends there.
    pub(super) fn keep_off_other_page(&mut self, before: PageId) {
        if self.page() == before {
            return;
        }
        match std::mem::take(&mut self.gesture) {
            Gesture::None | Gesture::Laser | Gesture::Pan { .. } | Gesture::Pressed(_) | Gesture::Marquee(_) => {}
            // What it did not come to wipe stays: here lies something else.
            Gesture::Erase(_) => {}
            Gesture::Ink => self.lift_pen(),
            Gesture::Shape(shaping) => self.end_shape(shaping),
            Gesture::Drag(drag) => self.drop_drag(*drag),
        }
        self.end_text();
        self.select(Vec::new());
        self.damages.overlay();
    }

    /// What time alone does to what is under way.
    pub(super) fn continue_gesture(&mut self) {
        match &self.gesture {
            Gesture::Erase(_) => self.wipe(),
            Gesture::Shape(_) => self.commit_shape(),
            Gesture::Drag(_) => self.commit_drag_now_and_then(),
            Gesture::Marquee(_) => self.gather_in_marquee(),
            _ => {}
        }
    }

    /// How the pointer should look where it is.
    pub fn pointer_shape(&self) -> PointerShape {
        if matches!(self.gesture, Gesture::Pan { .. }) {
            return PointerShape::Grabbing;
        }
        if self.holds_hand || self.tool == Tool::Hand {
            return PointerShape::Grab;
        }
        if self.tool.draws() && self.hindrance().is_some() {
            return PointerShape::Forbidden;
        }
        match self.tool {
            Tool::Text => PointerShape::Text,
            Tool::Select => self.select_shape(),
            Tool::Laser | Tool::Hand => PointerShape::Arrow,
            _ => PointerShape::Cross,
        }
    }
}
