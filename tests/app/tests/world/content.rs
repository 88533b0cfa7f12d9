//! What people might have put on a board: for tests and for pictures.

use atrium_board::ink::{Point, pack};
use atrium_board::{
    Align, Color, Dash, Edit, ElementId, Fill, Frame, IdSource, NewElement, Operation, OrderKey, PageId, Style,
};
use atrium_protocol::{BoardDown, BoardId, BoardUp};
use atrium_session::{SessionCommand, SessionEvent, SessionHandle};
use bevy::math::Vec2;

/// Puts edits on a board, and waits until the server has stored them.
pub(crate) async fn put(person: &mut SessionHandle, board: BoardId, edits: Vec<Edit>) {
    let mut waiting = 0;
    for operation in Operation::split(edits) {
        let (nonce, operation) = (person.next_nonce(), operation.encode().unwrap());
        person.send(SessionCommand::Board(BoardUp::Append { board, nonce, operation })).await.unwrap();
        waiting += 1;
    }
    while waiting > 0 {
        match person.next().await.expect("the session goes on") {
            SessionEvent::Board(BoardDown::Settled { .. }) => waiting -= 1,
            SessionEvent::Board(BoardDown::Refused { message, .. }) => panic!("refused: {}", message.as_str()),
            _ => {}
        }
    }
}

/// Makes elements, each above the one before.
pub(crate) struct Maker {
    ids: IdSource,
    top: Option<OrderKey>,
    pub(crate) edits: Vec<Edit>,
}

impl Maker {
    pub(crate) fn new() -> Self {
        Self { ids: IdSource::new(1_000), top: None, edits: Vec::new() }
    }

    pub(crate) fn add(&mut self, at: Vec2, rotation: f32, style: Style, shape: NewElement) -> ElementId {
        let order = OrderKey::between(self.top.as_ref(), None);
        let id = self.ids.element();
        let frame = Frame { position: at, rotation, scale: Vec2::ONE };
        self.edits.push(Edit::Add { id, page: PageId::FIRST, order: order.clone(), frame, style, shape });
        self.top = Some(order);
        id
    }

    pub(crate) fn text(&mut self, at: Vec2, letter_mm: f32, color: Color, text: &str) {
        let style = Style { color, letter_mm, ..Style::default() };
        let size = Vec2::new(letter_mm * text.chars().count() as f32 * 0.7, letter_mm * 1.35);
        self.add(at, 0.0, style, NewElement::Text { text: text.to_owned(), wrap_mm: None, size });
    }

    pub(crate) fn note(&mut self, at: Vec2, rotation: f32, color: Color, text: &str) {
        let style = Style { color, letter_mm: 26.0, align: Align::Middle, ..Style::default() };
        let size = Vec2::splat(190.0);
        self.add(at, rotation, style, NewElement::Sticky { text: text.to_owned(), size });
    }

    pub(crate) fn ink(&mut self, color: Color, width_mm: f32, is_highlighter: bool, points: &[Vec2]) {
        let origin = points.first().copied().unwrap_or_default().round();
        let count = points.len().max(2) as f32;
        let pressed = points.iter().zip(0_u16..).map(|(at, index)| {
            // Slower at the ends, as a hand is.
            let way = f32::from(index) / (count - 1.0);
            Point { position: *at - origin, pressure: 0.38 + 0.22 * (way * std::f32::consts::PI).sin() }
        });
        let points = pack(&pressed.collect::<Vec<_>>(), 4);
        let style = Style { color, width_mm, ..Style::default() };
        self.add(origin, 0.0, style, NewElement::Ink { is_highlighter, points, is_finished: true });
    }

    pub(crate) fn arrow(&mut self, from: Vec2, to: Vec2, color: Color) {
        let style = Style { color, width_mm: 5.0, ..Style::default() };
        let ends = [[0.0, 0.0], (to - from).to_array()];
        self.add(from, 0.0, style, NewElement::Line { ends, is_arrow: true });
    }
}

/// A hand that does not draw quite straight.
pub(crate) fn wobbly(from: Vec2, to: Vec2, seed: f32) -> Vec<Vec2> {
    let steps = (from.distance(to) / 12.0).ceil().max(4.0) as u16;
    let aside = (to - from).perp().normalize_or_zero();
    (0..=steps)
        .map(|step| {
            let way = f32::from(step) / f32::from(steps);
            let off = (way * 9.0 + seed).sin() * 1.6 + (way * 23.0 + 2.0 * seed).sin() * 0.7;
            from.lerp(to, way) + aside * off
        })
        .collect()
}

/// A circle by hand, whose ends cross.
pub(crate) fn ring(middle: Vec2, radius: Vec2, seed: f32) -> Vec<Vec2> {
    let steps = 72_u16;
    (0..=steps + 5)
        .map(|step| {
            let turn = std::f32::consts::TAU * f32::from(step) / f32::from(steps) - 1.2;
            let drift = 1.0 + 0.02 * (2.0 * turn + seed).sin() + 0.0012 * f32::from(step);
            middle + Vec2::from_angle(turn) * radius * drift
        })
        .collect()
}

/// A board after half an hour of work, 3 × 1.2 m.
pub(crate) fn workshop() -> Vec<Edit> {
    let mut board = Maker::new();
    board.text(Vec2::new(120.0, 80.0), 84.0, Color::Graphite, "Spring launch · 春季发布");
    board.ink(Color::Red, 7.0, false, &wobbly(Vec2::new(122.0, 205.0), Vec2::new(1_050.0, 196.0), 1.0));
    columns(&mut board);
    sketch(&mut board);
    board.edits
}

fn columns(board: &mut Maker) {
    let heads = [(120.0, "To do 待办"), (560.0, "In progress 进行中"), (1_060.0, "Done 已完成")];
    for (left, head) in heads {
        board.text(Vec2::new(left, 270.0), 42.0, Color::Blue, head);
    }
    for left in [500.0, 1_000.0] {
        board.ink(Color::Graphite, 3.0, false, &wobbly(Vec2::new(left, 270.0), Vec2::new(left + 4.0, 1_110.0), left));
    }
    let notes = [
        (125.0, 365.0, -0.025, Color::Yellow, "Ask five\nschools"),
        (305.0, 600.0, 0.03, Color::Sky, "海报设计"),
        (120.0, 840.0, 0.012, Color::Yellow, "Book the\nhall by May"),
        (560.0, 365.0, 0.02, Color::Green, "Budget\nround 2"),
        (775.0, 390.0, -0.03, Color::Orange, "新闻稿\n初稿"),
        (590.0, 640.0, -0.012, Color::Yellow, "Seat plan:\n120 chairs"),
        (1_060.0, 370.0, 0.018, Color::Purple, "Date fixed:\n12 June"),
        (1_270.0, 400.0, -0.02, Color::Green, "Speakers\nsaid yes"),
    ];
    for (x, y, rotation, color, text) in notes {
        board.note(Vec2::new(x, y), rotation, color, text);
    }
    board.ink(Color::Yellow, 34.0, true, &wobbly(Vec2::new(1_075.0, 655.0), Vec2::new(1_470.0, 648.0), 3.0));
    board.text(Vec2::new(1_075.0, 630.0), 38.0, Color::Graphite, "three weeks early!");
}

fn sketch(board: &mut Maker) {
    let thin = Style { color: Color::Graphite, width_mm: 5.0, ..Style::default() };
    board.text(Vec2::new(1_700.0, 100.0), 46.0, Color::Graphite, "Who decides?");
    let boxes = [
        (1_760.0, 260.0, "Idea", Color::Sky),
        (2_140.0, 260.0, "Trial", Color::Yellow),
        (2_520.0, 260.0, "Launch", Color::Green),
    ];
    for (x, y, text, color) in boxes {
        let style = Style { color, fill: Fill::Tint, width_mm: 5.0, ..Style::default() };
        board.add(Vec2::new(x, y), 0.0, style, NewElement::Rectangle { size: Vec2::new(260.0, 130.0) });
        board.text(Vec2::new(x + 62.0, y + 34.0), 46.0, Color::Graphite, text);
    }
    board.arrow(Vec2::new(2_030.0, 325.0), Vec2::new(2_128.0, 325.0), Color::Graphite);
    board.arrow(Vec2::new(2_410.0, 325.0), Vec2::new(2_508.0, 325.0), Color::Graphite);
    let dashed = Style { color: Color::Red, dash: Dash::Dashed, ..thin };
    board.add(
        Vec2::new(2_270.0, 400.0),
        0.0,
        dashed,
        NewElement::Line { ends: [[0.0, 0.0], [-370.0, 150.0]], is_arrow: true },
    );
    board.text(Vec2::new(1_750.0, 560.0), 36.0, Color::Red, "too slow? back to the idea");
    board.ink(Color::Red, 6.0, false, &ring(Vec2::new(2_270.0, 325.0), Vec2::new(178.0, 108.0), 0.4));
    // A curve between axes.
    board.ink(Color::Graphite, 5.0, false, &wobbly(Vec2::new(1_800.0, 1_090.0), Vec2::new(2_780.0, 1_086.0), 5.0));
    board.ink(Color::Graphite, 5.0, false, &wobbly(Vec2::new(1_800.0, 1_090.0), Vec2::new(1_796.0, 700.0), 6.0));
    let curve = |from: f32, to: f32, power: f32| -> Vec<Vec2> {
        (0..=60_u16)
            .map(|step| {
                let way = f32::from(step) / 60.0;
                let height = from + (to - from) * way.powf(power);
                Vec2::new(1_815.0 + 920.0 * way, 1_080.0 - height - 3.0 * (way * 17.0).sin())
            })
            .collect()
    };
    board.ink(Color::Blue, 8.0, false, &curve(20.0, 340.0, 2.2));
    board.ink(Color::Orange, 8.0, false, &curve(60.0, 200.0, 0.6));
    board.text(Vec2::new(2_560.0, 700.0), 34.0, Color::Blue, "visitors");
    board.text(Vec2::new(2_600.0, 930.0), 34.0, Color::Orange, "cost");
}
