//! A small app round the panels: it draws them and does what they ask, as the real one does.

use crate::test_board::TestBoard;
use atrium_panels::{
    Approach, EndKind, EndedView, Intent, Invite, Language, LoadingView, LobbyView, Look, Machine, Meeting, PanelState,
    Pointer, RecentRoom, RoomView, Screen, Settings, SoundView, Surface, Tone, View, WayIn, Wish, Words, draw, fonts,
    theme,
};
use atrium_protocol::{
    AvatarBytes, ChatMessage, ChatText, ControlDown, DisplayName, Grants, Micros, ParticipantId, PersonId, PersonInfo,
    Placement, PoseEpoch, Presence, Role, RoomId, RoomInfo, Welcome,
};
use egui_kittest::Harness;
use std::collections::BTreeSet;
use std::sync::OnceLock;

pub(crate) const ME: ParticipantId = ParticipantId(1);
static CHINESE_FONT: OnceLock<Option<fonts::ChineseFont>> = OnceLock::new();
/// 2026-03-05 14:30 UTC.
const NOW_MS: u64 = 1_772_721_000_000;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Home,
    Loading,
    OnTheWay(Approach),
    Lobby,
    Room,
    Ended(EndKind),
}

pub(crate) struct App {
    pub(crate) place: Place,
    pub(crate) settings: Settings,
    pub(crate) words: Words,
    pub(crate) state: PanelState,
    pub(crate) machine: Machine,
    pub(crate) meeting: Meeting,
    pub(crate) invite: Option<Invite>,
    pub(crate) is_host: bool,
    pub(crate) lost_secs: Option<u32>,
    pub(crate) speaking: BTreeSet<ParticipantId>,
    pub(crate) sound: SoundView,
    pub(crate) board: Option<TestBoard>,
    pub(crate) wishes: Vec<Wish>,
    pub(crate) intents: Vec<Intent>,
    has_fonts: bool,
}

impl App {
    pub(crate) fn new(place: Place) -> Self {
        let settings = Settings { language: Some(Language::English), reduced_motion: true, ..Settings::default() };
        Self {
            place,
            words: Words::new(Language::English),
            settings,
            state: PanelState::default(),
            machine: machine(),
            meeting: Meeting::default(),
            invite: None,
            is_host: false,
            lost_secs: None,
            speaking: BTreeSet::new(),
            sound: SoundView::default(),
            board: None,
            wishes: Vec::new(),
            intents: Vec::new(),
            has_fonts: false,
        }
    }

    /// In a room with that role, with nobody else.
    pub(crate) fn in_room(role: Role) -> Self {
        let mut app = Self::new(Place::Room);
        app.settings.name = "Me".to_owned();
        app.hear(ControlDown::Welcome(Box::new(welcome(role))));
        app.hear(ControlDown::Roster { people: vec![person(1, "Me", role)], complete: true });
        app
    }

    /// In a room where that went on.
    pub(crate) fn in_room_with(meeting: Meeting) -> Self {
        Self { meeting, ..Self::new(Place::Room) }
    }

    /// In a room as its owner, with people, chat, visitors and notices: as full as panels get.
    pub(crate) fn in_full_room() -> Self {
        let mut app = Self::in_room(Role::Owner);
        let names = ["Ada Lovelace", "李小龙", "Grace Brewster Murray Hopper, Rear Admiral of the Navy, retired"];
        for (number, name) in (2..).zip(names) {
            let mut someone = person(number, name, [Role::Guest, Role::Member, Role::Moderator][number as usize - 2]);
            someone.hand_raised_at_ms = (number < 4).then_some(u64::from(number));
            someone.muted = number == 3;
            app.hear(ControlDown::Joined { person: Box::new(someone) });
        }
        app.speaking.insert(ParticipantId(4));
        for (sequence, text) in [(1, "Good morning!"), (2, "早上好，我们开始吧。"), (3, &*"wordwithoutend".repeat(40))]
        {
            app.hear(said(sequence, u32::try_from(sequence).unwrap_or(0) + 1, text));
        }
        for number in [40, 41] {
            let name = DisplayName::new(format!("Visitor {number} with a rather long name")).unwrap();
            app.hear(ControlDown::Knock { id: ParticipantId(number), person: PersonId([number as u8; 32]), name });
        }
        app.invite = Some(invite());
        app.state.toasts.show("Ada Lovelace raised a hand".to_owned(), Tone::Plain, 0.0);
        app
    }

    pub(crate) fn speaking_in(mut self, language: Language) -> Self {
        self.settings.language = Some(language);
        self
    }

    pub(crate) fn hear(&mut self, word: ControlDown) {
        self.meeting.apply(&word);
    }

    fn screen(&self) -> Screen<'_> {
        match self.place {
            Place::Home => Screen::Home,
            Place::Loading => Screen::Loading(LoadingView::Place { name: "boardroom", progress: 0.3 }),
            Place::OnTheWay(ref approach) => Screen::Loading(LoadingView::OnTheWay(approach)),
            Place::Lobby => Screen::Lobby(LobbyView { sentence: "you are in the lobby", waited_secs: 12 }),
            Place::Ended(kind) => {
                Screen::Ended(EndedView { kind, detail: "a moderator removed you: too loud", was_host: self.is_host })
            }
            Place::Room => Screen::Room(RoomView {
                meeting: &self.meeting,
                speaking: &self.speaking,
                invite: self.invite.as_ref(),
                is_host: self.is_host,
                lost_secs: self.lost_secs,
                now_ms: NOW_MS,
                board: self.board.as_ref().map(TestBoard::view),
            }),
        }
    }

    /// One frame.
    pub(crate) fn frame(&mut self, ui: &mut egui::Ui) {
        if !self.has_fonts {
            self.has_fonts = true;
            let chinese = CHINESE_FONT.get_or_init(|| fonts::ChineseFont::find().ok());
            self.machine.lacks_chinese_font = chinese.is_none();
            ui.ctx().set_fonts(fonts::definitions(chinese.as_ref()));
        }
        if self.words.language() != self.settings.language() {
            self.words = Words::new(self.settings.language());
        }
        let is_dark = theme::is_dark(self.settings.theme, self.place == Place::Room, None);
        theme::apply(ui.ctx(), is_dark, self.settings.reduced_motion, 100);
        self.state.follow(&self.meeting);
        let view = View {
            surface: Surface::of(ui, Pointer::Mouse),
            words: &self.words,
            settings: &self.settings,
            state: &self.state,
            machine: &self.machine,
            sound: self.sound,
            now_secs: 1.0,
            screen: self.screen(),
        };
        let intents = draw(ui, &view);
        for intent in intents {
            self.intents.push(intent.clone());
            let wish = self.state.take(intent, &mut self.settings, &self.meeting);
            if let (Some(Wish::Board(intent)), Some(board)) = (&wish, &mut self.board) {
                board.take(intent);
            }
            self.wishes.extend(wish);
        }
    }

    /// A window of that many pixels with panels at that size.
    pub(crate) fn shown(self, (width, height): (f32, f32), scale_percent: u16) -> Harness<'static, Self> {
        let scale = f32::from(scale_percent) / 100.0;
        let builder = Harness::builder().with_size(egui::vec2(width, height) / scale).with_pixels_per_point(scale);
        let mut harness = builder.build_ui_state(|ui, app: &mut Self| app.frame(ui), self);
        harness.run_steps(4);
        harness
    }

    /// A usual window.
    pub(crate) fn in_window(self) -> Harness<'static, Self> {
        self.shown((1280.0, 720.0), 100)
    }
}

fn machine() -> Machine {
    let look = |color: [u8; 3]| Look { color, avatar: color.to_vec() };
    Machine {
        microphones: vec!["Built-in microphone".to_owned(), "A headset with an extraordinarily long name".to_owned()],
        speakers: vec!["Loudspeakers".to_owned()],
        looks: [[0xc4, 0x69, 0x4b], [0x5e, 0x7a, 0x68], [0x4a, 0x6f, 0x94], [0xd9, 0xa4, 0x41]].map(look).to_vec(),
        ..Machine::default()
    }
}

pub(crate) fn invite() -> Invite {
    let link = format!("https://192.168.1.20:7443/r/boardroom#t={}&fp={}", "x".repeat(300), "y".repeat(64));
    Invite { link, role: Some(Role::Guest), expires_at_ms: Some(NOW_MS + 86_400_000) }
}

pub(crate) fn recent(name: &str) -> RecentRoom {
    RecentRoom { name: name.to_owned(), way: WayIn::Host(name.to_owned()) }
}

pub(crate) fn person(number: u32, name: &str, role: Role) -> PersonInfo {
    PersonInfo {
        id: ParticipantId(number),
        person: PersonId([u8::try_from(number % 256).unwrap_or(0); 32]),
        name: DisplayName::new(name).unwrap(),
        role,
        grants: Grants::for_role(role),
        muted: false,
        muted_by_moderator: false,
        hand_raised_at_ms: None,
        presenting: false,
        seat: None,
        zone: None,
        presence: Presence::Here,
        avatar: AvatarBytes::default(),
    }
}

pub(crate) fn said(sequence: u64, author: u32, text: &str) -> ControlDown {
    let author = person(author, "Ada Lovelace", Role::Guest);
    ControlDown::Chat {
        message: ChatMessage {
            sequence,
            at_ms: NOW_MS - 86_400_000 * 2 + sequence * 43_200_000,
            author: author.person,
            name: author.name,
            nonce: sequence,
            text: ChatText::truncated(text),
        },
    }
}

fn welcome(role: Role) -> Welcome {
    Welcome {
        you: ME,
        room: RoomId::parse("boardroom").unwrap(),
        info: RoomInfo { locked: false, lobby: true, place: "boardroom".to_owned(), capacity: 50 },
        role,
        grants: Grants::for_role(role),
        placement: Placement { epoch: PoseEpoch::default(), position: [0.0; 3], yaw: 0.0, seat: None },
        server_us: Micros(0),
        tick_hz: 30,
        files: Vec::new(),
    }
}
