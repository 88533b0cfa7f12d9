use super::Point;
use super::thin::Thinner;
use glam::Vec2;

/// How much a [`Smoother`] does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothing {
    /// How far the line may be from where the hand was, in millimetres, so that points can be left out: what cannot be
    /// seen. Speeds are judged by it too, so it follows the scale at which somebody draws.
    pub tolerance_mm: f32,
    /// From 0 (every tremble) to 1 (very steady).
    pub steadiness: f32,
    /// The device knows no pressure: a slow hand seems to press a little more.
    pub simulates_pressure: bool,
}

impl Default for Smoothing {
    fn default() -> Self {
        Self { tolerance_mm: 0.15, steadiness: 0.5, simulates_pressure: true }
    }
}

/// How far the calm line lags behind a slow hand at full steadiness, in seconds.
const LAG_SECS: f32 = 0.03;
/// Speeds in tolerances a second: from here on the lag gets shorter, so that fast hands are not cut short.
const BRISK: f32 = 1_500.0;
/// At this speed the simulated pressure is lowest.
const FASTEST: f32 = 8_000.0;
/// Simulated pressure of a slow hand, and how much less a fast one presses.
const SIMULATED: [f32; 2] = [0.58, 0.25];
/// How quickly the simulated pressure follows the speed, in seconds.
const PRESSURE_SECS: f32 = 0.06;
/// Several points may come with the same time; between them passed at least this.
const SHORTEST_SECS: f32 = 0.001;

/// Makes a calm line of a hand's points, and few points of many.
///
/// Each point draws the line towards itself by a part of the way (as in perfect-freehand, but by time, so that devices
/// of all rates feel alike); then points that a straight piece replaces well enough are left out.
#[derive(Clone, Debug)]
pub struct Smoother {
    settings: Smoothing,
    thinner: Thinner,
    hand: Option<Hand>,
    /// How fast the hand is at its first point.
    first_speed: f32,
}

/// The newest of the hand.
#[derive(Clone, Copy, Debug)]
struct Hand {
    raw: Point,
    at_secs: f64,
    calm: Point,
    /// In tolerances a second.
    speed: f32,
}

impl Smoother {
    /// For one stroke.
    pub fn new(settings: Smoothing) -> Self {
        let tolerance_mm = if settings.tolerance_mm > 0.0 { settings.tolerance_mm } else { f32::EPSILON };
        let settings = Smoothing { tolerance_mm, steadiness: settings.steadiness.clamp(0.0, 1.0), ..settings };
        Self { settings, thinner: Thinner::new(tolerance_mm), hand: None, first_speed: 0.0 }
    }

    /// For a stroke that goes on where another ended with this simulated pressure: the hand is as fast as it was.
    pub fn going_on(settings: Smoothing, pressure: f32) -> Self {
        let first_speed = FASTEST * ((SIMULATED[0] - pressure) / SIMULATED[1]).clamp(0.0, 1.0);
        Self { first_speed, ..Self::new(settings) }
    }

    /// A point as the device gave it.
    pub fn push(&mut self, raw: Point, now_secs: f64) {
        if !raw.position.is_finite() || !raw.pressure.is_finite() {
            return;
        }
        let hand = match self.hand {
            None => {
                let speed = self.first_speed;
                let pressure = if self.settings.simulates_pressure { simulated(speed) } else { raw.pressure };
                Hand { raw, at_secs: now_secs, calm: Point { pressure, ..raw }, speed }
            }
            Some(hand) => self.follow(hand, raw, now_secs),
        };
        self.thinner.push(hand.calm);
        self.hand = Some(hand);
    }

    fn follow(&self, hand: Hand, raw: Point, now_secs: f64) -> Hand {
        let passed = ((now_secs - hand.at_secs) as f32).clamp(SHORTEST_SECS, 0.1);
        let way = (raw.position - hand.raw.position).length() / self.settings.tolerance_mm;
        let speed = hand.speed + (way / passed - hand.speed) * share(passed, PRESSURE_SECS);
        let lag = self.settings.steadiness * LAG_SECS / (1.0 + speed / BRISK);
        let follows = share(passed, lag);
        let pressure = if self.settings.simulates_pressure {
            simulated(speed)
        } else {
            hand.calm.pressure + (raw.pressure - hand.calm.pressure) * follows
        };
        let position = hand.calm.position.lerp(raw.position, follows);
        Hand { raw, at_secs: hand.at_secs.max(now_secs), calm: Point { position, pressure }, speed }
    }

    /// Points that will not change any more, since the last call.
    pub fn take_settled(&mut self) -> Vec<Point> {
        self.thinner.take_settled()
    }

    /// What follows the settled points for now, up to where the pen is.
    pub fn tail(&self) -> Vec<Point> {
        self.thinner.last_waiting().into_iter().chain(self.end()).collect()
    }

    /// Where the pen is, if the calm line has not arrived there.
    fn end(&self) -> Option<Point> {
        let hand = self.hand?;
        let is_behind = hand.calm.position.distance(hand.raw.position) > self.settings.tolerance_mm / 2.0;
        is_behind.then_some(Point { position: hand.raw.position, pressure: hand.calm.pressure })
    }

    /// The pen was lifted: the rest of the points, up to where it was.
    pub fn finish(&mut self) -> Vec<Point> {
        if let Some(end) = self.end() {
            self.thinner.push(end);
        }
        self.hand = None;
        self.thinner.finish()
    }
}

/// The pressure of a hand that is so fast.
fn simulated(speed: f32) -> f32 {
    SIMULATED[0] - SIMULATED[1] * (speed / FASTEST).min(1.0)
}

/// How much of the way is done after `passed` at this time constant.
fn share(passed: f32, constant: f32) -> f32 {
    if constant <= 0.0 { 1.0 } else { 1.0 - (-passed / constant).exp() }
}

/// The distance of a point from a straight piece, and how far along the piece that is, from 0 to 1.
pub(crate) fn distance_to_piece(point: Vec2, from: Vec2, to: Vec2) -> (f32, f32) {
    let way = to - from;
    let squared = way.length_squared();
    let along = if squared > 0.0 { ((point - from).dot(way) / squared).clamp(0.0, 1.0) } else { 0.0 };
    (point.distance(from + way * along), along)
}
