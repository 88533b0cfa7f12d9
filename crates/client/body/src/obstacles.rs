use atrium_place::{Bounds, Place};
use glam::Vec3;
use rapier3d::dynamics::RigidBodySet;
use rapier3d::geometry::{Collider, ColliderBuilder, ColliderHandle, ColliderSet, Ray, Shape};
use rapier3d::math::Pose;
use rapier3d::parry::partitioning::{Bvh, BvhBuildStrategy};
use rapier3d::parry::query::{DefaultQueryDispatcher, ShapeCastOptions};
use rapier3d::parry::shape::Ball;
use rapier3d::pipeline::{QueryFilter, QueryPipeline};

/// Marks the colliders that stand for the bounds: they stop bodies, but nobody sees or clicks them.
const IS_BOUND: u128 = 1;
const BOUND_THICKNESS_M: f32 = 1.0;

/// Everything solid in a place, in a tree for quick questions.
pub struct Obstacles {
    bodies: RigidBodySet,
    colliders: ColliderSet,
    tree: Bvh,
    bounds: Bounds,
}

/// Where a ray meets something solid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurfaceHit {
    /// The point, in the room's space.
    pub point: Vec3,
    /// Away from the surface, of length 1.
    pub normal: Vec3,
    /// From the ray's origin, in metres.
    pub distance_m: f32,
}

impl std::fmt::Debug for Obstacles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Obstacles").field("colliders", &self.colliders.len()).finish_non_exhaustive()
    }
}

impl Obstacles {
    /// The walls and furniture of a place, and its bounds.
    pub fn new(place: &Place) -> Self {
        let solid = |solid: &atrium_place::Collider| {
            ColliderBuilder::new(solid.shape.clone()).position(solid.room_from_shape).build()
        };
        let bounds = place.layout().bounds;
        let mut colliders = ColliderSet::new();
        for collider in place.colliders().iter().map(solid).chain(bound_colliders(bounds)) {
            colliders.insert(collider);
        }
        let leaves = colliders.iter().map(|(handle, it)| (handle.into_raw_parts().0 as usize, it.compute_aabb()));
        let tree = Bvh::from_iter(BvhBuildStrategy::Binned, leaves.collect::<Vec<_>>());
        Self { bodies: RigidBodySet::new(), colliders, tree, bounds }
    }

    /// Where people may be.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The first surface that a ray meets. `direction` has length 1.
    pub fn ray_hit(&self, origin: Vec3, direction: Vec3, max_distance_m: f32) -> Option<SurfaceHit> {
        if !(origin.is_finite() && direction.is_normalized()) {
            return None;
        }
        let queries = self.queries().with_filter(QueryFilter::default().predicate(&is_visible));
        let (_, hit) = queries.cast_ray_and_get_normal(&Ray::new(origin, direction), max_distance_m, true)?;
        let distance_m = hit.time_of_impact;
        Some(SurfaceHit { point: origin + direction * distance_m, normal: hit.normal, distance_m })
    }

    /// How far a ball can go along `direction` (of length 1) before it touches something, at most `max_distance_m`.
    pub(crate) fn ball_travel(&self, from: Vec3, direction: Vec3, radius_m: f32, max_distance_m: f32) -> f32 {
        self.travel(&Ball::new(radius_m), from, direction, max_distance_m, 0.0)
    }

    /// As [`Self::ball_travel`] for any shape round `from`, which stays `gap_m` away from what it meets.
    pub(crate) fn travel(&self, shape: &dyn Shape, from: Vec3, direction: Vec3, max_m: f32, gap_m: f32) -> f32 {
        let options = ShapeCastOptions {
            max_time_of_impact: max_m,
            target_distance: gap_m,
            stop_at_penetration: true,
            compute_impact_geometry_on_penetration: false,
        };
        let hit = self.queries().cast_shape(&Pose::from_translation(from), direction, shape, options);
        hit.map_or(max_m, |(_, hit)| hit.time_of_impact.clamp(0.0, max_m))
    }

    /// Whether a shape round `middle` touches something.
    pub(crate) fn touches(&self, shape: &dyn Shape, middle: Vec3) -> bool {
        self.queries().intersect_shape(Pose::from_translation(middle), shape).next().is_some()
    }

    /// For the character controller.
    pub(crate) fn queries(&self) -> QueryPipeline<'_> {
        QueryPipeline {
            dispatcher: &DefaultQueryDispatcher,
            bvh: &self.tree,
            bodies: &self.bodies,
            colliders: &self.colliders,
            filter: QueryFilter::default(),
        }
    }
}

fn is_visible(_: ColliderHandle, collider: &Collider) -> bool {
    collider.user_data != IS_BOUND
}

/// A floor and four walls just outside of the bounds.
fn bound_colliders(bounds: Bounds) -> impl Iterator<Item = Collider> {
    let half = (bounds.max - bounds.min) / 2.0;
    let middle = (bounds.max + bounds.min) / 2.0;
    let sides = [Vec3::NEG_Y, Vec3::X, Vec3::NEG_X, Vec3::Z, Vec3::NEG_Z];
    sides.into_iter().map(move |side| {
        let thick = side.abs() * BOUND_THICKNESS_M / 2.0;
        let wide = (half + BOUND_THICKNESS_M) * (Vec3::ONE - side.abs());
        let size = thick + wide;
        let position = middle + side * (half + BOUND_THICKNESS_M / 2.0);
        ColliderBuilder::cuboid(size.x, size.y, size.z).translation(position).user_data(IS_BOUND).build()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_places;

    #[test]
    fn rays_see_walls_and_not_the_bounds() {
        let obstacles = Obstacles::new(&test_places::course());
        let hit = obstacles.ray_hit(Vec3::new(0.0, 1.0, 0.0), Vec3::NEG_Y, 5.0).unwrap();
        assert!((hit.distance_m - 1.0).abs() < 1e-4 && hit.normal.distance(Vec3::Y) < 1e-4);
        // The south side is open: only the bounds are there.
        assert_eq!(obstacles.ray_hit(Vec3::new(-9.0, 1.0, 9.0), Vec3::Z, 50.0), None);
        assert!(obstacles.ball_travel(Vec3::new(-9.0, 1.0, 9.0), Vec3::Z, 0.1, 50.0) < 1.0);
        assert_eq!(obstacles.ray_hit(Vec3::NAN, Vec3::Z, 50.0), None);
    }
}
