//! The plain shape of a place: its solids, for places without a model and for models that cannot be loaded.

use atrium_place::{Material, Place, Shape, Solid};
use bevy::asset::RenderAssetUsages;
use bevy::ecs::system::SystemParam;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;

/// Where the meshes and materials go.
#[derive(SystemParam)]
pub(super) struct PlainAssets<'w> {
    meshes: ResMut<'w, Assets<Mesh>>,
    materials: ResMut<'w, Assets<StandardMaterial>>,
}

/// Shows the solids of `place` under `root`, and its boards and screens.
pub(super) fn spawn(place: &Place, root: Entity, commands: &mut Commands, assets: &mut PlainAssets) {
    let layout = place.layout();
    for solid in layout.walls.iter().chain(&layout.furniture) {
        let transform = Transform::from_translation(solid.position).with_rotation(Quat::from_rotation_y(solid.yaw()));
        let mesh = Mesh3d(assets.meshes.add(mesh(solid)));
        let material = MeshMaterial3d(assets.materials.add(look(solid.material)));
        commands.spawn((ChildOf(root), mesh, material, transform));
    }
    let white = assets.materials.add(StandardMaterial {
        base_color: Color::srgb_u8(0xFB, 0xFA, 0xF7),
        perceptual_roughness: 0.5,
        ..default()
    });
    let dark = assets.materials.add(StandardMaterial {
        base_color: Color::srgb_u8(0x2E, 0x31, 0x36),
        perceptual_roughness: 0.4,
        ..default()
    });
    let boards = layout.boards.iter().map(|board| (board, &white));
    for (surface, material) in boards.chain(layout.screens.iter().map(|screen| (screen, &dark))) {
        let mesh = assets.meshes.add(Cuboid::new(surface.size.0, surface.size.1, 0.02));
        let rotation = Quat::from_rotation_y(surface.yaw());
        let transform = Transform::from_translation(surface.position).with_rotation(rotation);
        commands.spawn((ChildOf(root), Mesh3d(mesh), MeshMaterial3d(material.clone()), transform));
    }
}

fn mesh(solid: &Solid) -> Mesh {
    match solid.shape {
        Shape::Box { size } => Cuboid::from_size(size).into(),
        Shape::Cylinder { radius, height } => Cylinder::new(radius, height).into(),
        Shape::Ramp { size } => ramp(size),
    }
}

/// A wedge that rises along −z.
fn ramp(size: Vec3) -> Mesh {
    let Vec3 { x, y, z } = size / 2.0;
    let corners = [(-x, -y, z), (x, -y, z), (-x, -y, -z), (x, -y, -z), (-x, y, -z), (x, y, -z)].map(Vec3::from);
    let triangles = [[0, 2, 1], [1, 2, 3], [2, 4, 3], [3, 4, 5], [0, 1, 4], [1, 5, 4], [0, 4, 2], [1, 3, 5]];
    let positions: Vec<Vec3> = triangles.into_iter().flatten().map(|corner: usize| corners[corner]).collect();
    let count = u32::try_from(positions.len()).unwrap_or_default();
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_indices(Indices::U32((0..count).collect()))
        .with_duplicated_vertices()
        .with_computed_flat_normals()
}

fn look(material: Material) -> StandardMaterial {
    let (color, perceptual_roughness, metallic) = match material {
        Material::Plaster => (Color::srgb_u8(0xEC, 0xE7, 0xDF), 0.9, 0.0),
        Material::Wood => (Color::srgb_u8(0xC8, 0xA2, 0x7A), 0.55, 0.0),
        Material::Glass => (Color::srgba_u8(0xBF, 0xD6, 0xE6, 0x30), 0.1, 0.0),
        Material::Metal => (Color::srgb_u8(0x2E, 0x31, 0x36), 0.4, 0.8),
        Material::Fabric => (Color::srgb_u8(0x5E, 0x7A, 0x68), 0.95, 0.0),
        Material::Stone => (Color::srgb_u8(0x9A, 0x97, 0x92), 0.8, 0.0),
    };
    let alpha_mode = if material == Material::Glass { AlphaMode::Blend } else { AlphaMode::Opaque };
    StandardMaterial { base_color: color, perceptual_roughness, metallic, alpha_mode, ..default() }
}
