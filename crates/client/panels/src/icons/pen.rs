use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use std::f32::consts::TAU;

/// Draws on a square of 24 × 24 units, wherever and however large it is on the screen.
pub(crate) struct Pen<'a> {
    painter: &'a Painter,
    square: Rect,
    color: Color32,
    width: f32,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(painter: &'a Painter, rect: Rect, color: Color32) -> Self {
        let side = rect.width().min(rect.height());
        let square = Rect::from_center_size(rect.center(), egui::Vec2::splat(side));
        Self { painter, square, color, width: 1.9 }
    }

    /// The same pen with another colour.
    pub(crate) fn colored(&self, color: Color32) -> Pen<'a> {
        Pen { painter: self.painter, square: self.square, color, width: self.width }
    }

    /// The same pen with a line of that many units.
    pub(crate) fn wide(&self, width: f32) -> Pen<'a> {
        Pen { painter: self.painter, square: self.square, color: self.color, width }
    }

    fn scale(&self) -> f32 {
        self.square.width() / 24.0
    }

    fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        self.square.min + vec2(x, y) * self.scale()
    }

    fn stroke(&self) -> Stroke {
        Stroke::new((self.width * self.scale()).max(1.0), self.color)
    }

    pub(crate) fn line(&self, points: &[(f32, f32)]) {
        let points: Vec<Pos2> = points.iter().map(|point| self.at(*point)).collect();
        let radius = self.stroke().width / 2.0;
        for end in [points.first(), points.last()].into_iter().flatten() {
            self.painter.circle_filled(*end, radius, self.color);
        }
        self.painter.add(Shape::line(points, self.stroke()));
    }

    pub(crate) fn outline(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|point| self.at(*point)).collect();
        self.painter.add(Shape::closed_line(points, self.stroke()));
    }

    /// Fills a convex shape.
    pub(crate) fn fill(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|point| self.at(*point)).collect();
        self.painter.add(Shape::convex_polygon(points, self.color, Stroke::NONE));
    }

    pub(crate) fn circle(&self, center: (f32, f32), radius: f32) {
        self.painter.circle_stroke(self.at(center), radius * self.scale(), self.stroke());
    }

    pub(crate) fn dot(&self, center: (f32, f32), radius: f32) {
        self.painter.circle_filled(self.at(center), radius * self.scale(), self.color);
    }

    pub(crate) fn ellipse(&self, center: (f32, f32), (across, down): (f32, f32)) {
        let radius = vec2(across, down) * self.scale();
        self.painter.add(egui::epaint::EllipseShape::filled(self.at(center), radius, self.color));
    }

    /// A rectangle from one corner to the other, its corners rounded.
    pub(crate) fn rect(&self, from: (f32, f32), to: (f32, f32), radius: f32) {
        let rect = Rect::from_two_pos(self.at(from), self.at(to));
        self.painter.rect_stroke(rect, self.radius(radius), self.stroke(), StrokeKind::Middle);
    }

    pub(crate) fn filled_rect(&self, from: (f32, f32), to: (f32, f32), radius: f32) {
        self.painter.rect_filled(Rect::from_two_pos(self.at(from), self.at(to)), self.radius(radius), self.color);
    }

    fn radius(&self, units: f32) -> CornerRadius {
        CornerRadius::from(units * self.scale())
    }

    /// A part of a circle. Turns count clockwise from the right: 0 to 1.
    pub(crate) fn arc(&self, center: (f32, f32), radius: f32, from_turn: f32, to_turn: f32) {
        self.line(&arc_points(center, radius, from_turn, to_turn));
    }

    /// A filled part of a circle, cut by the line between its ends.
    pub(crate) fn filled_arc(&self, center: (f32, f32), radius: f32, from_turn: f32, to_turn: f32) {
        self.fill(&arc_points(center, radius, from_turn, to_turn));
    }
}

fn arc_points(center: (f32, f32), radius: f32, from_turn: f32, to_turn: f32) -> Vec<(f32, f32)> {
    const STEPS: usize = 20;
    let turn = |step: usize| from_turn + (to_turn - from_turn) * step as f32 / STEPS as f32;
    let point = |turn: f32| {
        let on_circle = pos2(center.0, center.1) + egui::Vec2::angled(turn * TAU) * radius;
        (on_circle.x, on_circle.y)
    };
    (0..=STEPS).map(|step| point(turn(step))).collect()
}
