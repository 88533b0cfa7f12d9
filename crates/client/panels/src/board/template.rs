//! Templates in the user's language.

use crate::{Key, Words};
use atrium_board::{Template, TemplateWords};

/// What a template is called.
pub(super) fn name(template: Template) -> Key {
    match template {
        Template::Grid => Key("template-grid"),
        Template::Kanban => Key("template-kanban"),
        Template::Retrospective => Key("template-retrospective"),
        Template::TwoByTwo => Key("template-two-by-two"),
    }
}

/// The titles that templates write on the board.
pub(super) fn words(words: &Words) -> TemplateWords {
    let say = |keys: [Key; 3]| keys.map(|key| words.say(key));
    TemplateWords {
        kanban: say([Key("kanban-to-do"), Key("kanban-doing"), Key("kanban-done")]),
        retrospective: say([Key("retrospective-good"), Key("retrospective-bad"), Key("retrospective-do")]),
        two_by_two: [Key("two-by-two-left"), Key("two-by-two-right"), Key("two-by-two-bottom"), Key("two-by-two-top")]
            .map(|key| words.say(key)),
    }
}
