//! Panels over the room: a bar at the bottom, a side panel, notices.

mod bar;
mod chat;
mod invite;
mod microphone;
mod people;
mod person;
mod reactions;
mod side;
mod waiting;

pub(crate) use bar::rect as bar_rect;

use crate::board;
use crate::theme::{GRID, Palette, TOUCH, Type};
use crate::widgets::{Action, Kind, card};
use crate::{Icon, Intent, Key, PanelIntent, PanelState, RoomView, Screen, Surface, Tone, View};
use egui::{Align, Align2, Area, Id, Label, Layout, Order, Rect, RichText, Ui, pos2, vec2};

/// Room for the bar at the bottom, in points.
const BAR_HEIGHT: f32 = 72.0;
/// Width of the side panel, in points.
const SIDE_WIDTH: f32 = 380.0;
/// Width of notices, in points; beside a side panel they may be as narrow as that.
const NOTICE_WIDTH: f32 = 340.0;
const NARROW_NOTICE_WIDTH: f32 = 200.0;

/// Shows the panels of a room.
pub(crate) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let mut intents = board::draw(ui, view, room);
    intents.extend(bar::draw(ui, view, room));
    intents.extend(side::draw(ui, view, room));
    reactions::float(ui, view);
    if let Some(lost_secs) = room.lost_secs {
        lost_banner(ui, view, lost_secs);
    }
    intents
}

/// Where the side panel goes.
fn side_rect(view: &View<'_>) -> Rect {
    let all = view.surface.rect();
    let top = all.top() + board::covered_top(view) + GRID;
    let bottom = all.bottom() - BAR_HEIGHT - GRID;
    Rect::from_min_max(pos2(side_left(&view.surface), top), pos2(all.right() - GRID, bottom))
}

/// Where the side panel begins.
pub(crate) fn side_left(surface: &Surface) -> f32 {
    let all = surface.rect();
    all.right() - GRID - SIDE_WIDTH.min(all.width() - 2.0 * GRID)
}

/// Where what may lie beside the side panel ends.
pub(crate) fn free_right(surface: &Surface, state: &PanelState) -> f32 {
    if state.tab.is_some() { side_left(surface) } else { surface.rect().right() }
}

/// A panel at a fixed place, over the room.
pub(crate) fn panel(ui: &Ui, name: &str, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    let area = Area::new(Id::new("panel").with(name)).fixed_pos(rect.min).default_size(rect.size());
    area.order(Order::Middle).constrain(false).fade_in(true).show(ui.ctx(), |ui| {
        ui.set_min_size(rect.size());
        ui.set_max_size(rect.size());
        contents(ui);
    });
}

fn lost_banner(ui: &Ui, view: &View<'_>, lost_secs: u32) {
    let below = board::covered_top(view) + GRID;
    let area = Area::new(Id::new("lost")).anchor(Align2::CENTER_TOP, vec2(0.0, below)).order(Order::Foreground);
    area.interactable(false).show(ui.ctx(), |ui| {
        card(ui).inner_margin(egui::Margin::symmetric(16, 8)).show(ui, |ui| {
            ui.set_max_width(view.surface.size_points.x - 8.0 * GRID);
            ui.horizontal(|ui| {
                let color = Palette::of(ui).text_warning;
                let (rect, _) = ui.allocate_exact_size(vec2(20.0, 20.0), egui::Sense::hover());
                Icon::Reconnect.paint(ui.painter(), rect, color);
                let sentence = view.words.say_with(Key("lost"), &[("seconds", lost_secs.into())]);
                ui.add(Label::new(RichText::new(sentence).color(color)).wrap());
            });
        });
    });
    ui.ctx().request_repaint_after_secs(0.5);
}

/// Notices at the top, in every screen.
pub(crate) fn toasts(ui: &Ui, view: &View<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    if view.state.toasts.notices().len() == 0 {
        return intents;
    }
    ui.ctx().request_repaint_after_secs(0.5);
    let width = notice_width(view);
    let is_lost = matches!(&view.screen, Screen::Room(room) if room.lost_secs.is_some());
    let below_banner = if is_lost && view.surface.is_narrow() { 72.0 } else { 0.0 };
    let area = Area::new(Id::new("toasts")).order(Order::Foreground);
    let area = if board::covered_top(view) > 0.0 {
        area.fixed_pos(board::place_of_toasts(view)).pivot(Align2::LEFT_BOTTOM)
    } else {
        area.anchor(Align2::LEFT_TOP, vec2(GRID, GRID + below_banner))
    };
    area.show(ui.ctx(), |ui| {
        for toast in view.state.toasts.notices() {
            card(ui).inner_margin(egui::Margin::symmetric(16, 4)).show(ui, |ui| {
                ui.set_width(width - 4.0 * GRID);
                intents.extend(notice(ui, view, toast));
            });
        }
    });
    intents
}

/// A side panel stays free where there is room beside it.
fn notice_width(view: &View<'_>) -> f32 {
    let all = view.surface.rect();
    let beside = free_right(&view.surface, view.state) - all.left() - 2.0 * GRID;
    NOTICE_WIDTH.min(if beside >= NARROW_NOTICE_WIDTH { beside } else { all.width() - 4.0 * GRID })
}

fn notice(ui: &mut Ui, view: &View<'_>, toast: &crate::Toast) -> Option<Intent> {
    let color = if toast.tone == Tone::Warning { Palette::of(ui).text_warning } else { Palette::of(ui).text };
    let mut is_dismissed = false;
    ui.horizontal(|ui| {
        let text = egui::WidgetText::from(RichText::new(&toast.text).color(color));
        let wrap = Some(egui::TextWrapMode::Wrap);
        let galley = text.into_galley(ui, wrap, ui.available_width() - 48.0, Type::Body.font());
        let size = vec2(ui.available_width() - 48.0, galley.size().y.max(TOUCH));
        let at_left = Layout::left_to_right(Align::Center);
        let label = ui.allocate_ui_with_layout(size, at_left, |ui| {
            ui.set_min_size(size);
            ui.add(Label::new(galley))
        });
        let label = label.inner;
        // Screen readers say it when they are done with what they read.
        ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(egui::accesskit::Live::Polite));
        let dismiss = Action::new(view.words.say(Key("dismiss"))).icon(Icon::Close).kind(Kind::Quiet).icon_only();
        is_dismissed = dismiss.clicked(ui);
    });
    is_dismissed.then(|| PanelIntent::DismissToast(toast.id).into())
}
