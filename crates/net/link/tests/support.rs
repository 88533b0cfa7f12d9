use atrium_link::rtc_driver::{ClientPeer, Path, ServerPeer, ServerSettings};
use atrium_link::{LinkEvent, check_offer};
use atrium_protocol::Lane;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

pub(crate) const UFRAG: &str = "00testufrag";
pub(crate) const PASSWORD: &str = "testpasswordtestpassword";
const STEP: Duration = Duration::from_millis(1);

/// A client and a server with a network between them that exists only here.
pub(crate) struct Rig {
    pub(crate) now: Instant,
    pub(crate) client: ClientPeer,
    pub(crate) server: ServerPeer,
    pub(crate) client_events: Vec<LinkEvent>,
    pub(crate) server_events: Vec<LinkEvent>,
    /// Where the server sees the client's datagrams come from.
    pub(crate) client_seen_as: SocketAddr,
    /// Datagrams that the network still passes on; for outages.
    pub(crate) is_cut: bool,
    /// Every n-th datagram is lost.
    pub(crate) lose_every: usize,
    pub(crate) delay: Duration,
    /// What the server says on the control lane in the moment when it opens.
    pub(crate) greeting: Option<&'static [u8]>,
    sent: usize,
    to_server: VecDeque<(Instant, SocketAddr, Vec<u8>)>,
    to_client: VecDeque<(Instant, SocketAddr, Vec<u8>)>,
}

pub(crate) fn server_address() -> SocketAddr {
    SocketAddr::from(([10, 0, 0, 1], 7443))
}

impl Rig {
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        let local = SocketAddr::from(([10, 0, 0, 2], 5000));
        let (mut client, offer) = ClientPeer::offer(now, local, 77).expect("an offer");
        let offer = check_offer(&offer).expect("our own offer passes");
        let settings = ServerSettings::new(vec![server_address()], vec![]).expect("a certificate");
        let (server, answer) = ServerPeer::answer(now, &settings, &offer, UFRAG, PASSWORD).expect("an answer");
        client.accept(now, &answer).expect("our own answer");
        Self {
            now,
            client,
            server,
            client_events: Vec::new(),
            server_events: Vec::new(),
            client_seen_as: local,
            is_cut: false,
            lose_every: usize::MAX,
            delay: Duration::from_millis(5),
            greeting: None,
            sent: 0,
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
        }
    }

    pub(crate) fn connected() -> Self {
        let mut rig = Self::new();
        rig.run_until(Duration::from_secs(5), |rig| rig.open_lanes() == (3, 3));
        rig
    }

    pub(crate) fn open_lanes(&self) -> (usize, usize) {
        let count = |events: &[LinkEvent]| events.iter().filter(|e| matches!(e, LinkEvent::LaneOpen(_))).count();
        (count(&self.client_events), count(&self.server_events))
    }

    pub(crate) fn run_until(&mut self, limit: Duration, mut done: impl FnMut(&Self) -> bool) {
        let deadline = self.now + limit;
        while !done(self) {
            assert!(self.now < deadline, "not within {limit:?}");
            self.step();
        }
    }

    pub(crate) fn run_for(&mut self, time: Duration) {
        let deadline = self.now + time;
        while self.now < deadline {
            self.step();
        }
    }

    fn step(&mut self) {
        self.now += STEP;
        let now = self.now;
        while self.to_server.front().is_some_and(|(due, ..)| *due <= now) {
            let Some((_, from, bytes)) = self.to_server.pop_front() else { break };
            self.server.handle_datagram(now, Path::Udp { socket: 0, remote: from }, &bytes);
        }
        self.take_server_events();
        while self.to_client.front().is_some_and(|(due, ..)| *due <= now) {
            let Some((_, to, bytes)) = self.to_client.pop_front() else { break };
            if to == self.client_seen_as {
                self.client.handle_datagram(now, server_address(), &bytes);
            }
        }
        if self.client.poll_timeout().is_some_and(|due| due <= now) {
            self.client.handle_timeout(now);
        }
        if self.server.poll_timeout().is_some_and(|due| due <= now) {
            self.server.handle_timeout(now);
        }
        while let Some((_, bytes)) = self.client.poll_datagram() {
            if self.passes() {
                self.to_server.push_back((now + self.delay, self.client_seen_as, bytes.to_vec()));
            }
        }
        while let Some((path, bytes)) = self.server.poll_datagram() {
            let Path::Udp { remote, .. } = path else { panic!("no TCP here") };
            if self.passes() {
                self.to_client.push_back((now + self.delay, remote, bytes.to_vec()));
            }
        }
        self.client_events.extend(std::iter::from_fn(|| self.client.poll_event()));
        self.take_server_events();
    }

    fn take_server_events(&mut self) {
        while let Some(event) = self.server.poll_event() {
            if event == LinkEvent::LaneOpen(Lane::Control)
                && let Some(greeting) = self.greeting
            {
                self.server.send(self.now, Lane::Control, greeting).expect("the lane is open");
            }
            self.server_events.push(event);
        }
    }

    fn passes(&mut self) -> bool {
        self.sent += 1;
        !self.is_cut && !self.sent.is_multiple_of(self.lose_every)
    }
}

pub(crate) fn messages(events: &[LinkEvent], wanted: Lane) -> Vec<Vec<u8>> {
    let bytes = |event: &LinkEvent| match event {
        LinkEvent::Message { lane, bytes } if *lane == wanted => Some(bytes.to_vec()),
        _ => None,
    };
    events.iter().filter_map(bytes).collect()
}
