use super::Point;
use super::smooth::distance_to_piece;

/// Most points that wait for a straight piece to end: each new one is compared with all of them.
const LONGEST: usize = 48;
/// Pressure may be so far beside what a straight piece says.
const PRESSURE: f32 = 0.04;

/// Leaves out points as they come: those that lie near enough to a straight piece from the last one that was kept.
#[derive(Clone, Debug)]
pub(super) struct Thinner {
    tolerance_mm: f32,
    settled: Vec<Point>,
    /// The last settled point.
    anchor: Option<Point>,
    /// After the anchor; a straight piece to the last of them replaces the others.
    waiting: Vec<Point>,
}

impl Thinner {
    pub(super) fn new(tolerance_mm: f32) -> Self {
        Self { tolerance_mm, settled: Vec::new(), anchor: None, waiting: Vec::new() }
    }

    pub(super) fn push(&mut self, point: Point) {
        let Some(anchor) = self.anchor else {
            self.settle(point);
            return;
        };
        let last = self.waiting.last().unwrap_or(&anchor);
        if last.position == point.position {
            return;
        }
        if self.waiting.len() == LONGEST || !self.is_straight(&anchor, &point) {
            let kept = *last;
            self.settle(kept);
        }
        self.waiting.push(point);
    }

    fn is_straight(&self, anchor: &Point, to: &Point) -> bool {
        self.waiting.iter().all(|point| {
            let (distance, along) = distance_to_piece(point.position, anchor.position, to.position);
            let pressure = anchor.pressure + (to.pressure - anchor.pressure) * along;
            distance <= self.tolerance_mm && (point.pressure - pressure).abs() <= PRESSURE
        })
    }

    fn settle(&mut self, point: Point) {
        self.settled.push(point);
        self.anchor = Some(point);
        self.waiting.clear();
    }

    /// What a straight piece from the last settled point goes to; it is as good as all that wait.
    pub(super) fn last_waiting(&self) -> Option<Point> {
        self.waiting.last().copied()
    }

    pub(super) fn take_settled(&mut self) -> Vec<Point> {
        std::mem::take(&mut self.settled)
    }

    pub(super) fn finish(&mut self) -> Vec<Point> {
        if let Some(last) = self.waiting.last().copied() {
            self.settle(last);
        }
        self.take_settled()
    }
}
