//! Menus of a board: small panels that open at a button, with the keyboard in them.

use super::BoardMenu;
use crate::theme::GRID;
use crate::widgets::card;
use crate::{Intent, Key, View};
use egui::{Align2, Area, Frame, Id, Margin, Order, Pos2, ScrollArea, Ui, Vec2};

/// Shows a menu of buttons at a place while it is open.
pub(super) fn small(
    ui: &Ui,
    view: &View<'_>,
    (menu, name): (BoardMenu, Key),
    place: Pos2,
    contents: impl FnOnce(&mut Ui) -> Vec<Intent>,
) -> Vec<Intent> {
    shown(ui, view, (menu, name), (place, Align2::LEFT_TOP), |ui| {
        card(ui)
            .inner_margin(Margin::same(8))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(2.0);
                contents(ui)
            })
            .inner
    })
}

/// Shows a menu of lines at a place while it is open: as wide as said, no higher than there is room.
pub(super) fn list(
    ui: &Ui,
    view: &View<'_>,
    (menu, name): (BoardMenu, Key),
    (place, pivot): (Pos2, Align2),
    width: f32,
    contents: impl FnOnce(&mut Ui) -> Vec<Intent>,
) -> Vec<Intent> {
    let all = view.surface.rect();
    let down = all.bottom() - GRID - place.y;
    let room = if pivot.y() == egui::Align::Max { place.y - GRID } else { down } - 2.0 * GRID;
    let width = width.min(all.width() - 2.0 * GRID);
    shown(ui, view, (menu, name), (place, pivot), |ui| {
        let frame = card(ui).inner_margin(Margin::same(8)).show(ui, |ui| {
            ui.set_width(width - 2.0 * GRID);
            ui.spacing_mut().item_spacing.y = 2.0;
            let scroll = ScrollArea::vertical().max_height(room).min_scrolled_height(room);
            let inner = scroll.show(ui, |ui| {
                // Room for rings round what stands at the edge.
                let inner = Frame::new().inner_margin(Margin::same(3)).show(ui, |ui| {
                    ui.set_width(width - 2.0 * GRID - 10.0);
                    contents(ui)
                });
                inner.inner
            });
            inner.inner
        });
        frame.inner
    })
}

/// What had the keyboard before a menu opened, and what has it in the menu.
#[derive(Clone, Copy, Debug, Default)]
struct Opened {
    by: Option<Id>,
    inside: Option<Id>,
    frames: u32,
}

fn shown(
    ui: &Ui,
    view: &View<'_>,
    (menu, name): (BoardMenu, Key),
    (place, pivot): (Pos2, Align2),
    contents: impl FnOnce(&mut Ui) -> Vec<Intent>,
) -> Vec<Intent> {
    let (ctx, id) = (ui.ctx(), Id::new("board menu").with(menu));
    let before: Option<Opened> = ctx.data(|data| data.get_temp(id));
    let focused = ctx.memory(|memory| memory.focused());
    if view.state.board.menu != Some(menu) {
        if let Some(opened) = before {
            ctx.data_mut(|data| data.remove::<Opened>(id));
            give_back(ui, opened, focused);
        }
        return Vec::new();
    }
    let mut opened = before.unwrap_or(Opened { by: focused, inside: None, frames: 0 });
    let area = Area::new(id).fixed_pos(place).pivot(pivot).order(Order::Foreground).constrain_to(view.surface.rect());
    let shown = area.show(ctx, |ui| {
        // The first frame only measures. Who came by the keyboard goes on in the menu.
        if opened.frames == 1 && focused.is_some() && focused == opened.by {
            ctx.memory_mut(|memory| {
                focused.into_iter().for_each(|id| memory.surrender_focus(id));
                memory.move_focus(egui::FocusDirection::Next);
            });
        }
        contents(ui)
    });
    opened.inside = ctx.memory(|memory| memory.focused()).filter(|id| Some(*id) != opened.by);
    opened.frames += 1;
    ctx.data_mut(|data| data.insert_temp(id, opened));
    ctx.accesskit_node_builder(shown.response.id, |node| {
        node.set_role(egui::accesskit::Role::Menu);
        node.set_label(view.words.say(name));
    });
    shown.inner
}

/// The keyboard goes back to where it was.
fn give_back(ui: &Ui, opened: Opened, focused: Option<Id>) {
    if let Some(by) = opened.by
        && (focused.is_none() || focused == opened.inside)
    {
        ui.memory_mut(|memory| memory.request_focus(by));
    }
}
