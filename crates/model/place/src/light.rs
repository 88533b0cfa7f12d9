use crate::layout::vec3;
use glam::Vec3;
use serde::Deserialize;

/// The light of a place, beside what is baked into its lightmaps.
///
/// All of it shares the lightmaps' unit: light of 1 on a white surface is shown as white, before tone mapping.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Light {
    /// The sun. Meshes with a lightmap have its light baked in already; people and shadows need it.
    pub sun: Option<Sun>,
    /// Light from all around, for what has no lightmap, and reflections for everything.
    pub environment: Option<Environment>,
}

/// A sun.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sun {
    /// Where it stands, seen from the room: 0 is along −z, counter-clockwise as seen from above.
    pub yaw_degrees: f32,
    /// Its height over the horizon.
    pub elevation_degrees: f32,
    /// Its colour: linear red, green and blue, 0…1.
    #[serde(deserialize_with = "vec3")]
    pub color: Vec3,
    /// Light that falls on a surface which faces it. A white matte surface then shines with a π-th of it.
    pub irradiance: f32,
}

impl Sun {
    /// From the room towards the sun, of length 1.
    pub fn direction(&self) -> Vec3 {
        let (sin_yaw, cos_yaw) = self.yaw_degrees.to_radians().sin_cos();
        let (sin_up, cos_up) = self.elevation_degrees.to_radians().sin_cos();
        Vec3::new(-sin_yaw * cos_up, sin_up, -cos_yaw * cos_up)
    }
}

/// Light from all around, as two cube maps (KTX2), relative to `room.ron`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// Light that falls on a surface with that normal.
    pub diffuse: String,
    /// What a surface mirrors, rougher with every mip level.
    pub specular: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sun_stands_where_its_yaw_looks() {
        let sun = |yaw_degrees, elevation_degrees| {
            Sun { yaw_degrees, elevation_degrees, color: Vec3::ONE, irradiance: 1.0 }.direction()
        };
        assert!(sun(0.0, 0.0).distance(Vec3::NEG_Z) < 1e-6);
        assert!(sun(90.0, 0.0).distance(Vec3::NEG_X) < 1e-6);
        assert!(sun(33.0, 90.0).distance(Vec3::Y) < 1e-6);
    }
}
