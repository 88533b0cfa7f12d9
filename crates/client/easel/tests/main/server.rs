//! A server's end of a board, and the time that passes.

use atrium_board::{Asker, Document, Live, Operation, OperationId};
use atrium_easel::{Easel, Notice, Numbers, Output};
use atrium_protocol::{BoardDown, BoardId, OperationBytes, ParticipantId, PersonId, ReasonText, RefusalCode};
use std::collections::{BTreeMap, VecDeque};

pub(crate) const BOARD: BoardId = BoardId(1);
/// A frame.
pub(crate) const FRAME_SECS: f64 = 1.0 / 60.0;

pub(crate) fn person(number: u8) -> PersonId {
    PersonId([number; 32])
}

/// An easel, what is on its way to it and from it, and what it told.
pub(crate) struct Seat {
    pub(crate) easel: Easel,
    up: VecDeque<(f64, u64, OperationBytes)>,
    down: VecDeque<(f64, BoardDown)>,
    /// What the session says again after a reconnection.
    unanswered: Vec<(u64, OperationBytes)>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) lives: Vec<(f64, Live)>,
    pub(crate) appends: Vec<(f64, u64, Operation)>,
    pub(crate) may_moderate: bool,
    pub(crate) delay_secs: f64,
}

impl Seat {
    /// As the session does.
    fn take_answer(&mut self, word: &BoardDown) {
        let me = self.easel.me();
        self.unanswered.retain(|asked| !is_answer(me, asked, word));
    }
}

fn is_answer(me: PersonId, (nonce, bytes): &(u64, OperationBytes), word: &BoardDown) -> bool {
    match word {
        BoardDown::Settled { author, nonce: it, operation, .. } => (*author, it, operation) == (me, nonce, bytes),
        BoardDown::Refused { nonce: it, .. } | BoardDown::Stale { nonce: it, .. } => it == nonce,
        _ => false,
    }
}

/// Some easels at one board.
pub(crate) struct World {
    pub(crate) now_secs: f64,
    pub(crate) seats: Vec<Seat>,
    /// What is settled.
    pub(crate) document: Document,
    log: Vec<(OperationId, OperationBytes)>,
    pub(crate) last_nonces: BTreeMap<PersonId, u64>,
    /// Says of an operation (how many came before) whether it is refused for now.
    pub(crate) refuses: Box<dyn FnMut(usize) -> Option<RefusalCode>>,
    asked: usize,
    /// How many operations had too small a number.
    pub(crate) stale: usize,
    /// Most operations under way that were seen.
    pub(crate) most_under_way: usize,
}

impl World {
    pub(crate) fn new(people: u8) -> Self {
        Self::with(people, Document::default())
    }

    pub(crate) fn with(people: u8, document: Document) -> Self {
        Self::of(&(1..=people).map(person).collect::<Vec<_>>(), document)
    }

    /// Some of them may be the same person. Their numbers all end in the same bits, which is the worst.
    pub(crate) fn of(people: &[PersonId], document: Document) -> Self {
        let seat = |(number, who): (u64, &PersonId)| {
            let numbers = Numbers { ids: number << 32, nonce: 1_000 };
            let mut easel = Easel::new(BOARD, *who, document.clone(), numbers);
            easel.set_rights(true, false);
            Seat {
                easel,
                up: VecDeque::new(),
                down: VecDeque::new(),
                unanswered: Vec::new(),
                notices: Vec::new(),
                lives: Vec::new(),
                appends: Vec::new(),
                may_moderate: false,
                delay_secs: 0.02,
            }
        };
        Self {
            now_secs: 100.0,
            seats: (1..).zip(people).map(seat).collect(),
            document: document.clone(),
            log: Vec::new(),
            last_nonces: BTreeMap::new(),
            refuses: Box::new(|_| None),
            asked: 0,
            stale: 0,
            most_under_way: 0,
        }
    }

    /// The first one's easel.
    pub(crate) fn me(&mut self) -> &mut Easel {
        &mut self.seats[0].easel
    }

    /// What whoever has that much missed.
    pub(crate) fn settled_after(&self, sequence: u64) -> Vec<BoardDown> {
        let missed = (1_u64..).zip(&self.log).filter(|(number, _)| *number > sequence);
        missed.map(|(number, entry)| settled(number, entry)).collect()
    }

    /// A frame passes.
    pub(crate) fn frame(&mut self) {
        self.now_secs += FRAME_SECS;
        let now_secs = self.now_secs;
        for index in 0..self.seats.len() {
            let seat = &mut self.seats[index];
            while seat.down.front().is_some_and(|(at_secs, _)| *at_secs <= now_secs) {
                let (_, word) = seat.down.pop_front().unwrap();
                seat.take_answer(&word);
                seat.easel.hear(now_secs, &word);
            }
            seat.easel.tick(now_secs, None);
            self.take_outputs(index);
        }
        for index in 0..self.seats.len() {
            while self.seats[index].up.front().is_some_and(|(at_secs, ..)| *at_secs <= now_secs) {
                let (_, nonce, bytes) = self.seats[index].up.pop_front().unwrap();
                self.take(index, nonce, bytes);
            }
        }
    }

    pub(crate) fn pass(&mut self, secs: f64) {
        let end_secs = self.now_secs + secs;
        while self.now_secs < end_secs {
            self.frame();
        }
    }

    /// What is on its way to and from somebody is lost. As a session does, they fetch what was settled meanwhile, and then
    /// say again what is not answered.
    pub(crate) fn reconnect(&mut self, index: usize) {
        let due_secs = self.now_secs + self.seats[index].delay_secs;
        let seat = &mut self.seats[index];
        (seat.up, seat.down) = (VecDeque::new(), VecDeque::new());
        let missed = (1_u64..).zip(&self.log).filter(|(number, _)| *number > seat.easel.sequence());
        let missed: Vec<BoardDown> = missed.map(|(number, entry)| settled(number, entry)).collect();
        let me = seat.easel.me();
        let is_open = |asked: &&(u64, OperationBytes)| !missed.iter().any(|word| is_answer(me, asked, word));
        let again = seat.unanswered.iter().filter(is_open);
        seat.up = again.map(|(nonce, bytes)| (due_secs, *nonce, bytes.clone())).collect();
        seat.down = missed.into_iter().map(|word| (due_secs, word)).collect();
    }

    /// Until everybody has everything; panics if that never comes.
    pub(crate) fn settle(&mut self) {
        for _ in 0..60 * 120 {
            self.frame();
            let is_quiet = |seat: &Seat| {
                seat.up.is_empty() && seat.down.is_empty() && seat.easel.saving() == atrium_easel::Saving::Saved
            };
            if self.seats.iter().all(is_quiet) {
                return;
            }
        }
        panic!("never quiet: {:?}", self.seats.iter().map(|seat| seat.easel.saving()).collect::<Vec<_>>());
    }

    /// All documents are the server's.
    pub(crate) fn assert_same(&self) {
        for (index, seat) in self.seats.iter().enumerate() {
            assert_eq!(seat.easel.sequence(), self.document.sequence(), "seat {index}");
            assert_eq!(*seat.easel.document(), self.document, "seat {index}");
        }
    }

    fn take_outputs(&mut self, index: usize) {
        let now_secs = self.now_secs;
        let seat = &mut self.seats[index];
        let mut lives = Vec::new();
        for output in seat.easel.drain() {
            match output {
                Output::Append { nonce, operation } => {
                    let decoded = Operation::decode(operation.as_bytes()).expect("every operation can be read");
                    seat.appends.push((now_secs, nonce, decoded));
                    seat.unanswered.push((nonce, operation.clone()));
                    seat.up.push_back((now_secs + seat.delay_secs, nonce, operation));
                }
                Output::Live(live) => {
                    let bytes = live.encode();
                    lives.push(Live::decode(&bytes).expect("every live word can be read"));
                    seat.lives.push((now_secs, live));
                }
                Output::Notice(notice) => seat.notices.push(notice),
            }
        }
        let me = seat.easel.me();
        let answers = seat.down.iter().filter(|(_, word)| match word {
            BoardDown::Settled { author, .. } => *author == me,
            _ => true,
        });
        let under_way = seat.up.len() + answers.count();
        self.most_under_way = self.most_under_way.max(under_way);
        for (other, seat) in self.seats.iter_mut().enumerate().filter(|(other, _)| *other != index) {
            let _ = other;
            lives.iter().for_each(|live| seat.easel.hear_live(now_secs, ParticipantId(index as u32 + 1), live));
        }
    }

    fn take(&mut self, index: usize, nonce: u64, bytes: OperationBytes) {
        let me = self.seats[index].easel.me();
        let due_secs = self.now_secs + self.seats[index].delay_secs;
        let last_nonce = self.last_nonces.get(&me).copied().unwrap_or(0);
        if nonce <= last_nonce {
            let said = (OperationId { author: me, nonce }, bytes);
            let place = self.log.iter().position(|entry| *entry == said);
            let stale = BoardDown::Stale { board: BOARD, nonce, last_nonce };
            self.stale += usize::from(place.is_none());
            let answer = place.map_or(stale, |place| settled(place as u64 + 1, &said));
            self.seats[index].down.push_back((due_secs, answer));
            return;
        }
        let asked = self.asked;
        self.asked += 1;
        let refusal = if let Some(code) = (self.refuses)(asked) {
            Some((code, "not now".to_owned()))
        } else {
            let operation = Operation::decode(bytes.as_bytes()).unwrap();
            let asker = Asker { person: me, may_moderate: self.seats[index].may_moderate };
            let refusal = self.document.check(&operation, &asker, |_| false).err();
            refusal.map(|refusal| (refusal.code(), refusal.to_string()))
        };
        if let Some((code, message)) = refusal {
            let message = ReasonText::truncated(&message);
            self.seats[index].down.push_back((due_secs, BoardDown::Refused { board: BOARD, nonce, code, message }));
            return;
        }
        self.last_nonces.insert(me, nonce);
        self.put(OperationId { author: me, nonce }, bytes);
    }

    /// Settles an operation, whoever made it.
    pub(crate) fn put(&mut self, by: OperationId, bytes: OperationBytes) {
        let operation = Operation::decode(bytes.as_bytes()).unwrap();
        self.log.push((by, bytes.clone()));
        let sequence = self.log.len() as u64;
        self.document.settle(sequence, by, sequence * 10, &operation);
        for seat in &mut self.seats {
            let word = settled(sequence, &(by, bytes.clone()));
            seat.down.push_back((self.now_secs + seat.delay_secs, word));
        }
    }

    /// The elements of the first page that the server knows.
    pub(crate) fn elements(&self) -> Vec<atrium_board::Element> {
        self.document.elements_on(atrium_board::PageId::FIRST).cloned().collect()
    }
}

fn settled(sequence: u64, (by, operation): &(OperationId, OperationBytes)) -> BoardDown {
    let (at_ms, operation) = (sequence * 10, operation.clone());
    BoardDown::Settled { board: BOARD, sequence, author: by.author, nonce: by.nonce, at_ms, operation }
}
