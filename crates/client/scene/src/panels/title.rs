//! The window's title, which task bars and window switchers show.

use crate::frame::Frame;
use crate::room::{CurrentPlace, RoomShown};
use crate::screen::AppScreen;
use bevy::prelude::*;
use bevy::window::PrimaryWindow;

const APP: &str = "Atrium";

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        name_the_place
            .in_set(Frame::Present)
            .run_if(state_changed::<AppScreen>.or_else(resource_changed_or_removed::<RoomShown>)),
    );
}

fn name_the_place(
    screen: Res<State<AppScreen>>,
    place: Option<Res<CurrentPlace>>,
    shown: Option<Res<RoomShown>>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
) {
    let place = place.filter(|_| **screen == AppScreen::InRoom && shown.is_some());
    let title = place.map_or(APP.to_owned(), |place| format!("{} – {APP}", place.layout().title));
    for mut window in &mut windows {
        window.title.clone_from(&title);
    }
}
