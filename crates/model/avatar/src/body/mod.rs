//! A whole body from a head and two hands.

mod feet;
mod frame;
mod limb;
mod motion;
mod solve;

pub use motion::BodyMotion;
pub use solve::solve_body;

use crate::PlayedPose;
use glam::{Affine3A, Quat, Vec3};

/// Left or right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Towards −x of somebody who looks along −z.
    Left,
    /// Towards +x.
    Right,
}

impl Side {
    /// Both sides, in the order of all arrays of two.
    pub const BOTH: [Self; 2] = [Self::Left, Self::Right];

    /// −1 for left, 1 for right.
    pub fn sign(self) -> f32 {
        match self {
            Self::Left => -1.0,
            Self::Right => 1.0,
        }
    }

    /// Place in arrays of two.
    pub fn index(self) -> usize {
        match self {
            Self::Left => 0,
            Self::Right => 1,
        }
    }
}

/// The rigid parts of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyPart {
    /// Origin midway between the eyes; hair and eyelids go with it.
    Head,
    /// Origin at its base.
    Neck,
    /// Origin at the pelvis' centre.
    Torso,
    /// Origin at its centre.
    Pelvis,
    /// Origin at the shoulder.
    UpperArm(Side),
    /// Origin at the elbow.
    Forearm(Side),
    /// Origin at the wrist.
    Hand(Side),
    /// Origin at the hip.
    Thigh(Side),
    /// Origin at the knee.
    Shin(Side),
    /// Origin at the ankle.
    Foot(Side),
}

impl BodyPart {
    /// How many there are.
    pub const COUNT: usize = 16;

    /// All of them, in the order of [`BodyPose::joints`].
    pub const ALL: [Self; Self::COUNT] = [
        Self::Head,
        Self::Neck,
        Self::Torso,
        Self::Pelvis,
        Self::UpperArm(Side::Left),
        Self::UpperArm(Side::Right),
        Self::Forearm(Side::Left),
        Self::Forearm(Side::Right),
        Self::Hand(Side::Left),
        Self::Hand(Side::Right),
        Self::Thigh(Side::Left),
        Self::Thigh(Side::Right),
        Self::Shin(Side::Left),
        Self::Shin(Side::Right),
        Self::Foot(Side::Left),
        Self::Foot(Side::Right),
    ];

    /// Place in [`BodyPose::joints`].
    pub fn index(self) -> usize {
        match self {
            Self::Head => 0,
            Self::Neck => 1,
            Self::Torso => 2,
            Self::Pelvis => 3,
            Self::UpperArm(side) => 4 + side.index(),
            Self::Forearm(side) => 6 + side.index(),
            Self::Hand(side) => 8 + side.index(),
            Self::Thigh(side) => 10 + side.index(),
            Self::Shin(side) => 12 + side.index(),
            Self::Foot(side) => 14 + side.index(),
        }
    }
}

/// Where a part's origin is in the room, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// In the room's space.
    pub position: Vec3,
    /// `room_from_part`.
    pub rotation: Quat,
}

impl Joint {
    pub(crate) const ORIGIN: Self = Self { position: Vec3::ZERO, rotation: Quat::IDENTITY };

    /// The part's matrix, with lengths scaled by `scale`.
    pub fn room_from_part(&self, scale: Vec3) -> Affine3A {
        Affine3A::from_scale_rotation_translation(scale, self.rotation, self.position)
    }
}

/// What fingers do, as far as there are meshes for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HandShape {
    /// Flat.
    Open,
    /// Half closed.
    #[default]
    Relaxed,
    /// Closed.
    Fist,
    /// Closed but for the index finger.
    Point,
}

impl HandShape {
    /// The shape for curls of thumb, index, middle, ring and little finger (0 open, 1 closed). A hand keeps the shape
    /// that it has (`self`) until its curls are clearly others.
    #[must_use]
    pub fn following(self, curls: &[f32; 5]) -> Self {
        const MARGIN: f32 = 0.06;
        let stick = |shape: Self| if self == shape { MARGIN } else { 0.0 };
        let [_, index, middle, ring, little] = *curls;
        let others = (middle + ring + little) / 3.0;
        let all = (index + 3.0 * others) / 4.0;
        if others > 0.6 - stick(Self::Point) && index < 0.35 + stick(Self::Point) {
            Self::Point
        } else if all > 0.7 - stick(Self::Fist) {
            Self::Fist
        } else if all < 0.22 + stick(Self::Open) {
            Self::Open
        } else {
            Self::Relaxed
        }
    }
}

/// Where a sitter's hips rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeatedHips {
    /// The top of the seat under them, in the room's space.
    pub position: Vec3,
    /// Where the seat looks.
    pub yaw_rad: f32,
}

/// What a body is solved from.
#[derive(Clone, Copy, Debug)]
pub struct BodyInput<'a> {
    /// Head and hands.
    pub pose: &'a PlayedPose,
    /// The seat, for somebody who sits.
    pub seat: Option<SeatedHips>,
    /// Height of the floor under the feet.
    pub ground_y: f32,
    /// Height of the body, 1 for [`crate::PROPORTIONS`].
    pub scale: f32,
}

/// All parts of a body in the room's space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyPose {
    /// By [`BodyPart::index`].
    pub joints: [Joint; BodyPart::COUNT],
    /// All lengths are [`crate::PROPORTIONS`] times this: the height asked for, and more where the head is too high
    /// for it.
    pub scale: f32,
    /// 0: eyes are open, 1: closed.
    pub eyelids: f32,
    /// Shapes of the left and the right hand.
    pub hands: [HandShape; 2],
}

impl BodyPose {
    /// A part's place.
    pub fn joint(&self, part: BodyPart) -> Joint {
        self.joints.get(part.index()).copied().unwrap_or(Joint::ORIGIN)
    }
}
