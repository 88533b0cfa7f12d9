use super::Easel;
use super::gesture::Gesture;
use super::proposing::Proposed;
use crate::stroke::{Ink, NO_PRESSURE, Stroke};
use crate::{Notice, PointerEvent, Tool};
use atrium_board::ink::{Point, Smoother};
use atrium_board::{Edit, ElementId, OrderKey, PageId};

/// Points and strokes that wait to become operations while the server does not answer.
const WAITING_POINTS: usize = 50_000;
const WAITING_STROKES: usize = 256;
/// While so many operations are not answered, ink waits in its strokes, where it is packed better.
const BUSY_OPERATIONS: usize = 256;

impl Easel {
    pub(super) fn begin_stroke(&mut self, event: &PointerEvent) {
        let gesture = self.new_gesture();
        let ink = Ink {
            page: self.page(),
            style: *self.styles.of(self.tool),
            is_highlighter: self.tool == Tool::Highlighter,
            gesture,
            mm_per_pixel: event.mm_per_pixel,
            simulates_pressure: event.pressure == NO_PRESSURE,
        };
        self.add_stroke(ink, Smoother::new(ink.smoothing()), point_of(event));
        self.gesture = Gesture::Ink;
    }

    fn add_stroke(&mut self, ink: Ink, smoother: Smoother, first: Point) {
        let order = self.order_of_next_stroke(ink.page);
        let element = self.ids.element();
        self.strokes.push(Stroke::begin(self.now_secs, (element, order), ink, smoother, first));
        self.damages.strokes();
    }

    /// Above everything, and above strokes that are not on the board yet.
    fn order_of_next_stroke(&self, page: PageId) -> OrderKey {
        let waiting = self.strokes.iter().filter(|stroke| stroke.ink.page == page && !stroke.is_added());
        let top = self.document().top(page);
        let highest = waiting.map(Stroke::order).chain(top).max();
        OrderKey::between(highest, None)
    }

    pub(super) fn draw_on(&mut self, event: &PointerEvent) {
        let now_secs = self.now_secs;
        let has_room = self.has_room_for_ink();
        let Some(stroke) = self.strokes.last_mut().filter(|stroke| !stroke.is_lifted()) else { return };
        let point = point_of(event);
        if point == stroke.newest() {
            return;
        }
        if !has_room {
            // It ends here: what would come now could not be kept.
            self.lift_pen();
            self.notice(Notice::TooMuchWaits);
            return;
        }
        stroke.push(now_secs, point);
        if stroke.is_full() {
            self.continue_as_another();
        }
        self.damages.strokes();
    }

    /// A stroke that became as long as one may be goes on as another.
    fn continue_as_another(&mut self) {
        let Some(stroke) = self.strokes.last_mut() else { return };
        stroke.lift();
        let excess = stroke.take_excess();
        let (ink, joint, newest) = (stroke.ink, stroke.last_point(), stroke.newest());
        self.add_stroke(ink, Smoother::going_on(ink.smoothing(), joint.pressure), joint);
        let now_secs = self.now_secs;
        if let Some(next) = self.strokes.last_mut() {
            excess.into_iter().chain([newest]).for_each(|point| next.push(now_secs, point));
        }
    }

    pub(super) fn lift_pen(&mut self) {
        if matches!(self.gesture, Gesture::Ink) {
            self.gesture = Gesture::None;
        }
        if let Some(stroke) = self.strokes.last_mut() {
            stroke.lift();
        }
        self.damages.strokes();
        self.commit_strokes();
    }

    /// Takes the stroke away that is drawn.
    pub(super) fn cancel_stroke(&mut self) {
        let Some(gesture) = self.strokes.last().map(|stroke| stroke.ink.gesture) else { return };
        let of_it = |stroke: &&Stroke| stroke.ink.gesture == gesture;
        let all: Vec<ElementId> = self.strokes.iter().filter(of_it).map(|stroke| stroke.element).collect();
        let added = self.strokes.iter().filter(of_it).filter(|stroke| stroke.is_added());
        let ids: Vec<ElementId> = added.map(|stroke| stroke.element).collect();
        self.strokes.retain(|stroke| stroke.ink.gesture != gesture);
        self.damages.strokes();
        self.damages.elements(all);
        if !ids.is_empty() {
            self.propose(gesture, vec![Edit::Remove { ids, is_removed: true }]);
        }
    }

    /// Strokes that wait when one may not draw any more.
    pub(super) fn drop_strokes(&mut self) {
        let ids: Vec<ElementId> = self.strokes.drain(..).map(|stroke| stroke.element).collect();
        self.damages.strokes();
        self.damages.elements(ids);
    }

    /// Whether there is room for more ink while the server does not answer.
    pub(super) fn has_room_for_ink(&self) -> bool {
        let points: usize = self.strokes.iter().map(Stroke::waiting_points).sum();
        points < WAITING_POINTS && self.strokes.len() < WAITING_STROKES
    }

    /// Ink becomes operations.
    pub(super) fn commit_strokes(&mut self) {
        let mut index = 0;
        while index < self.strokes.len() {
            // One piece of a stroke waits at most; what is drawn meanwhile will be the next.
            let stroke = &self.strokes[index];
            let may = stroke.is_due(self.now_secs)
                && !self.outbox.waits_with(stroke.element)
                && self.outbox.len() < BUSY_OPERATIONS;
            if may {
                self.commit_stroke(index);
            }
            index += 1;
        }
        self.forget_done_strokes();
    }

    /// All of it becomes operations now, whatever waits: what comes next builds on it.
    pub(super) fn commit_all_strokes(&mut self) {
        for index in 0..self.strokes.len() {
            while self.strokes.get(index).is_some_and(|it| it.is_lifted() && !it.is_done()) && self.commit_stroke(index)
            {
            }
        }
        self.forget_done_strokes();
    }

    fn commit_stroke(&mut self, index: usize) -> bool {
        let Some(stroke) = self.strokes.get(index) else { return false };
        let (edit, piece) = stroke.next_piece();
        let (gesture, element) = (stroke.ink.gesture, stroke.element);
        match self.propose_one(gesture, vec![edit]) {
            Proposed::Done => {
                let now_secs = self.now_secs;
                self.strokes.get_mut(index).into_iter().for_each(|stroke| stroke.took(now_secs, piece));
                true
            }
            // It waits until there is room.
            Proposed::NoRoom => false,
            Proposed::Impossible => {
                self.drop_stroke(element);
                false
            }
        }
    }

    /// A stroke cannot go on: its page or itself is gone, or the board is frozen.
    fn drop_stroke(&mut self, element: ElementId) {
        if self.strokes.last().is_some_and(|last| last.element == element && !last.is_lifted()) {
            self.gesture = Gesture::None;
        }
        self.strokes.retain(|stroke| stroke.element != element);
        self.damages.strokes();
        self.damages.element(element);
    }

    /// Something was taken back: strokes that were begun on it have no beginning any more.
    pub(super) fn keep_strokes_real(&mut self) {
        let is_gone = |stroke: &&Stroke| stroke.is_added() && self.document().element(stroke.element).is_none();
        let gone: Vec<ElementId> = self.strokes.iter().filter(is_gone).map(|stroke| stroke.element).collect();
        gone.into_iter().for_each(|element| self.drop_stroke(element));
    }

    fn forget_done_strokes(&mut self) {
        let done: Vec<ElementId> = self.strokes.iter().filter(|it| it.is_done()).map(|it| it.element).collect();
        if !done.is_empty() {
            self.strokes.retain(|stroke| !stroke.is_done());
            self.damages.strokes();
            self.damages.elements(done);
        }
    }
}

fn point_of(event: &PointerEvent) -> Point {
    Point { position: event.at, pressure: event.pressure }
}
