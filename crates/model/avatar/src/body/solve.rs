use super::frame::{flat, forward, right, smooth_step, upright, wrapped};
use super::limb::{Back, Limb, bone_rotation};
use super::motion::{BodyMotion, Seen, near, unit};
use super::{BodyInput, BodyPart, BodyPose, Joint, Side};
use crate::PROPORTIONS;
use atrium_protocol::HandPose;
use glam::{EulerRot, Quat, Vec3};

/// Most that the spine leans from upright, as a share of its length.
const MAX_LEAN: f32 = 0.85;

/// Places every part of a body: downward from the head, which is where its person has it, and outward to the hands.
///
/// All lengths are [`PROPORTIONS`] times the pose's scale; a hand or foot that is out of reach is as near as it can be.
/// Any input gives finite joints.
pub fn solve_body(input: &BodyInput<'_>, motion: &BodyMotion) -> BodyPose {
    let seen = Seen::new(input);
    let mut joints = [Joint::ORIGIN; BodyPart::COUNT];
    let mut put = |part: BodyPart, joint: Joint| joints[part.index()] = joint;
    let trunk = Trunk::solve(input, motion, &seen);
    put(BodyPart::Head, trunk.head);
    put(BodyPart::Neck, trunk.neck);
    put(BodyPart::Torso, trunk.torso);
    put(BodyPart::Pelvis, trunk.pelvis);
    for side in Side::BOTH {
        let arm = Arm::solve(side, input, motion, &trunk);
        put(BodyPart::UpperArm(side), arm[0]);
        put(BodyPart::Forearm(side), arm[1]);
        put(BodyPart::Hand(side), arm[2]);
        let leg = solve_leg(side, input, motion, &trunk);
        put(BodyPart::Thigh(side), leg[0]);
        put(BodyPart::Shin(side), leg[1]);
        put(BodyPart::Foot(side), leg[2]);
    }
    BodyPose { joints, scale: motion.scale, eyelids: motion.eyelids(), hands: motion.hands }
}

/// What carries the limbs.
struct Trunk {
    head: Joint,
    neck: Joint,
    torso: Joint,
    pelvis: Joint,
    yaw_rad: f32,
}

impl Trunk {
    fn solve(input: &BodyInput<'_>, motion: &BodyMotion, seen: &Seen) -> Self {
        let (p, scale, yaw_rad) = (&PROPORTIONS, motion.scale, motion.torso_yaw_rad);
        let sunk = Vec3::NEG_Y * motion.drop_m;
        let head_pivot = seen.head_pivot(scale) + sunk;
        let stoop_rad = if input.seat.is_some() { 0.0 } else { motion.stoop_rad(seen) };
        let stooped = Vec3::Y * stoop_rad.cos() + forward(yaw_rad) * stoop_rad.sin();
        // The neck goes half with the back and half with the head.
        let neck_up = (stooped + 0.7 * (seen.head * Vec3::Y)).try_normalize().unwrap_or(Vec3::Y);
        let neck_base = head_pivot - neck_up * (p.neck_m() * scale);
        let spine_m = p.spine_m() * scale;
        let lean = flat(neck_base - hips_under(input, motion, stoop_rad)).clamp_length_max(MAX_LEAN * spine_m);
        let breath = forward(yaw_rad) * (0.003 * motion.wave(4.2));
        let up = ((lean + breath) / spine_m).clamp_length_max(MAX_LEAN);
        let up = up + Vec3::Y * (1.0 - up.length_squared()).sqrt();
        let pelvis = neck_base - up * spine_m;
        // Shoulders turn against the hips with every step.
        let stride_rad = (0.22 * motion.feet.left_lead_m(yaw_rad)).clamp(-0.15, 0.15) * motion.walk;
        let hips_yaw = input.seat.map_or(yaw_rad - stride_rad, |seat| finite_or(seat.yaw_rad, yaw_rad));
        let pelvis_up = (up + 1.5 * Vec3::Y).try_normalize().unwrap_or(Vec3::Y);
        let neck_back = upright(neck_up, yaw_rad) * Vec3::Z + 0.8 * (seen.head * Vec3::Z);
        Self {
            head: Joint { position: seen.eyes + sunk, rotation: seen.head },
            neck: Joint { position: neck_base, rotation: bone_rotation(-neck_up, neck_back) },
            torso: Joint { position: pelvis, rotation: upright(up, yaw_rad + 0.6 * stride_rad) },
            pelvis: Joint { position: pelvis, rotation: upright(pelvis_up, hips_yaw) },
            yaw_rad,
        }
    }

    /// A point of the torso, from the pelvis' centre in metres of a body of scale 1.
    fn torso_point(&self, point: Vec3, scale: f32) -> Vec3 {
        self.torso.position + self.torso.rotation * (point * scale)
    }
}

/// Where the pelvis should be, seen from above.
fn hips_under(input: &BodyInput<'_>, motion: &BodyMotion, stoop_rad: f32) -> Vec3 {
    if let Some(seat) = input.seat.and_then(|seat| near(seat.position)) {
        return seat;
    }
    let still = 1.0 - motion.walk;
    let shift = right(motion.torso_yaw_rad) * (0.014 * motion.wave(7.3))
        + forward(motion.torso_yaw_rad) * (0.006 * motion.wave(5.1));
    motion.base + shift * still - forward(motion.torso_yaw_rad) * (0.28 * stoop_rad.sin() * motion.scale)
}

struct Arm;

impl Arm {
    /// Upper arm, forearm and hand.
    fn solve(side: Side, input: &BodyInput<'_>, motion: &BodyMotion, trunk: &Trunk) -> [Joint; 3] {
        let (p, scale, sign) = (&PROPORTIONS, motion.scale, side.sign());
        let shoulder = p.right_shoulder * Vec3::new(sign, 1.0, 1.0) - Vec3::Y * p.pelvis_height_m;
        let shoulder = trunk.torso_point(shoulder + Vec3::Y * (0.003 * motion.wave(4.2)), scale);
        let limb = Limb { root: shoulder, upper_m: p.upper_arm_m * scale, lower_m: p.forearm_m * scale };
        let out = trunk.torso.rotation * Vec3::new(0.3 * sign, -0.55, 0.8);
        let tracked = input.pose.hands[side.index()].as_ref().and_then(|hand| tracked_wrist(hand, trunk));
        let (wrist, bend, room_from_hand) = match (tracked, input.seat) {
            (Some((wrist, room_from_hand)), _) => {
                let rotation = room_from_hand * hand_from_part(side);
                // Hands that hang swing with the legs of whoever walks.
                let hangs = motion.walk * smooth_step(0.56, 0.66, (trunk.head.position.y - wrist.y) / scale);
                let swing = swinging_wrist(side, motion, trunk, shoulder);
                (wrist.lerp(swing, hangs), out, Some(rotation))
            }
            (None, Some(_)) => {
                let lap = Vec3::new(0.11 * sign, 0.13, -0.27) * scale;
                let inward = Quat::from_euler(EulerRot::YXZ, 0.45 * sign, -0.08, 0.0);
                let rotation = trunk.pelvis.rotation * inward * hand_from_part(side);
                (trunk.pelvis.position + trunk.pelvis.rotation * lap, out, Some(rotation))
            }
            (None, None) => {
                let back = trunk.torso.rotation * Vec3::new(0.3 * sign, 0.0, 1.0);
                (swinging_wrist(side, motion, trunk, shoulder), back, None)
            }
        };
        let reach = limb.reach(wrist, bend, Back::Elbow);
        let loose = || reach.lower.rotation * Quat::from_rotation_x(-0.12);
        let rotation = room_from_hand.unwrap_or_else(loose).normalize();
        [reach.upper, reach.lower, Joint { position: reach.end, rotation }]
    }
}

/// The wrist of an arm that hangs, and swings against the legs of whoever walks.
fn swinging_wrist(side: Side, motion: &BodyMotion, trunk: &Trunk, shoulder: Vec3) -> Vec3 {
    let sign = side.sign();
    let swing = 0.42 * sign * motion.feet.left_lead_m(trunk.yaw_rad) * motion.walk;
    // Runners bend their elbows.
    let bend = Vec3::new(-0.02 * sign, 0.17, -0.12) * motion.run;
    let hang = Vec3::new(0.07 * sign, -0.515 + 0.25 * swing * swing, -0.05 - swing * (1.0 - 0.4 * motion.run)) + bend;
    shoulder + upright(Vec3::Y, trunk.yaw_rad) * (hang * motion.scale)
}

/// A tracked wrist in the room and the hand's rotation there.
fn tracked_wrist(hand: &HandPose, trunk: &Trunk) -> Option<(Vec3, Quat)> {
    let offset = near(hand.offset)?;
    Some((trunk.head.position + offset, unit(hand.rotation)))
}

/// From the axes of the mesh (fingers along −y, thumb along −z, palm towards the body) to those of a tracked hand
/// (fingers along −z, its back along +y).
fn hand_from_part(side: Side) -> Quat {
    let sign = side.sign();
    Quat::from_mat3(&glam::Mat3::from_cols(Vec3::Y * sign, Vec3::Z, Vec3::X * sign))
}

/// Thigh, shin and foot.
fn solve_leg(side: Side, input: &BodyInput<'_>, motion: &BodyMotion, trunk: &Trunk) -> [Joint; 3] {
    let (p, scale) = (&PROPORTIONS, motion.scale);
    let hip = p.right_hip * Vec3::new(side.sign(), 1.0, 1.0) - Vec3::Y * p.pelvis_height_m;
    let hip = trunk.pelvis.position + trunk.pelvis.rotation * (hip * scale);
    let limb = Limb { root: hip, upper_m: p.thigh_m * scale, lower_m: p.shin_m * scale };
    let (ankle, foot, knee) = match input.seat {
        Some(seat) => {
            let yaw_rad = finite_or(seat.yaw_rad, trunk.yaw_rad);
            let ahead = forward(yaw_rad) * (0.97 * limb.upper_m);
            let apart = right(yaw_rad) * (side.sign() * 0.03 * scale);
            let floor_y = Seen::new(input).ground_y + p.ankle_height_m * scale;
            let foot = Quat::from_rotation_y(yaw_rad - 0.12 * side.sign());
            ((hip + ahead + apart).with_y(floor_y), foot, forward(yaw_rad) + 0.9 * Vec3::Y)
        }
        None => {
            let foot = &motion.feet.feet[side.index()];
            let knee = forward(trunk.yaw_rad) + 0.6 * forward(foot.yaw_rad);
            (foot.ankle(scale), foot.rotation(), knee)
        }
    };
    let reach = limb.reach(ankle, knee, Back::Knee);
    [reach.upper, reach.lower, Joint { position: reach.end, rotation: foot }]
}

fn finite_or(angle_rad: f32, otherwise: f32) -> f32 {
    if angle_rad.is_finite() { wrapped(angle_rad) } else { otherwise }
}
