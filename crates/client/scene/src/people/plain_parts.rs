//! People without the meshes of their parts: round limbs, so that nobody is invisible.

use super::parts::{Cloth, Collected};
use atrium_avatar::{HAIR_STYLES, PROPORTIONS};
use bevy::prelude::*;

/// A limb of a length and radius that hangs from its joint.
fn limb(length_m: f32, radius_m: f32) -> Mesh {
    Capsule3d::new(radius_m, length_m)
        .mesh()
        .longitudes(12)
        .latitudes(6)
        .build()
        .translated_by(Vec3::NEG_Y * (length_m / 2.0))
}

fn ball(radii: Vec3, center: Vec3) -> Mesh {
    Sphere::new(1.0).mesh().uv(16, 10).scaled_by(radii).translated_by(center)
}

/// Everything that the file of parts has, in simple shapes.
pub(super) fn collected() -> Collected {
    let p = &PROPORTIONS;
    let head = ball(Vec3::new(0.08, 0.115, 0.1), Vec3::new(0.0, 0.0, 0.07));
    let hair = ball(Vec3::new(0.085, 0.085, 0.105), Vec3::new(0.0, 0.045, 0.085));
    let torso = ball(Vec3::new(0.19, 0.3, 0.12), Vec3::new(0.0, 0.24, 0.0));
    let foot = ball(Vec3::new(0.045, 0.05, 0.13), Vec3::new(0.0, -0.035, -0.06));
    let mut parts: Vec<(String, Cloth, Mesh)> = vec![
        ("head".into(), Cloth::Skin, head),
        ("eyelids".into(), Cloth::Skin, ball(Vec3::splat(0.004), Vec3::new(0.0, 0.0, 0.05))),
        ("neck".into(), Cloth::Skin, limb(-0.1, 0.05)),
        ("torso".into(), Cloth::Top, torso),
        ("pelvis".into(), Cloth::Trousers, ball(Vec3::new(0.16, 0.12, 0.12), Vec3::ZERO)),
        ("upper_arm".into(), Cloth::Top, limb(p.upper_arm_m, 0.05)),
        ("forearm".into(), Cloth::Top, limb(p.forearm_m, 0.042)),
        ("thigh".into(), Cloth::Trousers, limb(p.thigh_m, 0.075)),
        ("shin".into(), Cloth::Trousers, limb(p.shin_m, 0.055)),
        ("foot".into(), Cloth::Shoes, foot),
        ("far_standing".into(), Cloth::Top, Capsule3d::new(0.2, 1.36).mesh().build().translated_by(Vec3::Y * 0.88)),
        ("far_seated".into(), Cloth::Top, Capsule3d::new(0.2, 0.96).mesh().build().translated_by(Vec3::Y * 0.68)),
    ];
    parts.extend((1..=HAIR_STYLES).map(|style| (format!("hair_{style}"), Cloth::Hair, hair.clone())));
    for shape in ["open", "relaxed", "fist", "point"] {
        for side in ["left", "right"] {
            parts.push((format!("hand_{shape}_{side}"), Cloth::Skin, limb(2.0 * p.palm_m - 0.05, 0.04)));
        }
    }
    parts.into_iter().map(|(name, cloth, mesh)| (name, vec![(cloth, mesh)])).collect()
}
