use serde::{Deserialize, Serialize};

/// A language of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    SimplifiedChinese,
}

impl Language {
    /// Every language there is.
    pub const ALL: [Self; 2] = [Self::English, Self::SimplifiedChinese];

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::SimplifiedChinese => "zh-CN",
        }
    }

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::SimplifiedChinese => "简体中文",
        }
    }

    /// The language for a locale as systems write it (`zh_CN.UTF-8`, `en-GB`); English for those that we do not speak.
    pub fn for_locale(locale: &str) -> Self {
        let is_chinese = locale.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("zh"));
        if is_chinese { Self::SimplifiedChinese } else { Self::English }
    }

    /// The language of the system, from its environment.
    pub fn of_system() -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        let locale = named.into_iter().find(|locale| !locale.is_empty());
        locale.map_or(Self::English, |locale| Self::for_locale(&locale))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn locales_of_systems_are_understood() {
        for chinese in ["zh_CN.UTF-8", "zh", "ZH-hans-CN", "zh_TW"] {
            assert_eq!(Language::for_locale(chinese), Language::SimplifiedChinese, "{chinese}");
        }
        for other in ["en_GB.UTF-8", "C", "", "de", "é"] {
            assert_eq!(Language::for_locale(other), Language::English, "{other}");
        }
    }
}
