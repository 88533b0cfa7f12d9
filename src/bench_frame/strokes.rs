//! A board full of strokes, and a mouse that draws one more.

use atrium_board::ink::{Point, pack};
use atrium_board::{
    Document, Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Style, write_snapshot,
};
use atrium_protocol::PersonId;
use bevy::input::ButtonState;
use bevy::input::mouse::{MouseButtonInput, MouseMotion};
use bevy::prelude::*;
use bevy::window::{CursorMoved, PrimaryWindow, WindowResolution};

/// Points of a recorded stroke.
const POINTS: usize = 64;
/// The board of the Boardroom, in millimetres.
const BOARD_MM: Vec2 = Vec2::new(3_000.0, 1_200.0);
/// Frames of a stroke of the mouse, and of the pause after it.
const STROKE: u32 = 150;
const PAUSE: u32 = 15;

/// A snapshot of a board with so many strokes.
pub(super) fn snapshot(strokes: u32) -> anyhow::Result<Vec<u8>> {
    let mut document = Document::default();
    let mut top: Option<OrderKey> = None;
    for number in 0..strokes {
        let order = OrderKey::between(top.as_ref(), None);
        let by = OperationId { author: PersonId([3; 32]), nonce: u64::from(number) };
        let operation = Operation::one(stroke(number, order.clone()));
        document.settle(u64::from(number) + 1, by, 1_000, &operation);
        top = Some(order);
    }
    Ok(write_snapshot(&document)?)
}

/// A wave somewhere on the board.
fn stroke(number: u32, order: OrderKey) -> Edit {
    // Spread evenly, without a pattern (the golden ratio and another).
    let spread = |factor: f32| (number as f32 * factor).fract();
    let origin = Vec2::new(spread(0.618_034), spread(0.754_878)) * (BOARD_MM - Vec2::new(160.0, 60.0)) + 30.0;
    let points: Vec<Point> = (0..POINTS)
        .map(|index| {
            let way = index as f32 / POINTS as f32;
            let position = Vec2::new(way * 120.0, 18.0 * (way * 14.0 + number as f32).sin());
            Point { position, pressure: 0.3 + 0.4 * way }
        })
        .collect();
    let color = atrium_board::Color::ALL[number as usize % 8];
    Edit::Add {
        id: ElementId(u64::from(number)),
        page: PageId::FIRST,
        order,
        frame: Frame::at(origin.round()),
        style: Style { color, width_mm: 3.0, ..Style::default() },
        shape: NewElement::Ink { is_highlighter: false, points: pack(&points, 4), is_finished: true },
    }
}

/// A mouse in a window that nobody sees.
pub(super) struct Mouse {
    window: Entity,
    size: Vec2,
    at: Vec2,
}

impl Mouse {
    pub(super) fn new(world: &mut World, size: UVec2) -> Self {
        let window = Window { resolution: WindowResolution::new(size.x, size.y), focused: true, ..default() };
        let window = world.spawn((window, PrimaryWindow)).id();
        Self { window, size: size.as_vec2(), at: size.as_vec2() / 2.0 }
    }

    /// Draws loops over the middle of the picture, again and again.
    pub(super) fn draw(&mut self, world: &mut World, frame: u32) {
        let step = frame % (STROKE + PAUSE);
        let turn = f64::from(frame) as f32 * 0.13;
        let to = self.size * (0.5 + 0.22 * Vec2::new((0.31 * turn).sin(), (turn).cos()));
        let delta = to - self.at;
        self.at = to;
        if let Some(mut window) = world.get_mut::<Window>(self.window) {
            window.set_cursor_position(Some(to));
        }
        world.write_message(CursorMoved { window: self.window, position: to, delta: Some(delta) });
        world.write_message(MouseMotion { delta });
        let state = match step {
            0 => ButtonState::Pressed,
            STROKE => ButtonState::Released,
            _ => return,
        };
        world.write_message(MouseButtonInput { button: MouseButton::Left, state, window: self.window });
    }
}
