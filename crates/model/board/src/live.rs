use crate::geometry::is_on_page;
use crate::ink::{InkError, Point, pack, unpack};
use crate::limits::{LIVE_BYTES, STROKE_POINTS, WIDTH_MM_MAX, WIDTH_MM_MIN};
use crate::{Color, ElementId, PageId, View};
use glam::Vec2;

/// What one person does at a board right now. It is sent over and over and may be lost; only the newest matters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    /// Where the pointer is.
    pub pointing: Option<Pointing>,
    /// What is being drawn.
    pub ink: Option<LiveInk>,
    /// What is looked at, for those who follow.
    pub view: Option<View>,
}

/// Where somebody points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pointing {
    /// On which page.
    pub page: PageId,
    /// Where.
    pub position: Vec2,
    /// With the laser: to be seen by everybody.
    pub is_laser: bool,
}

/// The end of a stroke that is being drawn, ahead of the operations.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveInk {
    /// Which stroke.
    pub element: ElementId,
    /// On which page.
    pub page: PageId,
    /// Its colour.
    pub color: Color,
    /// Its width.
    pub width_mm: f32,
    /// Drawn with the highlighter.
    pub is_highlighter: bool,
    /// Points of the stroke before [`Self::points`]: with operations, or left out here.
    pub after: u32,
    /// The points, on the page.
    pub points: Vec<Point>,
}

/// Why bytes are not [`Live`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LiveError {
    /// Too long, too short, or not known.
    #[error("not what somebody does at a board")]
    Malformed,
    /// A number that is not finite or out of its limits.
    #[error("a number out of its limits")]
    Impossible,
    /// Points that are none.
    #[error(transparent)]
    Ink(#[from] InkError),
}

const POINTING: u8 = 1;
const LASER: u8 = 2;
const INK: u8 = 4;
const HIGHLIGHTER: u8 = 8;
const VIEW: u8 = 16;
/// Steps of 1/16 mm.
const PRECISION: u8 = 4;

impl Live {
    /// At most [`LIVE_BYTES`]; of a long piece of ink only the newest points.
    pub fn encode(&self) -> Vec<u8> {
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let mut bytes = vec![
            flag(self.pointing.is_some(), POINTING)
                | flag(self.pointing.is_some_and(|pointing| pointing.is_laser), LASER)
                | flag(self.ink.is_some(), INK)
                | flag(self.ink.as_ref().is_some_and(|ink| ink.is_highlighter), HIGHLIGHTER)
                | flag(self.view.is_some(), VIEW),
        ];
        if let Some(pointing) = &self.pointing {
            put_place(&mut bytes, pointing.page, pointing.position);
        }
        if let Some(view) = &self.view {
            put_place(&mut bytes, view.page, view.center);
            bytes.extend_from_slice(&view.width_mm.to_be_bytes());
        }
        if let Some(ink) = &self.ink {
            ink.write(&mut bytes);
        }
        bytes
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`LiveError`]; every number that comes out is finite and within its limits.
    pub fn decode(bytes: &[u8]) -> Result<Self, LiveError> {
        if bytes.len() > LIVE_BYTES {
            return Err(LiveError::Malformed);
        }
        let mut reader = Reader { rest: bytes };
        let [flags] = reader.take()?;
        if flags & !(POINTING | LASER | INK | HIGHLIGHTER | VIEW) != 0 {
            return Err(LiveError::Malformed);
        }
        let mut live = Self::default();
        if flags & POINTING != 0 {
            let (page, position) = reader.place()?;
            live.pointing = Some(Pointing { page, position, is_laser: flags & LASER != 0 });
        }
        if flags & VIEW != 0 {
            let (page, center) = reader.place()?;
            let view = View { page, center, width_mm: f32::from_be_bytes(reader.take()?) };
            live.view = Some(view).filter(View::is_possible);
            live.view.ok_or(LiveError::Impossible)?;
        }
        if flags & INK != 0 {
            live.ink = Some(LiveInk::read(&mut reader, flags & HIGHLIGHTER != 0)?);
        }
        if reader.rest.is_empty() { Ok(live) } else { Err(LiveError::Malformed) }
    }
}

impl LiveInk {
    /// The points come last: they take what is left.
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.element.0.to_be_bytes());
        bytes.extend_from_slice(&self.page.0.to_be_bytes());
        bytes.push(color_to_byte(self.color));
        bytes.extend_from_slice(&self.width_mm.to_be_bytes());
        let room = LIVE_BYTES - bytes.len() - 4;
        let mut left_out = 0;
        let mut packed = pack(&self.points, PRECISION);
        while packed.len() > room {
            // An eighth at a time: it seldom happens, and then a few points more or less make no difference.
            left_out += (self.points.len() - left_out).div_ceil(8);
            packed = pack(&self.points[left_out..], PRECISION);
        }
        bytes.extend_from_slice(&self.after.saturating_add(left_out as u32).to_be_bytes());
        bytes.extend_from_slice(&packed);
    }

    fn read(reader: &mut Reader<'_>, is_highlighter: bool) -> Result<Self, LiveError> {
        let element = ElementId(u64::from_be_bytes(reader.take()?));
        let page = PageId(u32::from_be_bytes(reader.take()?));
        let [color] = reader.take()?;
        let width_mm = f32::from_be_bytes(reader.take()?);
        let after = u32::from_be_bytes(reader.take()?);
        if !(WIDTH_MM_MIN..=WIDTH_MM_MAX).contains(&width_mm) || after as usize > STROKE_POINTS {
            return Err(LiveError::Impossible);
        }
        let points = unpack(std::mem::take(&mut reader.rest))?;
        Ok(Self { element, page, color: color_from_byte(color), width_mm, is_highlighter, after, points })
    }
}

fn color_to_byte(color: Color) -> u8 {
    Color::ALL.iter().position(|known| *known == color).map_or(u8::MAX, |at| at as u8)
}

fn color_from_byte(byte: u8) -> Color {
    Color::ALL.get(usize::from(byte)).copied().unwrap_or(Color::Unknown)
}

fn put_place(bytes: &mut Vec<u8>, page: PageId, position: Vec2) {
    bytes.extend_from_slice(&page.0.to_be_bytes());
    bytes.extend_from_slice(&position.x.to_be_bytes());
    bytes.extend_from_slice(&position.y.to_be_bytes());
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], LiveError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(LiveError::Malformed)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn place(&mut self) -> Result<(PageId, Vec2), LiveError> {
        let page = PageId(u32::from_be_bytes(self.take()?));
        let position = Vec2::new(f32::from_be_bytes(self.take()?), f32::from_be_bytes(self.take()?));
        if is_on_page(position) { Ok((page, position)) } else { Err(LiveError::Impossible) }
    }
}
