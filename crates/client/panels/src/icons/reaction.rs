use super::pen::Pen;
use crate::Key;
use egui::{Color32, Painter, Rect};

const SKIN: Color32 = Color32::from_rgb(0xf2, 0xc1, 0x4e);
const INK: Color32 = Color32::from_rgb(0x3a, 0x2a, 0x1c);
const CLAY: Color32 = Color32::from_rgb(0xd4, 0x5b, 0x45);
const SKY: Color32 = Color32::from_rgb(0x7d, 0xb4, 0xd6);
const LEAF: Color32 = Color32::from_rgb(0x6f, 0xa8, 0x7f);

/// What one can show without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// 👍
    ThumbsUp,
    /// ❤
    Heart,
    /// 👏
    Clap,
    /// 😂
    Laugh,
    /// 😮
    Surprise,
    /// 🎉
    Party,
    /// 👋
    Wave,
    /// ❓
    Question,
}

impl Reaction {
    /// All of them, in the order that they are offered.
    pub const ALL: [Self; 8] =
        [Self::ThumbsUp, Self::Heart, Self::Clap, Self::Laugh, Self::Surprise, Self::Party, Self::Wave, Self::Question];

    /// How it goes over the wire.
    pub fn emoji(self) -> &'static str {
        match self {
            Self::ThumbsUp => "👍",
            Self::Heart => "❤",
            Self::Clap => "👏",
            Self::Laugh => "😂",
            Self::Surprise => "😮",
            Self::Party => "🎉",
            Self::Wave => "👋",
            Self::Question => "❓",
        }
    }

    /// The reaction that an emoji means; skin tones and variation selectors do not matter.
    pub fn from_emoji(emoji: &str) -> Option<Self> {
        let first = emoji.trim().chars().next()?;
        Self::ALL.into_iter().find(|reaction| reaction.emoji().starts_with(first))
    }

    /// The key of its name.
    pub fn name(self) -> Key {
        match self {
            Self::ThumbsUp => Key("reaction-thumbs-up"),
            Self::Heart => Key("reaction-heart"),
            Self::Clap => Key("reaction-clap"),
            Self::Laugh => Key("reaction-laugh"),
            Self::Surprise => Key("reaction-surprise"),
            Self::Party => Key("reaction-party"),
            Self::Wave => Key("reaction-wave"),
            Self::Question => Key("reaction-question"),
        }
    }

    /// Draws it into the middle of `rect`, in its own colours times `opacity`.
    pub fn paint(self, painter: &Painter, rect: Rect, opacity: f32) {
        let faded = |color: Color32| color.gamma_multiply(opacity);
        let pen = Pen::new(painter, rect, faded(SKIN));
        let ink = pen.colored(faded(INK));
        match self {
            Self::ThumbsUp => thumbs_up(&pen, &ink),
            Self::Heart => heart(&pen.colored(faded(CLAY))),
            Self::Clap => clap(&pen, &ink, &pen.colored(faded(SKY))),
            Self::Laugh => laugh(&pen, &ink, &pen.colored(faded(SKY))),
            Self::Surprise => surprise(&pen, &ink),
            Self::Party => party(&pen, &pen.colored(faded(CLAY)), &pen.colored(faded(SKY)), &pen.colored(faded(LEAF))),
            Self::Wave => wave(&pen, &ink, &pen.colored(faded(SKY))),
            Self::Question => question(&pen.colored(faded(CLAY))),
        }
    }
}

fn thumbs_up(skin: &Pen<'_>, ink: &Pen<'_>) {
    skin.filled_rect((2.5, 10.5), (6.5, 21.0), 1.5);
    skin.filled_rect((7.5, 10.5), (20.5, 21.0), 3.0);
    skin.wide(4.2).line(&[(10.5, 12.0), (13.5, 7.5), (13.5, 4.5)]);
    [13.6, 16.6, 19.0].into_iter().for_each(|y| ink.wide(0.9).line(&[(15.5, y), (19.8, y)]));
}

fn heart(clay: &Pen<'_>) {
    clay.dot((7.6, 8.8), 5.0);
    clay.dot((16.4, 8.8), 5.0);
    clay.fill(&[(3.3, 11.4), (12.0, 6.8), (20.7, 11.4), (12.0, 21.5)]);
}

/// A flat hand from the wrist up, leaning by `lean` units.
fn flat_hand(skin: &Pen<'_>, x: f32, lean: f32) {
    for (finger, height) in [(0.0, 7.0), (2.2, 5.2), (4.4, 5.0), (6.6, 6.6)] {
        skin.wide(2.1).line(&[(x + finger, 14.0), (x + finger + lean, height)]);
    }
    skin.filled_rect((x - 1.0, 12.0), (x + 7.6, 20.5), 3.2);
}

fn clap(skin: &Pen<'_>, ink: &Pen<'_>, sky: &Pen<'_>) {
    flat_hand(skin, 4.0, 2.0);
    ink.wide(0.8).arc((14.0, 15.0), 4.6, 0.4, 0.62);
    flat_hand(skin, 12.5, -2.0);
    sky.wide(1.6).line(&[(12.0, 1.0), (12.0, 3.4)]);
    sky.wide(1.6).line(&[(7.0, 1.6), (8.0, 3.4)]);
    sky.wide(1.6).line(&[(17.0, 1.6), (16.0, 3.4)]);
}

fn laugh(skin: &Pen<'_>, ink: &Pen<'_>, sky: &Pen<'_>) {
    skin.dot((12.0, 12.0), 10.0);
    ink.wide(1.6).arc((8.2, 9.8), 2.0, 0.55, 0.95);
    ink.wide(1.6).arc((15.8, 9.8), 2.0, 0.55, 0.95);
    ink.filled_arc((12.0, 12.6), 5.6, 0.0, 0.5);
    sky.ellipse((4.4, 13.0), (1.5, 2.2));
    sky.ellipse((19.6, 13.0), (1.5, 2.2));
}

fn surprise(skin: &Pen<'_>, ink: &Pen<'_>) {
    skin.dot((12.0, 12.0), 10.0);
    ink.dot((8.4, 9.2), 1.5);
    ink.dot((15.6, 9.2), 1.5);
    ink.ellipse((12.0, 16.2), (2.4, 3.0));
    ink.wide(1.2).arc((8.4, 7.0), 2.0, 0.6, 0.9);
    ink.wide(1.2).arc((15.6, 7.0), 2.0, 0.6, 0.9);
}

fn party(skin: &Pen<'_>, clay: &Pen<'_>, sky: &Pen<'_>, leaf: &Pen<'_>) {
    skin.fill(&[(2.5, 21.5), (7.0, 9.5), (14.5, 17.0)]);
    clay.wide(1.6).line(&[(5.4, 14.0), (10.0, 18.6)]);
    clay.wide(1.8).arc((14.0, 3.5), 4.5, 0.1, 0.42);
    sky.wide(1.8).line(&[(15.0, 12.0), (17.0, 10.0), (19.0, 11.0), (21.0, 9.0)]);
    [(18.5, 4.0), (9.5, 6.0)].into_iter().for_each(|at| sky.dot(at, 1.4));
    [(20.5, 15.5), (17.0, 19.0)].into_iter().for_each(|at| leaf.dot(at, 1.4));
    [(21.0, 6.5), (6.0, 4.0)].into_iter().for_each(|at| clay.dot(at, 1.2));
}

fn wave(skin: &Pen<'_>, ink: &Pen<'_>, sky: &Pen<'_>) {
    flat_hand(skin, 8.0, -1.6);
    skin.wide(2.4).line(&[(15.0, 16.5), (18.6, 11.8)]);
    ink.wide(0.8).arc((12.0, 17.5), 2.6, 0.55, 0.85);
    sky.wide(1.6).arc((11.0, 12.0), 9.6, 0.42, 0.54);
    sky.wide(1.6).arc((11.0, 12.0), 10.6, -0.1, 0.04);
}

fn question(clay: &Pen<'_>) {
    clay.wide(3.6).arc((12.0, 8.0), 4.6, 0.5, 1.15);
    clay.wide(3.6).line(&[(14.7, 11.7), (12.0, 14.0), (12.0, 16.0)]);
    clay.dot((12.0, 20.6), 2.1);
}

#[cfg(test)]
mod tests {
    use super::Reaction;
    use atrium_protocol::ReactionText;

    #[test]
    fn every_reaction_survives_the_wire() {
        for reaction in Reaction::ALL {
            let text = ReactionText::new(reaction.emoji()).unwrap();
            assert_eq!(Reaction::from_emoji(text.as_str()), Some(reaction));
        }
        assert_eq!(Reaction::from_emoji("👍🏽"), Some(Reaction::ThumbsUp));
        assert_eq!(Reaction::from_emoji("❤\u{fe0f}"), Some(Reaction::Heart));
        assert_eq!(Reaction::from_emoji("🦀"), None);
        assert_eq!(Reaction::from_emoji(""), None);
    }
}
