use crate::{Key, Language, Words};
use atrium_protocol::RefusalCode;

/// Says that the server did not do something, and why. It says so itself, in English; in other languages its code is all
/// that is understood of that.
pub(crate) fn refused(code: RefusalCode, message: &str, words: &Words) -> String {
    let reason = match reason(code) {
        Some(key) if words.language() != Language::English => words.say(key),
        _ => message.to_owned(),
    };
    words.say_with(Key("toast-refused"), &[("reason", reason.into())])
}

fn reason(code: RefusalCode) -> Option<Key> {
    Some(match code {
        RefusalCode::NotAllowed => Key("refused-not-allowed"),
        RefusalCode::NotFound => Key("refused-not-found"),
        RefusalCode::Taken => Key("refused-taken"),
        RefusalCode::TooFast => Key("refused-too-fast"),
        RefusalCode::Invalid => Key("refused-invalid"),
        RefusalCode::StorageFailed => Key("refused-storage"),
        RefusalCode::Unknown => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_what_the_server_says_and_chinese_what_it_means() {
        let (code, message) = (RefusalCode::Taken, "somebody sits there");
        assert_eq!(refused(code, message, &Words::new(Language::English)), "Not done: somebody sits there");
        let chinese = refused(code, message, &Words::new(Language::SimplifiedChinese));
        assert!(chinese.contains("别人"), "{chinese}");
        let unknown = refused(RefusalCode::Unknown, message, &Words::new(Language::SimplifiedChinese));
        assert!(unknown.contains(message), "{unknown}");
    }
}
