use bevy::prelude::*;

/// Which screen a person sees.
#[derive(States, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AppScreen {
    /// Where one says one's name, and where to.
    #[default]
    Home,
    /// On the way in: connecting, waiting in the lobby, loading the place.
    Entering,
    /// In the room, also while the connection is lost for a moment.
    InRoom,
    /// It is over; the screen says why, and what one may do now.
    Ended,
}
