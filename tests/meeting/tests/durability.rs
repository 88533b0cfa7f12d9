//! Nothing that was acknowledged is lost, whenever the server dies.

use crate::world::mirror::{Mirror, Settled};
use crate::world::{Person, PersonPlan, ServerProcess};
use atrium_protocol::{CloseCode, PersonId, Role};
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;
const SOAK_ROUNDS: usize = 20;
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

/// Somebody who writes as fast as the server acknowledges, and remembers it all.
struct Writer {
    person: Person,
    appended: BTreeMap<u64, Vec<u8>>,
    said: BTreeMap<u64, String>,
}

impl Writer {
    async fn enter(process: &ServerProcess) -> Self {
        let person = Person::enter(PersonPlan::new("Writer", process.link(Role::Owner), process.folder())).await;
        person.read_board().await;
        Self { person, appended: BTreeMap::new(), said: BTreeMap::new() }
    }

    /// What the server has acknowledged so far.
    fn acknowledged(&self) -> Vec<Settled> {
        self.person.look(|mirror| mirror.board.clone())
    }

    fn under_way(&self) -> usize {
        self.appended.len() - self.person.look(|mirror| mirror.board.len())
    }

    async fn append(&mut self) {
        let number = self.appended.len() as u32;
        let operation = number.to_be_bytes().repeat(1 + number as usize % 64);
        let nonce = self.person.append(operation.clone()).await;
        self.appended.insert(nonce, operation);
    }

    async fn write_for(&mut self, time: Duration) {
        let end = Instant::now() + time;
        let mut next_chat = Instant::now();
        while Instant::now() < end {
            if self.under_way() < UNDER_WAY {
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
    async fn comes_back(&self, arrivals: usize) {
        let (operations, chats) = (self.appended.len(), self.said.len());
        let me = self.person.person_id();
        let is_done = |mirror: &Mirror| {
            let said = mirror.chat.iter().filter(|message| message.author == me).count();
            let is_in = mirror.arrivals() >= arrivals && mirror.me().is_some();
            (is_in && mirror.board.len() >= operations && said >= chats).then_some(())
        };
        self.person.find_within(COMES_BACK_WITHIN, "everything is acknowledged", is_done).await;
        assert_eq!(self.person.look(|mirror| mirror.board_refusals.clone()), []);
        assert_eq!(self.person.look(|mirror| mirror.refusals.clone()), []);
    }
}

/// Checks what somebody new reads against what the writer wrote and was told.
fn check_board(board: &[Settled], writer: &Writer, author: PersonId, acknowledged: &[Settled]) {
    assert!(board.iter().map(|settled| settled.sequence).eq(1..=board.len() as u64), "a gap, or out of order");
    assert_eq!(&board[..acknowledged.len()], acknowledged, "an acknowledged operation is lost or changed");
    let mut found = BTreeMap::new();
    for settled in board {
        assert_eq!(settled.author, author);
        let before = found.insert(settled.nonce, settled.operation.as_bytes().to_vec());
        assert_eq!(before, None, "operation {} is there twice", settled.nonce);
    }
    assert_eq!(found, writer.appended);
    assert!(board.iter().map(|settled| settled.nonce).is_sorted(), "in the order of writing");
}

async fn check(process: &ServerProcess, writer: &Writer, acknowledged: &[Settled]) {
    let reader = Person::enter(PersonPlan::new("Reader", process.link(Role::Guest), process.folder())).await;
    reader.read_board().await;
    let author = writer.person.person_id();
    check_board(&reader.look(|mirror| mirror.board.clone()), writer, author, acknowledged);
    let chats = writer.said.len();
    reader.eventually("the chat", |mirror| mirror.chat.len() >= chats.min(CHAT_REPLAY)).await;
    let replayed = reader.look(|mirror| mirror.chat.clone());
    let expected: Vec<(&u64, &str)> = writer.said.iter().map(|(nonce, text)| (nonce, text.as_str())).collect();
    let got: Vec<(&u64, &str)> = replayed.iter().map(|message| (&message.nonce, message.text.as_str())).collect();
    assert_eq!(got, expected[expected.len() - got.len()..], "each once, in order");
    reader.leave().await;
}

fn random_up_to(limit: Duration) -> Duration {
    let millis = limit.as_millis() as u64;
    Duration::from_millis(RandomState::new().hash_one(0) % millis)
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_that_was_acknowledged() {
    let rounds = if std::env::var_os("ATRIUM_SOAK").is_some() { SOAK_ROUNDS } else { ROUNDS };
    let mut process = ServerProcess::start().await;
    let mut writer = Writer::enter(&process).await;
    for round in 1..=rounds {
        let time = Duration::from_millis(500) + random_up_to(Duration::from_millis(1_500));
        writer.write_for(time).await;
        for _ in 0..BURST {
            writer.append().await;
        }
        tokio::time::sleep(random_up_to(BURST_TAKES)).await;
        process.kill();
        let (acknowledged, under_way) = (writer.acknowledged(), writer.under_way());
        process.spawn().await;
        writer.comes_back(round + 1).await;
        check(&process, &writer, &acknowledged).await;
        println!("round {round}: {} operations acknowledged, {under_way} under way at the kill", acknowledged.len());
        assert!(acknowledged.len() > round * 5, "too little to lose");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_tells_everyone_and_loses_nothing() {
    let mut process = ServerProcess::start().await;
    let mut writer = Writer::enter(&process).await;
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
    check(&process, &writer, &acknowledged).await;
}
