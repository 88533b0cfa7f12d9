use crate::{Layout, Shape, Solid};
use glam::{Quat, Vec3};
use rapier3d::geometry::SharedShape;
use rapier3d::math::Pose;
use rapier3d::parry::query::{self, Ray};

/// A solid as the physics has it; the same on server and client.
#[derive(Clone)]
pub struct Collider {
    /// Its form.
    pub shape: SharedShape,
    /// Where it is in the room's space.
    pub room_from_shape: Pose,
    /// Sound does not pass.
    pub blocks_sound: bool,
}

/// The colliders of a layout: its walls, then its furniture, each in the order of the file.
///
/// A shape that physics cannot have is left out; checks refuse such shapes before.
pub(crate) fn colliders(layout: &Layout) -> Vec<Collider> {
    let walls = layout.walls.iter().map(|solid| (solid, true));
    let furniture = layout.furniture.iter().map(|solid| (solid, false));
    walls.chain(furniture).filter_map(|(solid, blocks_sound)| Collider::new(solid, blocks_sound)).collect()
}

impl Collider {
    pub(crate) fn new(solid: &Solid, blocks_sound: bool) -> Option<Self> {
        let rotation = Quat::from_rotation_y(solid.yaw());
        let room_from_shape = Pose::from_parts(solid.position, rotation);
        Some(Self { shape: shared_shape(&solid.shape)?, room_from_shape, blocks_sound })
    }

    /// Whether `shape` at `room_from_other` touches it.
    pub(crate) fn touches(&self, room_from_other: &Pose, other: &SharedShape) -> bool {
        query::intersection_test(&self.room_from_shape, &*self.shape, room_from_other, &**other).unwrap_or(false)
    }

    /// Distance in metres from `from` along `direction` (of length 1) to its surface, 0 from within.
    pub(crate) fn distance_along(&self, from: Vec3, direction: Vec3, max_distance_m: f32) -> Option<f32> {
        let ray = Ray::new(from, direction);
        self.shape.cast_ray(&self.room_from_shape, &ray, max_distance_m, true)
    }
}

fn shared_shape(shape: &Shape) -> Option<SharedShape> {
    match *shape {
        Shape::Box { size } => Some(SharedShape::cuboid(size.x / 2.0, size.y / 2.0, size.z / 2.0)),
        Shape::Cylinder { radius, height } => Some(SharedShape::cylinder(height / 2.0, radius)),
        Shape::Ramp { size } => ramp(size),
    }
}

/// A wedge whose top rises from the edge at +z to the full height at −z.
fn ramp(size: Vec3) -> Option<SharedShape> {
    let Vec3 { x, y, z } = size / 2.0;
    let corners = [(-x, -y, z), (x, -y, z), (-x, -y, -z), (x, -y, -z), (-x, y, -z), (x, y, -z)];
    // Counter-clockwise as seen from outside: bottom, back, slope, then the two sides.
    let triangles = [[0, 2, 1], [1, 2, 3], [2, 4, 3], [3, 4, 5], [0, 1, 4], [1, 5, 4], [0, 4, 2], [1, 3, 5]];
    SharedShape::convex_mesh(corners.map(Vec3::from).to_vec(), &triangles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collider(shape: Shape, yaw_degrees: f32) -> Collider {
        let solid = Solid { name: None, position: Vec3::ZERO, yaw_degrees, shape, material: Default::default() };
        Collider::new(&solid, true).unwrap()
    }

    #[test]
    fn a_ramp_rises_along_its_yaw() {
        let height_at = |yaw: f32, x: f32, z: f32| {
            let ramp = collider(Shape::Ramp { size: Vec3::new(2.0, 1.0, 4.0) }, yaw);
            ramp.distance_along(Vec3::new(x, 2.0, z), Vec3::NEG_Y, 9.0).map(|distance| 2.0 - distance + 0.5)
        };
        let close = |height: Option<f32>, expected: f32| (height.unwrap() - expected).abs() < 1e-3;
        assert!(close(height_at(0.0, 0.0, 1.0), 0.25) && close(height_at(0.0, 0.0, -1.0), 0.75));
        assert!(close(height_at(90.0, 1.0, 0.0), 0.25) && close(height_at(90.0, -1.0, 0.0), 0.75));
        assert_eq!(height_at(0.0, 1.5, 0.0), None);
    }

    #[test]
    fn every_permitted_ramp_has_a_shape() {
        let lengths = [crate::check::SOLID_SIZE_M.start(), &0.1, &1.0, &30.0, crate::check::SOLID_SIZE_M.end()];
        for x in lengths {
            for y in lengths {
                for z in lengths {
                    assert!(ramp(Vec3::new(*x, *y, *z)).is_some(), "{x} {y} {z}");
                }
            }
        }
    }
}
