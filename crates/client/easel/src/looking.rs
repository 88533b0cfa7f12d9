use atrium_board::limits::COORDINATE_MM;
use atrium_board::{Bounds, Document, PageId, View};
use atrium_protocol::ParticipantId;
use glam::Vec2;
use std::collections::BTreeMap;

/// What is seen from side to side, at least and at most.
const NEAREST_MM: f32 = 20.0;
const FURTHEST_MM: f32 = 200_000.0;
/// How much nearer a step of the zoom is.
pub(crate) const ZOOM_STEP: f32 = 1.25;
/// Room around all that is on a page when it is to be seen whole.
const FIT_MARGIN: f32 = 1.08;
/// Size of a board until somebody says better.
const USUAL_SURFACE_MM: Vec2 = Vec2::new(3_000.0, 1_500.0);
/// Time constant with which the view glides to where it should be.
const GLIDE_SECS: f64 = 0.06;
/// Views that oneself had of other pages are remembered for so many.
const REMEMBERED: usize = 256;

/// Where one works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// At the board on the wall: what it shows, everybody sees.
    #[default]
    Wall,
    /// In a window of one's own.
    Window,
}

/// Height of what a view shows on something with these proportions (height by width).
pub fn height_of(view: &View, aspect: f32) -> f32 {
    view.width_mm * aspect
}

/// What one person looks at.
#[derive(Clone, Debug)]
pub(crate) struct Looking {
    pub(crate) sight: Sight,
    surface_mm: Vec2,
    /// Height of the window by its width.
    aspect: f32,
    window: View,
    /// Where the view glides to.
    target: View,
    views: BTreeMap<PageId, View>,
    pub(crate) following: Option<ParticipantId>,
    pub(crate) is_leading: bool,
    /// What the wall will show when the next operation says so.
    pub(crate) wall_wish: Option<View>,
}

impl Looking {
    pub(crate) fn new(page: PageId) -> Self {
        let view = home(page, USUAL_SURFACE_MM);
        Self {
            sight: Sight::Wall,
            surface_mm: USUAL_SURFACE_MM,
            aspect: USUAL_SURFACE_MM.y / USUAL_SURFACE_MM.x,
            window: view,
            target: view,
            views: BTreeMap::new(),
            following: None,
            is_leading: false,
            wall_wish: None,
        }
    }

    /// How large the board on the wall is. What nobody has moved yet is shown from its corner.
    pub(crate) fn set_surface(&mut self, size_mm: Vec2) {
        if !size_mm.is_finite() || size_mm.min_element() < 10.0 || size_mm.max_element() > 100_000.0 {
            return;
        }
        let was_home = self.target == home(self.target.page, self.surface_mm);
        self.surface_mm = size_mm;
        if was_home {
            let view = home(self.target.page, size_mm);
            (self.target, self.window) = (view, view);
        }
    }

    pub(crate) fn set_aspect(&mut self, aspect: f32) {
        if aspect.is_finite() && (0.01..=100.0).contains(&aspect) {
            self.aspect = aspect;
        }
    }

    pub(crate) fn aspect(&self) -> f32 {
        match self.sight {
            Sight::Wall => self.surface_mm.y / self.surface_mm.x,
            Sight::Window => self.aspect,
        }
    }

    pub(crate) fn surface_mm(&self) -> Vec2 {
        self.surface_mm
    }

    /// What the window shows now.
    pub(crate) fn window(&self) -> View {
        self.window
    }

    /// What the window will show when it has glided there.
    pub(crate) fn target(&self) -> View {
        self.target
    }

    /// What the wall shows.
    pub(crate) fn wall(&self, document: &Document) -> View {
        let is_there = |view: &View| document.page(view.page).is_some_and(|page| !page.is_removed);
        let first = document.pages().next().map_or(PageId::FIRST, |page| page.id);
        self.wall_wish.or(document.shown()).filter(is_there).unwrap_or(home(first, self.surface_mm))
    }

    /// The board's own scale on a page.
    pub(crate) fn home(&self, page: PageId) -> View {
        home(page, self.surface_mm)
    }

    /// What oneself saw of a page last.
    pub(crate) fn remembered(&self, page: PageId) -> View {
        if page == self.target.page { self.target } else { self.views.get(&page).copied().unwrap_or(self.home(page)) }
    }

    /// Looks there from now on: at once, or gliding.
    pub(crate) fn look(&mut self, view: View, at_once: bool) {
        let view = within_limits(view);
        if self.views.len() >= REMEMBERED {
            self.views.clear();
        }
        self.views.insert(self.target.page, self.target);
        self.target = view;
        if at_once || self.window.page != view.page {
            self.window = view;
        }
    }

    /// Lets the window's view glide; returns whether it moved.
    pub(crate) fn glide(&mut self, passed_secs: f64) -> bool {
        if self.window == self.target {
            return false;
        }
        let share = (1.0 - (-passed_secs.max(0.0) / GLIDE_SECS).exp()) as f32;
        let (from, to) = (self.window, self.target);
        let width_mm = from.width_mm * (to.width_mm / from.width_mm).powf(share);
        // The centre goes along with the width, so that the point that stays does stay.
        let span = to.width_mm - from.width_mm;
        let way = if span.abs() > 1e-3 * from.width_mm { (width_mm - from.width_mm) / span } else { share };
        let center = from.center + (to.center - from.center) * way;
        let is_there = (width_mm / to.width_mm - 1.0).abs() < 1e-3 && center.distance(to.center) < to.width_mm * 1e-4;
        self.window = if is_there { to } else { View { page: to.page, center, width_mm } };
        true
    }
}

/// The board's own scale: a millimetre of the page is one of the wall.
fn home(page: PageId, surface_mm: Vec2) -> View {
    View { page, center: surface_mm / 2.0, width_mm: surface_mm.x }
}

/// A view within what one may look at.
pub(crate) fn within_limits(mut view: View) -> View {
    let most = Vec2::splat(COORDINATE_MM);
    view.center = if view.center.is_finite() { view.center.clamp(-most, most) } else { Vec2::ZERO };
    let width_mm = if view.width_mm.is_finite() { view.width_mm } else { USUAL_SURFACE_MM.x };
    view.width_mm = width_mm.clamp(NEAREST_MM, FURTHEST_MM);
    view
}

/// A view from nearer, where `at` stays where it is.
pub(crate) fn zoomed(view: View, at: Vec2, factor: f32) -> View {
    if !at.is_finite() || !factor.is_finite() || factor <= 0.0 {
        return view;
    }
    let nearer = within_limits(View { width_mm: view.width_mm / factor, ..view });
    let real = nearer.width_mm / view.width_mm;
    within_limits(View { center: at + (view.center - at) * real, ..nearer })
}

/// A view of all that lies in `bounds`.
pub(crate) fn fitted(page: PageId, bounds: Bounds, aspect: f32) -> View {
    let size = bounds.size() * FIT_MARGIN;
    within_limits(View { page, center: bounds.center(), width_mm: size.x.max(size.y / aspect) })
}
