//! Questions before something of others is taken away.

use super::BoardIntent;
use super::pages;
use crate::dialogs::{Answer, ask};
use crate::widgets::Kind;
use crate::{Icon, Intent, Key, RoomView, View};
use atrium_board::PageId;
use atrium_easel::Action;
use atrium_protocol::PersonId;
use egui::Ui;

/// Take a page away?
pub(crate) fn remove_page(ui: &Ui, view: &View<'_>, room: &RoomView<'_>, page: PageId) -> Vec<Intent> {
    let words = view.words;
    let name = room.board.map(|board| pages::name(view, &board, page)).unwrap_or_default();
    let title = words.say_with(Key("board-remove-page-title"), &[("name", name.into())]);
    let answer = Answer {
        text: words.say(Key("board-remove-page-yes")),
        icon: Icon::Trash,
        kind: Kind::Danger,
        intent: BoardIntent::from(Action::RemovePage(page)).into(),
    };
    ask(ui, view, &title, &words.say(Key("board-remove-page-about")), answer, |_, _| {})
}

/// Take away everything that somebody drew?
pub(crate) fn remove_by(ui: &Ui, view: &View<'_>, room: &RoomView<'_>, person: PersonId) -> Vec<Intent> {
    let words = view.words;
    let author = room.board.and_then(|board| board.authors.iter().find(|author| author.person == person));
    let name = author.and_then(|author| author.name.clone()).unwrap_or_else(|| words.say(Key("board-author-gone")));
    let count = author.map_or(0, |author| author.count);
    let title = words.say_with(Key("board-remove-by-title"), &[("name", name.as_str().into())]);
    let about = words.say_with(Key("board-remove-by-about"), &[("count", count.into())]);
    let answer = Answer {
        text: words.say(Key("board-remove-by-yes")),
        icon: Icon::Trash,
        kind: Kind::Danger,
        intent: BoardIntent::from(Action::ClearPerson(person)).into(),
    };
    ask(ui, view, &title, &about, answer, |_, _| {})
}
