//! Where the boards of a place are, and the faces that show them.

use super::face::{Face, FaceMaterial, FacePlace, plain};
use super::paint;
use crate::room::{CurrentPlace, RenderQuality, RoomShown};
use atrium_protocol::BoardId;
use bevy::gltf::GltfMeshName;
use bevy::light::NotShadowCaster;
use bevy::math::{Affine3A, DVec2};
use bevy::prelude::*;

/// Before a board's middle, where a place has no model of it: its plain shape is 2 cm thick.
const BEFORE_PLAIN_M: f32 = 0.0115;
/// Heights of textures are multiples of this, so that each level is half of the one before.
const ROWS: u32 = 32;
/// What a board without a model is made of.
const ROUGHNESS: f32 = 0.45;

/// A board of the place.
#[derive(Clone, Debug)]
pub(crate) struct Wall {
    pub(super) id: BoardId,
    pub(super) name: String,
    pub(super) size_m: Vec2,
    /// x to the right, y up, z towards those who look at it; the origin is its middle.
    pub(super) world_from_face: Affine3A,
    /// What it shows as a whole.
    pub(super) texture: Handle<Image>,
    pub(super) texels: UVec2,
    pub(super) material: Handle<FaceMaterial>,
}

/// The boards of the place that is shown.
#[derive(Resource, Debug, Default)]
pub(crate) struct Walls {
    pub(super) walls: Vec<Wall>,
    /// Counts places: what belongs to an earlier one is out of date.
    pub(super) generation: u64,
}

/// Where a ray meets a board.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WallHit {
    /// Which board.
    pub(crate) board: BoardId,
    /// How far along the ray.
    pub(crate) distance_m: f32,
    /// Where on its face: millimetres to the right and down from its upper left corner.
    pub(crate) face_mm: Vec2,
}

impl Wall {
    pub(super) fn size_mm(&self) -> Vec2 {
        self.size_m * 1_000.0
    }

    /// Where a ray from the front meets its plane: how far along, and where on the face, perhaps beside it.
    pub(super) fn meet(&self, origin: Vec3, direction: Vec3) -> Option<(f32, Vec2)> {
        let face_from_world = self.world_from_face.inverse();
        let (from, along) = (face_from_world.transform_point3(origin), face_from_world.transform_vector3(direction));
        if from.z <= 0.0 || along.z >= -1e-6 {
            return None;
        }
        let distance_m = -from.z / along.z;
        let at = from + along * distance_m;
        Some((distance_m, self.face_mm(at.truncate())))
    }

    /// Where a ray meets the board.
    pub(super) fn hit(&self, origin: Vec3, direction: Vec3) -> Option<WallHit> {
        let (distance_m, face_mm) = self.meet(origin, direction)?;
        let is_on = face_mm.cmpge(Vec2::ZERO).all() && face_mm.cmple(self.size_mm()).all();
        is_on.then_some(WallHit { board: self.id, distance_m, face_mm })
    }

    /// A point of the face, a little before it.
    #[cfg(test)]
    fn world(&self, face_mm: Vec2, before_m: f32) -> Vec3 {
        let at = (face_mm / 1_000.0 - self.size_m / 2.0) * Vec2::new(1.0, -1.0);
        self.world_from_face.transform_point3(at.extend(before_m))
    }

    /// How far a point is from the nearest of the board, and whether it is before it.
    pub(super) fn distance_m(&self, point: Vec3) -> Option<f32> {
        let local = self.world_from_face.inverse().transform_point3(point);
        let half = self.size_m / 2.0;
        let nearest = local.truncate().clamp(-half, half).extend(0.0);
        (local.z > 0.0).then(|| local.distance(nearest))
    }

    fn face_mm(&self, at: Vec2) -> Vec2 {
        (at * Vec2::new(1.0, -1.0) + self.size_m / 2.0) * 1_000.0
    }

    /// How the shader finds a point of the world on the face.
    fn place(&self) -> FacePlace {
        let face_from_world = self.world_from_face.inverse();
        let row = |axis: usize| {
            let turn = face_from_world.matrix3;
            Vec4::new(turn.x_axis[axis], turn.y_axis[axis], turn.z_axis[axis], face_from_world.translation[axis])
        };
        let middle = Vec4::new(0.0, 0.0, 0.0, 0.5);
        FacePlace { across: row(0) / self.size_m.x + middle, down: -row(1) / self.size_m.y + middle, lens: Vec4::ZERO }
    }
}

impl Walls {
    pub(super) fn get(&self, id: BoardId) -> Option<&Wall> {
        self.walls.iter().find(|wall| wall.id == id)
    }

    /// The board that a ray meets first.
    pub(crate) fn hit(&self, origin: Vec3, direction: Vec3) -> Option<WallHit> {
        let hits = self.walls.iter().filter_map(|wall| wall.hit(origin, direction));
        hits.min_by(|a, b| a.distance_m.total_cmp(&b.distance_m))
    }

    /// The board that is nearest to a point.
    pub(super) fn nearest(&self, point: Vec3) -> Option<&Wall> {
        let before = self.walls.iter().filter_map(|wall| Some((wall.distance_m(point)?, wall)));
        before.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, wall)| wall).or(self.walls.first())
    }
}

/// Texels across a board.
fn texels_across(quality: RenderQuality) -> u32 {
    match quality {
        RenderQuality::Low => 1_024,
        RenderQuality::Medium | RenderQuality::High => 2_048,
    }
}

fn texels(size_m: Vec2, across: u32) -> UVec2 {
    let rows = across as f32 * size_m.y / size_m.x / ROWS as f32;
    UVec2::new(across, (rows.round() as u32).clamp(1, across / ROWS) * ROWS)
}

/// Knows the boards of a place as soon as it is read.
pub(super) fn put_up(
    place: Option<Res<CurrentPlace>>,
    quality: Res<RenderQuality>,
    mut walls: ResMut<Walls>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<FaceMaterial>>,
    mut orders: ResMut<paint::PaintOrders>,
) {
    orders.is_fine = *quality != RenderQuality::Low;
    // A change of the quality leaves what is on the boards.
    walls.generation += u64::from(place.as_ref().is_none_or(DetectChanges::is_changed));
    walls.walls.clear();
    let Some(place) = place else { return };
    let surfaces = (0_u16..).map(BoardId).zip(&place.layout().boards);
    for (id, surface) in surfaces {
        let size_m = Vec2::from(surface.size);
        // Where it looks is −z of its yaw; faces look along z.
        let turn = Quat::from_rotation_y(surface.yaw() + std::f32::consts::PI);
        let texels = texels(size_m, texels_across(*quality));
        let mut wall = Wall {
            id,
            name: surface.name.clone(),
            size_m,
            world_from_face: Affine3A::from_rotation_translation(turn, surface.position),
            texture: images.add(paint::texture(texels, true)),
            texels,
            material: Handle::default(),
        };
        let base = StandardMaterial { perceptual_roughness: ROUGHNESS, ..default() };
        let extension = Face { place: wall.place(), wall: wall.texture.clone(), lens: None };
        wall.material = materials.add(FaceMaterial { base, extension });
        walls.walls.push(wall);
    }
}

/// Gives the boards of the model their faces; where there is none, a face of its own is put up.
pub(super) fn give_faces(
    walls: Res<Walls>,
    shown: Option<Res<RoomShown>>,
    meshes: Query<(Entity, &GltfMeshName, &MeshMaterial3d<StandardMaterial>)>,
    standard: Res<Assets<StandardMaterial>>,
    mut faces: ResMut<Assets<FaceMaterial>>,
    mut stand_ins: ResMut<Assets<Mesh>>,
    old: Query<Entity, With<StandIn>>,
    mut commands: Commands,
) {
    if shown.is_none() {
        return;
    }
    old.iter().for_each(|entity| commands.entity(entity).despawn());
    for wall in &walls.walls {
        let name = format!("board:{}", wall.name);
        let mut has_model = false;
        for (entity, _, material) in meshes.iter().filter(|(_, mesh, _)| mesh.0 == name) {
            has_model = true;
            if let (Some(material), Some(mut face)) = (standard.get(&material.0), faces.get_mut(&wall.material)) {
                face.base = material.clone();
            }
            commands
                .entity(entity)
                .remove::<MeshMaterial3d<StandardMaterial>>()
                .insert(MeshMaterial3d(wall.material.clone()));
        }
        if !has_model {
            let before =
                Transform::from_matrix(wall.world_from_face.into()) * Transform::from_xyz(0.0, 0.0, BEFORE_PLAIN_M);
            let mesh = Mesh3d(stand_ins.add(plain(wall.size_m)));
            commands.spawn((StandIn, mesh, MeshMaterial3d(wall.material.clone()), before, NotShadowCaster));
        }
    }
}

/// A face of a board that has no model.
#[derive(Component)]
pub(super) struct StandIn;

/// A point of a page that a point of the face shows.
pub(super) fn page_of(face_mm: Vec2, size_mm: Vec2, view: &atrium_board::View) -> Vec2 {
    let scale = f64::from(view.width_mm) / f64::from(size_mm.x.max(1.0));
    let from_middle = DVec2::from(face_mm - size_mm / 2.0) * scale;
    (view.center.as_dvec2() + from_middle).as_vec2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall() -> Wall {
        Wall {
            id: BoardId(0),
            name: "Board".to_owned(),
            size_m: Vec2::new(3.0, 1.2),
            // Looks south, like the one in the Boardroom.
            world_from_face: Affine3A::from_rotation_translation(
                Quat::from_rotation_y(180_f32.to_radians() + std::f32::consts::PI),
                Vec3::new(0.0, 1.5, -3.95),
            ),
            texture: Handle::default(),
            texels: UVec2::new(2_048, 832),
            material: Handle::default(),
        }
    }

    #[test]
    fn a_ray_meets_the_face_where_a_reader_sees_it() {
        let wall = wall();
        let eye = Vec3::new(0.0, 1.5, 0.05);
        let hit = wall.hit(eye, -Vec3::Z).unwrap();
        assert!((hit.distance_m - 4.0).abs() < 1e-4 && hit.face_mm.distance(Vec2::new(1_500.0, 600.0)) < 0.1);
        // To the reader's right is +x, up is towards the upper edge.
        let target = Vec3::new(1.0, 2.0, -3.95);
        let hit = wall.hit(eye, (target - eye).normalize()).unwrap();
        assert!(hit.face_mm.distance(Vec2::new(2_500.0, 100.0)) < 0.1, "{hit:?}");
        assert!(wall.world(hit.face_mm, 0.0).distance(target) < 1e-4);
        assert_eq!(wall.hit(eye, Vec3::Z), None, "away from it");
        assert_eq!(wall.hit(Vec3::new(0.0, 1.5, -5.0), Vec3::Z), None, "from behind");
        assert_eq!(wall.hit(eye, Vec3::new(0.6, 0.0, -0.8)), None, "beside it");
        assert!((wall.distance_m(Vec3::new(2.5, 1.5, -3.95 + 1.0)).unwrap() - 2_f32.sqrt()).abs() < 1e-4);
    }

    #[test]
    fn the_shader_finds_corners() {
        let wall = wall();
        let place = wall.place();
        for (corner, uv) in
            [(Vec2::ZERO, Vec2::ZERO), (wall.size_mm(), Vec2::ONE), (Vec2::new(1_500.0, 0.0), Vec2::X / 2.0)]
        {
            let at = wall.world(corner, 0.3).extend(1.0);
            assert!(Vec2::new(place.across.dot(at), place.down.dot(at)).distance(uv) < 1e-5);
        }
    }

    #[test]
    fn textures_halve_evenly() {
        assert_eq!(texels(Vec2::new(3.0, 1.2), 2_048), UVec2::new(2_048, 832));
        assert_eq!(texels(Vec2::new(2.4, 1.2), 2_048), UVec2::new(2_048, 1_024));
        assert_eq!(texels(Vec2::new(1.0, 9.0), 1_024), UVec2::new(1_024, 1_024));
    }

    #[test]
    fn a_page_is_seen_through_the_view() {
        let view =
            atrium_board::View { page: atrium_board::PageId::FIRST, center: Vec2::new(100.0, 50.0), width_mm: 1_500.0 };
        let size = Vec2::new(3_000.0, 1_200.0);
        assert_eq!(page_of(size / 2.0, size, &view), Vec2::new(100.0, 50.0));
        assert_eq!(page_of(Vec2::new(3_000.0, 600.0), size, &view), Vec2::new(850.0, 50.0));
    }
}
