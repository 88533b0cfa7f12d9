//! Names become pictures, on a thread of their own: finding the system's fonts alone takes longer than a frame.

use bevy::prelude::*;
use cosmic_text::{
    Align, Attrs, Buffer, Color, Ellipsize, EllipsizeHeightLimit, Family, FontSystem, Metrics, Shaping, SwashCache,
    Wrap,
};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

/// Height of a capital letter in texels; everything about plates is measured in these.
pub(super) const CAP_TEXELS: f32 = 20.0;
/// Height of a picture of a name.
pub(super) const LINE_TEXELS: usize = 40;
/// Longer names end in an ellipsis.
pub(super) const NAME_TEXELS: usize = 336;
const FONT_TEXELS: f32 = 28.0;
/// Families for names, the best first; the last is that of the panels, which is always there.
const FAMILIES: [&str; 10] = [
    "Inter",
    "Noto Sans",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Cantarell",
    "Ubuntu",
    "DejaVu Sans",
    "Liberation Sans",
    "Ubuntu Light",
];
/// Names that may wait for the thread.
const WAITING: usize = 256;

/// A name as a picture: RGBA, [`LINE_TEXELS`] high, white where the letters have no colour of their own.
pub(super) struct Lettering {
    pub(super) name: String,
    pub(super) width: usize,
    pub(super) rgba: Vec<u8>,
}

/// The thread that draws names.
#[derive(Resource)]
pub(super) struct LetterThread {
    names: Sender<String>,
    pictures: Receiver<Lettering>,
}

impl LetterThread {
    pub(super) fn start() -> std::io::Result<Self> {
        let (names, wanted) = bounded::<String>(WAITING);
        let (drawn, pictures) = bounded(WAITING);
        std::thread::Builder::new().name("nameplates".into()).spawn(move || {
            let mut painter = Painter::new();
            for name in wanted {
                if drawn.send(painter.paint(name)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { names, pictures })
    }

    /// Asks for a picture; false when too many wait: ask again later.
    pub(super) fn ask(&self, name: &str) -> bool {
        !matches!(self.names.try_send(name.to_owned()), Err(TrySendError::Full(_)))
    }

    /// The next picture that is done.
    pub(super) fn next(&self) -> Option<Lettering> {
        self.pictures.try_recv().ok()
    }
}

struct Painter {
    fonts: FontSystem,
    cache: SwashCache,
}

impl Painter {
    fn new() -> Self {
        let (locale, mut database) = FontSystem::new().into_locale_and_db();
        // Where a system has no fonts, names are drawn with those that the panels have.
        for font in egui::FontDefinitions::default().font_data.into_values() {
            database.load_font_data(font.font.to_vec());
        }
        let has = |family: &&&str| database.faces().any(|face| face.families.iter().any(|(name, _)| name == **family));
        if let Some(family) = FAMILIES.iter().find(has) {
            database.set_sans_serif_family(*family);
        }
        // Characters that Chinese and Japanese share are drawn the Chinese way, unless the system is Japanese or Korean.
        let is_east_asian = ["zh", "ja", "ko"].iter().any(|language| locale.starts_with(language));
        let locale = if is_east_asian { locale } else { "zh-CN".to_owned() };
        Self { fonts: FontSystem::new_with_locale_and_db(locale, database), cache: SwashCache::new() }
    }

    fn paint(&mut self, name: String) -> Lettering {
        let mut buffer = Buffer::new(&mut self.fonts, Metrics::new(FONT_TEXELS, LINE_TEXELS as f32));
        buffer.set_wrap(&mut self.fonts, Wrap::None);
        buffer.set_ellipsize(&mut self.fonts, Ellipsize::End(EllipsizeHeightLimit::Lines(1)));
        buffer.set_size(&mut self.fonts, Some(NAME_TEXELS as f32), Some(LINE_TEXELS as f32));
        let attributes = Attrs::new().family(Family::SansSerif);
        // Left also for names that read from right to left: the plate fits the name.
        buffer.set_text(&mut self.fonts, &name, &attributes, Shaping::Advanced, Some(Align::Left));
        buffer.shape_until_scroll(&mut self.fonts, false);
        let width = buffer.layout_runs().map(|run| run.line_w).fold(0.0, f32::max).ceil() as usize;
        let width = width.clamp(1, NAME_TEXELS);
        let mut rgba = [255, 255, 255, 0].repeat(width * LINE_TEXELS);
        buffer.draw(&mut self.fonts, &mut self.cache, Color::rgb(255, 255, 255), |x, y, w, h, color| {
            for row in y..y.saturating_add(h as i32) {
                for column in x..x.saturating_add(w as i32) {
                    blend(&mut rgba, width, column, row, color);
                }
            }
        });
        self.cache.image_cache.clear();
        Lettering { name, width, rgba }
    }
}

/// Lays a texel over the picture.
fn blend(rgba: &mut [u8], width: usize, x: i32, y: i32, color: Color) {
    let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
    if x >= width || y >= LINE_TEXELS {
        return;
    }
    let Some(texel) = rgba.get_mut(4 * (y * width + x)..).and_then(|rest| rest.first_chunk_mut::<4>()) else { return };
    let (under, over) = (u32::from(texel[3]), u32::from(color.a()));
    let share = |old: u8, new: u8| match over + under {
        0 => new,
        all => ((u32::from(old) * under + u32::from(new) * over) / all) as u8,
    };
    let alpha = (over + under * (255 - over) / 255) as u8;
    *texel = [share(texel[0], color.r()), share(texel[1], color.g()), share(texel[2], color.b()), alpha];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(picture: &Lettering) -> usize {
        picture.rgba.chunks_exact(4).filter(|texel| texel[3] > 128).count()
    }

    #[test]
    fn names_of_all_kinds_become_pictures() {
        let mut painter = Painter::new();
        let short = painter.paint("Ada".to_owned());
        assert!(ink(&short) > 50 && short.width < 100 && short.rgba.len() == 4 * short.width * LINE_TEXELS);
        let long = painter.paint("Wolfeschlegelsteinhausenbergerdorff the Younger of Philadelphia".to_owned());
        assert!(long.width <= NAME_TEXELS && long.width > NAME_TEXELS - 40, "{}", long.width);
        for name in ["", " ", "\u{202e}abc", "نورة", "🦊🦊", "王小明", &"a\u{301}".repeat(60), "a\nb"] {
            let picture = painter.paint(name.to_owned());
            assert!((1..=NAME_TEXELS).contains(&picture.width), "{name}: {}", picture.width);
            assert_eq!(picture.rgba.len(), 4 * picture.width * LINE_TEXELS);
        }
    }
}
