use glam::Vec3;

/// Where something is as seen from a head, as angles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Angles {
    /// Counter-clockwise from the front (left is 90), 0 ≤ a < 360.
    pub(crate) azimuth_deg: f32,
    /// −90…90, up is positive.
    pub(crate) elevation_deg: f32,
}

/// Angles of `direction` in head space (x right, y up, −z ahead), a unit vector.
pub(crate) fn angles(direction: Vec3) -> Angles {
    let azimuth_deg = (-direction.x).atan2(-direction.z).to_degrees().rem_euclid(360.0);
    Angles {
        // `rem_euclid` may round up to the divisor itself.
        azimuth_deg: if azimuth_deg < 360.0 { azimuth_deg } else { 0.0 },
        elevation_deg: direction.y.clamp(-1.0, 1.0).asin().to_degrees(),
    }
}

/// `from` turned towards `to` by at most `most_radians`; both are unit vectors.
pub(crate) fn turned_towards(from: Vec3, to: Vec3, most_radians: f32) -> Vec3 {
    let angle = from.dot(to).clamp(-1.0, 1.0).acos();
    if angle <= most_radians {
        return to;
    }
    // Straight behind there is no shortest way: go round by a side.
    let side = (to - from * from.dot(to)).try_normalize().unwrap_or_else(|| from.any_orthonormal_vector());
    (from * most_radians.cos() + side * most_radians.sin()).normalize_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn angles_of_known_directions() {
        let of = |x, y, z| angles(Vec3::new(x, y, z));
        assert_eq!(of(0.0, 0.0, -1.0), Angles { azimuth_deg: 0.0, elevation_deg: 0.0 });
        assert_eq!(of(-1.0, 0.0, 0.0).azimuth_deg, 90.0);
        assert_eq!(of(0.0, 0.0, 1.0).azimuth_deg, 180.0);
        assert_eq!(of(1.0, 0.0, 0.0).azimuth_deg, 270.0);
        assert_eq!(of(0.0, 1.0, 0.0).elevation_deg, 90.0);
        assert_eq!(of(1e-9, 0.0, -1.0).azimuth_deg, 0.0);
    }

    proptest! {
        #[test]
        fn turning_arrives_and_never_overshoots(
            a in prop::array::uniform3(-1f32..1.0), b in prop::array::uniform3(-1f32..1.0), step in 0.01f32..1.0,
        ) {
            let (mut at, to) = (Vec3::from(a).normalize_or(Vec3::X), Vec3::from(b).normalize_or(Vec3::Y));
            for _ in 0..(std::f32::consts::PI / step) as usize + 2 {
                let next = turned_towards(at, to, step);
                prop_assert!((next.length() - 1.0).abs() < 1e-4);
                prop_assert!(at.dot(next).clamp(-1.0, 1.0).acos() <= step + 2e-3);
                at = next;
            }
            prop_assert!(at.dot(to) > 0.9999);
        }
    }
}
