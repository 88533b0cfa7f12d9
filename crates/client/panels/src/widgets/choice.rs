use super::{Action, focus_ring};
use crate::Icon;
use crate::theme::{GRID, Palette, TOUCH, Type};
use egui::{CornerRadius, Rect, Response, Sense, Stroke, StrokeKind, TextWrapMode, Ui, Vec2, WidgetInfo, WidgetText};
use egui::{WidgetType, pos2, vec2};

/// Side of a sign, in points.
const ICON: f32 = 20.0;

/// Offers a few values side by side, on as many lines as they need, and gives the one that was pressed.
pub(crate) fn choice<T: PartialEq + Copy>(ui: &mut Ui, current: T, offers: &[(T, String)]) -> Option<T> {
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        for (value, name) in offers {
            if Action::new(name.as_str()).on(*value == current).clicked(ui) && *value != current {
                chosen = Some(*value);
            }
        }
    });
    chosen
}

/// A switch with its name.
pub(crate) struct Switch<'a> {
    text: &'a str,
    icon: Option<Icon>,
    is_on: bool,
}

impl<'a> Switch<'a> {
    pub(crate) fn new(text: &'a str, is_on: bool) -> Self {
        Self { text, icon: None, is_on }
    }

    /// With a sign before its name, in line with those of buttons in a list.
    pub(crate) fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    /// Shows it; gives the new position when it was moved.
    pub(crate) fn moved(self, ui: &mut Ui) -> Option<bool> {
        let lead = if self.icon.is_some() { 2.5 * GRID + ICON } else { 0.0 };
        let room = (ui.available_width() - lead - 44.0 - GRID).max(16.0);
        let galley = WidgetText::from(self.text).into_galley(ui, Some(TextWrapMode::Wrap), room, Type::Body.font());
        let size = vec2(ui.available_width().max(60.0), galley.size().y.max(TOUCH));
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let (text, is_on) = (self.text, self.is_on);
        response.widget_info(|| WidgetInfo::selected(WidgetType::Checkbox, true, is_on, text));
        let palette = Palette::of(ui);
        if let Some(icon) = self.icon {
            let center = pos2(rect.left() + 1.5 * GRID + ICON / 2.0, rect.center().y);
            icon.paint(ui.painter(), Rect::from_center_size(center, Vec2::splat(ICON)), palette.text);
        }
        let text_at = pos2(rect.left() + lead, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley_with_override_text_color(text_at, galley, palette.text);
        paint_switch(ui, &response, is_on);
        response.clicked().then_some(!is_on)
    }
}

fn paint_switch(ui: &Ui, response: &Response, is_on: bool) {
    let palette = Palette::of(ui);
    let rect = Rect::from_center_size(pos2(response.rect.right() - 20.0, response.rect.center().y), vec2(40.0, 24.0));
    let way = ui.ctx().animate_bool_with_time(response.id, is_on, ui.style().animation_time);
    let fill = if is_on { palette.accent } else { palette.field };
    let knob = if is_on { palette.on_accent } else { palette.text_muted };
    let radius = CornerRadius::same(12);
    ui.painter().rect(rect, radius, fill, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    let x = egui::lerp(rect.left() + 12.0..=rect.right() - 12.0, way);
    ui.painter().circle_filled(pos2(x, rect.center().y), 8.0, knob);
    focus_ring(ui, response, rect);
}
