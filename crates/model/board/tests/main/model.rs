//! A server and its clients on lanes that keep their order, and nothing else that is certain.

use crate::scribe::{Habits, Scribe, person};
use atrium_board::{
    Asker, Document, ElementId, History, Operation, OperationId, Replica, read_snapshot, write_snapshot,
};
use atrium_protocol::PersonId;
use rand::RngExt;
use std::collections::{HashMap, HashSet, VecDeque};

/// What the server says.
#[derive(Clone)]
enum Word {
    Settled { sequence: u64, by: OperationId, at_ms: u64, operation: Operation },
    Refused { nonce: u64 },
}

/// An author's operation as it was sent.
type Sent = (u64, Vec<u8>);

#[derive(Default)]
pub(crate) struct Server {
    pub(crate) document: Document,
    log: Vec<Word>,
    /// Accepted, on the way to the disk.
    coming: VecDeque<(OperationId, Operation)>,
    settled: HashMap<OperationId, usize>,
    clock_ms: u64,
    pub(crate) refused: usize,
}

impl Server {
    /// Only what is settled counts, and which elements are coming: as the real one does it.
    fn receive(&mut self, from: PersonId, may_moderate: bool, (nonce, bytes): Sent) -> Option<Word> {
        let by = OperationId { author: from, nonce };
        if let Some(at) = self.settled.get(&by) {
            return Some(self.log[*at].clone());
        }
        if self.coming.iter().any(|(coming, _)| *coming == by) {
            return None;
        }
        let coming: HashSet<ElementId> = self.coming.iter().flat_map(|(_, operation)| operation.makes()).collect();
        let asker = Asker { person: from, may_moderate };
        let checked = Operation::decode(&bytes)
            .ok()
            .filter(|operation| self.document.check(operation, &asker, |id| coming.contains(&id)).is_ok());
        let Some(operation) = checked else {
            self.refused += 1;
            return Some(Word::Refused { nonce });
        };
        self.coming.push_back((by, operation));
        None
    }

    /// A batch reaches the disk. Sequences jump, so that there is something to forget.
    fn commit(&mut self, count: usize, jump: u64) -> Vec<Word> {
        let from = self.log.len();
        for _ in 0..count {
            let Some((by, operation)) = self.coming.pop_front() else { break };
            self.clock_ms += 3;
            let (sequence, at_ms) = (self.document.sequence() + 1 + jump, self.clock_ms);
            self.document.settle(sequence, by, at_ms, &operation);
            self.settled.insert(by, self.log.len());
            self.log.push(Word::Settled { sequence, by, at_ms, operation });
        }
        self.log[from..].to_vec()
    }

    /// The disk is full: everything that waits is refused.
    fn fail(&mut self) -> Vec<OperationId> {
        self.coming.drain(..).map(|(by, _)| by).collect()
    }

    pub(crate) fn settled(&self) -> usize {
        self.log.len()
    }

    fn after(&self, sequence: u64) -> Vec<Word> {
        let is_after = |word: &&Word| matches!(word, Word::Settled { sequence: at, .. } if *at > sequence);
        self.log.iter().filter(is_after).cloned().collect()
    }
}

pub(crate) struct Client {
    pub(crate) replica: Replica,
    history: History,
    scribe: Scribe,
    may_moderate: bool,
    nonce: u64,
    gesture: u64,
    is_connected: bool,
    up: VecDeque<Sent>,
    down: VecDeque<Word>,
}

impl Client {
    fn new(number: u8, seed: u64) -> Self {
        let may_moderate = number == 1;
        let habits = Habits { is_moderator: may_moderate, ..Habits::default() };
        Self {
            replica: Replica::new(person(number), Document::default()),
            history: History::default(),
            scribe: Scribe::new(seed * 64 + u64::from(number), habits),
            may_moderate,
            nonce: 0,
            gesture: 0,
            is_connected: true,
            up: VecDeque::new(),
            down: VecDeque::new(),
        }
    }

    /// Does something; careful people ask first whether it is possible.
    fn act(&mut self) {
        let operation = self.scribe.operation(self.replica.document());
        let asker = Asker { person: self.replica.me(), may_moderate: self.may_moderate };
        let is_possible = self.replica.document().check(&operation, &asker, |_| false).is_ok();
        if is_possible || self.scribe.chance(0.1) {
            self.gesture += u64::from(self.scribe.chance(0.6));
            let (by, change) = self.propose(operation);
            self.history.did(self.gesture, by, &change);
        }
    }

    fn undo(&mut self, is_redo: bool) {
        let document = self.replica.document();
        let undone = if is_redo { self.history.redo(document) } else { self.history.undo(document) };
        for operation in undone.map(|undone| undone.operations).unwrap_or_default() {
            let asker = Asker { person: self.replica.me(), may_moderate: true };
            let checked = self.replica.document().check(&operation, &asker, |_| false);
            assert_eq!(checked, Ok(()), "undo asks for what is not possible: {operation:?}");
            let (by, change) = self.propose(operation);
            self.history.sent(by, &change);
        }
    }

    fn propose(&mut self, operation: Operation) -> (OperationId, atrium_board::Change) {
        self.nonce += 1;
        let bytes = operation.encode().unwrap().into_vec();
        let change = self.replica.propose(self.nonce, operation);
        if self.is_connected {
            self.up.push_back((self.nonce, bytes));
        }
        (OperationId { author: self.replica.me(), nonce: self.nonce }, change)
    }

    fn hear(&mut self, word: Word) {
        match word {
            Word::Settled { sequence, by, at_ms, operation } => {
                self.replica.settle(sequence, by, at_ms, &operation);
            }
            Word::Refused { nonce } => drop(self.replica.refuse(nonce)),
        }
    }

    fn disconnect(&mut self) {
        self.is_connected = false;
        self.up.clear();
        self.down.clear();
    }

    /// Everything that is not settled is sent again; what was missed is fetched, or comes as a snapshot.
    fn connect(&mut self, server: &Server) {
        self.is_connected = true;
        if self.scribe.chance(0.3) {
            let snapshot = read_snapshot(&write_snapshot(&server.document).unwrap()).unwrap();
            let unsettled: Vec<(u64, Operation)> =
                self.replica.unsettled().map(|(nonce, operation)| (nonce, operation.clone())).collect();
            self.replica = Replica::new(self.replica.me(), snapshot);
            for (nonce, operation) in unsettled {
                self.replica.propose(nonce, operation);
            }
        } else {
            self.down.extend(server.after(self.replica.sequence()));
        }
        let unsettled = self.replica.unsettled();
        self.up = unsettled.map(|(nonce, operation)| (nonce, operation.encode().unwrap().into_vec())).collect();
    }
}

pub(crate) struct Meeting {
    pub(crate) server: Server,
    pub(crate) clients: Vec<Client>,
    scribe: Scribe,
}

impl Meeting {
    pub(crate) fn new(seed: u64) -> Self {
        let mut scribe = Scribe::new(seed, Habits::default());
        let count = scribe.random.random_range(1..=6);
        let clients = (1..=count).map(|number| Client::new(number, seed)).collect();
        Self { server: Server::default(), clients, scribe }
    }

    pub(crate) fn step(&mut self) {
        let at = self.scribe.random.random_range(0..self.clients.len());
        let what = self.scribe.random.random_range(0..100);
        let client = &mut self.clients[at];
        match what {
            0..=29 => client.act(),
            30..=35 => client.undo(false),
            36..=38 => client.undo(true),
            39..=64 => self.deliver_up(at),
            65..=84 => self.deliver_down(at),
            85..=93 => self.commit(),
            94 => self.fail(),
            95 | 96 => client.disconnect(),
            97 => {
                // The lane brings something twice, as after a resume.
                let again = client.up.front().cloned();
                client.up.extend(again);
            }
            _ if !client.is_connected => client.connect(&self.server),
            _ => {}
        }
    }

    fn deliver_up(&mut self, at: usize) {
        let client = &mut self.clients[at];
        if let Some(sent) = client.up.pop_front() {
            let answer = self.server.receive(client.replica.me(), client.may_moderate, sent);
            client.down.extend(answer);
        }
    }

    fn deliver_down(&mut self, at: usize) {
        if let Some(word) = self.clients[at].down.pop_front() {
            self.clients[at].hear(word);
        }
    }

    fn commit(&mut self) {
        let count = self.scribe.random.random_range(1..6);
        let jump = if self.scribe.chance(0.05) { 9_000 } else { 0 };
        let words = self.server.commit(count, jump);
        for client in self.clients.iter_mut().filter(|client| client.is_connected) {
            client.down.extend(words.iter().cloned());
        }
    }

    fn fail(&mut self) {
        for by in self.server.fail() {
            let author = self.clients.iter_mut().find(|client| client.replica.me() == by.author);
            if let Some(author) = author.filter(|author| author.is_connected) {
                author.down.push_back(Word::Refused { nonce: by.nonce });
            }
        }
    }

    /// Everybody comes back, and everything arrives.
    pub(crate) fn come_to_rest(&mut self) {
        for client in self.clients.iter_mut().filter(|client| !client.is_connected) {
            client.connect(&self.server);
        }
        while self.clients.iter().any(|client| !client.up.is_empty() || !client.down.is_empty())
            || !self.server.coming.is_empty()
        {
            for at in 0..self.clients.len() {
                self.deliver_up(at);
                self.deliver_down(at);
            }
            self.commit();
        }
    }
}
