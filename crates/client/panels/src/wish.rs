use crate::{BoardIntent, WayIn};
use atrium_protocol::ControlUp;

/// What is left of an intent for the app to do.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a handful a second, and none of them is kept")]
pub enum Wish {
    /// Enter a room.
    Enter(WayIn),
    /// Say a word on the control lane.
    Control(ControlUp),
    /// Say something in the chat; the network numbers it.
    Say(String),
    /// Do something with the board that one works on.
    Board(BoardIntent),
    /// Make a link that lets others in.
    Invite,
    /// Leave the room.
    Leave,
    /// Show the home screen; whoever is on the way in stops.
    Home,
    /// Enter the last room once more.
    TryAgain,
    /// Let one hear oneself instead of being heard, or stop.
    TestVoice(bool),
    /// Put this on the clipboard.
    Copy(String),
    /// Keep the settings.
    SettingsChanged,
}
