use crate::rights::keeps_order;
use crate::{
    BoardIntent, BoardPanels, HomeIntent, Intent, Meeting, MeetingIntent, PanelIntent, Question, RoomChoice,
    ScreenIntent, Settings,
};
use crate::{SoundNews, SoundTroubles, Tab, Toasts, WayIn, Wish, Words};
use atrium_protocol::{ControlUp, ModerateAction, ParticipantId, ReactionText, ReasonText};

/// Most characters of a chat message.
pub const CHAT_CHARS: usize = 1_000;
/// Most characters of a reason.
pub(crate) const REASON_CHARS: usize = 120;
/// Most characters of a pasted link.
const LINK_CHARS: usize = 4_096;

/// What panels remember between frames.
#[derive(Clone, Debug, Default)]
pub struct PanelState {
    /// The place to host.
    pub room_choice: RoomChoice,
    /// What stands in the link field.
    pub link: String,
    /// Whether the home screen shows the settings.
    pub shows_home_settings: bool,
    /// The open tab of the side panel.
    pub tab: Option<Tab>,
    /// What stands in the chat's field.
    pub chat_draft: String,
    /// The last message that was on the screen when the chat closed.
    pub chat_read_up_to: Option<u64>,
    /// Whose actions are shown.
    pub person: Option<ParticipantId>,
    /// The question that waits for an answer.
    pub question: Option<Question>,
    /// Whether the reactions are shown.
    pub shows_reactions: bool,
    /// Whether what the bar has no room for is shown.
    pub shows_more: bool,
    /// Whether the controls are shown.
    pub shows_help: bool,
    /// Whether those at a board; `None`: as it fits to where one is.
    pub help_at_board: Option<bool>,
    /// Whether one gave the room away in this meeting, and so may take it back.
    pub has_given_away: bool,
    /// Whether something that one did at a board has not reached the server: it would be lost.
    pub has_unsaved: bool,
    /// What the panels of a board remember.
    pub board: BoardPanels,
    /// What is wrong with the sound now.
    pub sound: SoundTroubles,
    /// Notices and reactions that pass.
    pub toasts: Toasts,
}

impl PanelState {
    /// Forgets what belonged to a meeting.
    pub fn leave_meeting(&mut self) {
        let (link, mut sound) = (std::mem::take(&mut self.link), std::mem::take(&mut self.sound));
        sound.leave_meeting();
        *self = Self { room_choice: self.room_choice, link, sound, ..Self::default() };
    }

    /// Follows the meeting: what is about somebody goes when they go. Call it once a frame in a room.
    pub fn follow(&mut self, meeting: &Meeting) {
        let is_gone = |id: ParticipantId| meeting.person(id).is_none();
        if self.person.is_some_and(is_gone) {
            self.person = None;
        }
        if let Some(Question::Remove { target, .. } | Question::TransferHost(target)) = self.question
            && is_gone(target)
        {
            self.question = None;
        }
        self.sound.follow(meeting);
        if self.chat_read_up_to.is_none() && meeting.is_complete() {
            self.chat_read_up_to = Some(last_sequence(meeting));
        }
    }

    /// Takes what the sound engine says: what is wrong stays until it is over, and becomes a notice.
    pub fn take_sound(&mut self, news: &SoundNews, meeting: &Meeting, words: &Words, now_secs: f64) {
        self.sound.take(news, meeting);
        self.toasts.tell_sound(news, meeting, words, now_secs);
    }

    /// Whether somebody who leaves should think twice.
    pub fn asks_before_leaving(&self, meeting: &Meeting) -> bool {
        self.has_unsaved || meeting.others().next().is_some()
    }

    /// Whether a panel covers the room and takes all keys.
    pub fn is_modal(&self) -> bool {
        self.question.is_some() || self.shows_help
    }

    /// Takes what a person asked for: panels and settings change at once, what is left is a wish for the app.
    pub fn take(&mut self, intent: Intent, settings: &mut Settings, meeting: &Meeting) -> Option<Wish> {
        match intent {
            Intent::Home(intent) => self.take_home(intent, settings),
            Intent::Meeting(intent) => self.take_meeting(intent, meeting),
            Intent::Board(intent) => Some(self.take_board(intent)),
            Intent::Panel(intent) => {
                self.take_panel(intent, meeting);
                None
            }
            Intent::Settings(change) => {
                settings.apply(change);
                Some(Wish::SettingsChanged)
            }
            Intent::Screen(ScreenIntent::Cancel | ScreenIntent::Home) => Some(Wish::Home),
            Intent::Screen(ScreenIntent::TryAgain) => Some(Wish::TryAgain),
            Intent::TestVoice(is_testing) => Some(Wish::TestVoice(is_testing)),
            Intent::Copy(text) => Some(Wish::Copy(text)),
        }
    }

    fn take_home(&mut self, intent: HomeIntent, settings: &mut Settings) -> Option<Wish> {
        match intent {
            HomeIntent::Choose(choice) => self.room_choice = choice,
            HomeIntent::LinkTyped(link) => self.link = link.trim().chars().take(LINK_CHARS).collect(),
            HomeIntent::Host => return Some(Wish::Enter(WayIn::Host(self.room_choice.room().to_owned()))),
            HomeIntent::Join => {
                return (!self.link.is_empty()).then(|| Wish::Enter(WayIn::Link(self.link.clone())));
            }
            HomeIntent::Recent(index) => {
                return settings.recent.get(index).map(|room| Wish::Enter(room.way.clone()));
            }
            HomeIntent::Forget(index) => {
                settings.recent.forget(index);
                return Some(Wish::SettingsChanged);
            }
            HomeIntent::ToggleSettings => self.shows_home_settings = !self.shows_home_settings,
        }
        None
    }

    fn take_meeting(&mut self, intent: MeetingIntent, meeting: &Meeting) -> Option<Wish> {
        let word = match intent {
            MeetingIntent::SetMuted(muted) => ControlUp::SetMuted { muted },
            MeetingIntent::RaiseHand(up) => ControlUp::RaiseHand { up },
            MeetingIntent::React(reaction) => {
                self.shows_reactions = false;
                ControlUp::React { reaction: ReactionText::truncated(reaction.emoji()) }
            }
            MeetingIntent::Say => {
                let text = std::mem::take(&mut self.chat_draft);
                let text = text.trim();
                return (!text.is_empty()).then(|| Wish::Say(text.to_owned()));
            }
            MeetingIntent::Moderate { target, action } => {
                self.has_given_away |= action == ModerateAction::TransferHost;
                self.question = None;
                ControlUp::Moderate { target, action }
            }
            MeetingIntent::MuteAll => ControlUp::MuteAll,
            MeetingIntent::SetLocked(locked) => ControlUp::SetLocked { locked },
            MeetingIntent::SetLobby(enabled) => ControlUp::SetLobby { enabled },
            MeetingIntent::RecallHost => {
                self.has_given_away = false;
                ControlUp::RecallHost
            }
            MeetingIntent::Invite => return Some(Wish::Invite),
            MeetingIntent::Leave { is_sure } => {
                if !is_sure && self.asks_before_leaving(meeting) {
                    self.question = Some(Question::Leave);
                    return None;
                }
                self.question = None;
                return Some(Wish::Leave);
            }
        };
        Some(Wish::Control(word))
    }

    fn take_board(&mut self, intent: BoardIntent) -> Wish {
        self.board.follow(&intent);
        if matches!(self.question, Some(Question::RemovePage(_) | Question::RemoveBy(_))) {
            self.question = None;
        }
        Wish::Board(intent)
    }

    fn take_panel(&mut self, intent: PanelIntent, meeting: &Meeting) {
        match intent {
            PanelIntent::Toggle(tab) if self.tab == Some(tab) => self.show(None, meeting),
            PanelIntent::Toggle(tab) | PanelIntent::Open(tab) => self.show(Some(tab), meeting),
            PanelIntent::CloseSide => self.show(None, meeting),
            PanelIntent::ChatTyped(text) => self.chat_draft = text.chars().take(CHAT_CHARS).collect(),
            PanelIntent::Person(person) => self.person = person,
            PanelIntent::Ask(question) => self.question = Some(question),
            PanelIntent::ReasonTyped(text) => {
                if let Some(Question::Remove { reason, .. }) = &mut self.question {
                    *reason = text.chars().take(REASON_CHARS).collect();
                }
            }
            PanelIntent::Dismiss => self.question = None,
            PanelIntent::ToggleReactions => {
                self.shows_reactions = !self.shows_reactions;
                self.shows_more = false;
            }
            PanelIntent::ToggleMore => {
                self.shows_more = !self.shows_more;
                self.shows_reactions = false;
            }
            PanelIntent::ToggleHelp => (self.shows_help, self.help_at_board) = (!self.shows_help, None),
            PanelIntent::HelpAtBoard(is_board) => self.help_at_board = Some(is_board),
            PanelIntent::DismissToast(id) => self.toasts.dismiss(id),
            PanelIntent::Board(intent) => self.board.take(intent),
        }
    }

    fn show(&mut self, tab: Option<Tab>, meeting: &Meeting) {
        if self.tab == Some(Tab::Chat) && tab != Some(Tab::Chat) {
            self.chat_read_up_to = Some(last_sequence(meeting));
        }
        (self.tab, self.shows_more, self.shows_reactions) = (tab, false, false);
    }
}

/// The action that answers a question about removing somebody.
pub(crate) fn removal(is_ban: bool, reason: &str) -> ModerateAction {
    let reason = ReasonText::truncated(reason.trim());
    if is_ban { ModerateAction::Ban { reason } } else { ModerateAction::Remove { reason } }
}

/// Whether the door and everyone's microphones are one's business.
pub(crate) fn may_keep_order(meeting: &Meeting) -> bool {
    keeps_order(meeting.my_role())
}

fn last_sequence(meeting: &Meeting) -> u64 {
    meeting.chat().last().map_or(0, |message| message.sequence)
}
