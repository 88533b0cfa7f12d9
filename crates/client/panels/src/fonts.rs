//! Letters: egui's own, and the system's for Chinese.

use egui::{FontData, FontDefinitions, FontFamily};
use fontdb::{Database, FaceInfo, Source, Style, Weight};
use std::sync::Arc;

/// Families that have all of Simplified Chinese, the best first.
const CHINESE_FAMILIES: [&str; 16] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "Sarasa UI SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "SimHei",
    "SimSun",
    "Droid Sans Fallback",
];

/// A font of the system for Chinese: a file and which face of it.
#[derive(Clone)]
pub struct ChineseFont {
    family: &'static str,
    data: Arc<FontData>,
}

impl std::fmt::Debug for ChineseFont {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChineseFont").field("family", &self.family).field("face", &self.data.index).finish()
    }
}

/// No font for Chinese: its characters are shown as boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no Chinese font is installed: install \"Noto Sans CJK\" (Debian and Ubuntu: apt install fonts-noto-cjk)")]
pub struct NoChineseFont;

impl ChineseFont {
    /// Looks through the system's fonts. Reads files: call it off the frame.
    ///
    /// # Errors
    /// [`NoChineseFont`] when none is there or readable.
    pub fn find() -> Result<Self, NoChineseFont> {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        CHINESE_FAMILIES.into_iter().find_map(|family| load(&fonts, family)).ok_or(NoChineseFont)
    }

    /// The family's name.
    pub fn family(&self) -> &'static str {
        self.family
    }
}

fn load(fonts: &Database, family: &'static str) -> Option<ChineseFont> {
    let is_upright = |face: &&FaceInfo| face.style == Style::Normal;
    let has_name = |face: &&FaceInfo| face.families.iter().any(|(name, _)| name.eq_ignore_ascii_case(family));
    let faces = fonts.faces().filter(has_name).filter(is_upright);
    let face = faces.min_by_key(|face| face.weight.0.abs_diff(Weight::NORMAL.0))?;
    let bytes = match &face.source {
        Source::File(path) | Source::SharedFile(path, _) => std::fs::read(path).ok()?,
        Source::Binary(bytes) => bytes.as_ref().as_ref().to_vec(),
    };
    // egui copies owned letters, some 20 MB, whenever it lays out its letters anew, in the middle of a frame. A process
    // looks for them once and keeps them until it ends.
    let data = FontData { index: face.index, ..FontData::from_static(bytes.leak()) };
    Some(ChineseFont { family, data: Arc::new(data) })
}

/// Our letters: egui's, then those for Chinese, then egui's signs.
pub fn definitions(chinese: Option<&ChineseFont>) -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    if let Some(chinese) = chinese {
        fonts.font_data.insert(chinese.family.to_owned(), Arc::clone(&chinese.data));
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            // Before the fonts of signs: theirs are no punctuation to read.
            let order = fonts.families.entry(family).or_default();
            order.insert(order.len().min(1), chinese.family.to_owned());
        }
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_comes_after_the_usual_letters() {
        let data = Arc::new(FontData { index: 2, ..FontData::from_owned(Vec::new()) });
        let fonts = definitions(Some(&ChineseFont { family: "Noto Sans CJK SC", data }));
        let order = &fonts.families[&FontFamily::Proportional];
        assert_eq!(order[1], "Noto Sans CJK SC");
        assert_eq!(fonts.font_data["Noto Sans CJK SC"].index, 2);
        assert!(definitions(None).families[&FontFamily::Proportional].len() < order.len());
    }

    #[test]
    fn a_found_font_draws_chinese() {
        // Without such a font on this machine there is a sentence that says what to install.
        match ChineseFont::find() {
            Err(missing) => assert!(missing.to_string().contains("fonts-noto-cjk")),
            Ok(font) => {
                let ctx = egui::Context::default();
                ctx.set_fonts(definitions(Some(&font)));
                ctx.run_ui(egui::RawInput::default(), |_| {}).drop_without_applying_deltas();
                let id = crate::theme::Type::Body.font();
                assert!(ctx.fonts_mut(|fonts| fonts.has_glyphs(&id, "会议室")), "{font:?}");
            }
        }
    }
}
