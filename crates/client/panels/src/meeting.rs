use atrium_protocol::{
    ChatMessage, ControlDown, DisplayName, Grants, ParticipantId, PersonId, PersonInfo, Placement, RefusalCode, Role,
    RoomId, RoomInfo, Welcome,
};
use std::collections::{BTreeMap, VecDeque};

/// Chat messages that are kept to scroll back to.
const CHAT_KEPT: usize = 1_000;
/// Visitors in the lobby that are shown at a time.
const KNOCKS_KEPT: usize = 100;

/// A meeting as its server tells it: who is here, what they may do, what was said.
///
/// It only ever repeats the server's words: nothing in it is guessed from what this person did.
#[derive(Clone, Debug, Default)]
pub struct Meeting {
    entry: Option<Entry>,
    people: BTreeMap<ParticipantId, PersonInfo>,
    is_complete: bool,
    chat: VecDeque<ChatMessage>,
    unread: usize,
    knocks: Vec<Knock>,
}

/// What the welcome says.
#[derive(Clone, Debug)]
struct Entry {
    me: ParticipantId,
    room: RoomId,
    info: RoomInfo,
    tick_hz: u16,
}

/// Somebody waits in the lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knock {
    /// Their attendance.
    pub id: ParticipantId,
    /// Who they are.
    pub person: PersonId,
    /// Their name.
    pub name: DisplayName,
}

/// What is worth showing the moment that it happens.
#[derive(Clone, Debug, PartialEq)]
pub enum MeetingEvent {
    /// One is in the room, or in it again.
    Welcomed(Placement),
    /// Somebody came in.
    Joined(ParticipantId),
    /// Somebody left; their name goes with them.
    Left(Box<PersonInfo>, atrium_protocol::LeaveReason),
    /// Somebody raised their hand.
    HandRaised(ParticipantId),
    /// Somebody else said something.
    Said(ChatMessage),
    /// Somebody shows an emoji.
    Reaction(ParticipantId, String),
    /// Somebody waits in the lobby.
    Knocked(Knock),
    /// One's own role or grants are others now.
    MyRightsChanged,
    /// One was muted by a moderator, or may speak again.
    MutedByModerator(bool),
    /// The server did not do what was asked.
    Refused {
        /// The `type` of the message that asked for it.
        what: String,
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people.
        message: String,
    },
}

impl Meeting {
    /// One's own attendance, once the welcome came.
    pub fn me(&self) -> Option<ParticipantId> {
        self.entry.as_ref().map(|entry| entry.me)
    }

    /// What everyone sees of oneself.
    pub fn my_info(&self) -> Option<&PersonInfo> {
        self.person(self.me()?)
    }

    /// One's own role; a guest's before the roster is here.
    pub fn my_role(&self) -> Role {
        self.my_info().map_or(Role::Guest, |info| info.role)
    }

    /// What one may do.
    pub fn my_grants(&self) -> Grants {
        self.my_info().map_or(Grants::for_role(Role::Guest), |info| info.grants)
    }

    /// The room.
    pub fn room(&self) -> Option<&RoomId> {
        self.entry.as_ref().map(|entry| &entry.room)
    }

    /// The room's settings.
    pub fn info(&self) -> Option<&RoomInfo> {
        self.entry.as_ref().map(|entry| &entry.info)
    }

    /// Poses a second, each way.
    pub fn tick_hz(&self) -> u16 {
        self.entry.as_ref().map_or(30, |entry| entry.tick_hz.clamp(1, 120))
    }

    /// Somebody who is here.
    pub fn person(&self, id: ParticipantId) -> Option<&PersonInfo> {
        self.people.get(&id)
    }

    /// Everyone who is here, oneself included, in the order of their coming.
    pub fn people(&self) -> impl ExactSizeIterator<Item = &PersonInfo> {
        self.people.values()
    }

    /// Everyone but oneself.
    pub fn others(&self) -> impl Iterator<Item = &PersonInfo> {
        let me = self.me();
        self.people.values().filter(move |person| Some(person.id) != me)
    }

    /// Whether the roster has come in full.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Those whose hands are up, the first to raise it first.
    pub fn hands(&self) -> Vec<&PersonInfo> {
        let mut hands: Vec<_> = self.people().filter(|person| person.hand_raised_at_ms.is_some()).collect();
        hands.sort_by_key(|person| (person.hand_raised_at_ms, person.id));
        hands
    }

    /// What was said, oldest first.
    pub fn chat(&self) -> impl ExactSizeIterator<Item = &ChatMessage> {
        self.chat.iter()
    }

    /// Messages of others since [`Self::mark_chat_read`].
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// All that was said has been seen.
    pub fn mark_chat_read(&mut self) {
        self.unread = 0;
    }

    /// Who waits in the lobby, the longest first.
    pub fn knocks(&self) -> &[Knock] {
        &self.knocks
    }

    /// Takes a word of the server.
    pub fn apply(&mut self, word: &ControlDown) -> Option<MeetingEvent> {
        match word {
            ControlDown::Welcome(welcome) => Some(self.welcome(welcome)),
            ControlDown::Roster { people, complete } => {
                self.people.extend(people.iter().map(|person| (person.id, person.clone())));
                self.is_complete |= *complete;
                None
            }
            ControlDown::ChatHistory { messages } => {
                messages.iter().for_each(|message| self.keep(message.clone()));
                None
            }
            ControlDown::Joined { person } => {
                let is_new = self.people.insert(person.id, (**person).clone()).is_none();
                (is_new && self.is_complete).then_some(MeetingEvent::Joined(person.id))
            }
            ControlDown::Left { id, reason } => {
                self.people.remove(id).map(|person| MeetingEvent::Left(Box::new(person), *reason))
            }
            ControlDown::Changed { id, change } => self.change(*id, change),
            ControlDown::Chat { message } => self.said(message),
            ControlDown::Reaction { from, reaction } => {
                Some(MeetingEvent::Reaction(*from, reaction.as_str().to_owned()))
            }
            ControlDown::Room { info } => {
                if let Some(entry) = &mut self.entry {
                    entry.info = info.clone();
                }
                None
            }
            ControlDown::Knock { id, person, name } => {
                self.knock(Knock { id: *id, person: *person, name: name.clone() })
            }
            ControlDown::KnockEnded { id } => {
                self.knocks.retain(|knock| knock.id != *id);
                None
            }
            ControlDown::Refused { what, code, message, .. } => {
                let message = message.as_str().to_owned();
                Some(MeetingEvent::Refused { what: what.clone(), code: *code, message })
            }
            _ => None,
        }
    }

    fn welcome(&mut self, welcome: &Welcome) -> MeetingEvent {
        let Welcome { you, room, info, tick_hz, .. } = welcome;
        self.entry = Some(Entry { me: *you, room: room.clone(), info: info.clone(), tick_hz: *tick_hz });
        // The roster, the lobby and the chat come anew after every welcome.
        self.people.clear();
        self.knocks.clear();
        self.is_complete = false;
        MeetingEvent::Welcomed(welcome.placement)
    }

    fn change(&mut self, id: ParticipantId, change: &atrium_protocol::PersonChange) -> Option<MeetingEvent> {
        let me = self.me();
        let person = self.people.get_mut(&id)?;
        let before = (person.role, person.grants, person.muted_by_moderator, person.hand_raised_at_ms);
        change.apply_to(person);
        let is_me = me == Some(id);
        if is_me && person.muted_by_moderator != before.2 {
            return Some(MeetingEvent::MutedByModerator(person.muted_by_moderator));
        }
        if is_me && (person.role, person.grants) != (before.0, before.1) {
            return Some(MeetingEvent::MyRightsChanged);
        }
        let is_raised = before.3.is_none() && person.hand_raised_at_ms.is_some();
        is_raised.then_some(MeetingEvent::HandRaised(id))
    }

    fn said(&mut self, message: &ChatMessage) -> Option<MeetingEvent> {
        let is_new = self.chat.back().is_none_or(|last| last.sequence < message.sequence);
        let is_mine = self.my_info().is_some_and(|me| me.person == message.author);
        self.keep(message.clone());
        if !is_new || is_mine {
            return None;
        }
        self.unread += 1;
        Some(MeetingEvent::Said(message.clone()))
    }

    fn keep(&mut self, message: ChatMessage) {
        // After a resume the history overlaps what is here.
        if let Err(place) = self.chat.binary_search_by_key(&message.sequence, |kept| kept.sequence) {
            self.chat.insert(place, message);
        }
        while self.chat.len() > CHAT_KEPT {
            self.chat.pop_front();
        }
    }

    fn knock(&mut self, knock: Knock) -> Option<MeetingEvent> {
        self.knocks.retain(|waiting| waiting.id != knock.id);
        if self.knocks.len() >= KNOCKS_KEPT {
            return None;
        }
        self.knocks.push(knock.clone());
        Some(MeetingEvent::Knocked(knock))
    }
}
