//! Pages: their tabs, and the menu of them.

use super::BoardView;
use crate::{Key, View};
use atrium_board::PageId;

/// What a page is called: its name, or its place among the pages.
pub(super) fn name(view: &View<'_>, board: &BoardView<'_>, page: PageId) -> String {
    let place = board.pages.iter().position(|tab| tab.id == page);
    let named = place.and_then(|place| board.pages.get(place)).map(|tab| tab.name.trim()).unwrap_or_default();
    if named.is_empty() {
        let number = place.map_or(0, |place| place + 1);
        view.words.say_with(Key("board-page-number"), &[("number", number.into())])
    } else {
        named.to_owned()
    }
}
