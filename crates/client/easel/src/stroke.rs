use atrium_board::ink::{Point, Smoother, Smoothing, pack};
use atrium_board::limits::STROKE_POINTS;
use atrium_board::{Color, Edit, ElementId, Frame, NewElement, OrderKey, PageId, Style};
use glam::Vec2;

/// Time after which ink in the making becomes an operation: with a frame, less than a quarter of a second.
pub(crate) const COMMIT_SECS: f64 = 0.2;
/// Points of an operation.
const CHUNK_POINTS: usize = 512;
/// Points of a stroke at which it is continued as another: what the smoother still holds must fit in.
const CONTINUE_POINTS: usize = STROKE_POINTS - 128;
/// Points that are said live, at most.
const LIVE_POINTS: usize = 256;
/// Steps of a coordinate within a pixel.
const STEPS_A_PIXEL: f32 = 8.0;

/// Distances that nobody sees.
const SEEN_PIXELS: f32 = 0.25;
/// What a device says that knows no pressure.
pub(crate) const NO_PRESSURE: f32 = 0.5;

/// A stroke in the making, as it is to be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveStroke {
    /// The element that it is or will be.
    pub element: ElementId,
    /// The page that it lies on.
    pub page: PageId,
    /// Its colour.
    pub color: Color,
    /// Its width.
    pub width_mm: f32,
    /// Broad and see-through.
    pub is_highlighter: bool,
    /// One's own.
    pub is_mine: bool,
    /// Changes with its points.
    pub version: u64,
}

/// What all pieces of a stroke have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ink {
    pub(crate) page: PageId,
    pub(crate) style: Style,
    pub(crate) is_highlighter: bool,
    pub(crate) gesture: u64,
    /// How large a pixel was when it began.
    pub(crate) mm_per_pixel: f32,
    /// The device knows no pressure.
    pub(crate) simulates_pressure: bool,
}

impl Ink {
    pub(crate) fn smoothing(&self) -> Smoothing {
        Smoothing {
            tolerance_mm: 0.15 * self.mm_per_pixel.clamp(0.02, 4.0),
            simulates_pressure: self.simulates_pressure,
            ..Smoothing::default()
        }
    }
}

/// How far a piece of a stroke goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    end: usize,
    is_last: bool,
}

/// One's own stroke until all of it is in operations.
#[derive(Clone, Debug)]
pub(crate) struct Stroke {
    pub(crate) element: ElementId,
    pub(crate) ink: Ink,
    order: OrderKey,
    origin: Vec2,
    precision: u8,
    smoother: Smoother,
    /// On the page; they will not change any more.
    points: Vec<Point>,
    committed: usize,
    is_added: bool,
    is_lifted: bool,
    is_finished: bool,
    committed_secs: f64,
    newest: Point,
    version: u64,
}

impl Stroke {
    pub(crate) fn begin(
        now_secs: f64,
        (element, order): (ElementId, OrderKey),
        ink: Ink,
        smoother: Smoother,
        first: Point,
    ) -> Self {
        let precision = (STEPS_A_PIXEL / ink.mm_per_pixel).log2().ceil().clamp(4.0, 8.0) as u8;
        let mut stroke = Self {
            element,
            ink,
            order,
            origin: first.position.round(),
            precision,
            smoother,
            points: Vec::new(),
            committed: 0,
            is_added: false,
            is_lifted: false,
            is_finished: false,
            committed_secs: now_secs,
            newest: first,
            version: 0,
        };
        stroke.push(now_secs, first);
        stroke
    }

    /// The pen is here now.
    pub(crate) fn push(&mut self, now_secs: f64, point: Point) {
        self.newest = point;
        self.smoother.push(point, now_secs);
        self.points.extend(self.smoother.take_settled());
        self.version += 1;
    }

    /// The pen is lifted.
    pub(crate) fn lift(&mut self) {
        if self.is_lifted {
            return;
        }
        self.is_lifted = true;
        self.points.extend(self.smoother.finish());
        if self.points.is_empty() {
            self.points.push(self.newest);
        }
        self.version += 1;
    }

    /// Its last point; where it is continued.
    pub(crate) fn last_point(&self) -> Point {
        self.points.last().copied().unwrap_or(self.newest)
    }

    /// No more fits into it.
    pub(crate) fn is_full(&self) -> bool {
        self.points.len() >= CONTINUE_POINTS
    }

    /// What does not fit into a stroke that was lifted, to begin the next one with.
    pub(crate) fn take_excess(&mut self) -> Vec<Point> {
        self.points.split_off(self.points.len().min(STROKE_POINTS))
    }

    /// Where the pen is.
    pub(crate) fn newest(&self) -> Point {
        self.newest
    }

    pub(crate) fn is_lifted(&self) -> bool {
        self.is_lifted
    }

    /// All of it is in operations.
    pub(crate) fn is_done(&self) -> bool {
        self.is_finished
    }

    /// It is on the board.
    pub(crate) fn is_added(&self) -> bool {
        self.is_added
    }

    pub(crate) fn order(&self) -> &OrderKey {
        &self.order
    }

    /// Points that are not in operations.
    pub(crate) fn waiting_points(&self) -> usize {
        self.points.len() - self.committed
    }

    /// Whether something of it should become an operation.
    pub(crate) fn is_due(&self, now_secs: f64) -> bool {
        let has_news = self.committed < self.points.len();
        !self.is_finished && (self.is_lifted || (has_news && now_secs - self.committed_secs >= COMMIT_SECS))
    }

    /// The next piece of it as an edit, and what to tell [`Self::took`] when that is on its way.
    pub(crate) fn next_piece(&self) -> (Edit, Piece) {
        let end = self.points.len().min(self.committed + CHUNK_POINTS);
        let own = |point: &Point| Point { position: point.position - self.origin, ..*point };
        let piece: Vec<Point> = self.points[self.committed..end].iter().map(own).collect();
        let points = pack(&piece, self.precision);
        let is_last = self.is_lifted && end == self.points.len();
        let edit = if self.is_added {
            Edit::Ink { id: self.element, points, is_last }
        } else {
            Edit::Add {
                id: self.element,
                page: self.ink.page,
                order: self.order.clone(),
                frame: Frame::at(self.origin),
                style: self.ink.style,
                shape: NewElement::Ink { is_highlighter: self.ink.is_highlighter, points, is_finished: is_last },
            }
        };
        (edit, Piece { end, is_last })
    }

    /// A piece of it is on its way.
    pub(crate) fn took(&mut self, now_secs: f64, piece: Piece) {
        self.committed = piece.end;
        self.is_finished = piece.is_last;
        self.is_added = true;
        self.committed_secs = now_secs;
    }

    /// All of it, up to where the pen is, on the page.
    pub(crate) fn shown(&self, out: &mut Vec<Point>) {
        out.extend_from_slice(&self.points);
        self.tail(out);
    }

    /// What is not in operations, on the page, and how many points are before that.
    pub(crate) fn uncommitted(&self) -> (u32, Vec<Point>) {
        // Of much only the end, which is what is looked at.
        let from = self.committed.max(self.points.len().saturating_sub(LIVE_POINTS));
        let mut points = self.points[from..].to_vec();
        self.tail(&mut points);
        (from as u32, points)
    }

    fn tail(&self, out: &mut Vec<Point>) {
        if self.is_lifted {
            return;
        }
        out.extend(self.smoother.tail());
        // Whatever the smoother thinks of it: the line ends where the pen is.
        let reach_mm = SEEN_PIXELS * self.ink.mm_per_pixel;
        match out.last().copied() {
            None => out.push(self.newest),
            Some(last) if last.position.distance(self.newest.position) > reach_mm => {
                out.push(Point { pressure: last.pressure, ..self.newest });
            }
            Some(_) => {}
        }
    }

    pub(crate) fn live(&self) -> LiveStroke {
        LiveStroke {
            element: self.element,
            page: self.ink.page,
            color: self.ink.style.color,
            width_mm: self.ink.style.width_mm,
            is_highlighter: self.ink.is_highlighter,
            is_mine: true,
            version: self.version,
        }
    }
}
