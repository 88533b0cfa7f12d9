use crate::random::Random;
use atrium_place::Place;
use glam::Vec3;
use std::collections::VecDeque;
use std::f32::consts::TAU;

const CELL_M: f32 = 0.25;
/// Room that a walker takes up round its middle.
const BODY_RADIUS_M: f32 = 0.3;
/// Farthest that walkers go from where they appeared.
const REACH_M: f32 = 16.0;
/// Things between these heights over the floor are in the way.
const HEAD_ROOM_M: f32 = 1.9;
const STEP_OVER_M: f32 = 0.15;
/// Points round the middle at which the way is felt for.
const FEELERS: u32 = 12;

/// Where one can walk on a level floor, in cells.
#[derive(Clone, Debug)]
pub(crate) struct WalkGrid {
    corner: Vec3,
    columns: usize,
    rows: usize,
    free: Vec<bool>,
}

type Cell = (usize, usize);

impl WalkGrid {
    /// The floor round `feet`, as far as it is inside the bounds. Private zones count as taken: who walks there is
    /// heard by nobody else.
    pub(crate) fn new(place: &Place, feet: Vec3) -> Self {
        let bounds = place.layout().bounds;
        let reach = Vec3::new(REACH_M, 0.0, REACH_M);
        let (low, high) = ((feet - reach).max(bounds.min), (feet + reach).min(bounds.max));
        let cells = |length_m: f32| (length_m.max(0.0) / CELL_M).floor() as usize + 1;
        let (columns, rows) = (cells(high.x - low.x), cells(high.z - low.z));
        let mut grid = Self { corner: low.with_y(feet.y), columns, rows, free: vec![false; columns * rows] };
        // A place may have no floor to stand on: then any height will do.
        let needs_floor = has_floor(place, feet);
        for row in 0..rows {
            for column in 0..columns {
                let point = grid.point((column, row));
                let is_free = is_free(place, point) && (!needs_floor || has_floor(place, point));
                if let Some(cell) = grid.free.get_mut(row * columns + column) {
                    *cell = is_free;
                }
            }
        }
        grid
    }

    /// A way from `from` to `to` along free cells, the ends moved to the nearest of them; empty if there is none.
    pub(crate) fn path(&self, from: Vec3, to: Vec3) -> Vec<Vec3> {
        let (Some(start), Some(goal)) = (self.nearest_free(from), self.nearest_free(to)) else { return Vec::new() };
        let cells = self.search(start, goal);
        self.shortcut(&cells)
    }

    /// Any free point.
    pub(crate) fn random_point(&self, random: &mut Random) -> Option<Vec3> {
        let count = self.free.iter().filter(|free| **free).count();
        let index = self.free.iter().enumerate().filter(|(_, free)| **free).nth(random.below(count))?.0;
        Some(self.point((index % self.columns, index / self.columns)))
    }

    /// Whether the straight way between two points is free.
    pub(crate) fn is_clear(&self, from: Vec3, to: Vec3) -> bool {
        let steps = (from.distance(to) / (CELL_M / 4.0)).ceil().max(1.0) as usize;
        (0..=steps).all(|step| self.is_free(self.cell(from.lerp(to, step as f32 / steps as f32))))
    }

    fn point(&self, (column, row): Cell) -> Vec3 {
        self.corner + Vec3::new(column as f32 * CELL_M, 0.0, row as f32 * CELL_M)
    }

    fn cell(&self, point: Vec3) -> Cell {
        let offset = (point - self.corner) / CELL_M;
        // Outside goes to the border, which is never free: it has no room for a body.
        (offset.x.round().max(0.0) as usize, offset.z.round().max(0.0) as usize)
    }

    fn is_free(&self, (column, row): Cell) -> bool {
        column < self.columns && self.free.get(row * self.columns + column).copied().unwrap_or(false)
    }

    fn nearest_free(&self, point: Vec3) -> Option<Cell> {
        let cells = (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (column, row)));
        let distance = |cell: &Cell| self.point(*cell).distance_squared(point.with_y(self.corner.y));
        cells.filter(|cell| self.is_free(*cell)).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    fn neighbours(&self, (column, row): Cell) -> impl Iterator<Item = Cell> {
        let steps = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];
        steps.into_iter().filter_map(move |(across, along): (isize, isize)| {
            let next = (column.checked_add_signed(across)?, row.checked_add_signed(along)?);
            // No squeezing through between two corners.
            let is_open = self.is_free(next) && self.is_free((next.0, row)) && self.is_free((column, next.1));
            is_open.then_some(next)
        })
    }

    /// Breadth first from the goal, so that the way can be read from the start.
    fn search(&self, start: Cell, goal: Cell) -> Vec<Cell> {
        let index = |(column, row): Cell| row * self.columns + column;
        let mut next_of: Vec<Option<Cell>> = vec![None; self.free.len()];
        let mut queue = VecDeque::from([goal]);
        next_of[index(goal)] = Some(goal);
        while let Some(cell) = queue.pop_front() {
            for neighbour in self.neighbours(cell) {
                if next_of[index(neighbour)].is_none() {
                    next_of[index(neighbour)] = Some(cell);
                    queue.push_back(neighbour);
                }
            }
        }
        let mut way = vec![start];
        let mut at = start;
        while at != goal {
            let Some(next) = next_of[index(at)] else { return Vec::new() };
            way.push(next);
            at = next;
        }
        way
    }

    /// Leaves out every point that a straight walk can pass by.
    fn shortcut(&self, cells: &[Cell]) -> Vec<Vec3> {
        let points: Vec<Vec3> = cells.iter().map(|cell| self.point(*cell)).collect();
        let mut kept = Vec::new();
        let mut at = 0;
        while let Some(from) = points.get(at) {
            kept.push(*from);
            let farthest = (at + 1..points.len()).rev().find(|to| *to == at + 1 || self.is_clear(*from, points[*to]));
            match farthest {
                Some(next) => at = next,
                None => break,
            }
        }
        kept
    }
}

/// Whether the floor is where the feet are: nobody walks on air over steps that lead down.
fn has_floor(place: &Place, feet: Vec3) -> bool {
    place.first_hit(feet + Vec3::Y * STEP_OVER_M, feet - Vec3::Y * STEP_OVER_M).is_some()
}

fn is_free(place: &Place, feet: Vec3) -> bool {
    let is_private = place.zone_at(feet).and_then(|id| place.zone(id)).is_some_and(|zone| zone.private);
    let feelers = (0..FEELERS).map(|n| {
        let (x, z) = (TAU * n as f32 / FEELERS as f32).sin_cos();
        Vec3::new(x, 0.0, z)
    });
    let is_open = |offset: Vec3| {
        let point = feet + offset * BODY_RADIUS_M;
        let (top, bottom) = (point + Vec3::Y * HEAD_ROOM_M, point + Vec3::Y * STEP_OVER_M);
        place.bounds_contain(point) && place.first_hit(top, bottom).is_none()
    };
    !is_private && is_open(Vec3::ZERO) && { feelers }.all(is_open)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: &str = r#"Room(
        title: "Test", bounds: (min: (-4, 0, -3), max: (4, 3, 3)),
        spawns: [(position: (-3, 0, 0), yaw_degrees: 0)],
        zones: [(name: "Nook", min: (2, 0, -3), max: (4, 3, -1), private: true)],
        furniture: [(name: "table", position: (0, 0.74, 0), shape: Box(size: (3, 0.04, 1.6)))],
    )"#;

    #[test]
    fn a_way_leads_round_the_table_and_stays_inside() {
        let place = Place::parse(ROOM).unwrap();
        let grid = WalkGrid::new(&place, Vec3::new(-3.0, 0.0, 0.0));
        let (from, to) = (Vec3::new(-3.0, 0.0, 0.0), Vec3::new(3.0, 0.0, 0.0));
        assert!(!grid.is_clear(from, to), "the table is in between");
        let way = grid.path(from, to);
        assert!(way.len() > 2 && way[0].distance(from) < CELL_M && way[way.len() - 1].distance(to) < CELL_M);
        for pair in way.windows(2) {
            for step in 0..=20 {
                let point = pair[0].lerp(pair[1], step as f32 / 20.0);
                let at_table =
                    point.x.abs() < 1.5 + BODY_RADIUS_M - CELL_M && point.z.abs() < 0.8 + BODY_RADIUS_M - CELL_M;
                assert!(place.bounds_contain(point) && !at_table, "{point}");
            }
        }
    }

    #[test]
    fn nobody_walks_on_air() {
        let text = ROOM.replace(
            "furniture: [",
            r#"furniture: [
            (name: "upper floor", position: (-2, -0.1, 0), shape: Box(size: (4, 0.2, 6))),"#,
        );
        let place = Place::parse(&text).unwrap();
        let grid = WalkGrid::new(&place, Vec3::new(-3.0, 0.0, 0.0));
        let farthest = (0..200).filter_map(|seed| grid.random_point(&mut Random::new(seed))).map(|point| point.x);
        assert!(farthest.fold(f32::MIN, f32::max) < 0.3);
    }

    #[test]
    fn nobody_is_sent_into_a_private_zone_or_a_wall() {
        let place = Place::parse(ROOM).unwrap();
        let grid = WalkGrid::new(&place, Vec3::new(-3.0, 0.0, 0.0));
        let mut random = Random::new(1);
        for _ in 0..500 {
            let point = grid.random_point(&mut random).unwrap();
            assert!(point.x.abs() <= 4.0 - BODY_RADIUS_M && point.z.abs() <= 3.0 - BODY_RADIUS_M, "{point}");
            assert!(point.x < 2.0 || point.z > -1.0, "{point}");
        }
        assert!(grid.path(Vec3::ZERO, Vec3::splat(f32::NAN)).iter().all(|point| point.is_finite()));
    }
}
