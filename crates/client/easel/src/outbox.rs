mod claims;

use crate::pace::Pace;
use atrium_board::{ElementId, Operation};
use atrium_protocol::{OperationBytes, RefusalCode};
use claims::{Claimed, Claims};
use std::collections::{BTreeMap, VecDeque};

/// Operations that the server has not answered; the session takes 64, of all boards together.
const UNDER_WAY: usize = 48;
/// Bytes that are under way: a session that comes back sends them all at once, and the room takes 256 KiB.
const UNDER_WAY_BYTES: usize = 160 * 1024;
/// Operations and bytes that wait to be sent; more is not done.
const WAITING: usize = 2_048;
const WAITING_BYTES: usize = 8 * 1024 * 1024;
/// Pause before what could not be stored is offered again; doubles each time.
const PAUSE_SECS: f64 = 0.5;
const LONGEST_PAUSE_SECS: f64 = 8.0;

/// An operation on its way.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) nonce: u64,
    pub(crate) gesture: u64,
    pub(crate) operation: Operation,
    pub(crate) bytes: OperationBytes,
    claims: Claims,
    /// Whatever its number is: where it belongs among what was made before and after it.
    place: u64,
}

impl Entry {
    pub(crate) fn new(nonce: u64, gesture: u64, operation: Operation, bytes: OperationBytes) -> Self {
        let claims = Claims::of(&operation);
        Self { nonce, gesture, operation, bytes, claims, place: 0 }
    }

    fn size(&self) -> usize {
        self.bytes.as_bytes().len()
    }
}

/// What becomes of an operation that was refused.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It will be offered again.
    Kept {
        /// It is the first since the last success.
        is_news: bool,
    },
    /// It is to be taken back.
    TakenBack(Box<Entry>),
    /// There is none of that number.
    Unknown,
}

/// What the server has not confirmed: under way, or waiting for its turn.
///
/// What touches something that an operation under way touches waits for the answer to that. So each thing has at most
/// one operation under way, and one that is refused for a while can be offered again without anything of later having
/// overtaken it.
#[derive(Debug)]
pub(crate) struct Outbox {
    /// Oldest first.
    waiting: VecDeque<Entry>,
    waiting_bytes: usize,
    /// In the order in which they were sent.
    under_way: Vec<Entry>,
    under_way_bytes: usize,
    claimed: Claimed,
    pace: Pace,
    places: u64,
    /// What waits has numbers below those of what was sent: it needs new ones.
    is_renumbered: bool,
    not_before_secs: f64,
    pause_secs: f64,
    refused: Option<RefusalCode>,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            under_way: Vec::new(),
            under_way_bytes: 0,
            claimed: Claimed::default(),
            pace: Pace::new(),
            places: 0,
            is_renumbered: true,
            not_before_secs: f64::NEG_INFINITY,
            pause_secs: PAUSE_SECS,
            refused: None,
        }
    }

    /// Whether so much more can wait.
    pub(crate) fn has_room(&self, operations: usize, bytes: usize) -> bool {
        self.waiting.len() + operations <= WAITING && self.waiting_bytes + bytes <= WAITING_BYTES
    }

    /// Nothing waits to be sent.
    pub(crate) fn is_clear(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Operations that are not answered.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.under_way.len()
    }

    /// Why the server could not take some of it lately.
    pub(crate) fn refused(&self) -> Option<RefusalCode> {
        self.refused
    }

    /// Something about this element waits to be sent.
    pub(crate) fn waits_with(&self, id: ElementId) -> bool {
        self.waiting.iter().any(|entry| entry.claims.is_about(id))
    }

    pub(crate) fn push(&mut self, mut entry: Entry) {
        self.places += 1;
        entry.place = self.places;
        self.waiting_bytes += entry.size();
        self.waiting.push_back(entry);
    }

    /// The next one that may be sent now.
    pub(crate) fn send(&mut self, now_secs: f64) -> Option<(u64, OperationBytes)> {
        if !self.is_renumbered || now_secs < self.not_before_secs || self.under_way.len() >= UNDER_WAY {
            return None;
        }
        let entry = self.waiting.front()?;
        let size = entry.size();
        let is_too_much = self.under_way_bytes + size > UNDER_WAY_BYTES && !self.under_way.is_empty();
        if is_too_much || self.claimed.contradicts(&entry.claims) || !self.pace.take(now_secs, size) {
            return None;
        }
        let entry = self.waiting.pop_front()?;
        self.waiting_bytes -= size;
        self.under_way_bytes += size;
        self.claimed.add(&entry.claims);
        let sent = (entry.nonce, entry.bytes.clone());
        self.under_way.push(entry);
        Some(sent)
    }

    /// The server has stored it, even if it said before that it could not. Returns whether what could not be stored
    /// before now can.
    pub(crate) fn settled(&mut self, nonce: u64) -> bool {
        if !self.take(nonce) || !self.is_renumbered {
            return false;
        }
        self.pause_secs = PAUSE_SECS;
        self.not_before_secs = f64::NEG_INFINITY;
        self.refused.take().is_some()
    }

    /// The server has refused it.
    pub(crate) fn refused_by(&mut self, nonce: u64, code: RefusalCode, now_secs: f64) -> Verdict {
        let Some(entry) = self.take_under_way(nonce) else { return Verdict::Unknown };
        if !matches!(code, RefusalCode::TooFast | RefusalCode::StorageFailed) {
            return Verdict::TakenBack(Box::new(entry));
        }
        let is_news = self.refused.replace(code) != Some(code);
        if now_secs >= self.not_before_secs {
            self.not_before_secs = now_secs + self.pause_secs;
            self.pause_secs = (self.pause_secs * 2.0).min(LONGEST_PAUSE_SECS);
        }
        self.keep(entry);
        Verdict::Kept { is_news }
    }

    /// The server has not stored it, and takes only larger numbers than this.
    pub(crate) fn stale(&mut self, nonce: u64) {
        self.take_under_way(nonce).into_iter().for_each(|entry| self.keep(entry));
    }

    /// Whether another operation than this one has this number here.
    pub(crate) fn has_another(&self, nonce: u64, bytes: &OperationBytes) -> bool {
        self.under_way.iter().chain(&self.waiting).any(|entry| entry.nonce == nonce && entry.bytes != *bytes)
    }

    /// Puts one back, before everything that was made after it.
    fn keep(&mut self, entry: Entry) {
        let after = self.waiting.partition_point(|other| other.place < entry.place);
        self.waiting_bytes += entry.size();
        self.waiting.insert(after, entry);
        self.is_renumbered = false;
    }

    /// Takes it out, wherever it is. Returns whether it was there.
    fn take(&mut self, nonce: u64) -> bool {
        let waiting = self.waiting.iter().position(|entry| entry.nonce == nonce);
        if let Some(entry) = waiting.and_then(|place| self.waiting.remove(place)) {
            self.waiting_bytes -= entry.size();
            return true;
        }
        self.take_under_way(nonce).is_some()
    }

    fn take_under_way(&mut self, nonce: u64) -> Option<Entry> {
        let place = self.under_way.iter().position(|entry| entry.nonce == nonce)?;
        let entry = self.under_way.remove(place);
        self.under_way_bytes -= entry.size();
        self.claimed.remove(&entry.claims);
        Some(entry)
    }

    /// What waits needs new numbers, and may be sent again now: the old ones, in the order of what was made.
    pub(crate) fn to_renumber(&self, now_secs: f64) -> Vec<u64> {
        // What is under way may come back too, and then belongs before what waits.
        if self.is_renumbered || now_secs < self.not_before_secs || !self.under_way.is_empty() {
            return Vec::new();
        }
        self.waiting.iter().map(|entry| entry.nonce).collect()
    }

    /// Some of what waits, or all, has other numbers from now on: the new ones by the old.
    pub(crate) fn renumber(&mut self, numbers: &BTreeMap<u64, u64>) {
        self.is_renumbered = true;
        for entry in &mut self.waiting {
            match numbers.get(&entry.nonce) {
                Some(new) => entry.nonce = *new,
                None => self.is_renumbered = false,
            }
        }
    }

    /// Everything that is not answered, in the order in which it was made.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let mut all: Vec<_> = self.under_way.iter().chain(&self.waiting).collect();
        all.sort_by_key(|entry| entry.place);
        all.into_iter()
    }
}
