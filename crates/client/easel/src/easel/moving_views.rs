use super::Easel;
use super::gesture::{Gesture, Repeat};
use crate::looking::{ZOOM_STEP, fitted, within_limits, zoomed};
use crate::{Action, Notice, Sight, Zoom};
use atrium_board::{Bounds, Edit, Live, LiveInk, PageId, Refusal, View};
use atrium_protocol::ParticipantId;
use glam::Vec2;

/// What the wall shows is said so often while it is moved.
const WALL_SECS: f64 = 0.1;
/// Pixels of a view from side to side, while no pointer says better.
const USUAL_PIXELS: f32 = 1_200.0;

impl Easel {
    /// Where one works: at the wall, or in a window of one's own.
    pub fn sight(&self) -> Sight {
        self.looking.sight
    }

    /// Works there from now on. A window opens with what the wall shows, unless one was elsewhere before.
    pub fn set_sight(&mut self, sight: Sight) {
        if self.looking.sight == sight {
            return;
        }
        self.finish_gesture();
        self.end_text();
        self.looking.sight = sight;
        self.pointing = None;
        self.pointer = None;
        if sight == Sight::Window {
            let wall = self.wall_view();
            self.looking.look(wall, true);
        }
        self.view_changed();
    }

    /// How large the board on the wall is.
    pub fn set_surface(&mut self, size_mm: Vec2) {
        self.looking.set_surface(size_mm);
        self.damages.view();
    }

    /// Height of one's window by its width.
    pub fn set_aspect(&mut self, aspect: f32) {
        self.looking.set_aspect(aspect);
    }

    /// What one looks at: what the wall shows, or what one's window shows.
    pub fn view(&self) -> View {
        match self.looking.sight {
            Sight::Wall => self.wall_view(),
            Sight::Window => self.looking.window(),
        }
    }

    /// What the board on the wall shows to everybody.
    pub fn wall_view(&self) -> View {
        self.looking.wall(self.document())
    }

    /// The page that one looks at.
    pub fn page(&self) -> PageId {
        self.view().page
    }

    /// How much larger than on the wall things look, in per cent.
    pub fn zoom_percent(&self) -> u32 {
        (self.looking.surface_mm().x / self.view().width_mm * 100.0).round() as u32
    }

    /// Looks at another page.
    pub fn show_page(&mut self, page: PageId) {
        if self.document().page(page).is_none_or(|page| page.is_removed) || self.page() == page {
            return;
        }
        self.finish_gesture();
        self.end_text();
        self.select(Vec::new());
        let view = self.looking.remembered(page);
        self.looks_by_oneself();
        self.look_at(view, true);
    }

    /// Whom one follows.
    pub fn following(&self) -> Option<ParticipantId> {
        self.looking.following
    }

    /// Others may follow what one looks at.
    pub fn is_leading(&self) -> bool {
        self.looking.is_leading
    }

    /// Who lets others follow what they look at.
    pub fn leaders(&self) -> impl Iterator<Item = ParticipantId> {
        self.others.leaders()
    }

    pub(super) fn look(&mut self, action: Action) {
        match action {
            Action::Zoom(zoom) => self.zoom(zoom),
            Action::ZoomAt { at, factor } => {
                self.looks_by_oneself();
                let view = zoomed(self.aimed_at(), at, factor);
                self.look_at(view, true);
            }
            Action::Pan(by) => self.pan(by),
            Action::Show(view) => self.show_on_wall(within_limits(view)),
            Action::ShowMine => self.show_on_wall(self.looking.target()),
            Action::GoTo(page) => self.show_page(page),
            Action::NextPage => self.turn_page(1),
            Action::PreviousPage => self.turn_page(-1),
            Action::Follow(whom) => self.follow(whom),
            Action::Lead(leads) => {
                self.looking.is_leading = leads;
                self.damages.view();
            }
            _ => {}
        }
    }

    fn zoom(&mut self, zoom: Zoom) {
        let view = self.aimed_at();
        let page = view.page;
        let next = match zoom {
            Zoom::In => zoomed(view, view.center, ZOOM_STEP),
            Zoom::Out => zoomed(view, view.center, 1.0 / ZOOM_STEP),
            Zoom::Whole => {
                let whole = self.looking.surface_mm().x;
                View { width_mm: whole, ..view }
            }
            Zoom::Fit => {
                let bounds = self.document().bounds(page);
                if bounds.is_empty() { self.looking.home(page) } else { fitted(page, bounds, self.looking.aspect()) }
            }
        };
        self.looks_by_oneself();
        self.look_at(next, false);
    }

    /// Moves what one looks at.
    pub(super) fn pan(&mut self, by: Vec2) {
        if !by.is_finite() || by == Vec2::ZERO {
            return;
        }
        self.looks_by_oneself();
        let view = self.view();
        self.look_at(View { center: view.center + by, ..view }, true);
    }

    fn turn_page(&mut self, by: isize) {
        let pages: Vec<PageId> = self.document().pages().map(|page| page.id).collect();
        let here = pages.iter().position(|page| *page == self.page());
        let next = here.and_then(|here| here.checked_add_signed(by)).and_then(|next| pages.get(next).copied());
        next.into_iter().for_each(|page| self.show_page(page));
    }

    /// Where a view that glides will arrive.
    fn aimed_at(&self) -> View {
        match self.looking.sight {
            Sight::Wall => self.wall_view(),
            Sight::Window => self.looking.target(),
        }
    }

    fn look_at(&mut self, view: View, at_once: bool) {
        match self.looking.sight {
            Sight::Wall => self.show_on_wall(within_limits(view)),
            Sight::Window => {
                self.looking.look(view, at_once);
                self.view_changed();
            }
        }
    }

    /// The wall shows it to everybody: at once here, soon for others.
    fn show_on_wall(&mut self, view: View) {
        if view == self.wall_view() || !self.may_change() {
            return;
        }
        let is_other_page = view.page != self.wall_view().page;
        let page = self.page();
        self.looking.wall_wish = Some(view);
        self.damages.board();
        self.view_changed();
        if is_other_page {
            self.keep_off_other_page(page);
            self.commit_wall();
        }
    }

    fn commit_wall(&mut self) {
        let Some(view) = self.looking.wall_wish.take() else { return };
        self.wall_sent_secs = self.now_secs;
        let new = self.new_gesture();
        let gesture = self.repeats.gesture(self.now_secs, Repeat::Wall, new);
        self.propose(gesture, vec![Edit::Show { view }]);
        self.damages.view();
    }

    pub(super) fn move_views(&mut self, passed_secs: f64) {
        if self.looking.glide(passed_secs) {
            self.view_changed();
        }
        let is_due = self.now_secs - self.wall_sent_secs >= WALL_SECS;
        if is_due && self.looking.wall_wish.is_some() && self.outbox.is_clear() {
            self.commit_wall();
        }
    }

    fn view_changed(&mut self) {
        self.damages.view();
        self.damages.overlay();
        self.keep_selection_real();
    }

    /// Whoever moves their own view does not follow any more.
    fn looks_by_oneself(&mut self) {
        if self.looking.sight == Sight::Window {
            self.looking.following = None;
        }
    }

    fn follow(&mut self, whom: Option<ParticipantId>) {
        self.looking.following = whom;
        self.damages.view();
        whom.into_iter().for_each(|who| self.follow_view_of(who));
    }

    pub(super) fn follow_view_of(&mut self, who: ParticipantId) {
        if self.looking.following != Some(who) || self.looking.sight != Sight::Window {
            return;
        }
        let view = self.others.view_of(who).filter(|view| self.is_page(view.page));
        if let Some(view) = view {
            if view.page != self.page() {
                self.finish_gesture();
                self.end_text();
                self.select(Vec::new());
            }
            self.looking.look(view, false);
            self.view_changed();
        }
    }

    fn is_page(&self, id: PageId) -> bool {
        self.document().page(id).is_some_and(|page| !page.is_removed)
    }

    /// When the page that one looks at is gone, one looks at another.
    pub(super) fn keep_page_real(&mut self) {
        if self.typing.as_ref().is_some_and(|typing| !self.is_page(typing.edit.page)) {
            self.set_text_aside();
            self.notice(Notice::Impossible(Refusal::MissingPage));
        }
        if self.is_page(self.looking.target().page) {
            return;
        }
        let first = self.document().pages().next().map_or(PageId::FIRST, |page| page.id);
        self.looking.look(self.looking.remembered(first), true);
        self.view_changed();
    }

    /// What of the page is seen.
    pub(super) fn seen(&self) -> Bounds {
        let view = self.view();
        let size = Vec2::new(view.width_mm, crate::height_of(&view, self.looking.aspect()));
        Bounds { min: view.center - size / 2.0, max: view.center + size / 2.0 }
    }

    /// So many pixels in millimetres of the page.
    pub(super) fn pixels(&self, pixels: f32) -> f32 {
        let usual = self.view().width_mm / USUAL_PIXELS;
        pixels * self.pointer.map_or(usual, |event| event.mm_per_pixel)
    }

    /// Others hear where one points, what one draws, and what one looks at.
    pub(super) fn say_live(&mut self) {
        let view = self.looking.is_leading.then(|| self.view());
        let stroke = self.strokes.last().filter(|_| self.may_draw);
        let ink_version = stroke.map(|stroke| stroke.live().version.wrapping_add(stroke.element.0 << 20));
        if !self.live_out.is_due(self.now_secs, self.pointing, view, ink_version) {
            return;
        }
        let ink = stroke.map(|stroke| {
            let live = stroke.live();
            let (after, points) = stroke.uncommitted();
            LiveInk {
                element: live.element,
                page: live.page,
                color: live.color,
                width_mm: live.width_mm,
                is_highlighter: live.is_highlighter,
                after,
                points,
            }
        });
        let live = Live { pointing: self.pointing, ink, view };
        self.outputs.push_back(crate::Output::Live(live));
    }

    /// Whether the pointer moves the view at this moment.
    pub fn is_panning(&self) -> bool {
        matches!(self.gesture, Gesture::Pan { .. })
    }
}
