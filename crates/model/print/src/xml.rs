//! Text and numbers as XML takes them.

/// Adds `text` so that it is nothing but text, between tags and in attributes. Characters that XML cannot have are left
/// out.
pub(crate) fn push_text(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // In attributes they would become spaces.
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(character))),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character.is_control() => {}
            _ => out.push(character),
        }
    }
}

/// ` name="value"`.
pub(crate) fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_text(out, value);
    out.push('"');
}

/// ` name="number"`.
pub(crate) fn push_number_attribute(out: &mut String, name: &str, number: f32) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_number(out, number, DECIMALS);
    out.push('"');
}

/// For lengths in millimetres, where nothing asks for more.
pub(crate) const DECIMALS: u32 = 3;

/// Adds a number with at most so many decimals and no more characters than it needs.
pub(crate) fn push_number(out: &mut String, number: f32, decimals: u32) {
    push_fixed(out, in_steps(number, decimals), decimals);
}

/// A number in steps of `10^-decimals`.
pub(crate) fn in_steps(number: f32, decimals: u32) -> i64 {
    (f64::from(number) * 10f64.powi(decimals as i32)).round() as i64
}

/// Adds `steps` of `10^-decimals`.
pub(crate) fn push_fixed(out: &mut String, steps: i64, decimals: u32) {
    let one = 10u64.pow(decimals);
    let (whole, mut rest) = (steps.unsigned_abs() / one, steps.unsigned_abs() % one);
    if steps < 0 {
        out.push('-');
    }
    if whole != 0 || rest == 0 {
        out.push_str(&whole.to_string());
    }
    if rest == 0 {
        return;
    }
    out.push('.');
    let mut digit = one / 10;
    while rest > 0 {
        out.push(char::from(b'0' + (rest / digit) as u8));
        rest %= digit;
        digit /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_right() {
        let text = |number, decimals| {
            let mut out = String::new();
            push_number(&mut out, number, decimals);
            out
        };
        assert_eq!(text(0.0, 3), "0");
        assert_eq!(text(-0.0001, 3), "0");
        assert_eq!(text(1.5, 3), "1.5");
        assert_eq!(text(-0.25, 2), "-.25");
        assert_eq!(text(100.0, 1), "100");
        assert_eq!(text(-12.04, 2), "-12.04");
        assert_eq!(text(1e6, 3), "1000000");
        assert_eq!(text(f32::NAN, 3), "0");
    }

    #[test]
    fn hostile_text_is_only_text() {
        let mut out = String::new();
        push_text(&mut out, "<script>]]>&\"'\u{0}\u{1b}\u{ffff}\n会");
        assert_eq!(out, "&lt;script&gt;]]&gt;&amp;&quot;&#39;&#10;会");
    }
}
