use super::palette::{DARK, LIGHT, Palette};
use crate::ThemeChoice;
use egui::style::{ScrollStyle, Selection, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Visuals, vec2};

/// Radius of every corner, in points.
pub const RADIUS: u8 = 10;
/// The grid that sizes and gaps follow, in points.
pub const GRID: f32 = 8.0;
/// Least height of whatever can be pressed, in points.
pub const TOUCH: f32 = 40.0;
/// How long a change takes, in seconds.
pub const MOTION_SECS: f32 = 0.16;

/// The five sizes of type, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// 12: labels and hints.
    Small,
    /// 14: text.
    Body,
    /// 17: what a section is about.
    Lead,
    /// 22: what a panel is about.
    Heading,
    /// 30: what a screen is about.
    Title,
}

impl Type {
    /// Its height in points.
    pub fn points(self) -> f32 {
        match self {
            Self::Small => 12.0,
            Self::Body => 14.0,
            Self::Lead => 17.0,
            Self::Heading => 22.0,
            Self::Title => 30.0,
        }
    }

    /// Its font.
    pub fn font(self) -> FontId {
        FontId::new(self.points(), FontFamily::Proportional)
    }
}

/// Whether panels are dark: by choice, or light at home and dark in a room.
pub fn is_dark(choice: ThemeChoice, is_in_room: bool, is_system_dark: Option<bool>) -> bool {
    match choice {
        ThemeChoice::Automatic => is_in_room,
        ThemeChoice::Dark => true,
        ThemeChoice::Light => false,
        ThemeChoice::System => is_system_dark.unwrap_or(is_in_room),
    }
}

/// Gives a context our look. Cheap to call each frame: it does something only when something changed.
pub fn apply(ctx: &egui::Context, is_dark: bool, has_reduced_motion: bool, text_scale_percent: u16) {
    let wanted = (is_dark, has_reduced_motion);
    let memory = egui::Id::new("atrium theme");
    let zoom = f32::from(text_scale_percent) / 100.0;
    if (ctx.zoom_factor() - zoom).abs() > 0.001 {
        ctx.set_zoom_factor(zoom);
    }
    if ctx.data(|data| data.get_temp::<(bool, bool)>(memory)) == Some(wanted) {
        return;
    }
    ctx.data_mut(|data| data.insert_temp(memory, wanted));
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    let theme = if is_dark { Theme::Dark } else { Theme::Light };
    ctx.set_theme(theme);
    ctx.set_style_of(theme, style(is_dark, has_reduced_motion));
}

fn style(is_dark: bool, has_reduced_motion: bool) -> Style {
    let palette = if is_dark { &DARK } else { &LIGHT };
    let mut style = Style { visuals: visuals(palette, is_dark), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, Type::Small.font()),
        (TextStyle::Body, Type::Body.font()),
        (TextStyle::Button, Type::Body.font()),
        (TextStyle::Heading, Type::Heading.font()),
        (TextStyle::Monospace, FontId::new(Type::Body.points(), FontFamily::Monospace)),
    ]
    .into();
    style.animation_time = if has_reduced_motion { 0.0 } else { MOTION_SECS };
    style.visuals.text_cursor.blink = !has_reduced_motion;
    if has_reduced_motion {
        style.scroll_animation = egui::style::ScrollAnimation::none();
    }
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(GRID, GRID);
    spacing.button_padding = vec2(12.0, GRID);
    spacing.interact_size = vec2(TOUCH, TOUCH);
    spacing.menu_margin = Margin::same(8);
    spacing.window_margin = Margin::same(16);
    spacing.icon_width = 20.0;
    spacing.icon_width_inner = 12.0;
    spacing.icon_spacing = GRID;
    spacing.combo_height = 240.0;
    spacing.scroll = ScrollStyle { floating_allocated_width: 8.0, ..ScrollStyle::thin() };
    style
}

fn visuals(palette: &Palette, is_dark: bool) -> Visuals {
    let corner_radius = CornerRadius::same(RADIUS);
    let focus = Stroke::new(2.0, palette.focus);
    let shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: Color32::from_black_alpha(70) };
    Visuals {
        override_text_color: None,
        weak_text_color: Some(palette.text_muted),
        widgets: widgets(palette),
        selection: Selection { bg_fill: palette.focus.gamma_multiply(0.35), stroke: focus },
        hyperlink_color: palette.focus,
        faint_bg_color: palette.raised,
        extreme_bg_color: palette.field,
        text_edit_bg_color: Some(palette.field),
        code_bg_color: palette.raised,
        warn_fg_color: palette.text_warning,
        error_fg_color: palette.text_danger,
        window_corner_radius: corner_radius,
        menu_corner_radius: corner_radius,
        window_shadow: shadow,
        popup_shadow: shadow,
        window_fill: palette.surface,
        window_stroke: Stroke::NONE,
        panel_fill: palette.backdrop,
        slider_trailing_fill: true,
        ..if is_dark { Visuals::dark() } else { Visuals::light() }
    }
}

fn widgets(palette: &Palette) -> Widgets {
    let state = |fill: Color32, edge: Stroke| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: edge,
        corner_radius: CornerRadius::same(RADIUS),
        fg_stroke: Stroke::new(1.5, palette.text),
        expansion: 0.0,
    };
    let edge = Stroke::new(1.0, palette.line);
    Widgets {
        noninteractive: state(palette.surface, Stroke::new(1.0, palette.hovered)),
        inactive: state(palette.raised, edge),
        hovered: state(palette.hovered, edge),
        // What has the keyboard is drawn in this state too.
        active: state(palette.hovered, Stroke::new(2.0, palette.focus)),
        open: state(palette.hovered, edge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_dark_and_home_is_light_unless_chosen_otherwise() {
        assert!(is_dark(ThemeChoice::Automatic, true, Some(false)));
        assert!(!is_dark(ThemeChoice::Automatic, false, Some(true)));
        assert!(is_dark(ThemeChoice::Dark, false, None));
        assert!(!is_dark(ThemeChoice::Light, true, None));
        assert!(is_dark(ThemeChoice::System, false, Some(true)));
        assert!(is_dark(ThemeChoice::System, true, None));
    }

    #[test]
    fn reduced_motion_means_none() {
        let ctx = egui::Context::default();
        apply(&ctx, true, true, 100);
        assert_eq!(ctx.global_style().animation_time, 0.0);
        assert!(!ctx.global_style().visuals.text_cursor.blink);
        apply(&ctx, true, false, 100);
        assert!((0.12..=0.2).contains(&ctx.global_style().animation_time));
    }
}
