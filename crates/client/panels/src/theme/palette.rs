use egui::Color32;

/// The colours of panels, each named after its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything at home.
    pub backdrop: Color32,
    /// A panel.
    pub surface: Color32,
    /// A button or row on a panel.
    pub raised: Color32,
    /// The same under the pointer.
    pub hovered: Color32,
    /// The same while pressed or chosen.
    pub pressed: Color32,
    /// Where text is typed.
    pub field: Color32,
    /// Edges of fields and switches.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text that matters less; never on `pressed`.
    pub text_muted: Color32,
    /// The one thing to do next.
    pub accent: Color32,
    /// The same under the pointer.
    pub accent_hovered: Color32,
    /// What cannot be taken back.
    pub danger: Color32,
    /// The same under the pointer.
    pub danger_hovered: Color32,
    /// Text on `accent` and `danger`.
    pub on_accent: Color32,
    /// Text about something wrong; never on `pressed`.
    pub text_danger: Color32,
    /// Text about something good.
    pub text_good: Color32,
    /// Text about something to mind.
    pub text_warning: Color32,
    /// The ring round whatever has the keyboard, painted outside of it.
    pub focus: Color32,
    /// Over the room while a question waits.
    pub scrim: Color32,
}

/// Panels in a room.
pub const DARK: Palette = Palette {
    backdrop: Color32::from_rgb(0x1a, 0x1c, 0x1f),
    surface: Color32::from_rgb(0x23, 0x26, 0x2a),
    raised: Color32::from_rgb(0x2e, 0x31, 0x36),
    hovered: Color32::from_rgb(0x3b, 0x3f, 0x46),
    pressed: Color32::from_rgb(0x47, 0x4c, 0x54),
    field: Color32::from_rgb(0x1a, 0x1c, 0x1f),
    line: Color32::from_rgb(0x8b, 0x8f, 0x96),
    text: Color32::from_rgb(0xf2, 0xee, 0xe7),
    text_muted: Color32::from_rgb(0xbd, 0xb7, 0xad),
    accent: Color32::from_rgb(0x4a, 0x6a, 0x58),
    accent_hovered: Color32::from_rgb(0x55, 0x77, 0x63),
    danger: Color32::from_rgb(0xa5, 0x48, 0x2f),
    danger_hovered: Color32::from_rgb(0xb0, 0x51, 0x2f),
    on_accent: Color32::WHITE,
    text_danger: Color32::from_rgb(0xf0, 0xa4, 0x8c),
    text_good: Color32::from_rgb(0xa5, 0xcd, 0xb2),
    text_warning: Color32::from_rgb(0xe8, 0xc2, 0x7a),
    focus: Color32::from_rgb(0xbf, 0xd6, 0xe6),
    scrim: Color32::from_black_alpha(150),
};

/// Panels at home.
pub const LIGHT: Palette = Palette {
    backdrop: Color32::from_rgb(0xec, 0xe7, 0xdf),
    surface: Color32::from_rgb(0xf7, 0xf4, 0xee),
    raised: Color32::from_rgb(0xe6, 0xdf, 0xd4),
    hovered: Color32::from_rgb(0xda, 0xd2, 0xc5),
    pressed: Color32::from_rgb(0xcd, 0xc4, 0xb5),
    field: Color32::WHITE,
    line: Color32::from_rgb(0x7d, 0x76, 0x6b),
    text: Color32::from_rgb(0x2e, 0x31, 0x36),
    text_muted: Color32::from_rgb(0x57, 0x53, 0x4c),
    accent: Color32::from_rgb(0x4a, 0x6a, 0x58),
    accent_hovered: Color32::from_rgb(0x3f, 0x5c, 0x4c),
    danger: Color32::from_rgb(0xa5, 0x48, 0x2f),
    danger_hovered: Color32::from_rgb(0x8f, 0x3c, 0x26),
    on_accent: Color32::WHITE,
    text_danger: Color32::from_rgb(0x8f, 0x3c, 0x26),
    text_good: Color32::from_rgb(0x34, 0x50, 0x41),
    text_warning: Color32::from_rgb(0x6b, 0x4a, 0x10),
    focus: Color32::from_rgb(0x1d, 0x5c, 0x85),
    scrim: Color32::from_black_alpha(110),
};

impl Palette {
    /// The palette that a `Ui` is drawn with.
    pub fn of(ui: &egui::Ui) -> &'static Self {
        if ui.visuals().dark_mode { &DARK } else { &LIGHT }
    }

    /// Every text colour with every ground that it is drawn on.
    #[cfg(test)]
    fn text_on_grounds(&self) -> Vec<(Color32, Color32)> {
        let grounds = [self.backdrop, self.surface, self.raised, self.hovered, self.field];
        let texts = [self.text, self.text_muted, self.text_danger, self.text_good, self.text_warning];
        let fills = [self.accent, self.accent_hovered, self.danger, self.danger_hovered];
        let on_grounds = texts.into_iter().flat_map(|text| grounds.map(|ground| (text, ground)));
        let on_fills = fills.map(|fill| (self.on_accent, fill));
        on_grounds.chain(on_fills).chain([(self.text, self.pressed)]).collect()
    }
}

/// WCAG 2.2 contrast ratio of two opaque colours, 1 to 21.
pub fn contrast(one: Color32, other: Color32) -> f32 {
    let (one, other) = (relative_luminance(one), relative_luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn relative_luminance(color: Color32) -> f32 {
    let linear = egui::Rgba::from(color);
    0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast(Color32::WHITE, Color32::BLACK) - 21.0).abs() < 0.01);
        assert!((contrast(Color32::from_rgb(0x77, 0x77, 0x77), Color32::WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn text_reads_on_every_ground() {
        for (name, palette) in [("dark", DARK), ("light", LIGHT)] {
            for (text, ground) in palette.text_on_grounds() {
                let ratio = contrast(text, ground);
                assert!(ratio >= 4.5, "{name}: {text:?} on {ground:?} has {ratio:.2}");
            }
        }
    }

    #[test]
    fn rings_and_edges_stand_out() {
        for palette in [DARK, LIGHT] {
            for ground in [palette.backdrop, palette.surface, palette.raised] {
                assert!(contrast(palette.focus, ground) >= 4.5);
                assert!(contrast(palette.line, ground) >= 3.0);
            }
        }
    }
}
