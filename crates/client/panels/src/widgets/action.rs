use super::focus_ring;
use crate::Icon;
use crate::theme::{GRID, Palette, RADIUS, TOUCH, Type};
use egui::{Color32, CornerRadius, Rect, Response, Sense, TextWrapMode, Ui, Vec2, Widget, WidgetInfo};
use egui::{WidgetText, WidgetType, pos2, vec2};

const ICON: f32 = 20.0;

/// What a button is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The one thing to do next.
    Primary,
    /// One thing among others.
    Plain,
    /// Something that hides until the pointer comes near.
    Quiet,
    /// Something that cannot be taken back.
    Danger,
}

/// What stands at the right of a button's icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Bars as high as a voice of that level, −dBov, is loud.
    Bars(u8),
    /// A key to hold.
    Cap(&'static str),
}

/// A button with a word and, mostly, an icon.
pub(crate) struct Action<'a> {
    text: String,
    icon: Option<Icon>,
    kind: Kind,
    is_on: Option<bool>,
    is_wide: bool,
    is_at_left: bool,
    is_enabled: bool,
    is_stacked: bool,
    shows_text: bool,
    width: Option<f32>,
    mark: Option<usize>,
    beside: Option<Beside>,
    is_warning: bool,
    spoken: Option<&'a str>,
}

impl<'a> Action<'a> {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            icon: None,
            kind: Kind::Plain,
            is_on: None,
            is_wide: false,
            is_at_left: false,
            is_enabled: true,
            is_stacked: false,
            shows_text: true,
            width: None,
            mark: None,
            beside: None,
            is_warning: false,
            spoken: None,
        }
    }

    pub(crate) fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    pub(crate) fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// A button that stays on or off.
    pub(crate) fn on(self, is_on: bool) -> Self {
        Self { is_on: Some(is_on), ..self }
    }

    /// As wide as there is room.
    pub(crate) fn wide(self) -> Self {
        Self { is_wide: true, ..self }
    }

    /// Its word at the left, as in a list.
    pub(crate) fn at_left(self) -> Self {
        Self { is_at_left: true, ..self }
    }

    pub(crate) fn enabled(self, is_enabled: bool) -> Self {
        Self { is_enabled, ..self }
    }

    /// The icon above the word, both in that width.
    pub(crate) fn stacked(self, width: f32) -> Self {
        Self { is_stacked: true, width: Some(width), ..self }
    }

    /// Only the icon; the word is for the pointer and for screen readers.
    pub(crate) fn icon_only(self) -> Self {
        Self { shows_text: false, ..self }
    }

    /// A mark with a number at the icon, where there is something to count.
    pub(crate) fn mark(self, count: usize) -> Self {
        Self { mark: Some(count).filter(|count| *count > 0), ..self }
    }

    /// Something at the right of the icon.
    pub(crate) fn beside(self, beside: Option<Beside>) -> Self {
        Self { beside, ..self }
    }

    /// Its icon and word are about something to mind.
    pub(crate) fn warning(self, is_warning: bool) -> Self {
        Self { is_warning, ..self }
    }

    /// What a screen reader says in place of the word.
    pub(crate) fn spoken(self, spoken: &'a str) -> Self {
        Self { spoken: Some(spoken), ..self }
    }

    pub(crate) fn show(self, ui: &mut Ui) -> Response {
        ui.add(self)
    }

    /// Shows it and tells whether it was pressed.
    pub(crate) fn clicked(self, ui: &mut Ui) -> bool {
        self.show(ui).clicked()
    }

    fn colors(&self, palette: &Palette, is_hovered: bool, is_pressed: bool) -> (Color32, Color32) {
        let rest = if self.kind == Kind::Quiet || self.is_stacked { Color32::TRANSPARENT } else { palette.raised };
        match self.kind {
            Kind::Primary if is_hovered || is_pressed => (palette.accent_hovered, palette.on_accent),
            Kind::Primary => (palette.accent, palette.on_accent),
            Kind::Danger if is_hovered || is_pressed => (palette.danger_hovered, palette.on_accent),
            Kind::Danger => (palette.danger, palette.on_accent),
            Kind::Plain | Kind::Quiet if is_pressed || self.is_on == Some(true) => (palette.pressed, palette.text),
            Kind::Plain | Kind::Quiet if is_hovered => (palette.hovered, palette.text),
            Kind::Plain | Kind::Quiet => (rest, palette.text),
        }
    }

    fn galley(&self, ui: &Ui, room: f32) -> std::sync::Arc<egui::Galley> {
        let size = if self.is_stacked { Type::Small } else { Type::Body };
        let text = WidgetText::from(self.text.as_str());
        let wrap = if self.is_stacked { TextWrapMode::Truncate } else { TextWrapMode::Wrap };
        text.into_galley(ui, Some(wrap), room, size.font())
    }

    fn size(&self, ui: &Ui, text: Vec2) -> Vec2 {
        if self.is_stacked {
            return vec2(self.width.unwrap_or(text.x + GRID), 56.0);
        }
        if !self.shows_text {
            return Vec2::splat(TOUCH);
        }
        let icon = if self.icon.is_some() { ICON + GRID } else { 0.0 };
        let width = text.x + icon + 3.0 * GRID;
        let width = if self.is_wide { width.max(ui.available_width()) } else { width };
        vec2(width, (text.y + 2.0 * GRID).max(TOUCH))
    }

    /// Where the icon and the text's left top go.
    fn places(&self, rect: Rect, text: Vec2) -> (Rect, egui::Pos2) {
        let icon = |center| Rect::from_center_size(center, Vec2::splat(ICON));
        if self.is_stacked {
            let top = icon(pos2(rect.center().x, rect.top() + 8.0 + ICON / 2.0));
            return (top, pos2(rect.center().x - text.x / 2.0, rect.bottom() - 8.0 - text.y));
        }
        if !self.shows_text {
            return (icon(rect.center()), rect.center());
        }
        let lead = if self.icon.is_some() { ICON + GRID } else { 0.0 };
        let centered = rect.center().x - (text.x + lead) / 2.0;
        let begin = if self.is_at_left { rect.left() + 1.5 * GRID } else { centered };
        let text_begin = pos2(begin + lead, rect.center().y - text.y / 2.0);
        (icon(pos2(begin + ICON / 2.0, rect.center().y)), text_begin)
    }

    fn paint(&self, ui: &Ui, response: &Response, galley: std::sync::Arc<egui::Galley>) {
        let palette = Palette::of(ui);
        let rect = response.rect;
        let is_pressed = response.is_pointer_button_down_on();
        let (mut fill, mut ink) = self.colors(palette, response.hovered(), is_pressed);
        if self.is_warning {
            ink = palette.text_warning;
        }
        if !self.is_enabled {
            (fill, ink) = match self.kind {
                Kind::Quiet => (Color32::TRANSPARENT, palette.text_muted.gamma_multiply(0.5)),
                _ => (palette.raised, palette.text_muted),
            };
        }
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), fill);
        let (icon_rect, text_at) = self.places(rect, galley.size());
        if let Some(icon) = self.icon {
            icon.paint(ui.painter(), icon_rect, ink);
        }
        if self.shows_text {
            ui.painter().galley_with_override_text_color(text_at, galley, ink);
        }
        match self.beside {
            Some(Beside::Bars(level)) => super::meter::bars(ui.painter(), icon_rect, level, palette.text_good),
            Some(Beside::Cap(key)) => key_cap(ui, icon_rect, key, ink),
            None => {}
        }
        if let Some(count) = self.mark {
            super::badge(ui, pos2(icon_rect.right() + 2.0, icon_rect.top() + 2.0), count);
        }
        focus_ring(ui, response, rect);
    }
}

impl Widget for Action<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let room = match self.width {
            Some(width) => width - 4.0,
            None => (ui.available_width() - 3.0 * GRID - self.icon.map_or(0.0, |_| ICON + GRID)).max(16.0),
        };
        let galley = self.galley(ui, room);
        let size = self.size(ui, galley.size());
        let sense = if self.is_enabled { Sense::click() } else { Sense::hover() };
        let (_, response) = ui.allocate_exact_size(size, sense);
        let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
        let spoken = self.spoken.unwrap_or(&self.text);
        response.widget_info(|| match self.is_on {
            Some(is_on) => WidgetInfo::selected(WidgetType::Button, self.is_enabled, is_on, spoken),
            None => WidgetInfo::labeled(WidgetType::Button, self.is_enabled, spoken),
        });
        if ui.is_rect_visible(response.rect) || response.gained_focus() {
            self.paint(ui, &response, galley);
        }
        if self.shows_text { response } else { response.on_hover_text(&self.text) }
    }
}

/// The top of a key at the right of `icon`.
fn key_cap(ui: &Ui, icon: Rect, key: &str, ink: Color32) {
    let cap = Rect::from_center_size(pos2(icon.right() + 11.0, icon.center().y), Vec2::splat(16.0));
    let edge = egui::Stroke::new(1.2, ink);
    ui.painter().rect_stroke(cap, CornerRadius::same(4), edge, egui::StrokeKind::Inside);
    let galley = ui.painter().layout_no_wrap(key.to_owned(), Type::Small.font(), ink);
    ui.painter().galley(cap.center() - galley.size() / 2.0, galley, ink);
}
