use crate::obstacles::Obstacles;
use crate::walker::{STEP_HEIGHT_M, STEP_TOLERANCE_M, settle};
use atrium_place::Place;
use glam::Vec3;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const CELL_M: f32 = 0.25;
/// Ways keep so much more clear of things than a body must.
const CLEARANCE_M: f32 = 0.03;
/// A way ends so far from where it was asked for, at most.
const GOAL_REACH_M: f32 = 1.0;
/// A floor that is so much higher or lower is another one.
const SAME_FLOOR_M: f32 = 0.4;
const SIDES: [(isize, isize); 8] = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];

/// Where one can walk to from where people appear, in cells of 25 cm: one floor height a cell, so of two floors above
/// one another it knows the one that is reached first.
#[derive(Clone, Debug)]
pub struct WalkGrid {
    corner: Vec3,
    columns: usize,
    rows: usize,
    heights_m: Vec<Option<f32>>,
}

type Cell = (usize, usize);

impl WalkGrid {
    /// Feels its way from the spawns over every floor, step and ramp. Takes tens of milliseconds in a large place:
    /// not for the main thread.
    pub fn new(place: &Place, obstacles: &Obstacles) -> Self {
        let bounds = obstacles.bounds();
        let cells = |length_m: f32| (length_m.max(0.0) / CELL_M).floor() as usize + 1;
        let size = bounds.max - bounds.min;
        let (columns, rows) = (cells(size.x), cells(size.z));
        let mut grid = Self { corner: bounds.min, columns, rows, heights_m: vec![None; columns * rows] };
        let mut found = VecDeque::new();
        for spawn in &place.layout().spawns {
            grid.visit(obstacles, grid.cell(spawn.position), spawn.position.y, &mut found);
        }
        while let Some((cell, height_m)) = found.pop_front() {
            for side in &SIDES[..4] {
                if let Some(next) = grid.beside(cell, *side) {
                    grid.visit(obstacles, next, height_m, &mut found);
                }
            }
        }
        grid
    }

    fn visit(&mut self, obstacles: &Obstacles, cell: Cell, height_m: f32, found: &mut VecDeque<(Cell, f32)>) {
        let at = self.point(cell, height_m);
        let index = self.index(cell);
        let Some(known) = self.heights_m.get_mut(index) else { return };
        if known.is_some() {
            return;
        }
        if let Some(feet) = settle(obstacles, at, STEP_HEIGHT_M + STEP_TOLERANCE_M, CLEARANCE_M) {
            *known = Some(feet.y);
            found.push_back((cell, feet.y));
        }
    }

    /// The walkable point nearest to `point` on its floor, within `reach_m`.
    pub fn nearest(&self, point: Vec3, reach_m: f32) -> Option<Vec3> {
        let cell = self.nearest_cell(point, reach_m)?;
        Some(self.point(cell, self.height_m(cell)?))
    }

    /// Points of a way from `from` to `to`, or to the walkable point nearest to it; `None` if there is none.
    pub fn path(&self, from: Vec3, to: Vec3) -> Option<Vec<Vec3>> {
        let start = self.nearest_cell(from, GOAL_REACH_M)?;
        let goal = self.nearest_cell(to, GOAL_REACH_M)?;
        let mut points = self.shortcut(&self.search(start, goal)?);
        // The exact point, where it lies in a walkable cell.
        if self.cell(to) == goal
            && let Some(last) = points.last_mut()
        {
            *last = to.with_y(last.y);
        }
        Some(points)
    }

    fn index(&self, (column, row): Cell) -> usize {
        row * self.columns + column
    }

    fn point(&self, (column, row): Cell, height_m: f32) -> Vec3 {
        Vec3::new(self.corner.x + column as f32 * CELL_M, height_m, self.corner.z + row as f32 * CELL_M)
    }

    /// The cell of a point; points outside count as on the border, which is never walkable.
    fn cell(&self, point: Vec3) -> Cell {
        let offset = (point - self.corner) / CELL_M;
        // A cast of a float saturates, also of one that is not finite.
        ((offset.x.round() as usize).min(self.columns - 1), (offset.z.round() as usize).min(self.rows - 1))
    }

    fn beside(&self, (column, row): Cell, (across, along): (isize, isize)) -> Option<Cell> {
        let cell = (column.checked_add_signed(across)?, row.checked_add_signed(along)?);
        (cell.0 < self.columns && cell.1 < self.rows).then_some(cell)
    }

    fn height_m(&self, cell: Cell) -> Option<f32> {
        self.heights_m.get(self.index(cell)).copied().flatten()
    }

    /// Whether one can go from a cell to another one next to it, or in it.
    fn is_step(&self, from: Cell, to: Cell) -> bool {
        let heights = self.height_m(from).zip(self.height_m(to));
        heights.is_some_and(|(from_m, to_m)| (to_m - from_m).abs() <= STEP_HEIGHT_M + STEP_TOLERANCE_M)
    }

    fn nearest_cell(&self, point: Vec3, reach_m: f32) -> Option<Cell> {
        if !point.is_finite() {
            return None;
        }
        let (column, row) = self.cell(point);
        let reach = (reach_m / CELL_M).ceil() as usize;
        let columns = column.saturating_sub(reach)..=(column + reach).min(self.columns - 1);
        let distance = |cell: Cell| {
            let height_m = self.height_m(cell).filter(|height_m| (height_m - point.y).abs() < SAME_FLOOR_M)?;
            let distance_m = self.point(cell, height_m).distance(point);
            (distance_m <= reach_m + SAME_FLOOR_M).then_some((distance_m, cell))
        };
        let cells = columns.flat_map(|column| {
            (row.saturating_sub(reach)..=(row + reach).min(self.rows - 1)).map(move |row| (column, row))
        });
        cells.filter_map(distance).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, cell)| cell)
    }

    /// Cells one can go to, with the length of the way in millimetres.
    fn neighbours(&self, cell: Cell) -> impl Iterator<Item = (Cell, u32)> {
        SIDES.iter().filter_map(move |side| {
            let next = self.beside(cell, *side)?;
            let is_diagonal = side.0 != 0 && side.1 != 0;
            // No squeezing through between two corners.
            let corners = [(next.0, cell.1), (cell.0, next.1)];
            let is_open =
                self.is_step(cell, next) && (!is_diagonal || corners.iter().all(|it| self.is_step(cell, *it)));
            is_open.then_some((next, if is_diagonal { 354 } else { 250 }))
        })
    }

    /// A* from start to goal.
    fn search(&self, start: Cell, goal: Cell) -> Option<Vec<Cell>> {
        let ahead_mm = |cell: Cell| {
            let (across, along) = (cell.0.abs_diff(goal.0) as u32, cell.1.abs_diff(goal.1) as u32);
            250 * across.max(along) + 104 * across.min(along)
        };
        let mut best: Vec<Option<(u32, Cell)>> = vec![None; self.heights_m.len()];
        let mut open = BinaryHeap::from([Reverse((ahead_mm(start), 0, start))]);
        *best.get_mut(self.index(start))? = Some((0, start));
        while let Some(Reverse((_, way_mm, cell))) = open.pop() {
            if cell == goal {
                return Some(trace(&best, |cell| self.index(cell), start, goal));
            }
            if best.get(self.index(cell)).copied().flatten().is_some_and(|(known_mm, _)| known_mm < way_mm) {
                continue;
            }
            for (next, step_mm) in self.neighbours(cell) {
                let next_mm = way_mm + step_mm;
                let Some(known) = best.get_mut(self.index(next)) else { continue };
                if known.is_none_or(|(known_mm, _)| next_mm < known_mm) {
                    *known = Some((next_mm, cell));
                    open.push(Reverse((next_mm + ahead_mm(next), next_mm, next)));
                }
            }
        }
        None
    }

    /// Leaves out every point that a straight walk can pass by.
    fn shortcut(&self, cells: &[Cell]) -> Vec<Vec3> {
        let points: Vec<_> = cells.iter().filter_map(|cell| Some(self.point(*cell, self.height_m(*cell)?))).collect();
        let mut kept = Vec::new();
        let mut at = 0;
        while let Some(from) = points.get(at) {
            kept.push(*from);
            let straight = |to: &usize| points.get(*to).is_some_and(|to| self.is_straight(*from, *to));
            match (at + 1..points.len()).rev().find(|to| *to == at + 1 || straight(to)) {
                Some(next) => at = next,
                None => break,
            }
        }
        kept
    }

    fn is_straight(&self, from: Vec3, to: Vec3) -> bool {
        let steps = (from.with_y(to.y).distance(to) / (CELL_M / 4.0)).ceil().max(1.0) as usize;
        let cells = (0..=steps).map(|step| self.cell(from.lerp(to, step as f32 / steps as f32)));
        let mut before = self.cell(from);
        { cells }.all(|cell| {
            let is_step = self.is_step(before, cell);
            before = cell;
            is_step
        })
    }
}

fn trace(best: &[Option<(u32, Cell)>], index: impl Fn(Cell) -> usize, start: Cell, goal: Cell) -> Vec<Cell> {
    let before = |cell: &Cell| best.get(index(*cell)).copied().flatten().map(|(_, before)| before);
    let mut way: Vec<_> = std::iter::successors(Some(goal), |cell| before(cell).filter(|_| *cell != start)).collect();
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_places;

    fn grid() -> WalkGrid {
        let place = test_places::course();
        WalkGrid::new(&place, &Obstacles::new(&place))
    }

    #[test]
    fn a_way_leads_round_the_table() {
        let grid = grid();
        let (from, to) = (Vec3::new(-6.0, 0.0, -2.5), Vec3::new(-6.0, 0.0, -5.5));
        let way = grid.path(from, to).unwrap();
        assert!(way.len() > 2 && way[way.len() - 1].distance(to) < 1e-3 + 0.02);
        let length_m: f32 = way.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        assert!((3.2..5.0).contains(&length_m), "{length_m} m");
    }

    #[test]
    fn ways_lead_up_stairs_and_ramps() {
        let grid = grid();
        for x in [0.0, -2.5] {
            let way = grid.path(Vec3::new(x, 0.0, -2.0), Vec3::new(x, 0.64, -6.0)).unwrap();
            assert!((way[way.len() - 1].y - 0.64).abs() < 0.05);
        }
    }

    #[test]
    fn what_cannot_be_walked_on_is_no_goal() {
        let grid = grid();
        assert!(grid.nearest(Vec3::new(-6.0, 0.745, -4.0), 0.3).is_none(), "the table's top");
        assert!(grid.path(Vec3::ZERO, Vec3::new(0.0, 3.0, 0.0)).is_none());
        assert!(grid.path(Vec3::ZERO, Vec3::NAN).is_none());
        assert!(grid.path(Vec3::ZERO, Vec3::splat(1e9)).is_none());
        // Beside the bench is near enough to sit down on it.
        assert!(grid.nearest(Vec3::new(-7.0, 0.0, 5.3), 1.0).is_some());
    }

    #[test]
    fn every_free_corner_of_the_boardroom_is_reached_in_time() {
        let place = test_places::boardroom();
        let obstacles = Obstacles::new(&place);
        let start = std::time::Instant::now();
        let grid = WalkGrid::new(&place, &obstacles);
        eprintln!("a walk grid of the boardroom takes {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
        for seat in &place.layout().seats {
            assert!(grid.path(place.spawn(0).position, seat.position).is_some(), "{:?}", seat.name);
        }
        assert!(grid.path(place.spawn(0).position, Vec3::new(-5.5, 0.0, 3.5)).is_some());
    }
}
