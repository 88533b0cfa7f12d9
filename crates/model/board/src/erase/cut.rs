use crate::ink::{Point, distance_to_piece};
use glam::Vec2;

/// Steps of a search within a piece: to a millionth of it.
const STEPS: u32 = 20;

/// Takes a stroke point by point and keeps what lies outside of an eraser's way.
pub(super) struct Cutter {
    from: Vec2,
    to: Vec2,
    reach: f32,
    pieces: Vec<Vec<Point>>,
    open: Vec<Point>,
    /// The last point, where it is on the page, and whether the eraser was there.
    last: Option<(Point, Vec2, bool)>,
    has_cut: bool,
}

impl Cutter {
    /// The eraser goes `from` here `to` there and takes what is within `reach`.
    pub(super) fn new(from: Vec2, to: Vec2, reach: f32) -> Self {
        Self { from, to, reach, pieces: Vec::new(), open: Vec::new(), last: None, has_cut: false }
    }

    /// The next point of the stroke, which lies at `at` on the page.
    pub(super) fn push(&mut self, point: Point, at: Vec2) {
        let is_gone = self.beside(at) <= 0.0;
        self.has_cut |= is_gone;
        if let Some((last, last_at, was_gone)) = self.last {
            let way = Way { ends: [last, point], places: [last_at, at] };
            match (was_gone, is_gone) {
                (false, true) => {
                    let end = way.point(self.edge(&way, 0.0, 1.0));
                    self.open.push(end);
                    self.close();
                }
                (true, false) => {
                    let start = way.point(self.edge(&way, 1.0, 0.0));
                    self.open.push(start);
                }
                (false, false) => self.cross(&way),
                (true, true) => {}
            }
        }
        if !is_gone {
            self.open.push(point);
        }
        self.last = Some((point, at, is_gone));
    }

    /// What is left; `None` if nothing was taken.
    pub(super) fn finish(mut self) -> Option<Vec<Vec<Point>>> {
        self.close();
        self.has_cut.then_some(self.pieces)
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.pieces.push(std::mem::take(&mut self.open));
        }
    }

    /// Both ends are outside; the middle may not be. How far a place is from the eraser's way has one lowest value along
    /// a straight piece.
    fn cross(&mut self, way: &Way) {
        let (mut low, mut high) = (0.0, 1.0);
        if self.is_far(way) {
            return;
        }
        for _ in 0..2 * STEPS {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if self.beside(way.place(a)) < self.beside(way.place(b)) { high = b } else { low = a }
        }
        let nearest = (low + high) / 2.0;
        if self.beside(way.place(nearest)) > 0.0 {
            return;
        }
        self.has_cut = true;
        let (end, start) = (self.edge(way, 0.0, nearest), self.edge(way, 1.0, nearest));
        self.open.push(way.point(end));
        self.close();
        self.open.push(way.point(start));
    }

    fn is_far(&self, way: &Way) -> bool {
        let [a, b] = way.places;
        let half = a.distance(b) / 2.0;
        self.beside((a + b) / 2.0) > half
    }

    /// Where the eraser's edge is between a place outside and one inside.
    fn edge(&self, way: &Way, mut outside: f32, mut inside: f32) -> f32 {
        for _ in 0..STEPS {
            let middle = (outside + inside) / 2.0;
            if self.beside(way.place(middle)) > 0.0 { outside = middle } else { inside = middle }
        }
        outside
    }

    /// How far a place is from what the eraser takes; not above 0: it takes it.
    fn beside(&self, at: Vec2) -> f32 {
        distance_to_piece(at, self.from, self.to).0 - self.reach
    }
}

/// From one point of a stroke to the next.
struct Way {
    ends: [Point; 2],
    places: [Vec2; 2],
}

impl Way {
    fn place(&self, share: f32) -> Vec2 {
        self.places[0].lerp(self.places[1], share)
    }

    fn point(&self, share: f32) -> Point {
        let [a, b] = self.ends;
        Point { position: a.position.lerp(b.position, share), pressure: a.pressure + (b.pressure - a.pressure) * share }
    }
}
