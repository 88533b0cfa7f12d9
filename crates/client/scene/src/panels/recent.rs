//! Rooms that one was in, to come back to.

use crate::panels::show::UserSettings;
use crate::receive::TheMeeting;
use crate::screen::AppScreen;
use crate::visit::LastEntrance;
use crate::wire::Entrance;
use atrium_panels::{RecentRoom, WayIn};
use bevy::prelude::*;

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(OnEnter(AppScreen::InRoom), remember);
}

fn remember(last: Res<LastEntrance>, meeting: Res<TheMeeting>, mut settings: ResMut<UserSettings>) {
    let Some(entrance) = &**last else { return };
    let (way, spelled) = match entrance {
        Entrance::Host { room, .. } => (WayIn::Host(room.clone()), room.clone()),
        Entrance::Join { link, .. } => (WayIn::Link(link.clone()), host_of(link).to_owned()),
    };
    let name = match (meeting.room(), &way) {
        (Some(room), WayIn::Link(_)) => format!("{room} · {spelled}"),
        (Some(room), WayIn::Host(_)) => room.to_string(),
        (None, _) => spelled,
    };
    settings.recent.remember(RecentRoom { name, way });
}

/// The part of a link that names the machine.
fn host_of(link: &str) -> &str {
    let after_scheme = link.split_once("://").map_or(link, |(_, rest)| rest);
    after_scheme.split(['/', ':']).next().unwrap_or(after_scheme)
}
