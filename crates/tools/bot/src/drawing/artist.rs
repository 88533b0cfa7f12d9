use super::motif::{Motif, choose};
use super::pen::{Path, Sample, curve, draw};
use crate::random::Random;
use atrium_board::{Bounds, Color, Element, Style};
use atrium_easel::{Easel, Output, Phase, PointerEvent, Tool};
use atrium_protocol::PersonId;
use glam::Vec2;
use std::collections::VecDeque;

/// Drawings have this size on the wall, about.
const CELL_MM: Vec2 = Vec2::new(600.0, 390.0);
/// Between two drawings one looks at the board.
const PAUSE_SECS: (f32, f32) = (0.4, 2.0);
/// As fast as one types.
const KEY_SECS: f64 = 0.12;
const WIDTHS_MM: [f32; 3] = [4.0, 6.0, 8.0];
const HIGHLIGHTER_MM: f32 = 40.0;
const ERASER_STEP_MM: f32 = 30.0;
/// Nothing farther than this from where the eraser goes is erased.
const ERASER_REACH_MM: f32 = 30.0;
/// How large a bot's pixels are.
const MM_PER_PIXEL: f32 = 1.0;

/// Somebody who never runs out of ideas, at an easel.
pub(super) struct Artist {
    easel: Easel,
    me: PersonId,
    /// The board on the wall.
    surface_mm: Vec2,
    random: Random,
    steps: VecDeque<Step>,
    began_secs: f64,
    hand: Vec2,
    is_down: bool,
}

/// A part of a drawing.
#[derive(Debug)]
enum Step {
    Use(Tool, Style),
    Pen(VecDeque<Sample>),
    /// Letters of which so many are typed.
    Type(Vec<char>, usize),
    Pause(f64),
}

impl Artist {
    pub(super) fn new(mut easel: Easel, me: PersonId, surface_mm: Vec2, seed: u64) -> Self {
        easel.set_surface(surface_mm);
        let (random, steps) = (Random::new(seed), VecDeque::new());
        Self { easel, me, surface_mm, random, steps, began_secs: 0.0, hand: Vec2::ZERO, is_down: false }
    }

    pub(super) fn easel(&mut self) -> &mut Easel {
        &mut self.easel
    }

    /// Goes on with what is under way; gives what is to be sent.
    pub(super) fn tick(&mut self, now_secs: f64) -> Vec<Output> {
        if self.steps.is_empty() {
            self.begin(now_secs);
        }
        while self.go_on(now_secs) {
            self.steps.pop_front();
            self.began_secs = now_secs;
        }
        self.easel.tick(now_secs, None);
        self.easel.drain()
    }

    /// Has an idea.
    fn begin(&mut self, now_secs: f64) {
        self.began_secs = now_secs;
        let pause_secs = PAUSE_SECS.0 + (PAUSE_SECS.1 - PAUSE_SECS.0) * self.random.unit();
        self.steps.push_back(Step::Pause(pause_secs.into()));
        if self.easel.hindrance().is_some() {
            // Nobody likes a pen that does not write.
            return;
        }
        let cells = self.cells();
        let free: Vec<Bounds> =
            cells.iter().filter(|cell| self.elements_in(**cell).next().is_none()).copied().collect();
        // The board is full: room is made for something new, but what others drew stays.
        let is_mine = |cell: &&Bounds| self.elements_in(cell.grown(ERASER_REACH_MM)).all(|it| it.author() == self.me);
        let mine: Vec<Bounds> = cells.iter().filter(is_mine).copied().collect();
        let (any_free, any_mine) = (self.random.below(free.len()), self.random.below(mine.len()));
        match (free.get(any_free), mine.get(any_mine)) {
            (Some(cell), _) => self.plan(*cell),
            (None, Some(cell)) => self.plan_wiping(*cell),
            (None, None) => {}
        }
    }

    fn elements_in(&self, bounds: Bounds) -> impl Iterator<Item = &Element> {
        self.easel.document().elements_in(self.easel.page(), bounds)
    }

    /// The parts of what the wall shows in which something may be drawn, never none.
    fn cells(&self) -> Vec<Bounds> {
        let view = self.easel.wall_view();
        let scale = view.width_mm / self.surface_mm.x;
        let size = self.surface_mm * scale;
        let counts = (size / (CELL_MM * scale)).floor().max(Vec2::ONE);
        let cell = size / counts;
        let corner = view.center - size / 2.0;
        let (columns, rows) = (counts.x as u32, counts.y as u32);
        let at = |n: u32| {
            let min = corner + cell * Vec2::new((n % columns) as f32, (n / columns) as f32);
            Bounds { min, max: min + cell }
        };
        (0..columns * rows).map(at).collect()
    }

    fn plan(&mut self, cell: Bounds) {
        let color = Color::ALL[self.random.below(Color::ALL.len())];
        let style = Style { color, width_mm: WIDTHS_MM[self.random.below(WIDTHS_MM.len())], ..Style::default() };
        match choose(cell, &mut self.random) {
            Motif::Ink(path) => self.plan_ink(Tool::Pen, style, &path),
            Motif::Marked(word, mark) => {
                self.plan_ink(Tool::Pen, style, &word);
                let marker = Style { color: Color::Yellow, width_mm: HIGHLIGHTER_MM, ..style };
                self.plan_ink(Tool::Highlighter, marker, &mark);
            }
            Motif::Diagram([first, second, arrow]) => {
                for (tool, [from, to]) in [(Tool::Rectangle, first), (Tool::Ellipse, second), (Tool::Arrow, arrow)] {
                    self.plan_ink(tool, style, &vec![curve(&[from, to])]);
                }
            }
            Motif::Note(at, text) => self.plan_typing(Tool::Sticky, style, at, text),
            Motif::Title(at, text) => self.plan_typing(Tool::Text, style, at, text),
        }
    }

    fn plan_ink(&mut self, tool: Tool, style: Style, path: &Path) {
        let samples = draw(path, self.hand, &mut self.random);
        self.hand = samples.last().map_or(self.hand, |last| last.position);
        self.steps.push_back(Step::Use(tool, style));
        self.steps.push_back(Step::Pen(samples.into()));
    }

    fn plan_typing(&mut self, tool: Tool, style: Style, at: Vec2, text: &str) {
        self.plan_ink(tool, style, &vec![vec![at]]);
        self.steps.push_back(Step::Type(text.chars().collect(), 0));
        // Another tool ends the typing.
        self.steps.push_back(Step::Use(Tool::Pen, style));
    }

    /// The eraser goes to and fro over a cell.
    fn plan_wiping(&mut self, cell: Bounds) {
        let rows = (cell.size().y / ERASER_STEP_MM).ceil() as u32;
        let end = |row: u32| {
            let x = if row.is_multiple_of(2) { cell.min.x } else { cell.max.x };
            Vec2::new(x, cell.min.y + row as f32 * ERASER_STEP_MM)
        };
        let way: Vec<Vec2> = (0..=rows).flat_map(|row| [end(row), end(row + 1).with_y(end(row).y)]).collect();
        let style = *self.easel.style();
        self.plan_ink(Tool::Eraser { parts: false }, style, &vec![way]);
    }

    /// Goes on with the step in front; returns whether it is done.
    fn go_on(&mut self, now_secs: f64) -> bool {
        let elapsed_secs = now_secs - self.began_secs;
        match self.steps.front_mut() {
            None => false,
            Some(Step::Pause(secs)) => elapsed_secs >= *secs,
            Some(Step::Use(tool, style)) => {
                let (tool, style) = (*tool, *style);
                self.easel.set_tool(tool);
                self.easel.set_style(style);
                true
            }
            Some(Step::Pen(samples)) => {
                let due = samples.partition_point(|sample| sample.at_secs <= elapsed_secs);
                let due: Vec<Sample> = samples.drain(..due).collect();
                let is_done = samples.is_empty();
                due.iter().for_each(|sample| self.follow(now_secs, sample));
                if is_done {
                    self.release(now_secs);
                }
                is_done
            }
            Some(Step::Type(text, typed)) => {
                let due = ((elapsed_secs / KEY_SECS) as usize).min(text.len());
                let news: Option<String> = (due > *typed).then(|| text[..due].iter().collect());
                *typed = due;
                let is_done = due >= text.len();
                if let Some(text) = news {
                    self.easel.edit_text(text);
                }
                is_done
            }
        }
    }

    fn follow(&mut self, now_secs: f64, sample: &Sample) {
        if self.is_down && !sample.is_down {
            self.release(now_secs);
        }
        let phase = if sample.is_down && !self.is_down { Phase::Press } else { Phase::Move };
        self.is_down = sample.is_down;
        self.hand = sample.position;
        self.point(now_secs, phase, sample.pressure);
    }

    fn release(&mut self, now_secs: f64) {
        if std::mem::take(&mut self.is_down) {
            self.point(now_secs, Phase::Release, 0.0);
        }
    }

    fn point(&mut self, now_secs: f64, phase: Phase, pressure: f32) {
        let event = PointerEvent { pressure, mm_per_pixel: MM_PER_PIXEL, ..PointerEvent::mouse(phase, self.hand) };
        self.easel.pointer(now_secs, event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_board::{Document, Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Shape};
    use atrium_easel::Numbers;
    use atrium_protocol::{BoardDown, BoardId, PersonId};

    const ME: PersonId = PersonId([3; 32]);
    const BOARD: BoardId = BoardId(1);

    /// Lets somebody draw with a server that settles everything at once; gives the server's document.
    fn draw_for(secs: f64, seed: u64) -> (Document, usize, usize) {
        draw_on(Document::default(), secs, seed)
    }

    /// The same on a board with something on it.
    fn draw_on(mut document: Document, secs: f64, seed: u64) -> (Document, usize, usize) {
        let mut easel = Easel::new(BOARD, ME, document.clone(), Numbers { ids: 77, nonce: 1_000 });
        easel.set_rights(true, false);
        let mut artist = Artist::new(easel, ME, Vec2::new(3_000.0, 1_200.0), seed);
        let (mut operations, mut lives) = (0, 0);
        let frames = (secs * 60.0) as u32;
        for frame in 0..frames {
            let now_secs = f64::from(frame) / 60.0;
            for output in artist.tick(now_secs) {
                match output {
                    Output::Append { nonce, operation } => {
                        operations += 1;
                        let sequence = document.sequence() + 1;
                        let by = OperationId { author: ME, nonce };
                        document.settle(sequence, by, 0, &Operation::decode(operation.as_bytes()).unwrap());
                        let word =
                            BoardDown::Settled { board: BOARD, sequence, author: ME, nonce, at_ms: 0, operation };
                        artist.easel().hear(now_secs, &word);
                    }
                    Output::Live(live) => {
                        lives += 1;
                        assert!(live.encode().len() <= 400);
                    }
                    Output::Notice(notice) => panic!("{notice:?}"),
                }
            }
        }
        (document, operations, lives)
    }

    #[test]
    fn in_two_minutes_boards_have_ink_shapes_and_words() {
        let (mut inks, mut words, mut shapes) = (0, 0, 0);
        for seed in 1..=4 {
            let (document, operations, lives) = draw_for(120.0, seed);
            for element in document.elements_on(PageId::FIRST) {
                match &element.shape {
                    Shape::Ink { points, .. } => {
                        assert!(!points.is_empty());
                        inks += 1;
                    }
                    Shape::Text { text, .. } | Shape::Sticky { text, .. } => {
                        assert!(!text.is_empty());
                        words += 1;
                    }
                    _ => shapes += 1,
                }
            }
            let wall = Bounds { min: Vec2::ZERO, max: Vec2::new(3_000.0, 1_200.0) }.grown(300.0);
            for element in document.elements_on(PageId::FIRST) {
                // Without fonts the width of words is a guess: where they begin counts.
                let is_text = matches!(element.shape, Shape::Text { .. });
                let is_inside =
                    if is_text { wall.contains(element.frame.position) } else { wall.contains_all(&element.bounds()) };
                assert!(is_inside, "{element:?}");
            }
            // Four operations a second while a pen moves, and every frame or two a word of what it does.
            assert!((120..1_200).contains(&operations), "{operations} operations");
            assert!(lives > 1_000, "{lives} live words");
        }
        assert!(inks > 80 && words > 2 && shapes > 2, "{inks} {words} {shapes}");
    }

    #[test]
    fn a_full_board_is_wiped_and_never_overflows() {
        let (document, ..) = draw_for(900.0, 9);
        let visible = document.elements_on(PageId::FIRST).count();
        assert!((10..700).contains(&visible), "{visible}");
        assert!(document.len() > visible, "something was wiped away");
    }

    #[test]
    fn what_others_drew_stays() {
        let mut before = Document::default();
        for number in 0..3_u64 {
            let edit = Edit::Add {
                id: ElementId(number),
                page: PageId::FIRST,
                order: OrderKey::between(None, None),
                frame: Frame::at(Vec2::new(100.0 + 1_000.0 * number as f32, 100.0)),
                style: Style::default(),
                shape: NewElement::Rectangle { size: Vec2::new(300.0, 200.0) },
            };
            let by = OperationId { author: PersonId([9; 32]), nonce: number };
            before.settle(number + 1, by, 0, &Operation::one(edit));
        }
        let (after, ..) = draw_on(before, 600.0, 4);
        assert!((0..3).all(|id| after.element(ElementId(id)).is_some_and(|element| !element.is_removed)));
        let mine = |element: &&Element| element.author() == ME;
        assert!(after.elements_on(PageId::FIRST).filter(mine).count() > 5);
    }
}
