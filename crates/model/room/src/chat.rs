use crate::append_log::{AppendLog, Draft, Offer};
use crate::control::TOO_MUCH;
use crate::ledger::Then;
use crate::{Record, Room, RoomOutput};
use atrium_protocol::{
    ChatMessage, ChatText, ControlDown, DisplayName, Micros, ParticipantId, PersonId, RefusalCode, limits,
};
use std::collections::{BTreeMap, VecDeque};

const NUMBER_MUST_GROW: &str = "each message of yours needs a number above the one before";

/// What is said in a room: durable, in one order.
#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) log: AppendLog<(DisplayName, ChatText)>,
    recent: VecDeque<ChatMessage>,
}

impl Chat {
    pub(crate) fn new(saved: Vec<ChatMessage>, last_sequence: u64, nonces: BTreeMap<PersonId, u64>) -> Self {
        let surplus = saved.len().saturating_sub(limits::CHAT_REPLAY);
        Self { log: AppendLog::new(last_sequence, nonces), recent: saved.into_iter().skip(surplus).collect() }
    }

    /// The latest messages, oldest first.
    pub(crate) fn recent(&self) -> impl Iterator<Item = &ChatMessage> {
        self.recent.iter()
    }

    fn find(&self, author: PersonId, nonce: u64) -> Option<&ChatMessage> {
        self.recent.iter().find(|message| message.author == author && message.nonce == nonce)
    }

    /// Whether an author's message of that number, had it ever been stored, would be among the recent ones: their
    /// numbers grow, so it would stand behind a lower one.
    fn would_find(&self, author: PersonId, nonce: u64) -> bool {
        let has_lower = self.recent.iter().any(|message| message.author == author && message.nonce < nonce);
        has_lower || self.recent.front().is_none_or(|first| first.sequence == 1)
    }

    fn remember(&mut self, message: ChatMessage) {
        if self.recent.len() >= limits::CHAT_REPLAY {
            self.recent.pop_front();
        }
        self.recent.push_back(message);
    }
}

impl Room {
    pub(crate) fn say(&mut self, now: Micros, index: usize, nonce: u64, text: ChatText) {
        let Some(from) = self.people.at_mut(index) else { return };
        let (id, author, name) = (from.id(), from.info.person, from.info.name.clone());
        if text.as_str().trim().is_empty() {
            self.refuse_chat(id, nonce, RefusalCode::Invalid, "there is nothing to read in this message");
            return;
        }
        if !from.meters.chat.take(now, 1) {
            self.chat_over_limit(now, index, nonce);
            return;
        }
        if self.ledger.is_busy() {
            self.refuse_chat(id, nonce, RefusalCode::StorageFailed, "the server's disk is busy: try again");
            return;
        }
        let size_bytes = text.as_str().len();
        let draft = Draft { from: id, author, nonce, at: now, size_bytes, content: (name, text) };
        match self.chat.log.offer(draft) {
            Offer::Accepted | Offer::UnderWay => {}
            Offer::Old => {
                // Said before a resume, perhaps; what is no longer at hand was answered long ago.
                if let Some(message) = self.chat.find(author, nonce).cloned() {
                    self.outbox.control(id, &ControlDown::Chat { message });
                } else if self.chat.would_find(author, nonce) {
                    self.refuse_chat(id, nonce, RefusalCode::Invalid, NUMBER_MUST_GROW);
                }
            }
            Offer::OutOfOrder => self.refuse_chat(id, nonce, RefusalCode::Invalid, NUMBER_MUST_GROW),
            Offer::Full => {
                self.refuse_chat(id, nonce, RefusalCode::TooFast, "too many messages at once: try again");
            }
        }
    }

    /// A message that is dropped must be refused by its number, else its author would wait for it.
    pub(crate) fn chat_over_limit(&mut self, now: Micros, index: usize, nonce: u64) {
        if let Some((id, _)) = self.note_over_limit(now, index) {
            self.refuse_chat(id, nonce, RefusalCode::TooFast, TOO_MUCH);
        }
    }

    fn refuse_chat(&mut self, to: ParticipantId, nonce: u64, code: RefusalCode, message: &str) {
        self.outbox.refuse_numbered(to, "chat", Some(nonce), code, message);
    }

    pub(crate) fn persist_chat(&mut self) {
        if !self.chat.log.wants_disk() {
            return;
        }
        let ticket = self.ledger.promise(Then::Chat);
        let batch = self.chat.log.start_batch(ticket);
        let records = batch.into_iter().map(|numbered| Record::ChatSaid(message(numbered))).collect();
        self.outbox.push(RoomOutput::Persist { ticket, records });
    }

    pub(crate) fn chat_committed(&mut self) {
        for numbered in self.chat.log.commit() {
            let message = message(numbered);
            self.chat.remember(message.clone());
            self.broadcast(&ControlDown::Chat { message });
        }
    }

    pub(crate) fn chat_failed(&mut self) {
        for draft in self.chat.log.fail() {
            if self.people.by_id(draft.from).is_some_and(|from| from.is_live()) {
                let message = "the server could not store this message: say it again";
                self.refuse_chat(draft.from, draft.nonce, RefusalCode::StorageFailed, message);
            }
        }
    }
}

fn message((sequence, draft): (u64, Draft<(DisplayName, ChatText)>)) -> ChatMessage {
    let Draft { author, nonce, at, content: (name, text), .. } = draft;
    ChatMessage { sequence, at_ms: at.millis(), author, name, nonce, text }
}
