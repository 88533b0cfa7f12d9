//! What happens at boards and is worth a notice.

use crate::refused::refused as refused_by_server;
use crate::{Key, Toasts, Tone, Words};
use atrium_board::Refusal;
use atrium_easel::{Hindrance, Notice};

/// Something that happened at a board.
#[derive(Clone, Debug, PartialEq)]
pub enum BoardNews {
    /// What the easel says.
    Notice(Notice),
    /// A page is a file now.
    Exported {
        /// Where it is.
        file: String,
        /// Characters that no font has.
        missing: Vec<char>,
        /// How many pictures are not in it, because they are not here.
        missing_images: usize,
    },
    /// A page could not become a file.
    NotExported {
        /// Why.
        reason: String,
    },
    /// A picture could not be inserted.
    NoPicture {
        /// Why.
        reason: String,
    },
    /// There is no picture on the clipboard.
    NothingToInsert,
    /// Enough pictures are on their way already.
    TooManyPictures,
}

impl Toasts {
    /// Says what happened at a board, where it is worth a notice.
    pub fn tell_board(&mut self, news: &BoardNews, words: &Words, now_secs: f64) {
        if let Some((text, tone)) = sentence(news, words) {
            self.show(text, tone, now_secs);
        }
    }
}

fn sentence(news: &BoardNews, words: &Words) -> Option<(String, Tone)> {
    let warning = |text| Some((text, Tone::Warning));
    match news {
        BoardNews::Notice(notice) => of_easel(notice, words),
        BoardNews::Exported { file, missing, missing_images } => Some(exported(words, file, missing, *missing_images)),
        BoardNews::NotExported { reason } => about(words, Key("board-not-exported"), reason),
        BoardNews::NoPicture { reason } => about(words, Key("board-no-picture"), reason),
        BoardNews::NothingToInsert => warning(words.say(Key("board-nothing-to-insert"))),
        BoardNews::TooManyPictures => warning(words.say(Key("board-too-many-pictures"))),
    }
}

fn exported(words: &Words, file: &str, missing: &[char], missing_images: usize) -> (String, Tone) {
    let missing: String = missing.iter().take(12).collect();
    let saved = match missing.is_empty() {
        true => words.say_with(Key("board-exported"), &[("file", file.into())]),
        false => words
            .say_with(Key("board-exported-missing"), &[("file", file.into()), ("missing", missing.as_str().into())]),
    };
    match missing_images {
        0 if missing.is_empty() => (saved, Tone::Plain),
        0 => (saved, Tone::Warning),
        count => {
            let parts = [("saved", saved.into()), ("count", count.into())];
            (words.say_with(Key("board-exported-without-pictures"), &parts), Tone::Warning)
        }
    }
}

fn about(words: &Words, key: Key, reason: &str) -> Option<(String, Tone)> {
    Some((words.say_with(key, &[("reason", reason.into())]), Tone::Warning))
}

/// What is not stored is told by the board's bar, as long as it is so.
fn of_easel(notice: &Notice, words: &Words) -> Option<(String, Tone)> {
    let warning = |key| Some((words.say(key), Tone::Warning));
    match notice {
        Notice::Impossible(refusal) => warning(refused(refusal)),
        Notice::Refused { code, message } => Some((refused_by_server(*code, message, words), Tone::Warning)),
        Notice::Kept { .. } => None,
        Notice::Stored => Some((words.say(Key("board-stored")), Tone::Plain)),
        Notice::TooMuchWaits => warning(Key("board-too-much-waits")),
        Notice::Hindered(hindrance) => warning(hindered(*hindrance)),
        Notice::SkippedInUndo(count) => {
            Some((words.say_with(Key("board-undo-skipped"), &[("count", (*count).into())]), Tone::Plain))
        }
        Notice::TextCut => warning(Key("board-text-cut")),
        Notice::TextKept => Some((words.say(Key("board-text-kept")), Tone::Plain)),
    }
}

/// Why one may not draw.
pub(super) fn hindered(hindrance: Hindrance) -> Key {
    match hindrance {
        Hindrance::NotGranted => Key("board-not-granted"),
        Hindrance::Frozen => Key("board-frozen"),
        Hindrance::Waiting => Key("board-too-much-waits"),
    }
}

fn refused(refusal: &Refusal) -> Key {
    match refusal {
        Refusal::MissingElement | Refusal::MissingPage => Key("refusal-gone"),
        Refusal::Locked => Key("refusal-locked"),
        Refusal::Frozen => Key("board-frozen"),
        Refusal::ModeratorsOnly => Key("refusal-moderators"),
        Refusal::Full => Key("refusal-full"),
        Refusal::PagesFull => Key("refusal-pages"),
        Refusal::LastPage => Key("refusal-last-page"),
        Refusal::NotYours
        | Refusal::ElementExists
        | Refusal::StrokeFull
        | Refusal::StrokeFinished
        | Refusal::WrongKind => Key("refusal-impossible"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn told(news: BoardNews) -> Option<(String, Tone)> {
        let mut toasts = Toasts::default();
        toasts.tell_board(&news, &Words::new(Language::English), 0.0);
        toasts.notices().next().map(|toast| (toast.text.clone(), toast.tone))
    }

    #[test]
    fn what_went_otherwise_is_said_with_a_way_out() {
        let locked = told(BoardNews::Notice(Notice::Impossible(Refusal::Locked))).unwrap();
        assert_eq!(locked, ("It is locked. Unlock it first.".to_owned(), Tone::Warning));
        let skipped = told(BoardNews::Notice(Notice::SkippedInUndo(2))).unwrap();
        assert!(skipped.0.starts_with("2 changes") && skipped.1 == Tone::Plain);
    }

    #[test]
    fn what_waits_for_the_disk_is_no_passing_notice() {
        let code = atrium_protocol::RefusalCode::StorageFailed;
        assert_eq!(told(BoardNews::Notice(Notice::Kept { code })), None);
    }

    #[test]
    fn missing_letters_of_a_file_are_named() {
        let file = "board.pdf".to_owned();
        let news = BoardNews::Exported { file, missing: vec!['龘', '𪚥'], missing_images: 0 };
        assert!(told(news).unwrap().0.contains("龘𪚥"));
    }

    #[test]
    fn pictures_that_a_file_lacks_are_counted() {
        let news =
            |missing_images| BoardNews::Exported { file: "board.pdf".to_owned(), missing: vec!['龘'], missing_images };
        let (text, tone) = told(news(2)).unwrap();
        assert!(text.contains("board.pdf") && text.contains('龘') && text.contains("2 pictures"), "{text}");
        assert_eq!(tone, Tone::Warning);
        assert!(!told(news(0)).unwrap().0.contains("picture"));
    }
}
