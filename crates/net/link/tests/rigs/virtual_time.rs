use super::{End, Losses, Rig};
use atrium_link::rtc_driver::{ClientPeer, Path, ServerPeer, ServerSettings};
use atrium_link::{LinkEvent, OutgoingVoice, SendError, VoicePacket, check_offer};
use atrium_protocol::{Lane, ParticipantId};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

pub(crate) const UFRAG: &str = "00testufrag";
const PASSWORD: &str = "testpasswordtestpassword";
const STEP: Duration = Duration::from_millis(1);

/// The sans-IO client and the server's end, with a clock and a network that exist only here.
pub(crate) struct VirtualRig {
    pub(crate) now: Instant,
    pub(crate) client: ClientPeer,
    pub(crate) server: ServerPeer,
    /// Where the server sees the client's datagrams come from.
    pub(crate) client_seen_as: SocketAddr,
    pub(crate) delay: Duration,
    /// What the server says on the control lane in the moment when it opens.
    pub(crate) greeting: Option<&'static [u8]>,
    client_heard: Vec<LinkEvent>,
    server_heard: Vec<LinkEvent>,
    up: Direction,
    down: Direction,
}

/// Datagrams under way, with the client's address.
struct Direction {
    under_way: VecDeque<(Instant, SocketAddr, Vec<u8>)>,
    losses: Losses,
}

impl Direction {
    fn new() -> Self {
        Self { under_way: VecDeque::new(), losses: Losses::none() }
    }

    fn send(&mut self, due: Instant, client: SocketAddr, bytes: &[u8]) {
        if self.losses.passes() {
            self.under_way.push_back((due, client, bytes.to_vec()));
        }
    }

    fn arrived(&mut self, now: Instant) -> Option<(SocketAddr, Vec<u8>)> {
        self.under_way.pop_front_if(|(due, ..)| *due <= now).map(|(_, client, bytes)| (client, bytes))
    }
}

fn server_address() -> SocketAddr {
    SocketAddr::from(([10, 0, 0, 1], 7443))
}

impl VirtualRig {
    pub(crate) fn new() -> Self {
        Self::with_answer(|answer| answer)
    }

    /// The client believes the answer as `altered`.
    pub(crate) fn with_answer(altered: impl FnOnce(String) -> String) -> Self {
        let now = Instant::now();
        let local = SocketAddr::from(([10, 0, 0, 2], 5000));
        let (mut client, offer) = ClientPeer::offer(now, local, 77).expect("an offer");
        let offer = check_offer(&offer).expect("our own offer passes");
        let settings = ServerSettings::new(vec![server_address()], vec![]).expect("a certificate");
        let (server, answer) = ServerPeer::answer(now, &settings, &offer, UFRAG, PASSWORD).expect("an answer");
        client.accept(now, &altered(answer)).expect("our own answer");
        Self {
            now,
            client,
            server,
            client_seen_as: local,
            delay: Duration::from_millis(5),
            greeting: None,
            client_heard: Vec::new(),
            server_heard: Vec::new(),
            up: Direction::new(),
            down: Direction::new(),
        }
    }

    pub(crate) fn connected() -> Self {
        let mut rig = Self::new();
        rig.until_open();
        rig
    }

    fn deliver(&mut self) {
        while let Some((remote, bytes)) = self.up.arrived(self.now) {
            self.server.handle_datagram(self.now, Path::Udp { socket: 0, remote }, &bytes);
        }
        self.listen();
        while let Some((to, bytes)) = self.down.arrived(self.now) {
            if to == self.client_seen_as {
                self.client.handle_datagram(self.now, server_address(), &bytes);
            }
        }
    }

    fn collect(&mut self) {
        let due = self.now + self.delay;
        while let Some((_, bytes)) = self.client.poll_datagram() {
            self.up.send(due, self.client_seen_as, &bytes);
        }
        while let Some((path, bytes)) = self.server.poll_datagram() {
            let Path::Udp { remote, .. } = path else { panic!("no TCP here") };
            self.down.send(due, remote, &bytes);
        }
    }

    fn listen(&mut self) {
        while let Some(event) = self.server.poll_event() {
            if event == LinkEvent::LaneOpen(Lane::Control)
                && let Some(greeting) = self.greeting
            {
                self.server.send(self.now, Lane::Control, greeting).expect("the lane is open");
            }
            self.server_heard.push(event);
        }
        self.client_heard.extend(std::iter::from_fn(|| self.client.poll_event()));
    }
}

impl Rig for VirtualRig {
    fn now(&self) -> Instant {
        self.now
    }

    fn step(&mut self) {
        self.now += STEP;
        self.deliver();
        if self.client.poll_timeout().is_some_and(|due| due <= self.now) {
            self.client.handle_timeout(self.now);
        }
        if self.server.poll_timeout().is_some_and(|due| due <= self.now) {
            self.server.handle_timeout(self.now);
        }
        self.collect();
        self.listen();
    }

    fn heard(&self, end: End) -> &[LinkEvent] {
        if end == End::Client { &self.client_heard } else { &self.server_heard }
    }

    fn try_send(&mut self, from: End, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        match from {
            End::Client => self.client.send(self.now, lane, bytes),
            End::Server => self.server.send(self.now, lane, bytes),
        }
    }

    fn client_voice(&mut self, packet: &VoicePacket) -> Result<(), SendError> {
        self.client.send_voice(self.now, packet)
    }

    fn server_voice(&mut self, slot: u8, speaker: ParticipantId, packet: &VoicePacket) {
        self.server.send_voice(self.now, slot, speaker, &OutgoingVoice::new(packet.clone()));
    }

    fn close(&mut self, end: End) {
        match end {
            End::Client => self.client.close(),
            End::Server => self.server.close(),
        }
    }

    fn lose_every(&mut self, n: usize) {
        (self.up.losses.every, self.down.losses.every) = (n, n);
    }
}
