//! What a board costs the frame while somebody draws: `cargo run --release -p atrium-easel --example easel_cost`.
//!
//! A board has so many strokes of 100 places on it. One person draws without pause, 120 places a second at 60 frames a
//! second, while two others draw too; everything that a frame does for the board is timed: pointer, tick, what is said
//! and heard, triangles of live strokes, and those of elements that changed (which the app makes on a thread of their
//! own). Times are microseconds of one core.

use atrium_board::{
    Document, Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Style, ink,
};
use atrium_easel::mesh::{LiveInk, Painter, Paper, Triangles};
use atrium_easel::{Easel, Numbers, Output, Phase, PointerEvent, Tool};
use atrium_protocol::{BoardDown, BoardId, OperationBytes, ParticipantId, PersonId};
use glam::Vec2;
use std::collections::VecDeque;
use std::time::Instant;

const BOARD: BoardId = BoardId(0);
const FRAME_SECS: f64 = 1.0 / 60.0;
const FRAMES: usize = 3_600;
/// Frames from a word to its answer.
const ANSWER_FRAMES: usize = 3;
/// How far curves may be from where they should be.
const TOLERANCE_MM: f32 = 0.3;

fn main() {
    println!("{:<26} {:>8} {:>8} {:>8} {:>8}", "µs a frame", "p50", "p95", "p99", "most");
    for strokes in [0, 1_000, 10_000, 100_000] {
        for tool in [Tool::Pen, Tool::Highlighter] {
            let mut table = Table::new(strokes, tool);
            let (mut all, mut live) = (Vec::new(), Vec::new());
            for frame in 0..FRAMES {
                let (whole_us, live_us) = table.frame(frame);
                all.push(whole_us);
                live.push(live_us);
            }
            print_row(&format!("{strokes} strokes, {tool:?}"), &mut all);
            print_row("  of which live triangles", &mut live);
        }
    }
}

fn print_row(name: &str, micros: &mut [f64]) {
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize];
    println!("{name:<26} {:>8.0} {:>8.0} {:>8.0} {:>8.0}", at(0.5), at(0.95), at(0.99), at(1.0));
}

/// One person's frame and the server beside it.
struct Table {
    mine: Easel,
    others: [Easel; 2],
    settled: Document,
    triangles: Triangles,
    live: LiveInk,
    painter: Painter,
    answers: VecDeque<(usize, BoardDown)>,
}

impl Table {
    fn new(strokes: usize, tool: Tool) -> Self {
        let document = board(strokes);
        let easel = |number: u8| {
            let numbers = Numbers { ids: 1 << 60 | u64::from(number) << 50, nonce: 1 };
            let mut easel = Easel::new(BOARD, PersonId([number; 32]), document.clone(), numbers);
            easel.set_rights(true, false);
            easel.set_tool(tool);
            easel
        };
        let mut table = Self {
            mine: easel(1),
            others: [easel(2), easel(3)],
            settled: document.clone(),
            triangles: Triangles::default(),
            live: LiveInk::default(),
            painter: Painter::default(),
            answers: VecDeque::new(),
        };
        table.mine.take_damage();
        table
    }

    /// Returns what it took altogether, and what the triangles of live strokes took.
    fn frame(&mut self, frame: usize) -> (f64, f64) {
        let now_secs = frame as f64 * FRAME_SECS;
        let mut lives = Vec::new();
        for (index, easel) in self.others.iter_mut().enumerate() {
            draw(easel, now_secs, frame + 37 * (index + 1), Vec2::new(900.0 * index as f32, 700.0));
            easel.tick(now_secs, None);
            for output in easel.drain() {
                match output {
                    Output::Append { nonce, operation } => {
                        settle(
                            &mut self.settled,
                            &mut self.answers,
                            frame,
                            (PersonId([index as u8 + 2; 32]), nonce),
                            operation,
                        );
                    }
                    Output::Live(live) => lives.push((ParticipantId(index as u32), live)),
                    Output::Notice(_) => {}
                }
            }
        }
        let mut words = Vec::new();
        while self.answers.front().is_some_and(|(due, _)| *due <= frame) {
            words.extend(self.answers.pop_front().map(|(_, word)| word));
        }
        words.iter().for_each(|word| self.others.iter_mut().for_each(|easel| easel.hear(now_secs, word)));

        let began = Instant::now();
        words.iter().for_each(|word| self.mine.hear(now_secs, word));
        lives.iter().for_each(|(from, live)| self.mine.hear_live(now_secs, *from, live));
        draw(&mut self.mine, now_secs, frame, Vec2::ZERO);
        self.mine.tick(now_secs, None);
        let outputs = self.mine.drain();
        let live_began = Instant::now();
        self.live.update(&self.mine, PageId::FIRST, &mut self.painter);
        let live_us = live_began.elapsed().as_secs_f64() * 1e6;
        self.elements();
        let whole_us = began.elapsed().as_secs_f64() * 1e6;
        for output in outputs {
            if let Output::Append { nonce, operation } = output {
                settle(&mut self.settled, &mut self.answers, frame, (PersonId([1; 32]), nonce), operation);
            }
        }
        (whole_us, live_us)
    }

    /// Triangles of what changed.
    fn elements(&mut self) {
        for id in self.mine.take_damage().elements {
            let Some(element) = self.mine.document().element(id).filter(|_| !self.mine.is_apart(id)) else { continue };
            self.triangles.clear();
            self.painter.element(element, (Paper::default(), TOLERANCE_MM), None, &mut self.triangles);
        }
    }
}

fn settle(
    document: &mut Document,
    answers: &mut VecDeque<(usize, BoardDown)>,
    frame: usize,
    (author, nonce): (PersonId, u64),
    operation: OperationBytes,
) {
    let sequence = document.sequence() + 1;
    if let Ok(decoded) = Operation::decode(operation.as_bytes()) {
        document.settle(sequence, OperationId { author, nonce }, 0, &decoded);
    }
    let word = BoardDown::Settled { board: BOARD, sequence, author, nonce, at_ms: 0, operation };
    answers.push_back((frame + ANSWER_FRAMES, word));
}

/// Strokes of ten seconds, one after the other, two places a frame.
fn draw(easel: &mut Easel, now_secs: f64, frame: usize, origin: Vec2) {
    const LONG: usize = 600;
    let step = frame % LONG;
    for half in 0..2 {
        let turn = (2 * step + half) as f32 * 0.05;
        let place = origin
            + Vec2::new(400.0 + frame as f32 * 0.1, 400.0)
            + Vec2::from_angle(turn) * (200.0 + 90.0 * (turn * 0.37).sin());
        let phase = match (step, half) {
            (0, 0) => Phase::Press,
            (it, 1) if it == LONG - 1 => Phase::Release,
            _ => Phase::Move,
        };
        easel.pointer(now_secs + half as f64 * FRAME_SECS / 2.0, PointerEvent::mouse(phase, place));
    }
}

/// A board with so many strokes.
fn board(strokes: usize) -> Document {
    let mut document = Document::default();
    let mut order = OrderKey::between(None, None);
    for index in 0..strokes {
        let points: Vec<ink::Point> = (0..100)
            .map(|step| {
                let turn = step as f32 * 0.07 + index as f32;
                ink::Point { position: Vec2::new(step as f32 * 2.0, 30.0 * turn.sin()), pressure: 0.5 }
            })
            .collect();
        let edit = Edit::Add {
            id: ElementId(index as u64 + 1),
            page: PageId::FIRST,
            order: order.clone(),
            frame: Frame::at(Vec2::new((index % 300) as f32 * 10.0, (index / 300) as f32 * 15.0)),
            style: Style::default(),
            shape: NewElement::Ink { is_highlighter: false, points: ink::pack(&points, 4), is_finished: true },
        };
        order = OrderKey::between(Some(&order), None);
        let by = OperationId { author: PersonId([9; 32]), nonce: index as u64 };
        document.settle(index as u64 + 1, by, 0, &Operation::one(edit));
    }
    document
}
