//! Which font draws which character.

use crate::characters::{is_shared_punctuation, is_wide};
use cosmic_text::{FontSystem, Weight};
use fontdb::{Database, FaceInfo, Stretch, Style};
use std::collections::HashMap;
use std::sync::Arc;

/// Families for Latin, the best first.
const SANS_SERIF: [&str; 17] = [
    "Inter",
    "Noto Sans",
    "Source Sans 3",
    "Open Sans",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Roboto",
    "Cantarell",
    "Ubuntu",
    "Ubuntu Sans",
    "Liberation Sans",
    "Arimo",
    "Arial",
    "DejaVu Sans",
    "FreeSans",
    "Ubuntu Light",
];
/// Families that have all of Simplified Chinese, the best first.
const CHINESE: [&str; 16] = [
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
/// Have pictures instead of outlines: nothing that a mesh or a file of paths could show.
const ONLY_PICTURES: [&str; 4] = ["Noto Color Emoji", "Apple Color Emoji", "Twemoji", "JoyPixels"];
/// Drawn where no font has a character, the best first.
const BOXES: [char; 4] = ['\u{25a1}', '\u{fffd}', '\u{25a0}', '?'];
/// Answers that are kept; then all are asked for again.
const ANSWERS: usize = 65_536;

/// A place in the order in which fonts are asked.
pub(crate) type Rank = u16;

/// The fonts in the order in which they are asked for a character.
pub(crate) struct Faces {
    order: Vec<Face>,
    answers: HashMap<char, Option<Rank>>,
}

struct Face {
    id: fontdb::ID,
    family: Arc<str>,
}

/// Makes the best font for Latin the one that "sans-serif" means.
pub fn prefer_sans_serif(fonts: &mut Database) {
    let has = |family: &&&str| fonts.faces().any(|face| has_family(face, family));
    if let Some(family) = SANS_SERIF.iter().find(has) {
        fonts.set_sans_serif_family(*family);
    }
}

impl Faces {
    pub(crate) fn new(fonts: &Database) -> Self {
        let mut ranked: Vec<_> = fonts.faces().filter(|face| !is_only_pictures(face)).collect();
        ranked.sort_by_cached_key(|face| (is_unusual(face), rank(face), family(face).to_owned()));
        ranked.truncate(usize::from(Rank::MAX));
        let order = ranked.into_iter().map(|face| Face { id: face.id, family: family(face).into() }).collect();
        Self { order, answers: HashMap::new() }
    }

    /// The first font for Latin.
    pub(crate) fn first(&self) -> Rank {
        0
    }

    /// The family of a font.
    pub(crate) fn family(&self, rank: Rank) -> Arc<str> {
        self.order.get(usize::from(rank)).map_or_else(|| "sans-serif".into(), |face| Arc::clone(&face.family))
    }

    /// Whether any font can be read at all.
    pub(crate) fn is_any_readable(&self, fonts: &mut FontSystem) -> bool {
        self.order.iter().any(|face| fonts.get_font(face.id, Weight::NORMAL).is_some())
    }

    /// The first font that has `character`, which stands between its neighbours.
    pub(crate) fn of(
        &mut self,
        fonts: &mut FontSystem,
        character: char,
        before: Option<char>,
        after: Option<char>,
    ) -> Option<Rank> {
        let is_among_wide = || [before, after].into_iter().flatten().any(is_wide);
        if is_shared_punctuation(character)
            && is_among_wide()
            && let Some(wide) = self.has(fonts, '中')
            && self.does_have(fonts, wide, character)
        {
            return Some(wide);
        }
        self.has(fonts, character)
    }

    /// What to draw for a character that no font has.
    pub(crate) fn a_box(&mut self, fonts: &mut FontSystem) -> (char, Rank) {
        let found = BOXES.into_iter().find_map(|drawn| Some((drawn, self.has(fonts, drawn)?)));
        found.unwrap_or(('?', self.first()))
    }

    fn has(&mut self, fonts: &mut FontSystem, character: char) -> Option<Rank> {
        if let Some(answer) = self.answers.get(&character) {
            return *answer;
        }
        let ranks = 0..self.order.len() as Rank;
        let answer = ranks.into_iter().find(|rank| self.does_have(fonts, *rank, character));
        if self.answers.len() >= ANSWERS {
            self.answers.clear();
        }
        self.answers.insert(character, answer);
        answer
    }

    fn does_have(&self, fonts: &mut FontSystem, rank: Rank, character: char) -> bool {
        let Some(face) = self.order.get(usize::from(rank)) else { return false };
        let font = fonts.get_font(face.id, Weight::NORMAL);
        font.is_some_and(|font| font.as_swash().charmap().map(character) != 0)
    }
}

fn family(face: &FaceInfo) -> &str {
    face.families.first().map_or("", |(name, _)| name)
}

fn has_family(face: &FaceInfo, family: &str) -> bool {
    face.families.iter().any(|(name, _)| name == family)
}

fn is_only_pictures(face: &FaceInfo) -> bool {
    ONLY_PICTURES.iter().any(|family| has_family(face, family))
}

/// Of a kind that is wanted only where no other has a character.
fn is_unusual(face: &FaceInfo) -> (bool, u16) {
    (face.style != Style::Normal || face.stretch != Stretch::Normal, face.weight.0.abs_diff(Weight::NORMAL.0))
}

/// Less is better.
fn rank(face: &FaceInfo) -> usize {
    let place = |families: &[&str]| families.iter().position(|family| has_family(face, family));
    let name = family(face);
    let kinds = [
        (name.starts_with("Noto Sans") && !face.monospaced, 200),
        (name.contains("Serif") || name.contains("Ming") || name.contains("Song"), 400),
        (face.monospaced, 410),
        (name.contains("Emoji"), 420),
    ];
    let kind = || kinds.iter().find(|(is_it, _)| *is_it).map_or(300, |(_, rank)| *rank);
    place(&SANS_SERIF).or_else(|| place(&CHINESE).map(|place| 100 + place)).unwrap_or_else(kind)
}
