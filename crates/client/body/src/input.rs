use atrium_protocol::SeatId;
use glam::Vec2;

/// What keys and mouse ask of the body during one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BodyInput {
    /// Walk: x to the right, y forward; longer than 1 counts as 1.
    pub walk: Vec2,
    /// Run instead of walking.
    pub run: bool,
    /// Turn by keys: 1 is to the left at full speed, −1 to the right.
    pub turn: f32,
    /// Look by mouse in this frame, in radians: x to the left, y up.
    pub look: Vec2,
    /// Move the camera away (positive) or nearer in this frame, in metres.
    pub zoom_m: f32,
    /// Change between first and third person.
    pub toggle_third_person: bool,
    /// Stand up.
    pub stand: bool,
    /// Point where one looks.
    pub point: bool,
    /// Wave once.
    pub wave: bool,
    /// One's hand is raised in the meeting.
    pub hand_raised: bool,
    /// Cut where the view would glide.
    pub reduced_motion: bool,
}

impl BodyInput {
    /// The same with every number finite and in its range.
    pub(crate) fn sane(mut self) -> Self {
        let finite = |value: Vec2| if value.is_finite() { value } else { Vec2::ZERO };
        self.walk = finite(self.walk).clamp_length_max(1.0);
        self.look = finite(self.look);
        self.turn = if self.turn.is_finite() { self.turn.clamp(-1.0, 1.0) } else { 0.0 };
        self.zoom_m = if self.zoom_m.is_finite() { self.zoom_m } else { 0.0 };
        self
    }

    /// Whether a key asks to go or turn, which ends what a click began.
    pub(crate) fn takes_over(&self) -> bool {
        self.walk != Vec2::ZERO || self.turn != 0.0 || self.stand
    }
}

/// What the body wants of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To sit down there.
    Sit(SeatId),
    /// To stand up.
    Stand,
}
