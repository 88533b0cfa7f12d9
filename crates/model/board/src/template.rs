use crate::{Edit, IdSource, OrderKey, PageId};
use glam::Vec2;

/// A drawing to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Template {
    /// Squares.
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

/// The lines and titles of a template around `center`, locked, over `top`.
pub fn template(
    _template: Template,
    _page: PageId,
    _center: Vec2,
    _words: &TemplateWords,
    _ids: &mut IdSource,
    _top: Option<&OrderKey>,
) -> Vec<Edit> {
    Vec::new()
}
