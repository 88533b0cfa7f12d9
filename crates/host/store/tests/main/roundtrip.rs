//! Whatever a room stores, it finds again.

use crate::common::{invite, lab, operation, person, store_with_room};
use atrium_protocol::{BoardId, ChatMessage, ChatText, DisplayName, Micros, PersonId, ReasonText, Role, limits};
use atrium_room::{BoardEntry, Record, SavedRoom, SavedSettings};
use atrium_store::Store;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::sync_channel;

/// What the store should know, kept in memory.
#[derive(Clone, Default)]
struct Model {
    saved: SavedRoom,
    boards: BTreeMap<BoardId, Vec<BoardEntry>>,
    chat: Vec<ChatMessage>,
    chat_nonces: BTreeSet<(PersonId, u64)>,
    board_nonces: BTreeSet<(BoardId, PersonId, u64)>,
    audit: Vec<&'static str>,
}

impl Model {
    /// False when the record must be refused.
    fn apply(&mut self, record: &Record) -> bool {
        let saved = &mut self.saved;
        match record.clone() {
            Record::PersonSeen { person, .. } => drop(saved.known_people.insert(person)),
            Record::RoleGiven { person, role } => drop(saved.roles.insert(person, role)),
            Record::ParticipantIssued { next } => saved.next_participant = saved.next_participant.max(next),
            Record::InviteSpent { invite, person, .. } => {
                saved.spent_invites.entry(invite).or_default().insert(person);
            }
            Record::Banned { person, invite, reason, .. } => {
                saved.bans.insert(person, reason);
                saved.tainted_invites.extend(invite);
            }
            Record::Unbanned { person, .. } => drop(saved.bans.remove(&person)),
            Record::SettingsChanged { settings } => saved.settings = settings,
            Record::Audit { event, .. } => self.audit.push(event),
            Record::ChatSaid(message) => return self.apply_chat(message),
            Record::BoardAppended { board, sequence, author, nonce, operation, at } => {
                return self.apply_board(board, BoardEntry { sequence, author, nonce, operation, at });
            }
        }
        true
    }

    fn apply_chat(&mut self, message: ChatMessage) -> bool {
        let is_new = self.chat_nonces.insert((message.author, message.nonce));
        let is_next = message.sequence == self.chat.len() as u64 + 1;
        let last = self.saved.chat_nonces.entry(message.author).or_default();
        *last = (*last).max(message.nonce);
        self.saved.last_chat_sequence = message.sequence;
        self.chat.push(message);
        let first = self.chat.len().saturating_sub(limits::CHAT_REPLAY);
        self.saved.chat = self.chat[first..].to_vec();
        is_new && is_next
    }

    fn apply_board(&mut self, board: BoardId, entry: BoardEntry) -> bool {
        let log = self.boards.entry(board).or_default();
        let is_new = self.board_nonces.insert((board, entry.author, entry.nonce));
        let is_next = entry.sequence == log.len() as u64 + 1;
        let last = self.saved.board_nonces.entry((board, entry.author)).or_default();
        *last = (*last).max(entry.nonce);
        self.saved.board_sequences.insert(board, entry.sequence);
        log.push(entry);
        is_new && is_next
    }

    fn next_on(&self, board: BoardId) -> u64 {
        self.boards.get(&board).map_or(0, |log| log.len() as u64) + 1
    }
}

/// A record, but for the sequence number: that follows from what came before, give or take `slip`.
#[derive(Clone, Debug)]
enum Step {
    Plain(Record),
    Chat { author: PersonId, nonce: u64, text: String, slip: i64 },
    Board { board: BoardId, author: PersonId, nonce: u64, bytes: Vec<u8>, slip: i64 },
}

impl Step {
    fn record(&self, model: &Model) -> Record {
        match self.clone() {
            Self::Plain(record) => record,
            Self::Chat { author, nonce, text, slip } => {
                let sequence = (model.chat.len() as u64 + 1).saturating_add_signed(slip);
                let (name, text) = (DisplayName::new("Grace").unwrap(), ChatText::new(text).unwrap());
                Record::ChatSaid(ChatMessage { sequence, at_ms: 7, author, name, nonce, text })
            }
            Self::Board { board, author, nonce, bytes, slip } => Record::BoardAppended {
                board,
                sequence: model.next_on(board).saturating_add_signed(slip),
                author,
                nonce,
                operation: operation(&bytes),
                at: Micros(9),
            },
        }
    }
}

fn people() -> impl Strategy<Value = PersonId> {
    (0..4_u8).prop_map(person)
}

fn nonces() -> impl Strategy<Value = u64> {
    prop_oneof![8 => any::<u64>(), 1 => 0..6_u64, 1 => Just(u64::MAX)]
}

fn slips() -> impl Strategy<Value = i64> {
    prop_oneof![30 => Just(0), 1 => Just(-1), 1 => Just(1), 1 => Just(i64::MAX)]
}

fn roles() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![Role::Guest, Role::Member, Role::Moderator, Role::Owner])
}

fn steps() -> impl Strategy<Value = Step> {
    let times = any::<u32>().prop_map(|at| Micros(at.into()));
    let plain = prop_oneof![
        (people(), "\\PC{1,20}", times).prop_map(|(person, name, at)| Record::PersonSeen { person, name, at }),
        (people(), roles()).prop_map(|(person, role)| Record::RoleGiven { person, role }),
        any::<u32>().prop_map(|next| Record::ParticipantIssued { next }),
        (0..3_u8, people()).prop_map(|(number, person)| Record::InviteSpent {
            invite: invite(number),
            person,
            at: Micros(3)
        }),
        (people(), people(), prop::option::of(0..3_u8), "\\PC{0,30}").prop_map(|(person, by, number, reason)| {
            let reason = ReasonText::new(reason).unwrap();
            Record::Banned { person, by, invite: number.map(invite), reason, at: Micros(4) }
        }),
        (people(), people()).prop_map(|(person, by)| Record::Unbanned { person, by, at: Micros(4) }),
        any::<(bool, bool)>()
            .prop_map(|(locked, lobby)| Record::SettingsChanged { settings: SavedSettings { locked, lobby } }),
        prop::sample::select(vec!["join", "kick", "ban"]).prop_map(|event| Record::Audit {
            at: Micros(5),
            event,
            actor: None,
            subject: Some(person(2)),
            detail: String::new(),
        }),
    ];
    let boards = (0..3_u16).prop_map(BoardId);
    prop_oneof![
        3 => plain.prop_map(Step::Plain),
        2 => (people(), nonces(), "\\PC{0,40}", slips())
            .prop_map(|(author, nonce, text, slip)| Step::Chat { author, nonce, text, slip }),
        3 => (boards, people(), nonces(), prop::collection::vec(any::<u8>(), 0..3_000), slips())
            .prop_map(|(board, author, nonce, bytes, slip)| Step::Board { board, author, nonce, bytes, slip }),
    ]
}

fn check(store: &Store, model: &Model) -> Result<(), TestCaseError> {
    prop_assert_eq!(&store.load_room(&lab()).unwrap(), &model.saved);
    for (board, log) in &model.boards {
        prop_assert_eq!(&store.load_board(&lab(), *board, 0, u64::MAX, u32::MAX).unwrap(), log);
        let some = store.load_board(&lab(), *board, 1, log.len() as u64 - 1, 3).unwrap();
        let wanted: Vec<_> = log.iter().take(log.len() - 1).skip(1).take(3).cloned().collect();
        prop_assert_eq!(some, wanted);
    }
    let events: Vec<String> = store.audit(&lab(), u32::MAX).unwrap().into_iter().map(|line| line.event).collect();
    prop_assert_eq!(events, model.audit.clone());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_room_is_loaded_as_it_was_stored(
        jobs in prop::collection::vec(prop::collection::vec(steps(), 0..6), 0..40),
    ) {
        let (dir, store) = store_with_room();
        let mut model = Model::default();
        model.saved.next_participant = 1;
        let (answers, results) = sync_channel(jobs.len().max(1));
        let mut expected = Vec::new();
        for steps in &jobs {
            let mut changed = model.clone();
            let mut is_accepted = true;
            let mut records = Vec::new();
            for step in steps {
                let record = step.record(&changed);
                is_accepted &= changed.apply(&record);
                records.push(record);
            }
            let answers = answers.clone();
            store.persist(&lab(), records, Box::new(move |result| answers.send(result.is_ok()).unwrap())).unwrap();
            expected.push(is_accepted);
            if is_accepted {
                model = changed;
            }
        }
        let got: Vec<bool> = results.iter().take(jobs.len()).collect();
        prop_assert_eq!(got, expected);
        check(&store, &model)?;
        drop(store);
        check(&Store::open(dir.path()).unwrap(), &model)?;
    }
}
