use glam::Vec3;

/// Lengths of a body of scale 1 in metres, standing straight at x = z = 0 and looking along −z.
///
/// The meshes of the parts are made to these: each part's origin is its nearer joint, limbs extend along −y.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportions {
    /// Height of the point midway between the eyes, the head's origin.
    pub eye_height_m: f32,
    /// Height of the crown.
    pub total_height_m: f32,
    /// The eyes from the joint of neck and head.
    pub eyes_from_head_pivot: Vec3,
    /// Height of the joint of neck and head.
    pub head_pivot_height_m: f32,
    /// Height of the joint of torso and neck.
    pub neck_height_m: f32,
    /// The right shoulder.
    pub right_shoulder: Vec3,
    /// Height of the pelvis' centre, the origin of pelvis and torso.
    pub pelvis_height_m: f32,
    /// The right hip.
    pub right_hip: Vec3,
    /// Shoulder to elbow.
    pub upper_arm_m: f32,
    /// Elbow to wrist.
    pub forearm_m: f32,
    /// Wrist to knuckles.
    pub palm_m: f32,
    /// Hip to knee.
    pub thigh_m: f32,
    /// Knee to ankle.
    pub shin_m: f32,
    /// Height of the ankle over the floor.
    pub ankle_height_m: f32,
    /// From under the ankle forward to the ball of the foot, about which a heel rises.
    pub ball_of_foot_m: f32,
    /// How far eyelids turn about the eyes' axis from closed to open.
    pub eyelid_opening_rad: f32,
    /// Height of the pelvis' centre of the distant sitting figure.
    pub far_seated_pelvis_m: f32,
}

/// The proportions that code and meshes share.
pub const PROPORTIONS: Proportions = Proportions {
    eye_height_m: 1.65,
    total_height_m: 1.76,
    eyes_from_head_pivot: Vec3::new(0.0, 0.11, -0.078),
    head_pivot_height_m: 1.54,
    neck_height_m: 1.46,
    right_shoulder: Vec3::new(0.19, 1.42, 0.0),
    pelvis_height_m: 0.95,
    right_hip: Vec3::new(0.09, 0.93, 0.0),
    upper_arm_m: 0.28,
    forearm_m: 0.25,
    palm_m: 0.09,
    thigh_m: 0.43,
    shin_m: 0.42,
    ankle_height_m: 0.08,
    ball_of_foot_m: 0.155,
    eyelid_opening_rad: 60.0 * std::f32::consts::PI / 180.0,
    far_seated_pelvis_m: 0.55,
};

impl Proportions {
    /// Pelvis' centre to the joint of torso and neck.
    pub fn spine_m(&self) -> f32 {
        self.neck_height_m - self.pelvis_height_m
    }

    /// Joint of torso and neck to that of neck and head.
    pub fn neck_m(&self) -> f32 {
        self.head_pivot_height_m - self.neck_height_m
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lengths_of_a_straight_leg_and_head_add_up() {
        let p = PROPORTIONS;
        assert!((p.thigh_m + p.shin_m + p.ankle_height_m - p.right_hip.y).abs() < 1e-6);
        assert!((p.head_pivot_height_m + p.eyes_from_head_pivot.y - p.eye_height_m).abs() < 1e-6);
    }
}
