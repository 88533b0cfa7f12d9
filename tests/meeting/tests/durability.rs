//! Nothing that was acknowledged is lost, whenever the server dies.

use crate::world::ink::Hand;
use crate::world::mirror::{Mirror, Settled};
use crate::world::{Person, PersonPlan, ServerProcess};
use atrium_board::{Document, Operation, OperationId, Replica};
use atrium_protocol::{CloseCode, Role};
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;
const SOAK_ROUNDS: usize = 50;
/// Operations under way at a time, so that a kill meets some of them.
const UNDER_WAY: usize = 4;
/// Operations at once before the kill, and about how long they take to the disk.
const BURST: usize = 20;
const BURST_TAKES: Duration = Duration::from_millis(20);
/// Just below the server's limit of 60 a second.
const BETWEEN_OPERATIONS: Duration = Duration::from_millis(18);
/// Just below the server's limit of 2 a second.
const BETWEEN_CHATS: Duration = Duration::from_millis(550);
/// From the loss of the server to being back, timeouts and pauses between tries included.
const COMES_BACK_WITHIN: Duration = Duration::from_secs(45);
/// What a newcomer is told of what was said before.
const CHAT_REPLAY: usize = atrium_protocol::limits::CHAT_REPLAY;

/// Somebody who draws as fast as the server acknowledges, talks, and remembers it all.
struct Writer {
    person: Person,
    hand: Hand,
    /// The board as an app has it: what is settled, and on top what is not yet.
    replica: Replica,
    heard: usize,
    appended: BTreeMap<u64, Vec<u8>>,
    said: BTreeMap<u64, String>,
}

impl Writer {
    async fn enter(process: &ServerProcess, name: &str, seed: u64) -> Self {
        let person = Person::enter(PersonPlan::new(name, process.link(Role::Owner), process.folder())).await;
        person.read_board().await;
        let replica = Replica::new(person.person_id(), Document::default());
        let (appended, said) = Default::default();
        Self { person, hand: Hand::new(seed), replica, heard: 0, appended, said }
    }

    /// What the server has acknowledged so far, of everybody.
    fn acknowledged(&self) -> Vec<Settled> {
        self.person.look(|mirror| mirror.board.clone())
    }

    /// Takes what the server has said since; returns how many operations are still under way.
    fn hear(&mut self) -> usize {
        let news = self.person.look(|mirror| mirror.board[self.heard..].to_vec());
        self.heard += news.len();
        for settled in news {
            let by = OperationId { author: settled.author, nonce: settled.nonce };
            let operation = Operation::decode(settled.operation.as_bytes()).expect("an operation");
            self.replica.settle(settled.sequence, by, settled.at_ms, &operation);
        }
        self.replica.pending()
    }

    /// Draws on with a stroke, or begins another.
    async fn append(&mut self) {
        let operation = self.hand.piece();
        let nonce = self.person.append(&operation).await;
        self.appended.insert(nonce, operation.encode().expect("a possible operation").into_vec());
        self.replica.propose(nonce, operation);
    }

    async fn burst(&mut self) {
        for _ in 0..BURST {
            self.append().await;
        }
    }

    async fn write_for(&mut self, time: Duration) {
        let end = Instant::now() + time;
        let mut next_chat = Instant::now();
        while Instant::now() < end {
            if self.hear() < UNDER_WAY {
                self.append().await;
            }
            if Instant::now() >= next_chat {
                next_chat = Instant::now() + BETWEEN_CHATS;
                let text = format!("第 {} 句", self.said.len());
                let nonce = self.person.chat(&text).await;
                self.said.insert(nonce, text);
            }
            tokio::time::sleep(BETWEEN_OPERATIONS).await;
        }
    }

    /// Waits until one is back and everything is acknowledged, what was under way at the kill included.
    async fn comes_back(&mut self, arrivals: usize) {
        let (operations, chats) = (self.appended.len(), self.said.len());
        let me = self.person.person_id();
        let is_done = |mirror: &Mirror| {
            let said = mirror.chat.iter().filter(|message| message.author == me).count();
            let drawn = mirror.board.iter().filter(|settled| settled.author == me).count();
            let is_in = mirror.arrivals() >= arrivals && mirror.me().is_some();
            (is_in && drawn >= operations && said >= chats).then_some(())
        };
        self.person.find_within(COMES_BACK_WITHIN, "everything is acknowledged", is_done).await;
        assert_eq!(self.person.look(|mirror| mirror.board_refusals.clone()), []);
        assert_eq!(self.person.look(|mirror| mirror.refusals.clone()), []);
    }

    /// Checks that a log has all that one drew, each once, as it was drawn and in that order.
    fn check_log(&self, board: &[Settled]) {
        let me = self.person.person_id();
        let mine: Vec<&Settled> = board.iter().filter(|settled| settled.author == me).collect();
        assert!(mine.iter().map(|settled| settled.nonce).is_sorted(), "in the order of drawing");
        let mut found = BTreeMap::new();
        for settled in mine {
            let before = found.insert(settled.nonce, settled.operation.as_bytes().to_vec());
            assert_eq!(before, None, "operation {} is there twice", settled.nonce);
        }
        assert!(found == self.appended, "{} of {} operations, or not as they were", found.len(), self.appended.len());
    }
}

/// Checks what somebody new gets against what the writers drew and were told.
async fn check(process: &ServerProcess, writers: &mut [Writer], acknowledged: &[Settled]) {
    let reader = Person::enter(PersonPlan::new("Reader", process.link(Role::Guest), process.folder())).await;
    let document = reader.whole_board().await;
    reader.read_board().await;
    reader.eventually("the whole log", |mirror| mirror.board.len() as u64 >= document.sequence()).await;
    let board: Vec<Settled> = reader.look(|mirror| {
        let whole = mirror.board.iter().map(|settled| (settled.sequence, settled.clone()));
        whole.collect::<BTreeMap<_, _>>().into_values().collect()
    });
    assert!(board.iter().map(|settled| settled.sequence).eq(1..=board.len() as u64), "a gap, or out of order");
    assert!(board[..acknowledged.len()] == *acknowledged, "an acknowledged operation is lost or changed");
    for writer in &mut *writers {
        writer.check_log(&board);
        assert_eq!(writer.hear(), 0, "everything is settled");
        assert!(*writer.replica.document() == document, "who drew and who comes late see different boards");
        assert!(writer.replica.sequence() == document.sequence());
    }
    check_chat(&reader, writers).await;
    reader.leave().await;
}

async fn check_chat(reader: &Person, writers: &[Writer]) {
    let said: usize = writers.iter().map(|writer| writer.said.len()).sum();
    reader.eventually("the chat", |mirror| mirror.chat.len() >= said.min(CHAT_REPLAY)).await;
    let replayed = reader.look(|mirror| mirror.chat.clone());
    for writer in writers {
        let me = writer.person.person_id();
        let got: Vec<(u64, &str)> = replayed
            .iter()
            .filter(|message| message.author == me)
            .map(|message| (message.nonce, message.text.as_str()))
            .collect();
        let said: Vec<(u64, &str)> = writer.said.iter().map(|(nonce, text)| (*nonce, text.as_str())).collect();
        assert_eq!(got, said[said.len() - got.len()..], "each once, in order");
        assert!(replayed.len() >= CHAT_REPLAY || got.len() == said.len());
    }
}

fn random_up_to(limit: Duration) -> Duration {
    let millis = limit.as_millis() as u64;
    Duration::from_millis(RandomState::new().hash_one(0) % millis)
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_that_was_acknowledged() {
    let rounds = if std::env::var_os("ATRIUM_SOAK").is_some() { SOAK_ROUNDS } else { ROUNDS };
    let mut process = ServerProcess::start().await;
    let mut writers = [Writer::enter(&process, "Left", 1).await, Writer::enter(&process, "Right", 2).await];
    for round in 1..=rounds {
        let time = Duration::from_millis(500) + random_up_to(Duration::from_millis(1_500));
        let [left, right] = &mut writers;
        tokio::join!(left.write_for(time), right.write_for(time));
        tokio::join!(left.burst(), right.burst());
        tokio::time::sleep(random_up_to(BURST_TAKES)).await;
        process.kill();
        let acknowledged = [left.acknowledged(), right.acknowledged()].into_iter().max_by_key(Vec::len).expect("two");
        let under_way = left.hear() + right.hear();
        let in_a_stroke = usize::from(left.hand.is_drawing()) + usize::from(right.hand.is_drawing());
        process.spawn().await;
        for writer in &mut writers {
            writer.comes_back(round + 1).await;
        }
        check(&process, &mut writers, &acknowledged).await;
        println!(
            "round {round}: {} operations acknowledged, {under_way} under way at the kill, {in_a_stroke} pens down",
            acknowledged.len()
        );
        assert!(acknowledged.len() > round * 5, "too little to lose");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_tells_everyone_and_loses_nothing() {
    let mut process = ServerProcess::start().await;
    let mut writer = Writer::enter(&process, "Writer", 3).await;
    let other = Person::enter(PersonPlan::new("Other", process.link(Role::Guest), process.folder())).await;
    writer.write_for(Duration::from_millis(700)).await;
    let acknowledged = writer.acknowledged();
    let status = process.terminate().await;
    assert!(status.success(), "{status}");
    for person in [&writer.person, &other] {
        person.eventually("told of the end", |mirror| mirror.closing == Some(CloseCode::Draining)).await;
        assert!(person.look(|mirror| mirror.is_reconnecting()), "and tries to come back");
    }
    process.spawn().await;
    writer.comes_back(2).await;
    other.find_within(COMES_BACK_WITHIN, "back", |mirror| (mirror.people.len() == 2).then_some(())).await;
    check(&process, std::slice::from_mut(&mut writer), &acknowledged).await;
}
