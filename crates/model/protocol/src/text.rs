use crate::limits;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Over the limit of its type.
    #[error("this text has {got} bytes; at most {max} are possible")]
    TooLong {
        /// Bytes received.
        got: usize,
        /// Bytes possible.
        max: usize,
    },
    /// Nothing visible in it.
    #[error("this text is empty")]
    Empty,
}

/// A text of at most `MAX` UTF-8 bytes, free of control characters (newline and tab excepted) and of
/// the bidirectional overrides that make text lie about its order (Unicode TR36).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(try_from = "String", into = "String")]
pub struct BoundedText<const MAX: usize>(String);

impl<const MAX: usize> BoundedText<MAX> {
    /// Removes what must not be shown and checks the length before.
    ///
    /// # Errors
    /// [`TextError::TooLong`] over `MAX` bytes.
    pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        if text.len() > MAX {
            return Err(TextError::TooLong { got: text.len(), max: MAX });
        }
        if text.chars().any(is_forbidden) {
            return Ok(Self(text.chars().filter(|c| !is_forbidden(*c)).collect()));
        }
        Ok(Self(text))
    }

    /// As [`Self::new`], cut at the last whole character that fits.
    pub fn truncated(text: &str) -> Self {
        let end = (0..=MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        Self(text[..end].chars().filter(|c| !is_forbidden(*c)).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for BoundedText<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> fmt::Display for BoundedText<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> TryFrom<String> for BoundedText<MAX> {
    type Error = TextError;
    fn try_from(text: String) -> Result<Self, TextError> {
        Self::new(text)
    }
}

impl<const MAX: usize> From<BoundedText<MAX>> for String {
    fn from(text: BoundedText<MAX>) -> Self {
        text.0
    }
}

/// What a person writes in the chat.
pub type ChatText = BoundedText<{ limits::CHAT_BYTES }>;
/// An emoji.
pub type ReactionText = BoundedText<{ limits::REACTION_BYTES }>;
/// A sentence for the person concerned.
pub type ReasonText = BoundedText<{ limits::REASON_BYTES }>;

/// A person's name as others see it: one line, 1–64 characters, white space collapsed.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// Removes control characters and bidirectional overrides, collapses white space, and cuts the
    /// name at 64 characters.
    ///
    /// # Errors
    /// [`TextError::Empty`] when nothing visible is left; [`TextError::TooLong`] over 4 KiB.
    pub fn new(name: impl AsRef<str>) -> Result<Self, TextError> {
        let name = name.as_ref();
        if name.len() > limits::CHAT_BYTES {
            return Err(TextError::TooLong { got: name.len(), max: limits::CHAT_BYTES });
        }
        let spaced: String =
            name.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_forbidden(*c)).collect();
        let words: Vec<&str> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
        let mut clean = String::new();
        for c in words.join(" ").chars().take(limits::NAME_CHARS) {
            if clean.len() + c.len_utf8() > limits::NAME_BYTES {
                break;
            }
            clean.push(c);
        }
        let clean = clean.trim_end().to_owned();
        let is_visible = clean.chars().any(|c| c != ' ' && !is_invisible(c));
        if is_visible { Ok(Self(clean)) } else { Err(TextError::Empty) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DisplayName {
    type Error = TextError;
    fn try_from(name: String) -> Result<Self, TextError> {
        Self::new(name)
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

fn is_forbidden(c: char) -> bool {
    let is_control = c.is_control() && c != '\n' && c != '\t';
    let is_bidi_override = matches!(c,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_line_separator = matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    is_control || is_bidi_override || is_line_separator
}

/// Characters that take no ink of their own: Unicode's Default_Ignorable_Code_Point and the blank Braille
/// pattern. They may stand between others (emoji need them) but do not make a name alone.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}
