use crate::obstacles::Obstacles;
use crate::walk_grid::WalkGrid;
use atrium_place::{Place, Seat};
use atrium_protocol::SeatId;
use glam::Vec3;

/// Farthest that one can click.
const REACH_M: f32 = 60.0;
/// A seat is a ball of this radius …
const SEAT_RADIUS_M: f32 = 0.36;
/// … so far over the hips, which takes in seat and back.
const SEAT_MIDDLE_OVER_HIPS_M: f32 = 0.12;
/// Flatter surfaces are floors.
const FLOOR_NORMAL_Y: f32 = 0.7;
/// A floor is walkable that has a walkable cell so near.
const WALKABLE_WITHIN_M: f32 = 0.5;

/// What a ray from the eye or the mouse points at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Picked {
    /// A point on a floor that one can walk to.
    Floor(Vec3),
    /// A seat that nobody has.
    Seat(SeatId),
}

/// What a ray points at. `direction` has length 1; nobody sits in a seat for which `is_taken` is false.
pub fn pick(
    place: &Place,
    obstacles: &Obstacles,
    grid: Option<&WalkGrid>,
    is_taken: impl Fn(SeatId) -> bool,
    (origin, direction): (Vec3, Vec3),
) -> Option<Picked> {
    let surface = obstacles.ray_hit(origin, direction, REACH_M);
    // A chair's own collider is no reason not to see the chair.
    let sight_m = surface.map_or(REACH_M, |hit| hit.distance_m) + SEAT_RADIUS_M;
    let seats = (0u16..).map(SeatId).zip(&place.layout().seats);
    let nearest = seats
        .filter(|(id, _)| !is_taken(*id))
        .filter_map(|(id, seat)| Some((distance_to(seat, origin, direction).filter(|it| *it < sight_m)?, id)))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, id)) = nearest {
        return Some(Picked::Seat(id));
    }
    let floor = surface.filter(|hit| hit.normal.y > FLOOR_NORMAL_Y)?;
    let is_walkable = grid.is_none_or(|grid| grid.nearest(floor.point, WALKABLE_WITHIN_M).is_some());
    is_walkable.then_some(Picked::Floor(floor.point))
}

/// How far along a ray a seat is, if the ray meets it.
fn distance_to(seat: &Seat, origin: Vec3, direction: Vec3) -> Option<f32> {
    let middle = seat.position + Vec3::Y * (seat.hip_height_m + SEAT_MIDDLE_OVER_HIPS_M);
    let along_m = (middle - origin).dot(direction);
    let aside_m = origin.distance(middle).powi(2) - along_m * along_m;
    (along_m > 0.0 && aside_m < SEAT_RADIUS_M * SEAT_RADIUS_M).then_some(along_m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_places;

    #[test]
    fn floors_and_free_seats_are_picked_and_nothing_else() {
        let place = test_places::course();
        let obstacles = Obstacles::new(&place);
        let grid = WalkGrid::new(&place, &obstacles);
        let eye = Vec3::new(5.0, 1.65, 8.0);
        let towards = |target: Vec3| {
            let ray = (eye, (target - eye).normalize());
            pick(&place, &obstacles, Some(&grid), |seat| seat == SeatId(1), ray)
        };
        assert_eq!(towards(Vec3::new(5.0, 0.5, 5.0)), Some(Picked::Seat(SeatId(0))));
        assert_eq!(towards(Vec3::new(-7.0, 0.5, 5.3)), None, "it is taken, and nobody walks on a bench");
        let Some(Picked::Floor(point)) = towards(Vec3::new(2.0, 0.0, 6.0)) else { panic!("the floor") };
        assert!(point.distance(Vec3::new(2.0, 0.0, 6.0)) < 1e-2);
        assert_eq!(towards(Vec3::new(3.0, 1.0, 1.7)), None, "the column");
        assert_eq!(towards(eye + Vec3::Y), None, "the sky");
    }
}
