use atrium_board::limits::COORDINATE_MM;
use glam::Vec2;

/// Pixels that a pointer may move between press and release and still have clicked.
pub(crate) const CLICK_PIXELS: f32 = 4.0;
/// Time between two clicks that are a double-click.
const DOUBLE_CLICK_SECS: f64 = 0.4;

/// Keys that are held while the pointer does something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// Squares, steps of angles, adds to the selection.
    pub shift: bool,
    /// From the middle; drags a copy.
    pub alt: bool,
    /// Ctrl, or the command key of a Mac.
    pub command: bool,
}

/// What a pointer does. Press, moves and release go together; moves without a press hover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The first button, the pen's tip or a finger goes down.
    Press,
    /// It moved, pressed or not.
    Move,
    /// It goes up.
    Release,
    /// It left the board without a button pressed.
    Leave,
    /// What it began shall not have been: another finger came, the window lost the focus.
    Cancel,
}

/// Something that a pointer does on the page that one looks at ([`crate::Easel::page`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointerEvent {
    /// What.
    pub phase: Phase,
    /// Where, in millimetres of the page, with the view of this moment.
    pub at: Vec2,
    /// 0 to 1; a mouse has 0.5.
    pub pressure: f32,
    /// How large a pixel is, in millimetres of the page: handles are as large for the hand at any zoom.
    pub mm_per_pixel: f32,
    /// What is held.
    pub modifiers: Modifiers,
    /// Moves the view whatever the tool is: the middle button does.
    pub is_pan: bool,
}

impl PointerEvent {
    /// A mouse that does something, at one pixel a millimetre.
    pub fn mouse(phase: Phase, at: Vec2) -> Self {
        Self { phase, at, pressure: 0.5, mm_per_pixel: 1.0, modifiers: Modifiers::default(), is_pan: false }
    }

    /// The same with every number finite and in its range; `None` if there is no telling where it is.
    pub(crate) fn sane(mut self) -> Option<Self> {
        if !self.at.is_finite() {
            return None;
        }
        let most = Vec2::splat(COORDINATE_MM);
        self.at = self.at.clamp(-most, most);
        self.pressure = if self.pressure.is_finite() { self.pressure.clamp(0.0, 1.0) } else { 0.5 };
        let scale = self.mm_per_pixel;
        self.mm_per_pixel = if scale.is_finite() { scale.clamp(1.0e-4, 1.0e4) } else { 1.0 };
        Some(self)
    }

    /// So many pixels, in millimetres.
    pub(crate) fn pixels(&self, pixels: f32) -> f32 {
        pixels * self.mm_per_pixel
    }
}

/// Tells a double-click.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clicks {
    last: Option<(f64, Vec2)>,
}

impl Clicks {
    /// The pointer goes down; returns whether that is the second click of two.
    pub(crate) fn press(&mut self, now_secs: f64, event: &PointerEvent) -> bool {
        let near_mm = event.pixels(2.0 * CLICK_PIXELS);
        let is_second = self
            .last
            .is_some_and(|(at_secs, at)| now_secs - at_secs <= DOUBLE_CLICK_SECS && at.distance(event.at) <= near_mm);
        self.last = (!is_second).then_some((now_secs, event.at));
        is_second
    }
}

/// How the pointer should look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointerShape {
    /// As always.
    #[default]
    Arrow,
    /// Something is drawn here.
    Cross,
    /// Something is written here.
    Text,
    /// The view can be moved …
    Grab,
    /// … and is being moved.
    Grabbing,
    /// What is under it can be moved.
    Move,
    /// Resizes along this direction: 0 is left to right, 1 upper left to lower right, 2 top to bottom, 3 the other diagonal.
    Resize(u8),
    /// Turns.
    Turn,
    /// Nothing can be done here.
    Forbidden,
}
