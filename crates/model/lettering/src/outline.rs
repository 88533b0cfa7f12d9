use crate::memory::Memory;
use cosmic_text::{CacheKey, CacheKeyFlags, Command, FontSystem, SubpixelBin, SwashCache, Weight};
use glam::Vec2;
use std::sync::Arc;

/// Which letter's shape of which font: for whoever keeps meshes of them. Means something only to the
/// [`crate::Lettering`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GlyphKey {
    pub(crate) font: fontdb::ID,
    pub(crate) glyph: u16,
}

/// A step along an outline. Outlines are filled by the nonzero rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutlineCommand {
    /// A new contour begins here.
    Move(Vec2),
    /// Straight to here.
    Line(Vec2),
    /// A curve with one control point, then where it ends.
    Quad(Vec2, Vec2),
    /// A curve with two control points, then where it ends.
    Cubic(Vec2, Vec2, Vec2),
    /// Back to where the contour began.
    Close,
}

/// A letter's outline and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct GlyphOutline<'a> {
    /// The same for the same shape, whatever its size and place.
    pub key: GlyphKey,
    /// In heights of letters, y down, the origin on the baseline; empty for a space.
    pub commands: &'a [OutlineCommand],
    /// Where the origin lies in the text's box, in millimetres.
    pub origin: Vec2,
    /// Height of the letters.
    pub letter_mm: f32,
}

impl GlyphOutline<'_> {
    /// The outline in millimetres, at its place in the text's box.
    pub fn placed(&self) -> impl Iterator<Item = OutlineCommand> + '_ {
        let place = |point: Vec2| self.origin + point * self.letter_mm;
        self.commands.iter().map(move |command| command.map(place))
    }
}

impl OutlineCommand {
    /// With every point where `place` puts it.
    #[must_use]
    pub fn map(self, place: impl Fn(Vec2) -> Vec2) -> Self {
        match self {
            Self::Move(to) => Self::Move(place(to)),
            Self::Line(to) => Self::Line(place(to)),
            Self::Quad(control, to) => Self::Quad(place(control), place(to)),
            Self::Cubic(first, second, to) => Self::Cubic(place(first), place(second), place(to)),
            Self::Close => Self::Close,
        }
    }
}

/// Outlines that are kept: all of a board's writing, at about a kilobyte for a Chinese character.
const OUTLINES: usize = 8_192;

/// The outlines of letters, each read once.
pub(crate) struct Outlines {
    reader: SwashCache,
    known: Memory<GlyphKey, Arc<[OutlineCommand]>>,
}

impl Outlines {
    pub(crate) fn new() -> Self {
        Self { reader: SwashCache::new(), known: Memory::new(OUTLINES) }
    }

    /// Empty where the font has only a picture of the letter, or nothing.
    pub(crate) fn of(&mut self, fonts: &mut FontSystem, key: GlyphKey) -> Arc<[OutlineCommand]> {
        if let Some(outline) = self.known.get(&key) {
            return outline;
        }
        let outline = read(fonts, &mut self.reader, key).unwrap_or_default();
        self.known.put(key, Arc::clone(&outline));
        outline
    }
}

/// Outlines are read from the font at this many units an em.
const UNITS_EM: f32 = 1024.0;

fn read(fonts: &mut FontSystem, reader: &mut SwashCache, key: GlyphKey) -> Option<Arc<[OutlineCommand]>> {
    let cache_key = CacheKey {
        font_id: key.font,
        glyph_id: key.glyph,
        font_size_bits: UNITS_EM.to_bits(),
        x_bin: SubpixelBin::Zero,
        y_bin: SubpixelBin::Zero,
        font_weight: Weight::NORMAL,
        flags: CacheKeyFlags::DISABLE_HINTING,
    };
    let commands = reader.get_outline_commands_uncached(fonts, cache_key)?;
    Some(commands.iter().map(in_ems).collect())
}

/// Fonts have y up.
fn in_ems(command: &Command) -> OutlineCommand {
    macro_rules! point {
        ($point:expr) => {
            Vec2::new($point.x, -$point.y) / UNITS_EM
        };
    }
    match command {
        Command::MoveTo(to) => OutlineCommand::Move(point!(to)),
        Command::LineTo(to) => OutlineCommand::Line(point!(to)),
        Command::QuadTo(control, to) => OutlineCommand::Quad(point!(control), point!(to)),
        Command::CurveTo(first, second, to) => OutlineCommand::Cubic(point!(first), point!(second), point!(to)),
        Command::Close => OutlineCommand::Close,
    }
}
