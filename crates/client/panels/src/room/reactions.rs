//! Reactions: the eight to choose from, and those that rise.

use super::panel;
use crate::theme::{GRID, Palette, RADIUS, Type};
use crate::widgets::{card, focus_ring};
use crate::{Float, Intent, MeetingIntent, Reaction, View};
use egui::{CornerRadius, Id, LayerId, Order, Painter, Rect, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2};

const BUTTON: f32 = 40.0;
const FLOAT: f32 = 40.0;

/// Offers the reactions above the bar.
pub(super) fn offer(ui: &Ui, view: &View<'_>, bar: Rect) -> Vec<Intent> {
    let mut intents = Vec::new();
    let room = view.surface.size_points.x - 4.0 * GRID;
    let per_line = if room >= 8.0 * (BUTTON + 4.0) { 8.0 } else { 4.0 };
    let lines = 8.0 / per_line;
    let size = vec2(per_line * (BUTTON + 4.0) - 4.0, lines * (BUTTON + 4.0) - 4.0) + Vec2::splat(2.0 * GRID);
    let rect = Rect::from_min_size(pos2(bar.center().x - size.x / 2.0, bar.top() - size.y - GRID), size);
    panel(ui, "reactions", rect, |ui| {
        card(ui).inner_margin(egui::Margin::same(8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(4.0);
            ui.horizontal_wrapped(|ui| {
                for reaction in Reaction::ALL {
                    if button(ui, reaction, &view.words.say(reaction.name())) {
                        intents.push(MeetingIntent::React(reaction).into());
                    }
                }
            });
        });
    });
    intents
}

fn button(ui: &mut Ui, reaction: Reaction, name: &str) -> bool {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(BUTTON), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, name));
    if response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), Palette::of(ui).hovered);
    }
    reaction.paint(ui.painter(), rect.shrink(6.0), 1.0);
    focus_ring(ui, &response, rect);
    let response = response.on_hover_text(name);
    response.clicked()
}

/// Lets reactions rise at the left, each with a name; with reduced motion they stand still and fade.
pub(super) fn float(ui: &Ui, view: &View<'_>) {
    if view.state.toasts.floats().len() == 0 {
        return;
    }
    ui.ctx().request_repaint();
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Middle, Id::new("reactions in the air")));
    for float in view.state.toasts.floats() {
        rise(ui, &painter, view, float);
    }
}

fn rise(ui: &Ui, painter: &Painter, view: &View<'_>, float: &Float) {
    let all = view.surface.rect();
    let progress = float.progress(view.now_secs);
    let eased = 1.0 - (1.0 - progress).powi(2);
    let lane = (float.id % 4) as f32;
    let (height, sway) = if view.settings.reduced_motion {
        (lane * (FLOAT + 24.0), 0.0)
    } else {
        (eased * (all.height() - 220.0).max(40.0), (progress * 9.0 + lane).sin() * GRID)
    };
    let center = pos2(all.left() + 56.0 + lane * 44.0 + sway, all.bottom() - 120.0 - height);
    let opacity = 1.0 - ((progress - 0.7) / 0.3).clamp(0.0, 1.0);
    float.reaction.paint(painter, Rect::from_center_size(center, Vec2::splat(FLOAT)), opacity);
    name_plate(ui, painter, center + vec2(0.0, FLOAT / 2.0 + 10.0), &float.name, opacity);
}

fn name_plate(ui: &Ui, painter: &Painter, center: egui::Pos2, name: &str, opacity: f32) {
    let palette = Palette::of(ui);
    let short: String = name.chars().take(16).collect();
    let galley = painter.layout_no_wrap(short, Type::Small.font(), palette.text.gamma_multiply(opacity));
    let rect = Rect::from_center_size(center, galley.size() + vec2(12.0, 4.0));
    painter.rect_filled(rect, CornerRadius::same(8), palette.surface.gamma_multiply(0.85 * opacity));
    painter.galley(rect.center() - galley.size() / 2.0, galley, palette.text);
}
