use atrium_protocol::{BoundedText, ChatText, DisplayName, ReactionText, TextError, limits};
use proptest::prelude::*;

/// Characters that a hostile name is made of, among others.
fn hostile_text() -> impl Strategy<Value = String> {
    let hostile = proptest::sample::select(vec![
        '\0', '\u{7}', '\n', '\t', '\r', '\u{1b}', '\u{85}', '\u{200b}', '\u{200d}', '\u{200e}', '\u{202e}',
        '\u{2028}', '\u{2066}', '\u{2069}', '\u{feff}', '\u{3164}', ' ', '\u{a0}', '👩', 'ß', '世',
    ]);
    let any_char = prop_oneof![2 => hostile, 1 => any::<char>()];
    proptest::collection::vec(any_char, 0..200).prop_map(|chars| chars.into_iter().collect())
}

fn is_deceptive(c: char) -> bool {
    c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
}

#[test]
fn names_become_one_clean_line() {
    let clean = |name: &str| DisplayName::new(name).unwrap().as_str().to_owned();
    assert_eq!(clean("  Ada \t\n Lovelace  "), "Ada Lovelace");
    assert_eq!(clean("Ada\u{202e}ecalevoL"), "AdaecalevoL");
    assert_eq!(clean("A\u{0}d\u{1b}a"), "Ada");
    assert_eq!(clean("👩‍🚀"), "👩‍🚀", "joiners inside an emoji stay");
    assert_eq!(clean(&"世".repeat(100)), "世".repeat(64));
    assert_eq!(clean(&"👩".repeat(64)).len(), limits::NAME_BYTES);
}

#[test]
fn names_without_ink_are_empty() {
    for name in
        ["", " ", "\n\t", "\u{200b}", "\u{202e}\u{2069}", "\u{3164}", "\u{2800} \u{2800}", "\u{e0041}", "\u{ad}"]
    {
        assert_eq!(DisplayName::new(name), Err(TextError::Empty), "{name:?}");
    }
}

#[test]
fn a_huge_name_is_refused_unread() {
    assert_eq!(DisplayName::new("a".repeat(4_097)), Err(TextError::TooLong { got: 4_097, max: 4_096 }));
    assert!(DisplayName::new("a".repeat(4_096)).is_ok());
}

#[test]
fn chat_keeps_lines_and_drops_overrides() {
    assert_eq!(ChatText::new("a\n\tb\u{202e}c\u{7}").unwrap().as_str(), "a\n\tbc");
    assert!(ChatText::new("a".repeat(4_096)).is_ok());
    assert!(ChatText::new("a".repeat(4_097)).is_err());
    assert!(ReactionText::new("👨‍👩‍👧‍👦").is_ok(), "a family has 25 bytes");
}

#[test]
fn truncation_keeps_whole_characters() {
    assert_eq!(BoundedText::<4>::truncated("世界").as_str(), "世");
    assert_eq!(BoundedText::<0>::truncated("世界").as_str(), "");
}

proptest! {
    #[test]
    fn a_name_is_one_clean_bounded_line(text in hostile_text()) {
        if let Ok(name) = DisplayName::new(&text) {
            let name = name.as_str();
            prop_assert!((1..=limits::NAME_CHARS).contains(&name.chars().count()));
            prop_assert!(name.len() <= limits::NAME_BYTES);
            prop_assert!(!name.chars().any(is_deceptive), "{:?}", name);
            prop_assert!(!name.starts_with(' ') && !name.ends_with(' ') && !name.contains("  "), "{:?}", name);
            let again = DisplayName::new(name).unwrap();
            prop_assert_eq!(again.as_str(), name, "clean already");
        }
    }

    #[test]
    fn a_bounded_text_is_clean_and_short(text in hostile_text()) {
        let is_bad = |c: char| is_deceptive(c) && c != '\n' && c != '\t';
        match BoundedText::<100>::new(text.clone()) {
            Ok(clean) => prop_assert!(clean.as_str().len() <= 100 && !clean.as_str().chars().any(is_bad)),
            Err(error) => prop_assert_eq!(error, TextError::TooLong { got: text.len(), max: 100 }),
        }
        let cut = BoundedText::<100>::truncated(&text);
        prop_assert!(cut.as_str().len() <= 100 && !cut.as_str().chars().any(is_bad));
    }
}
