//! People who draw: as an app does it, piece by piece while the pen moves, or stroke by stroke as fast as a room takes it.

use super::ink::{Inkwell, POINTS_PER_SEC, STROKE_POINTS, Stroke};
use crate::clock::micros_now;
use atrium_board::{Live, LiveInk, Operation, PageId, Pointing};
use atrium_protocol::{BoardDown, BoardId, BoardUp, LiveUp, Micros, PersonId, encode_live_up};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How often ink becomes an operation while it is drawn.
pub(crate) const COMMIT_INTERVAL: Duration = Duration::from_millis(250);
/// How often it is shown before that.
pub(crate) const LIVE_INTERVAL: Duration = Duration::from_micros(33_333);
/// Between two strokes of somebody who fills a board: just below the room's 60 operations a second.
pub(crate) const FILL_INTERVAL: Duration = Duration::from_micros(17_200);
/// Operations that somebody who fills a board has under way at most.
const FILL_UNDER_WAY: usize = 16;
const WIDTH_MM: f32 = 4.0;

/// Somebody's business at a board, and what became of it.
pub(crate) struct Drawing {
    board: BoardId,
    me: PersonId,
    ink: Inkwell,
    work: Work,
    next_nonce: u64,
    under_way: BTreeMap<u64, Micros>,
    live_sequence: u16,
}

enum Work {
    /// A pen that never stops.
    Pen(Pen),
    /// So many strokes are still to be made, each an operation of its own.
    Filling { left: usize },
    /// Nothing more is drawn.
    Done,
}

struct Pen {
    began: Instant,
    stroke: Stroke,
    /// Points of this stroke that are operations.
    committed: usize,
    /// Strokes before this one.
    strokes: usize,
}

/// What became of an operation of one's own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fate {
    /// It is on the board, after so long.
    Settled(Duration),
    /// It is not; the server's sentence.
    Refused(String),
}

impl Drawing {
    /// A pen that draws strokes of 64 points, one after another, 60 points a second.
    pub(crate) fn pen(board: BoardId, me: PersonId, seed: u64, now: Instant) -> Self {
        let mut drawing = Self::new(board, me, seed);
        let stroke = drawing.ink.next();
        drawing.work = Work::Pen(Pen { began: now, stroke, committed: 0, strokes: 0 });
        drawing
    }

    /// Puts so many strokes on a board.
    pub(crate) fn filling(board: BoardId, me: PersonId, seed: u64, strokes: usize) -> Self {
        let mut drawing = Self::new(board, me, seed);
        drawing.work = Work::Filling { left: strokes };
        drawing
    }

    fn new(board: BoardId, me: PersonId, seed: u64) -> Self {
        let (ink, under_way) = (Inkwell::new(seed), BTreeMap::new());
        Self { board, me, ink, work: Work::Done, next_nonce: micros_now().0, under_way, live_sequence: 0 }
    }

    /// Stops; what is under way still counts.
    pub(crate) fn stop(&mut self) {
        self.work = Work::Done;
    }

    pub(crate) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Whether all is drawn and answered.
    pub(crate) fn is_done(&self) -> bool {
        let is_drawn = match &self.work {
            Work::Pen(_) => false,
            Work::Filling { left } => *left == 0,
            Work::Done => true,
        };
        is_drawn && self.under_way.is_empty()
    }

    /// When there may be more to send; `None` if never.
    pub(crate) fn interval(&self) -> Option<Duration> {
        match self.work {
            Work::Pen(_) => Some(COMMIT_INTERVAL),
            // Whoever fills the next board begins anew.
            Work::Filling { left: 1.. } => Some(FILL_INTERVAL),
            Work::Filling { left: 0 } | Work::Done => None,
        }
    }

    /// The next operation, if it is time for one.
    ///
    /// # Errors
    /// When it is none that a server would take.
    pub(crate) fn next(&mut self, now: Instant) -> anyhow::Result<Option<BoardUp>> {
        let operation = match &mut self.work {
            Work::Pen(pen) => pen.commit(&mut self.ink, now),
            Work::Filling { left } if *left > 0 && self.under_way.len() < FILL_UNDER_WAY => {
                *left -= 1;
                Some(Operation::one(self.ink.next().edit(0, STROKE_POINTS)))
            }
            Work::Filling { .. } | Work::Done => None,
        };
        let Some(operation) = operation else { return Ok(None) };
        let nonce = self.next_nonce;
        self.next_nonce += 1;
        self.under_way.insert(nonce, micros_now());
        Ok(Some(BoardUp::Append { board: self.board, nonce, operation: operation.encode()? }))
    }

    /// What others see before the next operation.
    pub(crate) fn live(&mut self, now: Instant) -> Option<Vec<u8>> {
        let Work::Pen(pen) = &self.work else { return None };
        let points = pen.stroke.points(pen.committed, pen.drawn(now)).to_vec();
        let position = points.last()?.position;
        let live = Live {
            pointing: Some(Pointing { page: PageId::FIRST, position, is_laser: false }),
            ink: Some(LiveInk {
                element: pen.stroke.id,
                page: PageId::FIRST,
                color: pen.stroke.color,
                width_mm: WIDTH_MM,
                is_highlighter: false,
                after: u32::try_from(pen.committed).unwrap_or(u32::MAX),
                points,
            }),
            view: None,
        };
        self.live_sequence = self.live_sequence.wrapping_add(1);
        encode_live_up(&LiveUp { board: self.board, sequence: self.live_sequence, payload: live.encode() }).ok()
    }

    /// What a word of the server means for an operation of one's own.
    pub(crate) fn hear(&mut self, word: &BoardDown, at: Micros) -> Option<Fate> {
        match word {
            BoardDown::Settled { author, nonce, .. } if *author == self.me => {
                self.under_way.remove(nonce).map(|sent| Fate::Settled(at.since(sent)))
            }
            BoardDown::Refused { nonce, message, .. } => {
                self.under_way.remove(nonce);
                Some(Fate::Refused(message.to_string()))
            }
            BoardDown::Stale { nonce, .. } => {
                self.under_way.remove(nonce);
                Some(Fate::Refused("its number is too small".to_owned()))
            }
            _ => None,
        }
    }
}

impl Pen {
    /// Points of this stroke that are drawn by now.
    fn drawn(&self, now: Instant) -> usize {
        let all = now.saturating_duration_since(self.began).as_secs_f64() * POINTS_PER_SEC as f64;
        (all as usize).saturating_sub(self.strokes * STROKE_POINTS).min(STROKE_POINTS)
    }

    /// What was drawn since the last time, the end of one stroke and the beginning of the next if it was both.
    fn commit(&mut self, ink: &mut Inkwell, now: Instant) -> Option<Operation> {
        let mut edits = Vec::new();
        loop {
            let drawn = self.drawn(now);
            if drawn > self.committed {
                edits.push(self.stroke.edit(self.committed, drawn));
                self.committed = drawn;
            }
            if drawn < STROKE_POINTS {
                return (!edits.is_empty()).then_some(Operation { edits });
            }
            (self.stroke, self.committed) = (ink.next(), 0);
            self.strokes += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_board::{Document, OperationId};
    use atrium_protocol::{OperationBytes, ReasonText, RefusalCode, decode_live_up};

    const ME: PersonId = PersonId([1; 32]);
    const BOARD: BoardId = BoardId(2);

    fn put(document: &mut Document, up: &BoardUp) -> u64 {
        let BoardUp::Append { board: BOARD, nonce, operation } = up else { panic!("an append expected: {up:?}") };
        let operation = Operation::decode(operation.as_bytes()).unwrap();
        document.apply(OperationId { author: ME, nonce: *nonce }, 0, &operation);
        *nonce
    }

    fn settled(nonce: u64) -> BoardDown {
        let operation = OperationBytes::new(vec![]).unwrap();
        BoardDown::Settled { board: BOARD, sequence: 1, author: ME, nonce, at_ms: 0, operation }
    }

    #[test]
    fn a_pen_makes_a_stroke_a_second_and_an_operation_four_times() {
        let start = Instant::now();
        let mut drawing = Drawing::pen(BOARD, ME, 3, start);
        let mut document = Document::default();
        let mut nonces = Vec::new();
        for step in 1..=40 {
            let now = start + COMMIT_INTERVAL * step;
            assert!(drawing.live(now - Duration::from_millis(1)).is_some());
            nonces.push(put(&mut document, &drawing.next(now).unwrap().unwrap()));
        }
        assert!(nonces.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!((document.len(), drawing.under_way()), (10, 40), "600 points in 10 s");
        assert!(matches!(drawing.hear(&settled(nonces[0]), micros_now()), Some(Fate::Settled(_))));
        assert_eq!(drawing.hear(&settled(nonces[0]), micros_now()), None);
        let (code, message) = (RefusalCode::TooFast, ReasonText::truncated("slow down"));
        let refused = BoardDown::Refused { board: BOARD, nonce: nonces[1], code, message };
        assert_eq!(drawing.hear(&refused, micros_now()), Some(Fate::Refused("slow down".to_owned())));
        drawing.stop();
        assert!(drawing.next(start + Duration::from_secs(60)).unwrap().is_none() && !drawing.is_done());
        nonces.iter().for_each(|nonce| drop(drawing.hear(&settled(*nonce), micros_now())));
        assert!(drawing.is_done());
    }

    #[test]
    fn what_others_see_meanwhile_is_small() {
        let start = Instant::now();
        let mut drawing = Drawing::pen(BOARD, ME, 3, start);
        drawing.next(start + COMMIT_INTERVAL).unwrap();
        let live = drawing.live(start + COMMIT_INTERVAL + Duration::from_millis(200)).unwrap();
        let up = decode_live_up(&live).unwrap();
        assert!(up.payload.len() <= atrium_protocol::limits::LIVE_BYTES && up.board == BOARD);
        let ink = Live::decode(&up.payload).unwrap().ink.unwrap();
        assert_eq!((ink.after, ink.points.len()), (15, 12));
    }

    #[test]
    fn a_board_is_filled_with_as_many_strokes_as_asked_for() {
        let now = Instant::now();
        let mut drawing = Drawing::filling(BOARD, ME, 5, 450);
        let mut document = Document::default();
        let mut operations = 0;
        while !drawing.is_done() {
            let Some(up) = drawing.next(now).unwrap() else {
                assert!((1..=FILL_UNDER_WAY).contains(&drawing.under_way()));
                let all: Vec<u64> = drawing.under_way.keys().copied().collect();
                all.iter().for_each(|nonce| drop(drawing.hear(&settled(*nonce), micros_now())));
                continue;
            };
            put(&mut document, &up);
            operations += 1;
            assert_eq!(drawing.interval().is_some(), operations < 450, "who is done does not come again");
        }
        assert_eq!((document.len(), operations), (450, 450));
    }
}
