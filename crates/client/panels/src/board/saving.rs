//! Whether what one drew is safe: quiet while all is well.

use super::BoardView;
use crate::theme::{GRID, Palette, TOUCH, Type};
use crate::{Icon, Key, View};
use atrium_easel::Saving;
use egui::{Rect, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2};

const ICON: f32 = 18.0;
/// What is under way for less than this is nobody's concern: a stroke takes a moment.
const PATIENCE_SECS: f32 = 1.5;
/// From here on it is worth a number.
const LONG_SECS: f32 = 8.0;

/// What is shown: a sign, words, and whether it is something to mind.
fn state(view: &View<'_>, board: &BoardView<'_>) -> (Icon, String, bool) {
    let words = view.words;
    match board.saving {
        Saving::Saved => (Icon::Check, words.say(Key("board-saved")), false),
        Saving::Kept { .. } => (Icon::Warning, words.say(Key("board-not-saved")), true),
        Saving::Underway(_) if board.unsaved_secs < PATIENCE_SECS => {
            (Icon::Check, words.say(Key("board-saved")), false)
        }
        Saving::Underway(count) if count > 0 && board.unsaved_secs >= LONG_SECS => {
            (Icon::Recent, words.say_with(Key("board-waiting"), &[("count", count.into())]), false)
        }
        Saving::Underway(_) => (Icon::Recent, words.say(Key("board-saving")), false),
    }
}

/// The sentence under the pointer.
fn about(view: &View<'_>, board: &BoardView<'_>) -> String {
    match board.saving {
        Saving::Kept { operations, .. } => kept(view, operations),
        Saving::Underway(_) if board.unsaved_secs >= PATIENCE_SECS => view.words.say(Key("board-saving-about")),
        Saving::Saved | Saving::Underway(_) => view.words.say(Key("board-saved-about")),
    }
}

/// That something is not stored, and what becomes of it.
pub(super) fn kept(view: &View<'_>, operations: usize) -> String {
    view.words.say_with(Key("board-not-saved-about"), &[("count", operations.into())])
}

/// Its width.
pub(super) fn width(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, has_words: bool) -> f32 {
    if !has_words {
        return ICON + 2.0 * GRID;
    }
    let (_, text, _) = state(view, board);
    let galley = ui.painter().layout_no_wrap(text, Type::Small.font(), Palette::of(ui).text_muted);
    galley.size().x + ICON + 4.0 + 2.0 * GRID
}

/// Shows it.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, has_words: bool) {
    let (icon, text, is_warning) = state(view, board);
    let size = vec2(width(ui, view, board, has_words), TOUCH);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &text));
    if is_warning {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
    }
    let palette = Palette::of(ui);
    let color = if is_warning { palette.text_warning } else { palette.text_muted };
    let left = rect.left() + GRID;
    let icon_rect = Rect::from_center_size(pos2(left + ICON / 2.0, rect.center().y), Vec2::splat(ICON));
    icon.paint(ui.painter(), icon_rect.shrink(1.0), color);
    if has_words {
        let galley = ui.painter().layout_no_wrap(text, Type::Small.font(), color);
        let at = pos2(icon_rect.right() + 4.0, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
    }
    response.on_hover_text(about(view, board));
}
