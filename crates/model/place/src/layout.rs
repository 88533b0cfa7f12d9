use crate::{Acoustics, Light};
use glam::Vec3;
use serde::{Deserialize, Deserializer};

/// What stands in `room.ron`, as it was written.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename = "Room")]
pub struct Layout {
    /// The place's name, as people read it.
    pub title: String,
    /// Where people may be.
    pub bounds: Bounds,
    /// Where people appear; at least one.
    pub spawns: Vec<Spawn>,
    /// Where people may sit. A [`atrium_protocol::SeatId`] is an index into this list.
    #[serde(default)]
    pub seats: Vec<Seat>,
    /// Whiteboards. A [`atrium_protocol::BoardId`] is an index into this list.
    #[serde(default)]
    pub boards: Vec<Surface>,
    /// Where a shared screen is shown.
    #[serde(default)]
    pub screens: Vec<Surface>,
    /// Parts of the place with rules of their own. A [`atrium_protocol::ZoneId`] is an index into this list.
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// What stops people and sound.
    #[serde(default)]
    pub walls: Vec<Solid>,
    /// What stops people, but no sound.
    #[serde(default)]
    pub furniture: Vec<Solid>,
    /// How it sounds.
    #[serde(default)]
    pub acoustics: Acoustics,
    /// The file of its looks (glTF), relative to `room.ron`; without one the solids are drawn.
    #[serde(default)]
    pub model: Option<String>,
    /// Baked light for meshes of the model.
    #[serde(default)]
    pub lightmaps: Vec<Lightmap>,
    /// Its light, beside what is baked.
    #[serde(default)]
    pub light: Light,
}

impl Layout {
    /// The files that `room.ron` names, in its order.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        let lightmaps = self.lightmaps.iter().map(|lightmap| &lightmap.image);
        let environment = self.light.environment.iter().flat_map(|around| [&around.diffuse, &around.specular]);
        self.model.iter().chain(lightmaps).chain(environment).map(String::as_str)
    }
}

/// A box along the axes, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The corner with the smallest coordinates.
    #[serde(deserialize_with = "vec3")]
    pub min: Vec3,
    /// The corner with the largest coordinates.
    #[serde(deserialize_with = "vec3")]
    pub max: Vec3,
}

impl Bounds {
    /// Whether `point` is inside or on the border; false for a point that is not finite.
    pub fn contain(&self, point: Vec3) -> bool {
        point.cmpge(self.min).all() && point.cmple(self.max).all()
    }
}

/// Where a person appears.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spawn {
    /// The feet.
    #[serde(deserialize_with = "vec3")]
    pub position: Vec3,
    /// Where they look.
    pub yaw_degrees: f32,
}

/// Where a person may sit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// What it is called, if anything.
    #[serde(default)]
    pub name: Option<String>,
    /// The point on the floor below the sitter's hips; a seated person's placement.
    #[serde(deserialize_with = "vec3")]
    pub position: Vec3,
    /// Where a sitter looks.
    pub yaw_degrees: f32,
    /// Height of the hips over `position`, in metres.
    #[serde(default = "chair_height")]
    pub hip_height_m: f32,
}

/// Height in metres of a usual chair's seat.
fn chair_height() -> f32 {
    0.46
}

/// A flat rectangle that people look at: a whiteboard or a screen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// What it is called.
    pub name: String,
    /// Its middle.
    #[serde(deserialize_with = "vec3")]
    pub position: Vec3,
    /// Where its face looks: towards its readers.
    pub yaw_degrees: f32,
    /// Width and height in metres.
    pub size: (f32, f32),
}

/// A part of the place with rules of its own. Where zones overlap, the one that stands first counts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// What it is called.
    pub name: String,
    /// The corner with the smallest coordinates.
    #[serde(deserialize_with = "vec3")]
    pub min: Vec3,
    /// The corner with the largest coordinates.
    #[serde(deserialize_with = "vec3")]
    pub max: Vec3,
    /// Nobody outside hears those inside, nor is heard by them.
    #[serde(default)]
    pub private: bool,
    /// Who speaks here is heard everywhere.
    #[serde(default)]
    pub stage: bool,
}

impl Zone {
    /// Where it is.
    pub fn bounds(&self) -> Bounds {
        Bounds { min: self.min, max: self.max }
    }
}

/// Something that one cannot walk through.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solid {
    /// What it is called, if anything.
    #[serde(default)]
    pub name: Option<String>,
    /// Its middle.
    #[serde(deserialize_with = "vec3")]
    pub position: Vec3,
    /// Its turn about +y.
    #[serde(default)]
    pub yaw_degrees: f32,
    /// Its form.
    pub shape: Shape,
    /// What it is made of, for looks and sound.
    #[serde(default)]
    pub material: Material,
}

/// The form of a solid, before its turn.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Shape {
    /// A box.
    Box {
        /// Its size along x, y and z.
        #[serde(deserialize_with = "vec3")]
        size: Vec3,
    },
    /// An upright cylinder.
    Cylinder {
        /// Its radius.
        radius: f32,
        /// Its height.
        height: f32,
    },
    /// A wedge that rises along −z.
    Ramp {
        /// The size of the box round it.
        #[serde(deserialize_with = "vec3")]
        size: Vec3,
    },
}

impl Shape {
    /// The size in metres of the box round it.
    pub fn size(&self) -> Vec3 {
        match *self {
            Self::Box { size } | Self::Ramp { size } => size,
            Self::Cylinder { radius, height } => Vec3::new(2.0 * radius, height, 2.0 * radius),
        }
    }
}

/// What a solid is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Material {
    /// Painted plaster.
    #[default]
    Plaster,
    /// Wood.
    Wood,
    /// Window glass.
    Glass,
    /// Metal.
    Metal,
    /// Cloth, carpet, upholstery.
    Fabric,
    /// Stone or concrete.
    Stone,
}

/// Baked light for one mesh of the model.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lightmap {
    /// The mesh's name in the model.
    pub mesh: String,
    /// The image file, relative to `room.ron`.
    pub image: String,
}

macro_rules! facing {
    ($($name:ident),*) => {$(
        impl $name {
            /// The turn about +y in radians, as poses and placements have it.
            pub fn yaw(&self) -> f32 {
                self.yaw_degrees.to_radians()
            }

            /// The level direction of its yaw, of length 1.
            pub fn forward(&self) -> Vec3 {
                let (sin, cos) = self.yaw().sin_cos();
                Vec3::new(-sin, 0.0, -cos)
            }
        }
    )*};
}
facing!(Spawn, Seat, Surface, Solid);

pub(crate) fn vec3<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec3, D::Error> {
    <(f32, f32, f32)>::deserialize(deserializer).map(Vec3::from)
}
