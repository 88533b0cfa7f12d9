//! The material of a board's face: painted textures in the light of the room, that of its lightmap included.

use bevy::asset::embedded_asset;
use bevy::pbr::{ExtendedMaterial, MaterialExtension};
use bevy::prelude::*;
use bevy::render::render_resource::{AsBindGroup, ShaderType};
use bevy::shader::ShaderRef;

/// The material of a board's face.
pub(super) type FaceMaterial = ExtendedMaterial<StandardMaterial, Face>;

/// What a face shows.
#[derive(Asset, AsBindGroup, TypePath, Clone, Debug)]
pub(super) struct Face {
    #[uniform(100)]
    pub(super) place: FacePlace,
    /// All of it.
    #[texture(101)]
    #[sampler(102)]
    pub(super) wall: Handle<Image>,
    /// The part that somebody is near to.
    #[texture(103)]
    #[sampler(104)]
    pub(super) lens: Option<Handle<Image>>,
}

/// Where a face is.
#[derive(ShaderType, Clone, Copy, Debug, Default)]
pub(super) struct FacePlace {
    /// The position across the face is the product with a position in the world: 0 left, 1 right.
    pub(super) across: Vec4,
    /// The same downwards.
    pub(super) down: Vec4,
    /// The part that the lens shows: upper left corner and size; no size, no lens.
    pub(super) lens: Vec4,
}

impl MaterialExtension for Face {
    fn fragment_shader() -> ShaderRef {
        "embedded://atrium_scene/boards/face.wgsl".into()
    }
}

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "face.wgsl");
    app.add_plugins(MaterialPlugin::<FaceMaterial>::default());
}

/// A board's face where a place has no model of it.
pub(super) fn plain(size_m: Vec2) -> Mesh {
    Plane3d::new(Vec3::Z, size_m / 2.0).into()
}
