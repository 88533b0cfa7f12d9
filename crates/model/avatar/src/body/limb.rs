use super::Joint;
use glam::{Mat3, Quat, Vec3};

/// A limb of two bones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limb {
    /// Where it begins.
    pub(super) root: Vec3,
    /// Lengths of its bones.
    pub(super) upper_m: f32,
    pub(super) lower_m: f32,
}

/// A limb that reaches for something: its two bones and where it really ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) upper: Joint,
    pub(super) lower: Joint,
    pub(super) end: Vec3,
}

impl Limb {
    /// Bends the limb so that it ends at `target`, or as near as it can. `bend` is where the middle joint goes; `back`
    /// says whether that is towards the parts' +z (elbows) or −z (knees).
    pub(super) fn reach(&self, target: Vec3, bend: Vec3, back: Back) -> Reach {
        let (upper_m, lower_m) = (self.upper_m, self.lower_m);
        let to_target = target - self.root;
        let along = to_target.try_normalize().unwrap_or(Vec3::NEG_Y);
        let shortest_m = (upper_m - lower_m).abs() + 0.12 * upper_m.min(lower_m);
        let distance_m = to_target.length().clamp(shortest_m, 0.9995 * (upper_m + lower_m));
        let aside = across(bend, along);
        // The law of cosines.
        let ahead_m = (upper_m * upper_m - lower_m * lower_m + distance_m * distance_m) / (2.0 * distance_m);
        let aside_m = (upper_m * upper_m - ahead_m * ahead_m).max(0.0).sqrt();
        let middle = self.root + along * ahead_m + aside * aside_m;
        let end = self.root + along * distance_m;
        let z = match back {
            Back::Elbow => aside,
            Back::Knee => -aside,
        };
        Reach {
            upper: Joint { position: self.root, rotation: bone_rotation(middle - self.root, z) },
            lower: Joint { position: middle, rotation: bone_rotation(end - middle, z) },
            end,
        }
    }
}

/// Which way a limb bends, in the axes of its parts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Back {
    Elbow,
    Knee,
}

/// The part of `direction` that is at right angles to `along` (of length 1), with length 1.
fn across(direction: Vec3, along: Vec3) -> Vec3 {
    let aside = direction - along * direction.dot(along);
    aside.try_normalize().unwrap_or_else(|| along.any_orthonormal_vector())
}

/// Turns a part whose bone runs along −y onto `bone`, its +z as near as possible to `z`.
pub(super) fn bone_rotation(bone: Vec3, z: Vec3) -> Quat {
    let y = -bone.try_normalize().unwrap_or(Vec3::NEG_Y);
    let z = across(z, y);
    Quat::from_mat3(&Mat3::from_cols(y.cross(z), y, z)).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vec3(size: f32) -> impl Strategy<Value = Vec3> {
        proptest::array::uniform3(-size..size).prop_map(Vec3::from)
    }

    proptest! {
        #[test]
        fn bones_keep_their_length_and_meet(
            root in vec3(3.0), offset in vec3(1.0), bend in vec3(1.0), upper_m in 0.2_f32..0.5, lower_m in 0.2_f32..0.5,
        ) {
            let limb = Limb { root, upper_m, lower_m };
            let reach = limb.reach(root + offset, bend, Back::Elbow);
            prop_assert!((reach.lower.position.distance(root) - upper_m).abs() < 1e-4);
            prop_assert!((reach.end.distance(reach.lower.position) - lower_m).abs() < 1e-4);
            for (joint, length_m, end) in
                [(reach.upper, upper_m, reach.lower.position), (reach.lower, lower_m, reach.end)]
            {
                let tip = joint.position + joint.rotation * Vec3::new(0.0, -length_m, 0.0);
                prop_assert!(tip.distance(end) < 1e-4, "the part points along its bone");
            }
            let can = (upper_m - lower_m).abs() + 0.12 * upper_m.min(lower_m)..0.9995 * (upper_m + lower_m);
            if can.contains(&offset.length()) {
                prop_assert!(reach.end.distance(root + offset) < 1e-4, "what can be reached is reached");
            }
        }
    }

    #[test]
    fn elbows_and_knees_bend_to_where_they_should() {
        let limb = Limb { root: Vec3::ZERO, upper_m: 0.4, lower_m: 0.4 };
        let knee = limb.reach(Vec3::new(0.0, -0.6, 0.0), Vec3::NEG_Z, Back::Knee);
        assert!(knee.lower.position.z < -0.2);
        assert!((knee.lower.rotation * Vec3::X).distance(Vec3::X) < 1e-5, "a knee does not twist");
        let elbow = limb.reach(Vec3::new(0.0, -0.6, 0.0), Vec3::Z, Back::Elbow);
        assert!(elbow.lower.position.z > 0.2);
        assert!((elbow.lower.rotation * Vec3::X).distance(Vec3::X) < 1e-5);
    }
}
