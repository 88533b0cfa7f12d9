mod drawing;

use crate::{Color, Edit, IdSource, OrderKey, PageId};
use drawing::Drawing;
use glam::Vec2;

/// A drawing to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Template {
    /// Squares of 10 cm.
    Grid,
    /// To do, in progress, done.
    Kanban,
    /// What went well, what did not, and what to do.
    Retrospective,
    /// Two axes and four fields.
    TwoByTwo,
}

impl Template {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::Grid, Self::Kanban, Self::Retrospective, Self::TwoByTwo];
}

/// The titles of templates, in the user's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateWords {
    /// Columns of [`Template::Kanban`]: to do, in progress, done.
    pub kanban: [String; 3],
    /// Columns of [`Template::Retrospective`]: what went well, what did not, what to do.
    pub retrospective: [String; 3],
    /// Axes of [`Template::TwoByTwo`], each with what its ends mean: left, right, bottom, top.
    pub two_by_two: [String; 4],
}

/// Width and height of all templates.
const SIZE: Vec2 = Vec2::new(1_600.0, 900.0);
/// Where the titles of columns end and what is under them begins.
const TITLES_MM: f32 = 100.0;
const SQUARE_MM: f32 = 100.0;

/// The lines and titles of a template around `center`, locked, over `top`.
pub fn template(
    template: Template,
    page: PageId,
    center: Vec2,
    words: &TemplateWords,
    ids: &mut IdSource,
    top: Option<&OrderKey>,
) -> Vec<Edit> {
    let mut drawing = Drawing::new(page, center - SIZE / 2.0, ids, top);
    match template {
        Template::Grid => draw_grid(&mut drawing),
        Template::Kanban => draw_columns(&mut drawing, &words.kanban, [Color::Graphite; 3]),
        Template::Retrospective => {
            draw_columns(&mut drawing, &words.retrospective, [Color::Green, Color::Red, Color::Blue]);
        }
        Template::TwoByTwo => draw_axes(&mut drawing, &words.two_by_two),
    }
    drawing.finish()
}

fn draw_grid(drawing: &mut Drawing<'_>) {
    for column in 0..=(SIZE.x / SQUARE_MM) as u32 {
        let x = column as f32 * SQUARE_MM;
        drawing.line(Vec2::new(x, 0.0), Vec2::new(x, SIZE.y), 1.0, false);
    }
    for row in 0..=(SIZE.y / SQUARE_MM) as u32 {
        let y = row as f32 * SQUARE_MM;
        drawing.line(Vec2::new(0.0, y), Vec2::new(SIZE.x, y), 1.0, false);
    }
}

fn draw_columns(drawing: &mut Drawing<'_>, titles: &[String; 3], colors: [Color; 3]) {
    let width = SIZE.x / 3.0;
    drawing.line(Vec2::new(0.0, TITLES_MM), Vec2::new(SIZE.x, TITLES_MM), 3.0, false);
    for (column, (title, color)) in titles.iter().zip(colors).enumerate() {
        let left = column as f32 * width;
        if column > 0 {
            drawing.line(Vec2::new(left, 0.0), Vec2::new(left, SIZE.y), 3.0, false);
        }
        drawing.title(Vec2::new(left + width / 2.0, TITLES_MM / 2.0), title, color, width * 0.9);
    }
}

fn draw_axes(drawing: &mut Drawing<'_>, [left, right, bottom, top]: &[String; 4]) {
    let middle = SIZE / 2.0;
    let edge = 60.0;
    drawing.line(Vec2::new(0.0, middle.y), Vec2::new(SIZE.x, middle.y), 3.0, true);
    drawing.line(Vec2::new(middle.x, SIZE.y - edge), Vec2::new(middle.x, edge), 3.0, true);
    let below = middle.y + edge / 2.0;
    let quarter = SIZE.x / 4.0;
    drawing.title(Vec2::new(quarter / 2.0, below), left, Color::Graphite, quarter);
    drawing.title(Vec2::new(SIZE.x - quarter / 2.0, below), right, Color::Graphite, quarter);
    drawing.title(Vec2::new(middle.x, SIZE.y - edge / 2.0), bottom, Color::Graphite, SIZE.x);
    drawing.title(Vec2::new(middle.x, edge / 2.0), top, Color::Graphite, SIZE.x);
}
