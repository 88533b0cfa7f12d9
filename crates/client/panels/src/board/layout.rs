use crate::room::{bar_rect, free_right};
use crate::theme::{GRID, TOUCH};
use crate::{PanelState, Surface};
use egui::{Rangef, Rect, Vec2, pos2, vec2};

/// Height of the bar at the top.
const TOP: f32 = 56.0;
/// Gap between tools.
pub(super) const TOOL_GAP: f32 = 2.0;
/// Room that a line between groups of tools takes, and what it takes where there is enough.
const RULE: f32 = 5.0;
const WIDE_RULE: f32 = 13.0;
/// Tools in the palette, and in a group of them.
const TOOLS: usize = 9;
const GROUP: usize = 3;
/// Between the edge of a panel and what is on it.
pub(super) const MARGIN: f32 = GRID;
/// Width of the panel with colours and widths.
pub(super) const STYLE_WIDTH: f32 = 4.0 * TOUCH + 3.0 * 4.0 + 4.0 * GRID;

/// How the palette is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaletteForm {
    /// So many tools beside each other.
    Columns(usize),
    /// Only the tool in hand; the others open.
    Folded,
}

/// Where the panels of an open board are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The bar at the top.
    pub(super) top: Rect,
    /// The tools.
    pub(super) palette: Rect,
    /// How they are laid out.
    pub(super) form: PaletteForm,
    /// Room that a line between groups of tools takes.
    pub(super) rule: f32,
    /// Undo and redo.
    pub(super) undo: Rect,
    /// How near one looks, where there is room.
    pub(super) zoom: Option<Rect>,
    /// What is done with a selection.
    pub(super) selection: Rect,
    /// There is no room for all of the zoom and the selection: parts of them are in menus.
    pub(super) is_cramped: bool,
    /// What no panel covers, but for the side panel.
    pub(super) canvas: Rect,
}

impl Layout {
    pub(super) fn new(surface: &Surface, state: &PanelState) -> Self {
        let (all, bar, top) = (surface.rect(), bar_rect(surface), top_rect(surface));
        let below = top.bottom() + GRID;
        let is_beside_bar = (all.width() - bar.width()) / 2.0 >= zoom_width(false) + 2.0 * GRID;
        let height = TOUCH + 2.0 * MARGIN;
        let row_bottom = if is_beside_bar { bar.center().y + height / 2.0 } else { bar.top() - GRID };
        let row_top = row_bottom - height;
        let palette_bottom = if is_beside_bar { row_top } else { bar.top() } - GRID;
        let (form, rule, size) = palette_form(palette_bottom - below);
        let palette = Rect::from_min_size(pos2(all.left() + GRID, below), size);
        let right = free_right(surface, state) - GRID;
        let is_below_palette = is_beside_bar || palette.bottom() + GRID <= row_top;
        let left = if is_below_palette { palette.left() } else { palette.right() + GRID };
        let undo = Rect::from_min_size(pos2(left, row_top), vec2(row_width(2), height));
        let zoom_right = if is_beside_bar { all.right() - GRID } else { right };
        let between = |cramped| zoom_right - zoom_width(cramped) - undo.right() - 2.0 * GRID;
        let is_cramped = !is_beside_bar && between(false) < row_width(5);
        let has_zoom = !is_cramped || between(true) >= row_width(3);
        let zoom_left = zoom_right - zoom_width(is_cramped);
        let zoom = Rect::from_min_max(pos2(zoom_left, row_top), pos2(zoom_right, row_bottom));
        let canvas_left = if form == PaletteForm::Folded { all.left() } else { palette.right() } + GRID;
        let canvas_top = if form == PaletteForm::Folded { palette.bottom() + GRID } else { below };
        let canvas_bottom = bar.top() - height - 2.0 * GRID;
        let canvas = Rect::from_min_max(pos2(canvas_left, canvas_top), pos2(right, canvas_bottom));
        let free = match (is_beside_bar, has_zoom) {
            (true, _) => canvas.x_range(),
            (false, true) => Rangef::new(undo.right() + GRID, zoom.left() - GRID),
            (false, false) => Rangef::new(undo.right() + GRID, right),
        };
        let selection_size = vec2(free.span().max(row_width(3)), height);
        let selection = Rect::from_min_size(pos2(free.min, bar.top() - GRID - height), selection_size);
        Self { top, palette, form, rule, undo, zoom: has_zoom.then_some(zoom), selection, is_cramped, canvas }
    }
}

/// Where the bar at the top is.
pub(super) fn top_rect(surface: &Surface) -> Rect {
    let all = surface.rect();
    Rect::from_min_max(all.min + Vec2::splat(GRID), pos2(all.right() - GRID, all.top() + GRID + TOP))
}

/// Width of a panel with so many buttons beside each other.
pub(super) fn row_width(count: usize) -> f32 {
    count as f32 * (TOUCH + 4.0) - 4.0 + 2.0 * MARGIN
}

/// Width of a word of the zoom, in points.
pub(super) const PERCENT_WIDTH: f32 = 64.0;

fn zoom_width(is_cramped: bool) -> f32 {
    let buttons = if is_cramped { 0.0 } else { 3.0 * (TOUCH + 4.0) };
    PERCENT_WIDTH + buttons + 2.0 * MARGIN
}

/// The slimmest palette that is no higher than there is room, with as much air as there is.
fn palette_form(room: f32) -> (PaletteForm, f32, Vec2) {
    for columns in 1..=GROUP {
        for rule in [WIDE_RULE, RULE] {
            let size = palette_size(columns, rule);
            if size.y <= room {
                return (PaletteForm::Columns(columns), rule, size);
            }
        }
    }
    (PaletteForm::Folded, RULE, vec2(2.0 * TOUCH + TOOL_GAP, TOUCH) + Vec2::splat(2.0 * MARGIN))
}

/// Size of a palette with so many columns: the tools and the colour, between lines where they are in one column.
fn palette_size(columns: usize, rule: f32) -> Vec2 {
    let rows = |count: usize| count.div_ceil(columns) as f32 * (TOUCH + TOOL_GAP) - TOOL_GAP;
    let height = if columns == 1 { 3.0 * rows(GROUP) + TOUCH + 3.0 * rule } else { rows(TOOLS + 1) };
    vec2(columns as f32 * (TOUCH + TOOL_GAP) - TOOL_GAP, height) + Vec2::splat(2.0 * MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palette_is_as_slim_as_there_is_room() {
        assert_eq!(palette_form(560.0).0, PaletteForm::Columns(1));
        assert_eq!(palette_form(444.0).0, PaletteForm::Columns(1));
        assert_eq!(palette_form(324.0).0, PaletteForm::Columns(2));
        assert_eq!(palette_form(204.0).0, PaletteForm::Columns(3));
        assert_eq!(palette_form(144.0).0, PaletteForm::Folded);
        assert!(palette_form(560.0).1 > palette_form(444.0).1, "air where there is room");
    }
}
