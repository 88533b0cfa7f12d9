use crate::{BoardIntent, BoardPanelIntent, Reaction, SettingsIntent};
use atrium_board::PageId;
use atrium_protocol::{ModerateAction, ParticipantId, PersonId};

/// What a person asks of the app through a panel.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a handful a second, and none of them is kept")]
pub enum Intent {
    /// On the home screen.
    Home(HomeIntent),
    /// Of the room.
    Meeting(MeetingIntent),
    /// Of the board that one works on.
    Board(BoardIntent),
    /// Of the panels themselves.
    Panel(PanelIntent),
    /// A setting.
    Settings(SettingsIntent),
    /// Of a screen between home and room.
    Screen(ScreenIntent),
    /// Hear oneself instead of being heard, or stop.
    TestVoice(bool),
    /// Text for the clipboard.
    Copy(String),
}

/// A place that one can host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RoomChoice {
    /// Twelve seats round a table.
    #[default]
    Boardroom,
    /// A workshop with four boards.
    Studio,
    /// A stage and two hundred seats.
    Auditorium,
}

impl RoomChoice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Boardroom, Self::Studio, Self::Auditorium];

    /// Its name as links spell it.
    pub fn room(self) -> &'static str {
        match self {
            Self::Boardroom => "boardroom",
            Self::Studio => "studio",
            Self::Auditorium => "auditorium",
        }
    }
}

/// What is asked on the home screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeIntent {
    /// Which place to host.
    Choose(RoomChoice),
    /// The link field has new text.
    LinkTyped(String),
    /// Host the chosen place and enter it.
    Host,
    /// Join by the link in the field.
    Join,
    /// Go back to a recent room, by its place in the list.
    Recent(usize),
    /// Forget a recent room.
    Forget(usize),
    /// Show or hide the settings.
    ToggleSettings,
}

/// What is asked of the room.
#[derive(Clone, Debug, PartialEq)]
pub enum MeetingIntent {
    /// Mute or unmute oneself.
    SetMuted(bool),
    /// Raise or lower one's hand.
    RaiseHand(bool),
    /// Show something without a word.
    React(Reaction),
    /// Say what stands in the chat's field.
    Say,
    /// Do something to somebody.
    Moderate {
        /// To whom.
        target: ParticipantId,
        /// What.
        action: ModerateAction,
    },
    /// Mute everyone of a lower role.
    MuteAll,
    /// Lock or open the room.
    SetLocked(bool),
    /// Whether guests wait in the lobby.
    SetLobby(bool),
    /// Take back the ownership that one gave away.
    RecallHost,
    /// Make a link that lets others in.
    Invite,
    /// Leave; `is_sure` skips the question.
    Leave {
        /// The question was answered.
        is_sure: bool,
    },
}

/// A tab of the side panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Who is here, who waits, whose hands are up.
    People,
    /// What was said.
    Chat,
    /// A link for others.
    Invite,
    /// Settings.
    Settings,
}

/// A question that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Leave although others are inside?
    Leave,
    /// Remove them, for which reason?
    Remove {
        /// Whom.
        target: ParticipantId,
        /// For good.
        is_ban: bool,
        /// What they are told.
        reason: String,
    },
    /// Hand the room over to them?
    TransferHost(ParticipantId),
    /// Take a page of the board away?
    RemovePage(PageId),
    /// Take away everything that they drew on the board?
    RemoveBy(PersonId),
}

/// What is asked of the panels themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelIntent {
    /// Open a tab, or close it when it is the open one.
    Toggle(Tab),
    /// Open a tab.
    Open(Tab),
    /// Close the side panel.
    CloseSide,
    /// The chat's field has new text.
    ChatTyped(String),
    /// Show what may be done to somebody, or stop.
    Person(Option<ParticipantId>),
    /// Put a question.
    Ask(Question),
    /// The reason's field has new text.
    ReasonTyped(String),
    /// Put the question away.
    Dismiss,
    /// Show or hide the reactions.
    ToggleReactions,
    /// Show or hide what the bar has no room for.
    ToggleMore,
    /// Show or hide the controls.
    ToggleHelp,
    /// Show the controls at a board, or those in the room.
    HelpAtBoard(bool),
    /// Put a notice away.
    DismissToast(u64),
    /// Of the panels of a board.
    Board(BoardPanelIntent),
}

/// What is asked of a screen between home and room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenIntent {
    /// Stop coming in, or waiting.
    Cancel,
    /// Go home.
    Home,
    /// The same way in once more.
    TryAgain,
}

impl From<HomeIntent> for Intent {
    fn from(intent: HomeIntent) -> Self {
        Self::Home(intent)
    }
}

impl From<MeetingIntent> for Intent {
    fn from(intent: MeetingIntent) -> Self {
        Self::Meeting(intent)
    }
}

impl From<BoardIntent> for Intent {
    fn from(intent: BoardIntent) -> Self {
        Self::Board(intent)
    }
}

impl From<BoardPanelIntent> for Intent {
    fn from(intent: BoardPanelIntent) -> Self {
        Self::Panel(PanelIntent::Board(intent))
    }
}

impl From<PanelIntent> for Intent {
    fn from(intent: PanelIntent) -> Self {
        Self::Panel(intent)
    }
}

impl From<SettingsIntent> for Intent {
    fn from(intent: SettingsIntent) -> Self {
        Self::Settings(intent)
    }
}

impl From<ScreenIntent> for Intent {
    fn from(intent: ScreenIntent) -> Self {
        Self::Screen(intent)
    }
}
