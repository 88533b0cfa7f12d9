use bevy::asset::RenderAssetUsages;
use bevy::mesh::{Indices, PrimitiveTopology, VertexAttributeValues};
use bevy::prelude::*;

/// Quads that there is room for at first.
const FIRST_CAPACITY: usize = 256;

/// Many small quads in one mesh that is written anew when they move: one draw call for all.
pub(super) struct QuadMesh {
    pub(super) mesh: Handle<Mesh>,
    capacity: usize,
    /// Whether anything was drawn last.
    has_quads: bool,
}

/// Where quads are written to. The first is drawn first.
pub(super) struct QuadWriter<'a> {
    positions: &'a mut Vec<[f32; 3]>,
    uvs: &'a mut Vec<[f32; 2]>,
    colors: &'a mut Vec<[f32; 4]>,
}

impl QuadWriter<'_> {
    /// Adds a quad: corners counter-clockwise from the lower left, texture coordinates of its lower left and upper
    /// right, a linear colour.
    pub(super) fn quad(&mut self, corners: [Vec3; 4], uv: [Vec2; 2], color: [f32; 4]) {
        let [low, high] = uv;
        self.positions.extend(corners.map(|corner| corner.to_array()));
        self.uvs.extend([[low.x, low.y], [high.x, low.y], [high.x, high.y], [low.x, high.y]]);
        self.colors.extend([color; 4]);
    }
}

impl QuadMesh {
    pub(super) fn new(meshes: &mut Assets<Mesh>) -> Self {
        let mesh = Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
            .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, vec![[0.0_f32; 3]; 4 * FIRST_CAPACITY])
            .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, vec![[0.0_f32; 2]; 4 * FIRST_CAPACITY])
            .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, vec![[0.0_f32; 4]; 4 * FIRST_CAPACITY])
            .with_inserted_indices(indices(FIRST_CAPACITY));
        Self { mesh: meshes.add(mesh), capacity: FIRST_CAPACITY, has_quads: false }
    }

    /// Writes all quads anew.
    pub(super) fn rewrite(&mut self, meshes: &mut Assets<Mesh>, fill: impl FnOnce(&mut QuadWriter<'_>)) {
        let Some(mut mesh) = meshes.get_mut(&self.mesh) else { return };
        let taken = mesh.bypass_change_detection();
        let mut positions = match taken.attribute_mut(Mesh::ATTRIBUTE_POSITION) {
            Some(VertexAttributeValues::Float32x3(values)) => std::mem::take(values),
            _ => Vec::new(),
        };
        let mut uvs = match taken.attribute_mut(Mesh::ATTRIBUTE_UV_0) {
            Some(VertexAttributeValues::Float32x2(values)) => std::mem::take(values),
            _ => Vec::new(),
        };
        let mut colors = match taken.attribute_mut(Mesh::ATTRIBUTE_COLOR) {
            Some(VertexAttributeValues::Float32x4(values)) => std::mem::take(values),
            _ => Vec::new(),
        };
        positions.clear();
        uvs.clear();
        colors.clear();
        fill(&mut QuadWriter { positions: &mut positions, uvs: &mut uvs, colors: &mut colors });
        let quads = positions.len() / 4;
        let grown = (quads > self.capacity).then(|| quads.next_power_of_two());
        self.capacity = grown.unwrap_or(self.capacity);
        // Quads without area fill the rest, so that the mesh keeps its size.
        positions.resize(4 * self.capacity, [0.0; 3]);
        uvs.resize(4 * self.capacity, [0.0; 2]);
        colors.resize(4 * self.capacity, [0.0; 4]);
        taken.insert_attribute(Mesh::ATTRIBUTE_POSITION, positions);
        taken.insert_attribute(Mesh::ATTRIBUTE_UV_0, uvs);
        taken.insert_attribute(Mesh::ATTRIBUTE_COLOR, colors);
        if grown.is_some() {
            taken.insert_indices(indices(self.capacity));
        }
        if quads > 0 || self.has_quads {
            // Marks it as changed.
            mesh.into_inner();
        }
        self.has_quads = quads > 0;
    }
}

fn indices(quads: usize) -> Indices {
    Indices::U32((0..quads as u32).flat_map(|quad| [0, 1, 2, 0, 2, 3].map(|corner| 4 * quad + corner)).collect())
}
