use super::bits::{BitReader, BitWriter, Rice};
use super::{InkError, Point};
use crate::geometry::is_on_page;
use crate::limits::{COORDINATE_MM, EDIT_POINTS};
use glam::Vec2;

/// Largest precision: 1/256 mm.
const PRECISION_MAX: u8 = 8;
/// In the first byte: all points have the pressure that follows the count.
const EVEN_PRESSURE: u8 = 0x10;
/// In the first byte: differences of differences; otherwise differences.
const SECOND: u8 = 0x20;
/// Steps of pressure; a mouse's 0.5 is one.
const PRESSURES: f32 = 64.0;

/// Packs points: one chunk with steps of 2^-`precision` mm (0 to 8; 4 is usual). Points that are not finite or not on
/// the page are left out, and what is over [`EDIT_POINTS`] too.
pub fn pack(points: &[Point], precision: u8) -> Vec<u8> {
    let precision = precision.min(PRECISION_MAX);
    let steps = f32::from(1_u16 << precision);
    let whole: Vec<[i64; 3]> = points
        .iter()
        .filter(|point| is_on_page(point.position) && point.pressure.is_finite())
        .take(EDIT_POINTS)
        .map(|point| {
            let position = (point.position * steps).round();
            [position.x as i64, position.y as i64, (point.pressure.clamp(0.0, 1.0) * PRESSURES).round() as i64]
        })
        .collect();
    if whole.is_empty() {
        return Vec::new();
    }
    let plain = write_chunk(&whole, precision, false);
    let second = write_chunk(&whole, precision, true);
    if second.len() <= plain.len() { second } else { plain }
}

fn write_chunk(points: &[[i64; 3]], precision: u8, is_second: bool) -> Vec<u8> {
    let is_even = points.iter().all(|point| point[2] == points[0][2]);
    let flags = if is_even { EVEN_PRESSURE } else { 0 } | if is_second { SECOND } else { 0 };
    let mut chunk = vec![precision | flags];
    write_count(&mut chunk, points.len());
    if is_even {
        chunk.push(points[0][2] as u8);
    }
    let mut bits = BitWriter::default();
    let mut model = Model::new(is_second);
    for point in points {
        let expected = model.expected();
        for axis in 0..if is_even { 2 } else { 3 } {
            model.rice(axis).write(&mut bits, point[axis] - expected[axis]);
        }
        model.learn(*point);
    }
    chunk.extend_from_slice(&bits.finish());
    chunk
}

/// Counts are at least 1 and under 2^14.
fn write_count(chunk: &mut Vec<u8>, count: usize) {
    if count < 0x80 {
        chunk.push(count as u8);
    } else {
        chunk.extend_from_slice(&[(count & 0x7f) as u8 | 0x80, (count >> 7) as u8]);
    }
}

/// What the next point is expected to be, and how wrong that was lately.
#[derive(Clone, Debug)]
struct Model {
    is_second: bool,
    count: usize,
    last: [i64; 3],
    velocity: [i64; 3],
    start: [Rice; 3],
    rest: [Rice; 3],
}

impl Model {
    fn new(is_second: bool) -> Self {
        let rice = |position, pressure| [Rice::new(position), Rice::new(position), Rice::new(pressure)];
        Self { is_second, count: 0, last: [0; 3], velocity: [0; 3], start: rice(12, 6), rest: rice(6, 1) }
    }

    /// Pressure never runs on as a hand does.
    fn expected(&self) -> [i64; 3] {
        let [x, y, pressure] = self.last;
        if self.is_second { [x + self.velocity[0], y + self.velocity[1], pressure] } else { [x, y, pressure] }
    }

    /// Where a chunk begins says nothing about how it goes on.
    fn rice(&mut self, axis: usize) -> &mut Rice {
        if self.count == 0 { &mut self.start[axis] } else { &mut self.rest[axis] }
    }

    fn learn(&mut self, point: [i64; 3]) {
        if self.count > 0 {
            self.velocity = [0, 1, 2].map(|axis| point[axis] - self.last[axis]);
        }
        self.last = point;
        self.count += 1;
    }
}

/// Unpacks the chunks that follow one another in `bytes`.
///
/// # Errors
/// [`InkError`] for anything that [`pack`] does not write, and for more than [`EDIT_POINTS`] points.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Point>, InkError> {
    let mut points = Vec::new();
    let mut chunks = Unpacking::new(bytes, EDIT_POINTS);
    while let Some(point) = chunks.next_point()? {
        points.push(point);
    }
    Ok(points)
}

/// Reads point after point without taking memory.
#[derive(Clone, Debug)]
pub(super) struct Unpacking<'a> {
    rest: &'a [u8],
    points_left: usize,
    chunk: Option<Chunk<'a>>,
}

#[derive(Clone, Debug)]
struct Chunk<'a> {
    bits: BitReader<'a>,
    left: usize,
    step: f32,
    even_pressure: Option<u8>,
    model: Model,
}

impl<'a> Unpacking<'a> {
    /// Refuses more than `most` points.
    pub(super) fn new(bytes: &'a [u8], most: usize) -> Self {
        Self { rest: bytes, points_left: most, chunk: None }
    }

    /// The next point, or nothing at the end.
    pub(super) fn next_point(&mut self) -> Result<Option<Point>, InkError> {
        if self.chunk.is_none() {
            if self.rest.is_empty() {
                return Ok(None);
            }
            self.open_chunk()?;
        }
        let Some(chunk) = &mut self.chunk else { return Ok(None) };
        let point = chunk.next_point()?;
        if chunk.left == 0 {
            self.rest = self.rest.get(chunk.bits.used()..).ok_or(InkError::Truncated)?;
            self.chunk = None;
        }
        Ok(Some(point))
    }

    fn open_chunk(&mut self) -> Result<(), InkError> {
        let header = self.take_byte()?;
        let precision = header & 0x0f;
        if precision > PRECISION_MAX || header & !(0x0f | EVEN_PRESSURE | SECOND) != 0 {
            return Err(InkError::Malformed);
        }
        let low = self.take_byte()?;
        let high = if low & 0x80 != 0 { usize::from(self.take_byte()?) } else { 0 };
        let count = usize::from(low & 0x7f) | high << 7;
        if count == 0 {
            return Err(InkError::Malformed);
        }
        self.points_left = self.points_left.checked_sub(count).ok_or(InkError::TooMany)?;
        let even_pressure = if header & EVEN_PRESSURE != 0 { Some(self.take_byte()?) } else { None };
        self.chunk = Some(Chunk {
            bits: BitReader::new(self.rest),
            left: count,
            step: 1.0 / f32::from(1_u16 << precision),
            even_pressure,
            model: Model::new(header & SECOND != 0),
        });
        Ok(())
    }

    fn take_byte(&mut self) -> Result<u8, InkError> {
        let (byte, rest) = self.rest.split_first().ok_or(InkError::Truncated)?;
        self.rest = rest;
        Ok(*byte)
    }
}

impl Chunk<'_> {
    fn next_point(&mut self) -> Result<Point, InkError> {
        let [x, y, pressure] = self.model.expected();
        let x = x + self.model.rice(0).read(&mut self.bits);
        let y = y + self.model.rice(1).read(&mut self.bits);
        let pressure = match self.even_pressure {
            Some(pressure) => i64::from(pressure),
            None => pressure + self.model.rice(2).read(&mut self.bits),
        };
        if self.bits.is_over() {
            return Err(InkError::Truncated);
        }
        let position = Vec2::new(x as f32, y as f32) * self.step;
        if !is_on_page(position) || !(0..=64).contains(&pressure) {
            return Err(InkError::OffPage);
        }
        self.model.learn([x, y, pressure]);
        self.left -= 1;
        Ok(Point { position, pressure: pressure as f32 / PRESSURES })
    }
}

/// How many points the chunks have, as far as they are well formed.
pub(crate) fn count_points(bytes: &[u8]) -> usize {
    let mut unpacking = Unpacking::new(bytes, usize::MAX);
    std::iter::from_fn(|| unpacking.next_point().ok().flatten()).count()
}

/// The precision of the first chunk of packed points.
pub(crate) fn precision_of(packed: &[u8]) -> u8 {
    packed.first().map_or(4, |header| (header & 0x0f).min(PRECISION_MAX))
}

const _: () = assert!(COORDINATE_MM as i64 * (1 << PRECISION_MAX) < 1 << 30, "differences of differences fit");
