//! The side panel and its tabs.

use super::{chat, invite, panel, people, side_rect};
use crate::theme::GRID;
use crate::widgets::{Action, Kind, card, heading};
use crate::{Icon, Intent, Key, PanelIntent, RoomView, Tab, View, settings_panel};
use egui::{Align, Layout, Margin, ScrollArea, Ui};

/// Shows the open tab, if one is open.
pub(super) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let Some(tab) = view.state.tab else { return Vec::new() };
    let mut intents = Vec::new();
    let rect = side_rect(view);
    let margin = if view.surface.is_short() { 8 } else { 16 };
    panel(ui, "side", rect, |ui| {
        card(ui).inner_margin(Margin::same(margin)).show(ui, |ui| {
            let inner = rect.size() - egui::Vec2::splat(2.0 * f32::from(margin));
            ui.set_min_size(inner);
            ui.set_max_size(inner);
            intents.extend(head(ui, view, tab));
            intents.extend(body(ui, view, room, tab));
        });
    });
    intents
}

fn head(ui: &mut Ui, view: &View<'_>, tab: Tab) -> Option<Intent> {
    let title = match tab {
        Tab::People => Key("bar-people"),
        Tab::Chat => Key("bar-chat"),
        Tab::Invite => Key("bar-invite"),
        Tab::Settings => Key("bar-settings"),
    };
    let mut is_closed = false;
    ui.horizontal(|ui| {
        heading(ui, view.words.say(title));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = Action::new(view.words.say(Key("close"))).icon(Icon::Close).kind(Kind::Quiet).icon_only();
            is_closed = close.clicked(ui);
        });
    });
    is_closed.then(|| PanelIntent::CloseSide.into())
}

fn body(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>, tab: Tab) -> Vec<Intent> {
    if tab == Tab::Chat {
        // It scrolls by itself: its field stays below.
        return chat::draw(ui, view, room);
    }
    let mut intents = Vec::new();
    ScrollArea::vertical().id_salt(tab).auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - GRID / 2.0);
        // Room for rings round what stands at the edge.
        egui::Frame::new().inner_margin(Margin::same(4)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            intents.extend(match tab {
                Tab::People | Tab::Chat => people::draw(ui, view, room),
                Tab::Invite => invite::draw(ui, view, room),
                Tab::Settings => settings_panel::draw(ui, view),
            });
        });
    });
    intents
}
