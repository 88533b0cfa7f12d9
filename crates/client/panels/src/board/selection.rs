//! What is done with a selection.

use super::layout::{Layout, MARGIN, row_width};
use super::palette::with_key;
use super::{BoardIntent, BoardMenu, BoardPanelIntent, BoardView, menu, tools};
use crate::room::panel;
use crate::theme::GRID;
use crate::widgets::{Action, Kind, card};
use crate::{Icon, Intent, Key, View};
use atrium_easel::{Action as Deed, Tool};
use egui::{Align2, Margin, Rect, Ui, vec2};

/// Something to do with a selection.
#[derive(Clone)]
struct Offer {
    deed: Deed,
    name: Key,
    key: &'static str,
    icon: Icon,
}

/// All that may be done with what is selected: what is locked can only be unlocked or doubled.
fn offers(board: &BoardView<'_>) -> Vec<Offer> {
    let is_locked = board.selection.is_locked;
    let offer = |deed, name, key, icon| Offer { deed, name, key, icon };
    let lock = match is_locked {
        true => offer(Deed::Lock(false), Key("selection-unlock"), "Ctrl+Shift+L", Icon::Unlock),
        false => offer(Deed::Lock(true), Key("selection-lock"), "Ctrl+Shift+L", Icon::Lock),
    };
    let mut all = vec![offer(Deed::Duplicate, Key("selection-duplicate"), "Ctrl+D", Icon::Copy)];
    if is_locked {
        return vec![lock, all.remove(0)];
    }
    all.push(offer(Deed::Delete, Key("selection-delete"), "Del", Icon::Trash));
    all.push(offer(Deed::ToFront, Key("selection-front"), "]", Icon::Front));
    all.push(offer(Deed::ToBack, Key("selection-back"), "[", Icon::Back));
    all.push(lock);
    all
}

/// Shows it while something is selected.
pub(super) fn draw(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    if board.selection.count == 0 || board.text.is_some() || !tools::is_offered(Tool::Select, board) {
        return Vec::new();
    }
    let mut intents = Vec::new();
    let offers = offers(board);
    let shown = if layout.is_cramped && offers.len() > 3 { 2 } else { offers.len() };
    let (first, rest) = offers.split_at(shown);
    let width = row_width(first.len() + usize::from(!rest.is_empty()));
    let rect = Rect::from_center_size(layout.selection.center(), vec2(width, layout.selection.height()));
    panel(ui, "board selection", rect, |ui| {
        card(ui).inner_margin(Margin::same(MARGIN as i8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.horizontal(|ui| {
                for offer in first {
                    intents.extend(button(ui, view, offer));
                }
                if !rest.is_empty() {
                    intents.extend(more(ui, view));
                }
            });
        });
    });
    let place = (rect.right_top() - vec2(0.0, GRID), Align2::RIGHT_BOTTOM);
    intents.extend(menu::list(ui, view, (BoardMenu::Selection, Key("selection-more")), place, 240.0, |ui| {
        let lines = rest.iter().map(|offer| {
            let text = with_key(view, view.words.say(offer.name), offer.key);
            let action = Action::new(text).icon(offer.icon).kind(Kind::Quiet).at_left().wide();
            action.clicked(ui).then(|| BoardIntent::from(offer.deed.clone()).into())
        });
        lines.flatten().collect()
    }));
    intents
}

/// Opens what there is no room for.
fn more(ui: &mut Ui, view: &View<'_>) -> Option<Intent> {
    let action = Action::new(view.words.say(Key("selection-more"))).icon(Icon::More).icon_only().kind(Kind::Quiet);
    let is_open = view.state.board.menu == Some(BoardMenu::Selection);
    action.on(is_open).clicked(ui).then(|| BoardPanelIntent::Toggle(BoardMenu::Selection).into())
}

fn button(ui: &mut Ui, view: &View<'_>, offer: &Offer) -> Option<Intent> {
    let name = with_key(view, view.words.say(offer.name), offer.key);
    let action = Action::new(name).icon(offer.icon).icon_only().kind(Kind::Quiet);
    action.clicked(ui).then(|| BoardIntent::from(offer.deed.clone()).into())
}
