use crate::LiveStroke;
use atrium_board::ink::Point;
use atrium_board::limits::STROKE_POINTS;
use atrium_board::{Color, Document, ElementId, LiveInk, PageId, Shape};

/// A stroke that somebody else draws: its settled points are the document's, those that follow came on the live lane.
#[derive(Clone, Debug)]
pub(crate) struct TheirInk {
    page: PageId,
    color: Color,
    width_mm: f32,
    is_highlighter: bool,
    /// Which point of the stroke the first of `points` is.
    start: usize,
    /// On the page.
    points: Vec<Point>,
    pub(crate) heard_secs: f64,
    version: u64,
}

impl TheirInk {
    pub(crate) fn new(now_secs: f64, live: &LiveInk, version: u64) -> Self {
        let LiveInk { page, color, width_mm, is_highlighter, .. } = *live;
        let (start, points) = (live.after as usize, live.points.clone());
        Self { page, color, width_mm, is_highlighter, start, points, heard_secs: now_secs, version }
    }

    /// One that is known from its operations alone.
    pub(crate) fn of(now_secs: f64, document: &Document, id: ElementId, version: u64) -> Option<Self> {
        let element = document.element(id)?;
        let Shape::Ink { is_highlighter, points, .. } = &element.shape else { return None };
        Some(Self {
            page: element.page,
            color: element.style.color,
            width_mm: element.style.width_mm,
            is_highlighter: *is_highlighter,
            start: points.len(),
            points: Vec::new(),
            heard_secs: now_secs,
            version,
        })
    }

    /// News. What is older than them, but perhaps not settled here, stays.
    pub(crate) fn hear(&mut self, now_secs: f64, live: &LiveInk, version: u64) {
        let after = live.after as usize;
        if after < self.start {
            // An older word that was overtaken: points that are in operations by now.
            return;
        }
        self.points.truncate(after - self.start);
        if self.points.len() < after - self.start {
            (self.start, self.points) = (after, Vec::new());
        }
        let room = STROKE_POINTS.saturating_sub(self.points.len());
        self.points.extend(live.points.iter().take(room));
        (self.heard_secs, self.version) = (now_secs, version);
    }

    /// More of it is settled.
    pub(crate) fn grew(&mut self, now_secs: f64, version: u64) {
        (self.heard_secs, self.version) = (now_secs, version);
    }

    pub(crate) fn shown(&self, id: ElementId, document: &Document, out: &mut Vec<Point>) {
        let mut settled = 0;
        if let Some(element) = document.element(id)
            && let Shape::Ink { points, .. } = &element.shape
        {
            let place = element.frame.to_affine();
            out.extend(points.iter().map(|it| Point { position: place.transform_point2(it.position), ..it }));
            settled = points.len();
        }
        out.extend(self.points.iter().skip(settled.saturating_sub(self.start)));
    }

    pub(crate) fn live(&self, element: ElementId) -> LiveStroke {
        let Self { page, color, width_mm, is_highlighter, version, .. } = *self;
        LiveStroke { element, page, color, width_mm, is_highlighter, is_mine: false, version }
    }
}

/// Whether a document has so many points of a stroke, or will not get more.
pub(crate) fn is_covered(document: &Document, id: ElementId, points: usize) -> bool {
    let Some(element) = document.element(id) else { return false };
    match &element.shape {
        Shape::Ink { points: settled, is_finished, .. } => *is_finished || element.is_removed || settled.len() > points,
        _ => true,
    }
}

/// Whether an element is a stroke that is still drawn.
pub(crate) fn grows(document: &Document, id: ElementId) -> bool {
    document
        .element(id)
        .is_some_and(|element| !element.is_removed && matches!(element.shape, Shape::Ink { is_finished: false, .. }))
}
