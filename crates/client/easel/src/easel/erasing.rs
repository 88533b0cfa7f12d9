use super::Easel;
use super::gesture::Gesture;
use crate::{PointerEvent, touch};
use atrium_board::{Edit, ElementId, Eraser, erase_parts};
use glam::Vec2;

/// Half the width of an eraser, in pixels.
pub(super) const RADIUS_PIXELS: f32 = 9.0;
/// What was touched goes away so often.
const WIPE_SECS: f64 = 0.03;

/// An eraser that is pressed.
#[derive(Clone, Debug)]
pub(super) struct Erasing {
    gesture: u64,
    parts: bool,
    radius_mm: f32,
    at: Vec2,
    /// Where it was since the last wipe.
    path: Vec<Vec2>,
    wiped_secs: f64,
}

impl Easel {
    pub(super) fn begin_erasing(&mut self, event: &PointerEvent, parts: bool) {
        let erasing = Erasing {
            gesture: self.new_gesture(),
            parts,
            radius_mm: event.pixels(RADIUS_PIXELS),
            at: event.at,
            path: vec![event.at],
            wiped_secs: f64::NEG_INFINITY,
        };
        self.gesture = Gesture::Erase(erasing);
        self.wipe();
    }

    pub(super) fn erase_to(&mut self, event: &PointerEvent) {
        let Gesture::Erase(erasing) = &mut self.gesture else { return };
        // Shorter ways touch nothing new.
        if erasing.at.distance(event.at) < erasing.radius_mm / 8.0 {
            return;
        }
        erasing.at = event.at;
        erasing.path.push(event.at);
        self.damages.overlay();
        self.wipe();
    }

    /// Takes away what the eraser touched since the last time.
    pub(super) fn wipe(&mut self) {
        let Gesture::Erase(erasing) = &mut self.gesture else { return };
        if self.now_secs - erasing.wiped_secs < WIPE_SECS || erasing.path.is_empty() {
            return;
        }
        erasing.wiped_secs = self.now_secs;
        let path = std::mem::take(&mut erasing.path);
        let &mut Erasing { gesture, parts, radius_mm, at, .. } = erasing;
        // The next way begins where this one ended.
        let last = path.last().copied().unwrap_or(at);
        let steps: Vec<[Vec2; 2]> =
            if path.len() == 1 { vec![[last, last]] } else { path.windows(2).map(|pair| [pair[0], pair[1]]).collect() };
        if let Some(from) = self.wipe_along(gesture, parts, radius_mm, &steps).then_some(last)
            && let Gesture::Erase(erasing) = &mut self.gesture
        {
            erasing.path.push(from);
        }
    }

    fn wipe_along(&mut self, gesture: u64, parts: bool, radius_mm: f32, steps: &[[Vec2; 2]]) -> bool {
        if !self.may_change() {
            self.gesture = Gesture::None;
            return false;
        }
        if parts {
            steps.iter().all(|step| self.wipe_parts(gesture, radius_mm, *step))
        } else {
            let ids = self.touched_along(radius_mm, steps);
            ids.is_empty() || self.propose(gesture, vec![Edit::Remove { ids, is_removed: true }])
        }
    }

    /// What lies under the way of an eraser and is not locked.
    fn touched_along(&self, radius_mm: f32, steps: &[[Vec2; 2]]) -> Vec<ElementId> {
        let mut ids = Vec::new();
        for step in steps {
            for element in touch::near(self.document(), self.page(), *step, radius_mm) {
                let is_drawn = self.others.is_drawing(element.id);
                let is_new = !element.is_locked && !is_drawn && !ids.contains(&element.id);
                if is_new && touch::touches(element, *step, radius_mm) {
                    ids.push(element.id);
                }
            }
        }
        ids
    }

    /// Cuts ink that lies under the way; what is not ink stays.
    fn wipe_parts(&mut self, gesture: u64, radius_mm: f32, [from, to]: [Vec2; 2]) -> bool {
        let eraser = Eraser { from, to, radius_mm };
        let page = self.page();
        let edits = erase_parts(self.replica.document(), page, &eraser, &mut self.ids);
        edits.is_empty() || self.propose(gesture, edits)
    }

    pub(super) fn end_erasing(&mut self, mut erasing: Erasing) {
        erasing.wiped_secs = f64::NEG_INFINITY;
        self.gesture = Gesture::Erase(erasing);
        self.wipe();
        self.gesture = Gesture::None;
        self.damages.overlay();
    }
}
