//! Boards to print: one with everything on it, and one with very much on it.
#![allow(dead_code, reason = "each program uses its part")]

mod hand;

use atrium_board::ink::{Point, pack};
use atrium_board::{
    Align, Color, Dash, Document, Edit, ElementId, Fill, Frame, IdSource, NewElement, Operation, OperationId, OrderKey,
    PageId, Style,
};
use atrium_protocol::{ContentHash, PersonId};
use glam::Vec2;

pub(crate) use hand::{loops, written};

/// Who draws.
pub(crate) const AUTHOR: PersonId = PersonId([0xab; 32]);

/// Puts elements onto a page.
pub(crate) struct Board {
    pub(crate) document: Document,
    ids: IdSource,
    top: Option<OrderKey>,
    nonce: u64,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self { document: Document::default(), ids: IdSource::new(1_000), top: None, nonce: 0 }
    }

    pub(crate) fn apply(&mut self, edit: Edit) {
        self.nonce += 1;
        let by = OperationId { author: AUTHOR, nonce: self.nonce };
        self.document.apply(by, 1_700_000_000_000 + self.nonce, &Operation::one(edit));
    }

    pub(crate) fn add(&mut self, frame: Frame, style: Style, shape: NewElement) -> ElementId {
        let id = self.ids.element();
        let order = OrderKey::between(self.top.as_ref(), None);
        self.top = Some(order.clone());
        self.apply(Edit::Add { id, page: PageId::FIRST, order, frame, style, shape });
        id
    }

    pub(crate) fn ink(&mut self, points: &[Point], color: Color, width_mm: f32, is_highlighter: bool) -> ElementId {
        let style = Style { color, width_mm, ..Style::default() };
        let mut id = ElementId(0);
        for points in points.chunks(900) {
            let shape = NewElement::Ink { is_highlighter, points: pack(points, 4), is_finished: true };
            id = self.add(Frame::default(), style, shape);
        }
        id
    }

    pub(crate) fn text(&mut self, at: Vec2, text: &str, letter_mm: f32, color: Color) -> ElementId {
        let style = Style { color, letter_mm, ..Style::default() };
        let size = Vec2::new(text.chars().count() as f32 * letter_mm / 2.0, letter_mm * 1.35);
        self.add(Frame::at(at), style, NewElement::Text { text: text.to_owned(), wrap_mm: None, size })
    }

    pub(crate) fn sticky(&mut self, frame: Frame, size: Vec2, text: &str, color: Color) -> ElementId {
        let style = Style { color, letter_mm: 32.0, ..Style::default() };
        self.add(frame, style, NewElement::Sticky { text: text.to_owned(), size })
    }

    pub(crate) fn line(&mut self, from: Vec2, to: Vec2, is_arrow: bool, style: Style) -> ElementId {
        let ends = [[0.0, 0.0], (to - from).to_array()];
        self.add(Frame::at(from), style, NewElement::Line { ends, is_arrow })
    }
}

/// A workshop's board, with every shape there is.
pub(crate) fn workshop(image: ContentHash) -> Board {
    let mut board = Board::new();
    let at = Vec2::new;
    board.text(at(60.0, 30.0), "Spring release: what we ship", 64.0, Color::Graphite);
    board.text(at(60.0, 120.0), "春季版本：我们交付什么 “会议室” 与白板", 44.0, Color::Blue);
    notes(&mut board);
    flow(&mut board);
    let wrapped = "Text wraps at words, and 中文在字与字之间换行，标点不会出现在行首。 Long identifiers such as \
                   board_operation_settled_at_milliseconds_since_epoch are cut.";
    let style = Style { letter_mm: 26.0, ..Style::default() };
    let shape = NewElement::Text { text: wrapped.to_owned(), wrap_mm: Some(420.0), size: at(420.0, 220.0) };
    board.add(Frame::at(at(1_120.0, 620.0)), style, shape);
    let style = Style { letter_mm: 24.0, align: Align::End, color: Color::Purple, ..Style::default() };
    let shape = NewElement::Text {
        text: "right\naligned lines\n右对齐".to_owned(),
        wrap_mm: Some(260.0),
        size: at(260.0, 100.0),
    };
    board.add(Frame::at(at(1_280.0, 860.0)), style, shape);
    board.add(
        Frame { position: at(1_330.0, 40.0), rotation: 0.06, scale: Vec2::ONE },
        Style::default(),
        NewElement::Image { hash: image, size: at(240.0, 160.0) },
    );
    by_hand(&mut board);
    board
}

fn notes(board: &mut Board) {
    let size = Vec2::splat(200.0);
    let notes = [
        ("Ship it", Color::Yellow, 0.0),
        ("Audio first,\nthen boards", Color::Sky, -0.035),
        ("白板永不丢失一笔", Color::Green, 0.03),
        (
            "A longer note, whose letters shrink until all of it fits: who does what, until when, and how we notice.",
            Color::Orange,
            0.0,
        ),
        ("Internationalisation", Color::Red, 0.12),
        ("先听见，再看见。\nHear first, see then.", Color::Purple, 0.0),
    ];
    for (number, (text, color, rotation)) in notes.into_iter().enumerate() {
        let position = Vec2::new(60.0 + 250.0 * (number % 3) as f32, 220.0 + 240.0 * (number / 3) as f32);
        board.sticky(Frame { position, rotation, scale: Vec2::ONE }, size, text, color);
    }
    let wide = Frame::at(Vec2::new(60.0, 720.0));
    board.sticky(wide, Vec2::new(450.0, 120.0), "A wide note for a decision: 服务器说了算", Color::Graphite);
}

fn flow(board: &mut Board) {
    let at = Vec2::new;
    let style = |color, fill, dash| Style { color, fill, dash, width_mm: 4.0, ..Style::default() };
    let box_style = style(Color::Blue, Fill::Tint, Dash::Solid);
    board.add(Frame::at(at(860.0, 230.0)), box_style, NewElement::Rectangle { size: at(220.0, 110.0) });
    let round = style(Color::Green, Fill::None, Dash::Dashed);
    board.add(Frame::at(at(1_240.0, 225.0)), round, NewElement::Ellipse { size: at(260.0, 120.0) });
    let solid = style(Color::Red, Fill::Solid, Dash::Solid);
    board.add(Frame::at(at(880.0, 460.0)), solid, NewElement::Rectangle { size: at(120.0, 70.0) });
    let turned = Frame { position: at(1_330.0, 440.0), rotation: 0.5, scale: at(1.5, 0.75) };
    board.add(turned, style(Color::Orange, Fill::Tint, Dash::Dotted), NewElement::Rectangle { size: at(140.0, 90.0) });
    board.text(at(915.0, 260.0), "Room", 36.0, Color::Graphite);
    board.text(at(1_300.0, 262.0), "Board 板", 36.0, Color::Graphite);
    board.line(at(1_090.0, 285.0), at(1_228.0, 285.0), true, style(Color::Graphite, Fill::None, Dash::Solid));
    board.line(at(1_360.0, 350.0), at(1_010.0, 470.0), true, style(Color::Purple, Fill::None, Dash::Dashed));
    board.line(
        at(940.0, 345.0),
        at(935.0, 450.0),
        true,
        Style { width_mm: 8.0, ..style(Color::Sky, Fill::None, Dash::Solid) },
    );
    board.line(at(860.0, 580.0), at(1_520.0, 580.0), false, style(Color::Graphite, Fill::None, Dash::Dotted));
    board.line(at(860.0, 600.0), at(1_520.0, 600.0), false, Style { width_mm: 1.5, ..Style::default() });
}

fn by_hand(board: &mut Board) {
    let at = Vec2::new;
    for stroke in written(at(560.0, 730.0), 70.0) {
        board.ink(&stroke, Color::Graphite, 4.0, false);
    }
    board.ink(&loops(at(560.0, 900.0), at(420.0, 34.0), 11.0, 400), Color::Blue, 3.0, false);
    board.ink(&loops(at(60.0, 920.0), at(400.0, 30.0), 4.0, 160), Color::Red, 7.0, false);
    let sweep: Vec<_> =
        (0..40).map(|step| Point::at(at(64.0 + 12.0 * step as f32, 150.0 + (step as f32 * 0.4).sin()))).collect();
    board.ink(&sweep, Color::Yellow, 40.0, true);
    let over_ink: Vec<_> = (0..30).map(|step| Point::at(at(560.0 + 10.0 * step as f32, 770.0))).collect();
    board.ink(&over_ink, Color::Green, 34.0, true);
    board.ink(&[Point::at(at(1_010.0, 760.0))], Color::Red, 12.0, false);
}

/// A picture to put on a board, as PNG.
pub(crate) fn sunset() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(240, 160, |x, y| {
        let share = y as f32 / 160.0;
        let sun = Vec2::new(x as f32, y as f32).distance(Vec2::new(160.0, 96.0)) < 26.0;
        match (sun, y > 112) {
            (_, true) => image::Rgb([40, 62, 84]),
            (true, _) => image::Rgb([255, 214, 140]),
            _ => {
                image::Rgb([(120.0 + 120.0 * share) as u8, (140.0 + 20.0 * share) as u8, (190.0 - 60.0 * share) as u8])
            }
        }
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture in memory");
    bytes.into_inner()
}

/// So many elements: nine of ten are strokes of 64 points, the rest notes, text and shapes.
pub(crate) fn crowd(elements: usize) -> Board {
    let mut board = Board::new();
    let columns = (elements as f32).sqrt().ceil() as usize;
    for number in 0..elements {
        let at = Vec2::new((number % columns) as f32, (number / columns) as f32) * 130.0;
        let color = Color::ALL[number % 8];
        match number % 40 {
            0 => board.sticky(Frame::at(at), Vec2::splat(100.0), &format!("Note {number} 便签"), color),
            10 => board.text(at, &format!("Text {number}"), 20.0, color),
            20 => board.line(at, at + Vec2::splat(90.0), true, Style { color, ..Style::default() }),
            30 => board.add(
                Frame::at(at),
                Style { color, ..Style::default() },
                NewElement::Ellipse { size: Vec2::splat(90.0) },
            ),
            _ => board.ink(&loops(at, Vec2::new(100.0, 30.0), 3.0, 64), color, 3.0, number % 20 == 19),
        };
    }
    board
}
