use crate::HrtfError;
use crate::direction::{Angles, angles};
use crate::hrtf_file::{self, MOST_TAPS};
use glam::Vec3;

/// How sound from one direction reaches one ear.
#[derive(Clone, Debug, PartialEq)]
pub struct EarResponse {
    /// How long it takes, in seconds; 0 for the earliest of all.
    pub delay_secs: f32,
    /// What it does to the spectrum: a minimum-phase filter at 48 kHz, at most 128 taps.
    pub taps: Vec<f32>,
}

/// Responses of both ears for one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct HrtfPoint {
    /// Counter-clockwise from the front (left is 90), 0 ≤ a < 360.
    pub azimuth_deg: f32,
    /// −90…90, up is positive.
    pub elevation_deg: f32,
    /// Left, right.
    pub ears: [EarResponse; 2],
}

/// Head-related responses around the whole head, interpolated between measured directions.
///
/// Directions lie on rings of equal elevation. A direction in between is mixed from its two neighbours on the ring
/// below and its two on the ring above; minimum-phase filters and delays are mixed apart, so that no comb arises.
/// Where rings end short of a pole, the mean of the last ring stands at the pole: below the lowest measured
/// elevation, the sides fade out.
#[derive(Clone, Debug)]
pub struct Hrtf {
    rings: Vec<Ring>,
    taps: usize,
}

#[derive(Clone, Debug)]
struct Ring {
    elevation_deg: f32,
    /// Sorted by azimuth, never empty.
    points: Vec<HrtfPoint>,
    /// Not measured, but made from its neighbour.
    is_made: bool,
}

/// Responses of both ears for a direction in between; filters are `taps` long, the rest is 0.
#[derive(Clone, Debug)]
pub(crate) struct Interpolated {
    pub(crate) ears: [InterpolatedEar; 2],
}

#[derive(Clone, Debug)]
pub(crate) struct InterpolatedEar {
    pub(crate) delay_secs: f32,
    pub(crate) taps: [f32; MOST_TAPS],
}

impl Hrtf {
    /// Responses of the KEMAR dummy head (Gardner and Martin, MIT Media Lab, 1994), 710 directions.
    ///
    /// # Panics
    /// Never: the bytes are part of the program, and tests read them.
    pub fn mit_kemar() -> Self {
        Self::from_bytes(include_bytes!("../../../../assets/hrtf/mit_kemar.hrtf"))
            .expect("the shipped responses are whole")
    }

    /// Reads a file as assets/source/hrtf/README.md lays it out.
    ///
    /// # Errors
    /// [`HrtfError`] says what is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HrtfError> {
        Self::from_points(hrtf_file::parse(bytes)?)
    }

    /// Responses of `points`, in any order.
    ///
    /// # Errors
    /// [`HrtfError::Size`] without points, or where filters differ in length or have more than 128 taps;
    /// [`HrtfError::Direction`] for a number that is not finite or a direction that does not exist.
    pub fn from_points(mut points: Vec<HrtfPoint>) -> Result<Self, HrtfError> {
        points.sort_by(|a, b| {
            (a.elevation_deg.total_cmp(&b.elevation_deg)).then(a.azimuth_deg.total_cmp(&b.azimuth_deg))
        });
        let taps = points.first().map_or(0, |point| point.ears[0].taps.len());
        if !(1..=MOST_TAPS).contains(&taps) || points.iter().flat_map(|p| &p.ears).any(|ear| ear.taps.len() != taps) {
            return Err(HrtfError::Size);
        }
        if let Some(index) = points.iter().position(|point| !point.is_possible()) {
            return Err(HrtfError::Direction { index });
        }
        let mut rings: Vec<Ring> = points
            .chunk_by(|a, b| a.elevation_deg == b.elevation_deg)
            .map(|points| Ring { elevation_deg: points[0].elevation_deg, points: points.to_vec(), is_made: false })
            .collect();
        if rings[0].elevation_deg > -90.0 {
            rings.insert(0, rings[0].pole(-90.0));
        }
        if rings[rings.len() - 1].elevation_deg < 90.0 {
            rings.push(rings[rings.len() - 1].pole(90.0));
        }
        Ok(Self { rings, taps })
    }

    /// The directions that were measured or given, by elevation, then by azimuth.
    pub fn points(&self) -> impl Iterator<Item = &HrtfPoint> {
        self.rings.iter().filter(|ring| !ring.is_made).flat_map(|ring| &ring.points)
    }

    /// Length of every filter.
    pub(crate) fn taps(&self) -> usize {
        self.taps
    }

    /// Both ears' response for sound from `direction` in head space (x right, y up, −z ahead), a unit vector.
    pub(crate) fn towards(&self, direction: Vec3) -> Interpolated {
        let Angles { azimuth_deg, elevation_deg } = angles(direction);
        let above =
            self.rings.partition_point(|ring| ring.elevation_deg <= elevation_deg).clamp(1, self.rings.len() - 1);
        let (low, high) = (&self.rings[above - 1], &self.rings[above]);
        let share_high =
            ((elevation_deg - low.elevation_deg) / (high.elevation_deg - low.elevation_deg)).clamp(0.0, 1.0);

        let silent = || InterpolatedEar { delay_secs: 0.0, taps: [0.0; MOST_TAPS] };
        let mut mixed = Interpolated { ears: [silent(), silent()] };
        for (ring, ring_share) in [(low, 1.0 - share_high), (high, share_high)] {
            for (point, share) in ring.neighbours(azimuth_deg) {
                mixed.add(point, ring_share * share);
            }
        }
        mixed
    }
}

impl HrtfPoint {
    pub(crate) fn is_possible(&self) -> bool {
        (0.0..360.0).contains(&self.azimuth_deg)
            && (-90.0..=90.0).contains(&self.elevation_deg)
            && self.ears.iter().all(|ear| {
                (0.0..=hrtf_file::MOST_DELAY_SECS).contains(&ear.delay_secs)
                    && ear.taps.iter().all(|tap| tap.is_finite())
            })
    }
}

impl Ring {
    /// The two points around an azimuth and their shares, which add up to 1.
    fn neighbours(&self, azimuth_deg: f32) -> [(&HrtfPoint, f32); 2] {
        let count = self.points.len();
        let after = self.points.partition_point(|point| point.azimuth_deg <= azimuth_deg);
        let (from, to) = (&self.points[(after + count - 1) % count], &self.points[after % count]);
        let gap_deg = (to.azimuth_deg - from.azimuth_deg).rem_euclid(360.0);
        let way_deg = (azimuth_deg - from.azimuth_deg).rem_euclid(360.0);
        let share = if gap_deg > 0.0 { (way_deg / gap_deg).clamp(0.0, 1.0) } else { 0.0 };
        [(from, 1.0 - share), (to, share)]
    }

    /// A ring of one point, the mean of this ring.
    fn pole(&self, elevation_deg: f32) -> Self {
        let share = 1.0 / self.points.len() as f32;
        let ears = [0, 1].map(|ear| {
            let mut mean = EarResponse { delay_secs: 0.0, taps: vec![0.0; self.points[0].ears[ear].taps.len()] };
            for point in &self.points {
                mean.delay_secs += point.ears[ear].delay_secs * share;
                mean.taps.iter_mut().zip(&point.ears[ear].taps).for_each(|(mean, tap)| *mean += tap * share);
            }
            mean
        });
        Self { elevation_deg, points: vec![HrtfPoint { azimuth_deg: 0.0, elevation_deg, ears }], is_made: true }
    }
}

impl Interpolated {
    fn add(&mut self, point: &HrtfPoint, share: f32) {
        if share <= 0.0 {
            return;
        }
        for (ear, measured) in self.ears.iter_mut().zip(&point.ears) {
            ear.delay_secs += measured.delay_secs * share;
            ear.taps.iter_mut().zip(&measured.taps).for_each(|(sum, tap)| *sum += tap * share);
        }
    }
}
