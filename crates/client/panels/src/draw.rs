use crate::theme::Palette;
use crate::{Intent, Screen, View, dialogs, help, home, room, screens, shortcuts};
use egui::{CornerRadius, Ui};

/// Shows a view on all of `ui` and gives what was asked for, in order.
///
/// `ui` fills the surface and has nothing in it. Call [`crate::theme::apply`] on its context before.
pub fn draw(ui: &mut Ui, view: &View<'_>) -> Vec<Intent> {
    let mut intents = shortcuts::pressed(ui.ctx(), view);
    match &view.screen {
        Screen::Room(room) => {
            intents.extend(room::draw(ui, view, room));
            intents.extend(dialogs::draw(ui, view, room));
        }
        other => {
            ui.painter().rect_filled(view.surface.rect(), CornerRadius::ZERO, Palette::of(ui).backdrop);
            intents.extend(match other {
                Screen::Loading(loading) => screens::loading(ui, view, loading),
                Screen::Lobby(lobby) => screens::lobby(ui, view, lobby),
                Screen::Ended(ended) => screens::ended(ui, view, ended),
                Screen::Home | Screen::Room(_) => home::draw(ui, view),
            });
        }
    }
    intents.extend(room::toasts(ui, view));
    intents.extend(help::draw(ui, view));
    intents
}
