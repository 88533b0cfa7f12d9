use crate::Ticket;
use atrium_protocol::{Micros, ParticipantId, PersonId};
use std::collections::{BTreeMap, VecDeque};

/// Most entries of one promise to the disk.
const BATCH_MAX: usize = 64;
/// Most entries and bytes that wait for their turn.
const WAITING_MAX: usize = 256;
const WAITING_BYTES_MAX: usize = 1024 * 1024;

/// Something that somebody wants at the end of a log.
#[derive(Clone, Debug)]
pub(crate) struct Draft<T> {
    pub(crate) from: ParticipantId,
    pub(crate) author: PersonId,
    pub(crate) nonce: u64,
    pub(crate) at: Micros,
    pub(crate) size_bytes: usize,
    pub(crate) content: T,
}

/// What becomes of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// It waits for its turn.
    Accepted,
    /// The same one is on its way already.
    UnderWay,
    /// Its author's number is not above that of their last settled entry.
    Old,
    /// Its author's number is below that of another one that is under way.
    OutOfOrder,
    /// Too much waits for the disk.
    Full,
}

/// The end of a durable log: entries get their sequence numbers 1, 2, 3 … when they are handed to the disk, one
/// batch at a time. So a batch that fails takes no later number with it, and there is never a gap.
#[derive(Debug)]
pub(crate) struct AppendLog<T> {
    settled: u64,
    last_nonces: BTreeMap<PersonId, u64>,
    in_flight: Option<(Ticket, Vec<Draft<T>>)>,
    waiting: VecDeque<Draft<T>>,
    waiting_bytes: usize,
}

impl<T: Clone> AppendLog<T> {
    pub(crate) fn new(settled: u64, last_nonces: BTreeMap<PersonId, u64>) -> Self {
        Self { settled, last_nonces, in_flight: None, waiting: VecDeque::new(), waiting_bytes: 0 }
    }

    /// The last sequence number on disk.
    pub(crate) fn settled(&self) -> u64 {
        self.settled
    }

    /// What becomes of an author's draft of that number; `None`: it would be a new one.
    pub(crate) fn known(&self, author: PersonId, nonce: u64) -> Option<Offer> {
        if self.last_nonces.get(&author).is_some_and(|last| nonce <= *last) {
            return Some(Offer::Old);
        }
        let is_same = self.under_way(author).any(|other| other.nonce == nonce);
        match self.under_way(author).any(|other| nonce <= other.nonce) {
            true if is_same => Some(Offer::UnderWay),
            true => Some(Offer::OutOfOrder),
            false => None,
        }
    }

    /// The largest number of an author's entries, those under way included.
    pub(crate) fn last_nonce(&self, author: PersonId) -> Option<u64> {
        let settled = self.last_nonces.get(&author).copied();
        self.under_way(author).map(|draft| draft.nonce).chain(settled).max()
    }

    fn under_way(&self, author: PersonId) -> impl Iterator<Item = &Draft<T>> {
        let in_flight = self.in_flight.iter().flat_map(|(_, drafts)| drafts);
        in_flight.chain(&self.waiting).filter(move |draft| draft.author == author)
    }

    /// An author's draft of that number, while it is under way.
    pub(crate) fn under_way_mut(&mut self, author: PersonId, nonce: u64) -> Option<&mut Draft<T>> {
        let in_flight = self.in_flight.iter_mut().flat_map(|(_, drafts)| drafts);
        in_flight.chain(&mut self.waiting).find(|draft| draft.author == author && draft.nonce == nonce)
    }

    pub(crate) fn offer(&mut self, draft: Draft<T>) -> Offer {
        if let Some(known) = self.known(draft.author, draft.nonce) {
            return known;
        }
        if self.waiting.len() >= WAITING_MAX || self.waiting_bytes >= WAITING_BYTES_MAX {
            return Offer::Full;
        }
        self.waiting_bytes += draft.size_bytes;
        self.waiting.push_back(draft);
        Offer::Accepted
    }

    /// There is something to hand to the disk, and nothing of this log is there already.
    pub(crate) fn wants_disk(&self) -> bool {
        self.in_flight.is_none() && !self.waiting.is_empty()
    }

    /// Numbers the next batch.
    pub(crate) fn start_batch(&mut self, ticket: Ticket) -> Vec<(u64, Draft<T>)> {
        let count = self.waiting.len().min(BATCH_MAX);
        let batch: Vec<_> = self.waiting.drain(..count).collect();
        self.waiting_bytes -= batch.iter().map(|draft| draft.size_bytes).sum::<usize>();
        let numbered = number(self.settled, batch.clone());
        self.in_flight = Some((ticket, batch));
        numbered
    }

    /// The batch is on disk: its entries with their numbers.
    pub(crate) fn commit(&mut self) -> Vec<(u64, Draft<T>)> {
        let Some((_, batch)) = self.in_flight.take() else { return Vec::new() };
        for draft in &batch {
            self.last_nonces.insert(draft.author, draft.nonce);
        }
        let numbered = number(self.settled, batch);
        self.settled += numbered.len() as u64;
        numbered
    }

    /// Nothing of the batch is on disk.
    pub(crate) fn fail(&mut self) -> Vec<Draft<T>> {
        self.in_flight.take().map(|(_, batch)| batch).unwrap_or_default()
    }
}

fn number<T>(settled: u64, batch: Vec<Draft<T>>) -> Vec<(u64, Draft<T>)> {
    (settled + 1..).zip(batch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(author: u8, nonce: u64) -> Draft<()> {
        let author = PersonId([author; 32]);
        Draft { from: ParticipantId(1), author, nonce, at: Micros(0), size_bytes: 1, content: () }
    }

    #[test]
    fn a_failed_batch_leaves_no_gap() {
        let mut log = AppendLog::new(7, BTreeMap::new());
        assert_eq!(log.offer(draft(1, 1)), Offer::Accepted);
        assert_eq!(log.start_batch(Ticket(1))[0].0, 8);
        assert_eq!(log.offer(draft(1, 2)), Offer::Accepted);
        assert!(!log.wants_disk(), "one batch at a time");
        assert_eq!(log.fail().len(), 1);
        assert_eq!(log.start_batch(Ticket(2))[0].0, 8);
        assert_eq!(log.commit()[0].1.nonce, 2);
        assert_eq!(log.settled(), 8);
    }

    #[test]
    fn the_same_number_is_never_taken_twice() {
        let mut log = AppendLog::new(0, BTreeMap::from([(PersonId([9; 32]), 5)]));
        assert_eq!(log.offer(draft(9, 5)), Offer::Old);
        assert_eq!(log.offer(draft(9, 8)), Offer::Accepted);
        assert_eq!(log.offer(draft(9, 8)), Offer::UnderWay);
        assert_eq!(log.offer(draft(9, 7)), Offer::OutOfOrder);
        assert_eq!(log.offer(draft(1, 1)), Offer::Accepted);
        log.start_batch(Ticket(1));
        assert_eq!(log.offer(draft(9, 8)), Offer::UnderWay);
        log.commit();
        assert_eq!(log.offer(draft(9, 8)), Offer::Old);
    }

    #[test]
    fn what_waits_for_a_slow_disk_is_bounded() {
        let mut log = AppendLog::new(0, BTreeMap::new());
        let accepted = (1..1_000).filter(|nonce| log.offer(draft(1, *nonce)) == Offer::Accepted).count();
        assert_eq!(accepted, WAITING_MAX);
        let mut log = AppendLog::new(0, BTreeMap::new());
        let large = |nonce| Draft { size_bytes: 12 * 1024, ..draft(1, nonce) };
        let accepted = (1..1_000).filter(|nonce| log.offer(large(*nonce)) == Offer::Accepted).count();
        assert_eq!(accepted, WAITING_BYTES_MAX.div_ceil(12 * 1024));
    }
}
