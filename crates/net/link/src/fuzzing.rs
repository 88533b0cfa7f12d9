//! Entry points for fuzzers: each takes any bytes and must not panic.

use crate::rtc_driver::{ClientPeer, Path, ServerPeer, ServerSettings};
use crate::{check_offer, summarise_stun};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// As an SDP offer.
pub fn sdp(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(offer) = check_offer(text) else { return };
    SETTINGS.with(|settings| {
        let _ = ServerPeer::answer(Instant::now(), settings, &offer, UFRAG, PASSWORD);
    });
}

/// As datagrams from the network: the first byte of each says how long it is (times 8), and the whole goes to a
/// connection that waits for its client and to one whose client is there.
pub fn udp(bytes: &[u8]) {
    let mut rest = bytes;
    while let Some((length, more)) = rest.split_first() {
        let (datagram, after) = more.split_at(more.len().min(usize::from(*length) * 8));
        let _ = summarise_stun(datagram);
        WAITING.with_borrow_mut(|pair| pair.take(datagram));
        CONNECTED.with_borrow_mut(|pair| pair.take(datagram));
        rest = after;
    }
}

const UFRAG: &str = "00fuzzing";
const PASSWORD: &str = "fuzzingfuzzingfuzzingfuzzing";
const CLIENT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 5_000);
const SERVER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7_443);

thread_local! {
    static SETTINGS: ServerSettings = settings();
    static WAITING: RefCell<Pair> = RefCell::new(Pair::new());
    static CONNECTED: RefCell<Pair> = RefCell::new(Pair::connected());
}

#[expect(clippy::expect_used, reason = "a fuzz target that cannot start must say so")]
fn settings() -> ServerSettings {
    ServerSettings::new(vec![SERVER], vec![]).expect("a certificate")
}

struct Pair {
    now: Instant,
    client: ClientPeer,
    server: ServerPeer,
}

impl Pair {
    #[expect(clippy::expect_used, reason = "a fuzz target that cannot start must say so")]
    fn new() -> Self {
        let now = Instant::now();
        let (mut client, offer) = ClientPeer::offer(now, CLIENT, 1).expect("an offer");
        let offer = check_offer(&offer).expect("our own offer");
        let (server, answer) =
            SETTINGS.with(|settings| ServerPeer::answer(now, settings, &offer, UFRAG, PASSWORD)).expect("an answer");
        client.accept(now, &answer).expect("our own answer");
        Self { now, client, server }
    }

    fn connected() -> Self {
        let mut pair = Self::new();
        for _ in 0..2_000 {
            pair.now += Duration::from_millis(1);
            while let Some((_, datagram)) = pair.client.poll_datagram() {
                pair.server.handle_datagram(pair.now, Path::Udp { socket: 0, remote: CLIENT }, &datagram);
            }
            while let Some((_, datagram)) = pair.server.poll_datagram() {
                pair.client.handle_datagram(pair.now, SERVER, &datagram);
            }
            pair.client.handle_timeout(pair.now);
            pair.server.handle_timeout(pair.now);
        }
        assert!(pair.server.knows(Path::Udp { socket: 0, remote: CLIENT }), "the fuzz target's client must connect");
        pair
    }

    /// From the client's own address, which is the worst case: an attacker elsewhere is not even listened to.
    fn take(&mut self, datagram: &[u8]) {
        self.now += Duration::from_millis(1);
        self.server.handle_datagram(self.now, Path::Udp { socket: 0, remote: CLIENT }, datagram);
        while self.server.poll_datagram().is_some() {}
        while self.server.poll_event().is_some() {}
        self.server.handle_timeout(self.now);
        if self.server.is_closed() {
            *self = Self::connected();
        }
    }
}
