use super::person::Detail;
use super::plain_parts;
use atrium_avatar::{BodyPart, HAIR_STYLES, HandShape, Side};
use bevy::asset::RenderAssetUsages;
use bevy::gltf::{Gltf, GltfLoaderSettings, GltfMesh};
use bevy::mesh::{Indices, PrimitiveTopology, VertexAttributeValues};
use bevy::prelude::*;
use std::collections::HashMap;

/// The meshes of which people are made.
const PARTS_FILE: &str = "avatars/parts.glb";

/// What a part is coloured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cloth {
    Skin,
    Hair,
    Top,
    Trousers,
    Shoes,
    /// Eyes and brows: the same for all, their colours are in the mesh.
    Face,
}

/// Materials of the file, the cloth that they are, and their colour where it is fixed.
const MATERIALS: [(&str, Cloth, [u8; 3]); 8] = [
    ("skin", Cloth::Skin, [255; 3]),
    ("hair", Cloth::Hair, [255; 3]),
    ("top", Cloth::Top, [255; 3]),
    ("trousers", Cloth::Trousers, [255; 3]),
    ("shoes", Cloth::Shoes, [255; 3]),
    ("eye_white", Cloth::Face, [238, 233, 226]),
    ("iris", Cloth::Face, [88, 62, 44]),
    ("dark", Cloth::Face, [30, 25, 24]),
];

/// What moves a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Body(BodyPart),
    Hair,
    Eyelids,
}

/// One mesh of a person who is near.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) role: Role,
    pub(super) cloth: Cloth,
    /// The mesh, or that of the first variant.
    mesh: Handle<Mesh>,
}

impl Slot {
    pub(super) fn is_shown_at(&self, detail: Detail) -> bool {
        match self.role {
            Role::Eyelids | Role::Body(BodyPart::Neck) => detail == Detail::Near,
            _ => detail != Detail::Far,
        }
    }
}

/// All meshes of people, once they are here.
#[derive(Resource)]
pub(super) struct PartKit {
    pub(super) slots: Vec<Slot>,
    hair: Vec<Handle<Mesh>>,
    /// By hand shape, then side.
    hands: [[Handle<Mesh>; 2]; 4],
    /// Meshes of the standing and the sitting figure, by what they are coloured by.
    pub(super) figures: [Vec<(Cloth, Mesh)>; 2],
}

impl PartKit {
    /// The mesh of a slot for somebody with this hair.
    pub(super) fn mesh(&self, slot: &Slot, hair_style: u8) -> Handle<Mesh> {
        match slot.role {
            Role::Hair => self.hair.get(usize::from(hair_style.saturating_sub(1))).unwrap_or(&slot.mesh).clone(),
            _ => slot.mesh.clone(),
        }
    }

    /// The mesh of a slot that is a hand, for these shapes of left and right.
    pub(super) fn hand_mesh(&self, slot: &Slot, shapes: &[HandShape; 2]) -> Option<&Handle<Mesh>> {
        let Role::Body(BodyPart::Hand(side)) = slot.role else { return None };
        self.hands.get(shape_index(shapes[side.index()]))?.get(side.index())
    }
}

const SHAPES: [(HandShape, &str); 4] = [
    (HandShape::Open, "open"),
    (HandShape::Relaxed, "relaxed"),
    (HandShape::Fist, "fist"),
    (HandShape::Point, "point"),
];

fn shape_index(shape: HandShape) -> usize {
    SHAPES.iter().position(|(other, _)| *other == shape).unwrap_or(1)
}

#[derive(Resource)]
struct PartsFile(Handle<Gltf>);

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, load).add_systems(Update, build.run_if(resource_exists::<PartsFile>));
}

fn load(assets: Res<AssetServer>, mut commands: Commands) {
    let settings = |settings: &mut GltfLoaderSettings| {
        settings.load_cameras = false;
        settings.load_lights = false;
        settings.load_animations = false;
        settings.load_meshes = RenderAssetUsages::MAIN_WORLD;
        settings.load_materials = RenderAssetUsages::MAIN_WORLD;
    };
    commands.insert_resource(PartsFile(assets.load_builder().with_settings(settings).load(PARTS_FILE)));
}

/// Makes the kit when the file is here; without it people are plain.
fn build(
    file: Res<PartsFile>,
    assets: Res<AssetServer>,
    gltfs: Res<Assets<Gltf>>,
    gltf_meshes: Res<Assets<GltfMesh>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut commands: Commands,
) {
    let kit = if assets.is_loaded_with_dependencies(&file.0) {
        let Some(gltf) = gltfs.get(&file.0) else { return };
        match kit(collect(gltf, &gltf_meshes, &meshes), &mut meshes) {
            Ok(kit) => kit,
            Err(missing) => {
                error!("{PARTS_FILE} lacks the part {missing}: people are shown plainly. Make it anew.");
                commands.insert_resource(plain_kit(&mut meshes));
                commands.remove_resource::<PartsFile>();
                return;
            }
        }
    } else if assets.load_state(&file.0).is_failed() {
        error!("{PARTS_FILE} cannot be read: people are shown plainly. Reinstall Atrium to get it.");
        plain_kit(&mut meshes)
    } else {
        return;
    };
    commands.insert_resource(kit);
    commands.remove_resource::<PartsFile>();
}

/// Meshes by part, and by what they are coloured by.
pub(super) type Collected = HashMap<String, Vec<(Cloth, Mesh)>>;

fn collect(gltf: &Gltf, gltf_meshes: &Assets<GltfMesh>, meshes: &Assets<Mesh>) -> Collected {
    let mut collected = Collected::new();
    for (name, mesh) in &gltf.named_meshes {
        let Some((part, material)) = name.split_once('.') else { continue };
        let material = material.split('.').next().unwrap_or(material);
        let Some((_, cloth, color)) = MATERIALS.iter().find(|(name, ..)| *name == material) else { continue };
        let primitives = gltf_meshes.get(mesh).into_iter().flat_map(|mesh| &mesh.primitives);
        for mesh in primitives.filter_map(|primitive| meshes.get(&primitive.mesh)) {
            let Some(mesh) = plain_copy(mesh) else { continue };
            let mesh = if *cloth == Cloth::Face { painted(mesh, *color) } else { mesh };
            add(collected.entry(part.to_owned()).or_default(), *cloth, mesh);
        }
    }
    collected
}

/// Meshes of the same cloth become one.
fn add(meshes: &mut Vec<(Cloth, Mesh)>, cloth: Cloth, mesh: Mesh) {
    match meshes.iter_mut().find(|(other, _)| *other == cloth) {
        Some((_, whole)) => {
            if let Err(error) = whole.merge(&mesh) {
                warn!("two meshes of a part do not fit together: {error}");
            }
        }
        None => meshes.push((cloth, mesh)),
    }
}

/// Positions, normals and 32-bit indices, so that all meshes fit together.
fn plain_copy(mesh: &Mesh) -> Option<Mesh> {
    let floats = |values: &VertexAttributeValues| values.as_float3().map(<[[f32; 3]]>::to_vec);
    let positions = floats(mesh.attribute(Mesh::ATTRIBUTE_POSITION)?)?;
    let normals = floats(mesh.attribute(Mesh::ATTRIBUTE_NORMAL)?)?;
    let indices = mesh.indices()?.iter().map(|index| index as u32).collect();
    let copy = Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
        .with_inserted_indices(Indices::U32(indices));
    Some(copy)
}

/// Gives every vertex the same colour.
pub(super) fn painted(mesh: Mesh, [red, green, blue]: [u8; 3]) -> Mesh {
    let color = Color::srgb_u8(red, green, blue).to_linear().to_f32_array();
    let colors = vec![color; mesh.count_vertices()];
    mesh.with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, colors)
}

fn plain_kit(meshes: &mut Assets<Mesh>) -> PartKit {
    match kit(plain_parts::collected(), meshes) {
        Ok(kit) => kit,
        Err(part) => {
            error!("the plain parts lack {part}");
            PartKit { slots: Vec::new(), hair: Vec::new(), hands: Default::default(), figures: Default::default() }
        }
    }
}

/// Sorts parts into their slots; the error names a part that is missing.
fn kit(mut parts: Collected, meshes: &mut Assets<Mesh>) -> Result<PartKit, String> {
    let mut take = |name: &str| parts.remove(name).ok_or_else(|| name.to_owned());
    let figures = [take("far_standing")?, take("far_seated")?];
    let mut first = |name: &str, meshes: &mut Assets<Mesh>| -> Result<Handle<Mesh>, String> {
        let mesh = take(name)?.into_iter().next().ok_or_else(|| name.to_owned())?;
        Ok(meshes.add(mesh.1))
    };
    let mut hair = Vec::new();
    for style in 1..=HAIR_STYLES {
        hair.push(first(&format!("hair_{style}"), meshes)?);
    }
    let mut hands: [[Handle<Mesh>; 2]; 4] = Default::default();
    for (shape, (_, name)) in SHAPES.iter().enumerate() {
        for (side, side_name) in ["left", "right"].into_iter().enumerate() {
            hands[shape][side] = first(&format!("hand_{name}_{side_name}"), meshes)?;
        }
    }
    let mut slots = Vec::new();
    for part in BodyPart::ALL {
        if let BodyPart::Hand(side) = part {
            let mesh = hands[shape_index(HandShape::Relaxed)][side.index()].clone();
            slots.push(Slot { role: Role::Body(part), cloth: Cloth::Skin, mesh });
        }
    }
    let hair_mesh = hair.first().cloned().unwrap_or_default();
    slots.push(Slot { role: Role::Hair, cloth: Cloth::Hair, mesh: hair_mesh });
    for (name, roles) in whole_parts() {
        for (cloth, mesh) in parts.remove(name).ok_or_else(|| name.to_owned())? {
            let mesh = meshes.add(mesh);
            slots.extend(roles.iter().map(|role| Slot { role: *role, cloth, mesh: mesh.clone() }));
        }
    }
    Ok(PartKit { slots, hair, hands, figures })
}

/// Parts that have one form, and what they are: limbs serve both sides.
fn whole_parts() -> [(&'static str, Vec<Role>); 10] {
    let one = |part: BodyPart| vec![Role::Body(part)];
    let both = |part: fn(Side) -> BodyPart| Side::BOTH.map(|side| Role::Body(part(side))).to_vec();
    [
        ("head", one(BodyPart::Head)),
        ("eyelids", vec![Role::Eyelids]),
        ("neck", one(BodyPart::Neck)),
        ("torso", one(BodyPart::Torso)),
        ("pelvis", one(BodyPart::Pelvis)),
        ("upper_arm", both(BodyPart::UpperArm)),
        ("forearm", both(BodyPart::Forearm)),
        ("thigh", both(BodyPart::Thigh)),
        ("shin", both(BodyPart::Shin)),
        ("foot", both(BodyPart::Foot)),
    ]
}
