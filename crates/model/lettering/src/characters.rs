//! What matters here about characters, apart from any font.

/// Shown as nothing by itself: joiners, selectors and marks. They go with the character before.
pub(crate) fn goes_with_the_one_before(character: char) -> bool {
    matches!(u32::from(character),
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05bd | 0x0610..=0x061a | 0x064b..=0x065f | 0x1ab0..=0x1aff
        | 0x1dc0..=0x1dff | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 | 0x20d0..=0x20ff | 0x302a..=0x302f
        | 0x3099..=0x309a | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0xfeff | 0x1f3fb..=0x1f3ff | 0xe0000..=0xe01ef)
}

/// Of those that need no ink of any font: a font without them draws nothing wrong.
pub(crate) fn needs_no_font(character: char) -> bool {
    character.is_whitespace()
        || matches!(u32::from(character),
            0x00ad | 0x034f | 0x061c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
            | 0x202a..=0x202e | 0x2060..=0x206f | 0x2800 | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xe0000..=0xe0fff)
}

/// Of Chinese and Japanese: as wide as high.
pub(crate) fn is_wide(character: char) -> bool {
    matches!(u32::from(character),
        0x2e80..=0x303f | 0x3041..=0x33ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0xfe30..=0xfe4f
        | 0xff01..=0xff60 | 0x20000..=0x3ffff)
}

/// Punctuation that Latin and Chinese share by number but not by shape: it looks as what stands beside it.
pub(crate) fn is_shared_punctuation(character: char) -> bool {
    matches!(character, '‘' | '’' | '“' | '”' | '—' | '…' | '·')
}

/// Starts a new line, whatever the system it comes from.
pub(crate) fn ends_a_line(character: char) -> bool {
    matches!(character, '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
