use crate::palette::{HAIR_COLORS, SHOE_COLORS, SKIN_TONES, SrgbColor, TOP_COLORS, TROUSER_COLORS};
use atrium_protocol::{AvatarBytes, PersonId, decode_message, encode_message, limits};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Hair styles that the parts have, numbered from 1.
pub const HAIR_STYLES: u8 = 8;

/// How far a body may differ from [`crate::PROPORTIONS`].
const SCALES: RangeInclusive<f32> = 0.9..=1.1;

/// How a person looks. Colours are places in the palettes, so that many people share few materials.
///
/// On the wire it is MessagePack with named fields. Fields that are missing take the person's default look, fields
/// that are unknown are ignored, numbers out of range go to the nearest end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Appearance {
    /// Place in [`SKIN_TONES`].
    pub skin: u8,
    /// 1 to [`HAIR_STYLES`].
    pub hair_style: u8,
    /// Place in [`HAIR_COLORS`].
    pub hair: u8,
    /// Place in [`TOP_COLORS`].
    pub top: u8,
    /// Place in [`TROUSER_COLORS`].
    pub trousers: u8,
    /// Place in [`SHOE_COLORS`].
    pub shoes: u8,
    /// Breadth of the body, 0.9 to 1.1.
    pub build: f32,
    /// Height of the body, 0.9 to 1.1.
    pub height: f32,
}

/// What may stand in the bytes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Described {
    skin: Option<u8>,
    hair_style: Option<u8>,
    hair: Option<u8>,
    top: Option<u8>,
    trousers: Option<u8>,
    shoes: Option<u8>,
    build: Option<f32>,
    height: Option<f32>,
}

impl Appearance {
    /// The look of somebody who chose none: always the same for a person, and different from most others'.
    pub fn of_person(person: &PersonId) -> Self {
        let byte = |index: usize| person.0.get(index).copied().unwrap_or(0);
        let place = |index: usize, count: usize| (usize::from(byte(index)) * count / 256) as u8;
        let scale = |index: usize| 0.96 + 0.08 * f32::from(byte(index)) / 255.0;
        Self {
            skin: place(0, SKIN_TONES.len()),
            hair_style: 1 + place(1, usize::from(HAIR_STYLES)),
            // Silver hair is for those who ask for it.
            hair: place(2, HAIR_COLORS.len() - 1),
            top: place(3, TOP_COLORS.len()),
            trousers: place(4, TROUSER_COLORS.len()),
            shoes: place(5, SHOE_COLORS.len()),
            build: scale(6),
            height: scale(7),
        }
    }

    /// What `bytes` describe; what they leave open, or all of it where they are no description, is the person's
    /// default look.
    pub fn read(bytes: &[u8], person: &PersonId) -> Self {
        let given: Described = decode_message(bytes, limits::AVATAR_BYTES).unwrap_or_default();
        let usual = Self::of_person(person);
        Self {
            skin: given.skin.unwrap_or(usual.skin),
            hair_style: given.hair_style.unwrap_or(usual.hair_style),
            hair: given.hair.unwrap_or(usual.hair),
            top: given.top.unwrap_or(usual.top),
            trousers: given.trousers.unwrap_or(usual.trousers),
            shoes: given.shoes.unwrap_or(usual.shoes),
            build: given.build.filter(|build| build.is_finite()).unwrap_or(usual.build),
            height: given.height.filter(|height| height.is_finite()).unwrap_or(usual.height),
        }
        .clamped()
    }

    /// The description as others get it.
    pub fn to_bytes(&self) -> AvatarBytes {
        encode_message(&self.clamped(), limits::AVATAR_BYTES)
            .ok()
            .and_then(|bytes| AvatarBytes::new(bytes).ok())
            .unwrap_or_default()
    }

    /// The colour of the skin.
    pub fn skin_color(&self) -> SrgbColor {
        pick(&SKIN_TONES, self.skin)
    }

    /// The colour of the hair.
    pub fn hair_color(&self) -> SrgbColor {
        pick(&HAIR_COLORS, self.hair)
    }

    /// The colour of the top.
    pub fn top_color(&self) -> SrgbColor {
        pick(&TOP_COLORS, self.top)
    }

    /// The colour of the trousers.
    pub fn trousers_color(&self) -> SrgbColor {
        pick(&TROUSER_COLORS, self.trousers)
    }

    /// The colour of the shoes.
    pub fn shoes_color(&self) -> SrgbColor {
        pick(&SHOE_COLORS, self.shoes)
    }

    fn clamped(mut self) -> Self {
        let last = |palette: &[SrgbColor]| (palette.len() - 1) as u8;
        self.skin = self.skin.min(last(&SKIN_TONES));
        self.hair_style = self.hair_style.clamp(1, HAIR_STYLES);
        self.hair = self.hair.min(last(&HAIR_COLORS));
        self.top = self.top.min(last(&TOP_COLORS));
        self.trousers = self.trousers.min(last(&TROUSER_COLORS));
        self.shoes = self.shoes.min(last(&SHOE_COLORS));
        self.build = clamp_scale(self.build);
        self.height = clamp_scale(self.height);
        self
    }
}

fn clamp_scale(scale: f32) -> f32 {
    if scale.is_finite() { scale.clamp(*SCALES.start(), *SCALES.end()) } else { 1.0 }
}

fn pick(palette: &[SrgbColor], place: u8) -> SrgbColor {
    palette.get(usize::from(place)).or(palette.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOMEBODY: PersonId = PersonId([77; 32]);

    fn is_possible(look: &Appearance) -> bool {
        *look == look.clamped() && SCALES.contains(&look.build) && SCALES.contains(&look.height)
    }

    #[test]
    fn nothing_and_nonsense_give_the_persons_own_look() {
        let usual = Appearance::of_person(&SOMEBODY);
        for bytes in [&b""[..], b"nonsense", &[0xc0], &[0xdf, 0xff, 0xff, 0xff, 0xff], &[0x81; 900], &[0; 5_000]] {
            assert_eq!(Appearance::read(bytes, &SOMEBODY), usual);
        }
    }

    #[test]
    fn people_look_different() {
        let looks: Vec<_> = (0..200_u32)
            .map(|n| {
                let mut hash = [0; 32];
                let mut state = u64::from(n) + 1;
                hash.iter_mut().for_each(|byte| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    *byte = (state >> 33) as u8;
                });
                Appearance::of_person(&PersonId(hash))
            })
            .collect();
        let colors = |look: &Appearance| (look.skin, look.hair_style, look.hair, look.top, look.trousers);
        let alike = looks.iter().enumerate().flat_map(|(n, look)| looks[..n].iter().map(move |other| (look, other)));
        assert!(alike.filter(|(a, b)| colors(a) == colors(b)).count() <= 2, "twins are rare");
        assert!(looks.iter().all(is_possible));
    }

    #[test]
    fn unknown_fields_are_ignored_and_missing_ones_are_the_persons() {
        #[derive(Serialize)]
        struct Newer {
            top: u8,
            hat: &'static str,
            build: f32,
        }
        let bytes = rmp_serde::to_vec_named(&Newer { top: 200, hat: "straw", build: f32::NAN }).unwrap();
        let look = Appearance::read(&bytes, &SOMEBODY);
        let usual = Appearance::of_person(&SOMEBODY);
        assert_eq!(look, Appearance { top: TOP_COLORS.len() as u8 - 1, ..usual });
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            places in proptest::array::uniform6(any::<u8>()), build in 0.5_f32..1.5, height in 0.5_f32..1.5,
        ) {
            let [skin, hair_style, hair, top, trousers, shoes] = places;
            let look = Appearance { skin, hair_style, hair, top, trousers, shoes, build, height };
            let bytes = look.to_bytes();
            prop_assert!(bytes.as_bytes().len() < 128);
            prop_assert_eq!(Appearance::read(bytes.as_bytes(), &SOMEBODY), look.clamped());
        }

        #[test]
        fn any_bytes_are_a_look(bytes in proptest::collection::vec(any::<u8>(), 0..1_100)) {
            prop_assert!(is_possible(&Appearance::read(&bytes, &SOMEBODY)));
        }
    }
}
