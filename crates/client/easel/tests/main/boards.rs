//! Hands at an easel.

use crate::server::World;
use atrium_board::ink::Point;
use atrium_board::{Element, Shape};
use atrium_easel::{Action, Modifiers, Phase, PointerEvent, Tool};
use glam::Vec2;

pub(crate) fn at(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

impl World {
    pub(crate) fn event(&mut self, seat: usize, event: PointerEvent) {
        let now_secs = self.now_secs;
        self.seats[seat].easel.pointer(now_secs, event);
    }

    pub(crate) fn point(&mut self, phase: Phase, at: Vec2) {
        self.event(0, PointerEvent::mouse(phase, at));
    }

    pub(crate) fn act(&mut self, action: Action) {
        let now_secs = self.now_secs;
        self.me().act(now_secs, action);
    }

    /// The first one presses, moves along these places a frame each, and releases.
    pub(crate) fn drag(&mut self, places: &[Vec2]) {
        self.drag_with(places, Modifiers::default());
    }

    pub(crate) fn drag_with(&mut self, places: &[Vec2], modifiers: Modifiers) {
        let of = |phase, place| PointerEvent { modifiers, ..PointerEvent::mouse(phase, place) };
        self.event(0, of(Phase::Press, places[0]));
        for place in &places[1..] {
            self.frame();
            self.event(0, of(Phase::Move, *place));
        }
        self.event(0, of(Phase::Release, places[places.len() - 1]));
    }

    pub(crate) fn click(&mut self, place: Vec2) {
        self.click_with(place, Modifiers::default());
    }

    pub(crate) fn click_with(&mut self, place: Vec2, modifiers: Modifiers) {
        // Not a double-click with the one before.
        self.pass(0.5);
        self.drag_with(&[place], modifiers);
    }

    /// Draws with the pen from one place to another, and waits for the server.
    pub(crate) fn stroke(&mut self, from: Vec2, to: Vec2) -> Element {
        self.me().set_tool(Tool::Pen);
        let places: Vec<Vec2> = (0..=10).map(|step| from.lerp(to, step as f32 / 10.0)).collect();
        self.drag(&places);
        self.settle();
        self.elements().pop().unwrap()
    }

    /// Drags a rectangle out, and waits for the server.
    pub(crate) fn rectangle(&mut self, from: Vec2, to: Vec2) -> Element {
        self.me().set_tool(Tool::Rectangle);
        self.drag(&[from, to]);
        self.settle();
        self.elements().pop().unwrap()
    }
}

/// A hand that scribbles: `count` places, a frame each.
pub(crate) fn scribble(count: usize) -> Vec<Vec2> {
    let place = |step: usize| {
        let turn = step as f32 * 0.11;
        Vec2::new(300.0 + step as f32 * 0.4, 300.0) + Vec2::from_angle(turn) * (60.0 + 20.0 * (turn * 0.3).sin())
    };
    (0..count).map(place).collect()
}

/// The points of a stroke, on its page.
pub(crate) fn points_of(element: &Element) -> Vec<Point> {
    let Shape::Ink { points, .. } = &element.shape else { panic!("no ink: {element:?}") };
    let place = element.frame.to_affine();
    points.iter().map(|point| Point { position: place.transform_point2(point.position), ..point }).collect()
}

/// How far a place is from a line.
pub(crate) fn distance_to(points: &[Point], place: Vec2) -> f32 {
    let from_piece = |pair: &[Point]| {
        let (from, to) = (pair[0].position, pair[1].position);
        let way = to - from;
        let along = ((place - from).dot(way) / way.length_squared().max(1e-9)).clamp(0.0, 1.0);
        place.distance(from + way * along)
    };
    points.windows(2).map(from_piece).fold(f32::INFINITY, f32::min)
}
