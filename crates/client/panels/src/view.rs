use crate::{BoardView, EndKind, Meeting, PanelState, Settings, Surface, Words};
use atrium_protocol::{ParticipantId, Role};
use std::collections::BTreeSet;

/// Everything that panels show, borrowed for one frame.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// What they are drawn on.
    pub surface: Surface,
    /// The language.
    pub words: &'a Words,
    /// The settings.
    pub settings: &'a Settings,
    /// What the panels remember: what is open, what is being typed.
    pub state: &'a PanelState,
    /// Devices, looks and other facts of this machine.
    pub machine: &'a Machine,
    /// What the microphone does now.
    pub sound: SoundView,
    /// Seconds since the app began.
    pub now_secs: f64,
    /// Which screen.
    pub screen: Screen<'a>,
}

impl View<'_> {
    /// Whether one is silent by one's own will: the room says so, or is about to.
    pub(crate) fn is_muted(&self, room: &RoomView<'_>) -> bool {
        self.sound.wants_mute || room.meeting.my_info().is_some_and(|me| me.muted)
    }
}

/// What the microphone does now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoundView {
    /// What it hears, while it is open.
    pub input: Option<InputLevel>,
    /// One hears oneself, and others hear nothing.
    pub is_testing: bool,
    /// The key of [`crate::Talk::PushToTalk`] is held.
    pub is_holding_to_talk: bool,
    /// One wants to be silent, whether or not the room knows it yet.
    pub wants_mute: bool,
}

/// What a microphone hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputLevel {
    /// RFC 6464: 0 is loudest, 127 silence.
    pub level_dbov: u8,
    /// Somebody speaks into it.
    pub is_voice: bool,
    /// It is overdriven.
    pub is_clipped: bool,
    /// Others hear it.
    pub is_sent: bool,
}

/// The screens of the app.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one, for one frame")]
pub enum Screen<'a> {
    /// Before any room.
    Home,
    /// On the way in.
    Loading(LoadingView<'a>),
    /// In the lobby.
    Lobby(LobbyView<'a>),
    /// In the room.
    Room(RoomView<'a>),
    /// After a room.
    Ended(EndedView<'a>),
}

/// Facts of this machine that panels offer a choice of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Machine {
    /// Names of microphones.
    pub microphones: Vec<String>,
    /// Names of loudspeakers and headphones.
    pub speakers: Vec<String>,
    /// Looks to choose from.
    pub looks: Vec<Look>,
    /// No font for Chinese was found.
    pub lacks_chinese_font: bool,
    /// Minutes that local time is ahead of UTC.
    pub utc_offset_minutes: i32,
    /// Whether the desktop is dark, where it says so.
    pub is_system_dark: Option<bool>,
}

/// A look to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its main colour, sRGB.
    pub color: [u8; 3],
    /// Its avatar description.
    pub avatar: Vec<u8>,
}

/// On the way in.
#[derive(Clone, Copy, Debug)]
pub enum LoadingView<'a> {
    /// To the server.
    OnTheWay(&'a Approach),
    /// The place is loaded.
    Place {
        /// What it is called.
        name: &'a str,
        /// How far, 0 to 1.
        progress: f32,
    },
}

/// How far one is on the way to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approach {
    /// It begins on this machine.
    Opening,
    /// It is asked to let one into this room.
    Knocking(String),
    /// It has answered.
    Connecting,
}

/// In the lobby.
#[derive(Clone, Copy, Debug)]
pub struct LobbyView<'a> {
    /// What is waited for, as the server says it.
    pub sentence: &'a str,
    /// Seconds waited so far.
    pub waited_secs: u32,
}

/// In the room.
#[derive(Clone, Copy, Debug)]
pub struct RoomView<'a> {
    /// The meeting.
    pub meeting: &'a Meeting,
    /// Who speaks now.
    pub speaking: &'a BTreeSet<ParticipantId>,
    /// A link that lets others in.
    pub invite: Option<&'a Invite>,
    /// Whether the room's server runs in this app: leaving ends the meeting for all.
    pub is_host: bool,
    /// Seconds since the connection was lost, if it is.
    pub lost_secs: Option<u32>,
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// The board that one works on: it is open, or one of its tools is in hand.
    pub board: Option<BoardView<'a>>,
}

/// A link that lets others in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The link.
    pub link: String,
    /// What whoever comes by it will be, if that is known.
    pub role: Option<Role>,
    /// When it ends, in milliseconds since the Unix epoch, if that is known.
    pub expires_at_ms: Option<u64>,
}

/// After a room.
#[derive(Clone, Copy, Debug)]
pub struct EndedView<'a> {
    /// How it ended.
    pub kind: EndKind,
    /// What the server or the network said about it; may be empty.
    pub detail: &'a str,
    /// Whether the room's server ran in this app.
    pub was_host: bool,
}
