use crate::Language;
use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

const ENGLISH: [&str; 7] = [
    include_str!("../locales/en/board.ftl"),
    include_str!("../locales/en/common.ftl"),
    include_str!("../locales/en/home.ftl"),
    include_str!("../locales/en/room.ftl"),
    include_str!("../locales/en/screens.ftl"),
    include_str!("../locales/en/settings.ftl"),
    include_str!("../locales/en/sound.ftl"),
];
const CHINESE: [&str; 7] = [
    include_str!("../locales/zh-CN/board.ftl"),
    include_str!("../locales/zh-CN/common.ftl"),
    include_str!("../locales/zh-CN/home.ftl"),
    include_str!("../locales/zh-CN/room.ftl"),
    include_str!("../locales/zh-CN/screens.ftl"),
    include_str!("../locales/zh-CN/settings.ftl"),
    include_str!("../locales/zh-CN/sound.ftl"),
];

/// The name of a message in `locales/*/*.ftl`. Written out at every use, so that a test can compare them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub &'static str);

/// Everything that the app says, in one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of a language.
    pub fn new(language: Language) -> Self {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolating marks have no glyph here, and names are free of characters that turn text around.
        bundle.set_use_isolating(false);
        for source in sources(language) {
            // What cannot be read is left out: its keys are shown in place of their words.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(readable, _errors)| readable);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// Which language they are of.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message.
    pub fn say(&self, key: Key) -> String {
        self.say_with(key, &[])
    }

    /// A message about something: `with` are its named parts.
    pub fn say_with(&self, key: Key, with: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key.0).and_then(|message| message.value()) else {
            return key.0.to_owned();
        };
        let args: FluentArgs = with.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{}: {errors:?}", key.0);
        text
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

/// The Fluent sources of a language.
pub(crate) fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &ENGLISH,
        Language::SimplifiedChinese => &CHINESE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    /// The messages of a language, each with the names of its parts.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in sources(language).iter().flat_map(|source| source.lines()) {
            if line.starts_with(|first: char| first.is_ascii_lowercase()) {
                current = line.split([' ', '=']).next().unwrap_or_default().to_owned();
                assert!(!messages.contains_key(&current), "{current} stands twice in {}", language.tag());
                messages.insert(current.clone(), BTreeSet::new());
            }
            let names = line.split('$').skip(1);
            let names = names.map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default());
            messages.entry(current.clone()).or_default().extend(names.map(str::to_owned));
        }
        messages.remove("");
        messages
    }

    fn keys_in_code(folder: &Path, keys: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                keys_in_code(&path, keys);
            } else {
                let code = std::fs::read_to_string(&path).unwrap();
                let found = code.split("Key(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
                keys.extend(found.filter(|key| key.starts_with(|first: char| first.is_ascii_lowercase())));
            }
        }
    }

    #[test]
    fn sources_are_valid() {
        for language in Language::ALL {
            for source in sources(language) {
                let parsed = FluentResource::try_new((*source).to_owned());
                assert!(parsed.is_ok(), "{}: {:?}", language.tag(), parsed.map_err(|(_, errors)| errors).err());
            }
        }
    }

    #[test]
    fn languages_have_the_same_messages_with_the_same_parts() {
        assert_eq!(messages(Language::English), messages(Language::SimplifiedChinese));
    }

    #[test]
    fn every_key_in_the_code_has_a_message_and_every_message_is_used() {
        let mut used = BTreeSet::new();
        keys_in_code(&PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("src"), &mut used);
        let written: BTreeSet<String> = messages(Language::English).into_keys().collect();
        assert_eq!(used.difference(&written).collect::<Vec<_>>(), Vec::<&String>::new(), "keys without a message");
        assert_eq!(written.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "messages that nobody says");
    }

    #[test]
    fn numbers_choose_their_plural() {
        let people =
            |language, count: usize| Words::new(language).say_with(Key("people-in-room"), &[("count", count.into())]);
        assert_eq!(people(Language::English, 1), "1 person here");
        assert_eq!(people(Language::English, 2), "2 people here");
        assert_eq!(people(Language::SimplifiedChinese, 1), "1 人在场");
        assert_eq!(people(Language::SimplifiedChinese, 2), "2 人在场");
    }

    #[test]
    fn chinese_is_translated() {
        let (english, chinese) = (Words::new(Language::English), Words::new(Language::SimplifiedChinese));
        let mut same = Vec::new();
        for (key, parts) in messages(Language::English) {
            if parts.is_empty() {
                let key = Key(String::leak(key));
                if english.say(key) == chinese.say(key) {
                    same.push(key.0);
                }
            }
        }
        assert_eq!(same, ["app-name"], "only the app's name is the same in both");
    }
}
