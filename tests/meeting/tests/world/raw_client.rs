use super::{Https, JoinForm, PATIENCE};
use atrium_link::rtc_driver::ClientPeer;
use atrium_link::{ClosedBy, LinkEvent, SendError, VoicePacket};
use atrium_protocol::{
    CloseCode, ControlDown, ControlUp, JoinAnswer, Lane, ParticipantId, Placement, Pose, PoseUp, RefusalCode, Tick,
    decode_message, encode_message, encode_pose_up, limits,
};
use atrium_session::JoinLink;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// The longest sleep between two looks at the timers.
const STEP: Duration = Duration::from_millis(2);
/// RFC 7983: what begins with a smaller byte is STUN.
const FIRST_NOT_STUN: u8 = 4;

/// A client without manners: any bytes on any lane, over a real socket. It lives only while it is pumped.
pub(crate) struct RawClient {
    peer: ClientPeer,
    socket: UdpSocket,
    pub(crate) server: SocketAddr,
    pub(crate) answer: JoinAnswer,
    pub(crate) messages: Vec<ControlDown>,
    pub(crate) closed: Option<ClosedBy>,
    /// Throws away everything that arrives but connectivity checks.
    pub(crate) is_deaf: bool,
    placement: Option<Placement>,
    pose_sequence: Tick,
    voice_sequence: u16,
    pings: u64,
}

impl RawClient {
    /// Joins and waits for the welcome.
    pub(crate) async fn enter(link: &JoinLink, name: &str) -> Self {
        let mut client = Self::ask(link, name).await;
        client.be_welcomed().await;
        client
    }

    pub(crate) async fn be_welcomed(&mut self) {
        self.until("welcome", |client| client.placement.is_some()).await;
    }

    /// Joins over HTTPS; nothing of the connection is made yet.
    pub(crate) async fn ask(link: &JoinLink, name: &str) -> Self {
        Self::ask_from(link, name, (Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// The same from that address.
    pub(crate) async fn ask_from(link: &JoinLink, name: &str, local: SocketAddr) -> Self {
        let socket = UdpSocket::bind(local).await.expect("a socket");
        let local = socket.local_addr().expect("an address");
        let (mut peer, offer) = ClientPeer::offer(Instant::now(), local, 77).expect("an offer");
        let form = JoinForm { name: name.to_owned(), ..JoinForm::new(link, &offer) };
        let joined = Https::to(link).join(link.room().as_str(), form.body()).await;
        let answer = joined.unwrap_or_else(|refused| panic!("{name} is not let in: {refused:?}"));
        // As if the server took messages of any size.
        let boundless = answer.sdp.replace("a=max-message-size:65536", "a=max-message-size:262144");
        assert_ne!(boundless, answer.sdp, "the answer says how much the server takes");
        peer.accept(Instant::now(), &boundless).expect("an answer");
        let server = udp_candidate(&answer.sdp);
        Self {
            peer,
            socket,
            server,
            answer,
            messages: Vec::new(),
            closed: None,
            is_deaf: false,
            placement: None,
            pose_sequence: Tick(0),
            voice_sequence: 0,
            pings: 0,
        }
    }

    pub(crate) fn id(&self) -> ParticipantId {
        self.answer.participant
    }

    pub(crate) fn local(&self) -> SocketAddr {
        self.socket.local_addr().expect("an address")
    }

    pub(crate) fn placement(&self) -> Placement {
        self.placement.expect("was placed")
    }

    /// Lets the connection live for a while.
    pub(crate) async fn pump(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && self.closed.is_none() {
            self.pump_once(end).await;
        }
    }

    /// Lets the connection live until something is so.
    pub(crate) async fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < end, "not within {PATIENCE:?}: {what}\n{:?} {:?}", self.closed, self.messages);
            self.pump_once(end).await;
        }
    }

    async fn pump_once(&mut self, end: Instant) {
        self.turn();
        let due = self.peer.poll_timeout().unwrap_or(end).min(end);
        let wait = due.saturating_duration_since(Instant::now()).clamp(Duration::from_micros(100), STEP);
        let _ = timeout(wait, self.socket.readable()).await;
    }

    /// Everything that can be done without waiting.
    fn turn(&mut self) {
        let mut buffer = [0; 2_048];
        while let Ok((size, from)) = self.socket.try_recv_from(&mut buffer) {
            if !self.is_deaf || buffer[0] < FIRST_NOT_STUN {
                self.peer.handle_datagram(Instant::now(), from, &buffer[..size]);
            }
        }
        let now = Instant::now();
        if self.peer.poll_timeout().is_some_and(|due| due <= now) {
            self.peer.handle_timeout(now);
        }
        while let Some(event) = self.peer.poll_event() {
            self.take(event);
        }
        while let Some((to, datagram)) = self.peer.poll_datagram() {
            // A full socket buffer loses datagrams, as any network does.
            let _ = self.socket.try_send_to(&datagram, to);
        }
    }

    fn take(&mut self, event: LinkEvent) {
        match event {
            LinkEvent::Message { lane: Lane::Control, bytes } => {
                let message = decode_message(&bytes, limits::CONTROL_MESSAGE_BYTES).expect("a message of the server");
                match &message {
                    ControlDown::Welcome(welcome) => self.placement = Some(welcome.placement),
                    ControlDown::Placed { placement, .. } => self.placement = Some(*placement),
                    _ => {}
                }
                self.messages.push(message);
            }
            // The room speaks when it has been spoken to.
            LinkEvent::LaneOpen(Lane::Control) => drop(self.say(&ControlUp::Ping { client_us: 0 })),
            LinkEvent::Closed(by) => self.closed = Some(by),
            _ => {}
        }
    }

    /// Sends bytes within the lane's limits; false where they do not fit now.
    pub(crate) fn send(&mut self, lane: Lane, bytes: &[u8]) -> bool {
        self.peer.send(Instant::now(), lane, bytes).is_ok()
    }

    /// Sends bytes of any number.
    pub(crate) fn send_beyond_limits(&mut self, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        self.peer.send_beyond_limits(Instant::now(), lane, bytes)
    }

    pub(crate) fn say(&mut self, message: &ControlUp) -> bool {
        let bytes = encode_message(message, limits::CONTROL_MESSAGE_BYTES).expect("a small message");
        self.send(Lane::Control, &bytes)
    }

    /// Sends a pose under the epoch that counts now.
    pub(crate) fn send_pose(&mut self, pose: Pose) -> bool {
        let datagram = self.pose_datagram(pose);
        self.send(Lane::Pose, &datagram)
    }

    /// The next pose, not sent yet.
    pub(crate) fn pose_datagram(&mut self, pose: Pose) -> Vec<u8> {
        self.pose_sequence = self.pose_sequence.next();
        let pose = Pose { epoch: self.placement().epoch, ..pose };
        encode_pose_up(&PoseUp { sequence: self.pose_sequence, captured_ms: 0, pose })
    }

    /// Sends a voice packet of any payload.
    pub(crate) fn send_voice(&mut self, payload: Vec<u8>) {
        self.voice_sequence = self.voice_sequence.wrapping_add(1);
        let packet = VoicePacket {
            sequence: self.voice_sequence,
            timestamp: u32::from(self.voice_sequence) * 960,
            marker: false,
            level_dbov: 10,
            captured: None,
            payload: payload.into(),
        };
        // Whoever was thrown out says nothing more.
        let _ = self.peer.send_voice_beyond_limits(Instant::now(), &packet);
    }

    /// Sends bytes that no connection made, from this client's own address.
    pub(crate) fn send_datagram(&self, bytes: &[u8]) {
        let _ = self.socket.try_send_to(bytes, self.server);
    }

    /// Asks for the time and waits for the answer: the control lane works.
    pub(crate) async fn ping(&mut self) {
        self.pings += 1;
        let number = self.pings;
        let end = Instant::now() + PATIENCE;
        while !self.say(&ControlUp::Ping { client_us: number }) {
            assert!(self.closed.is_none() && Instant::now() < end, "the control lane takes nothing: {:?}", self.closed);
            self.pump_once(end).await;
        }
        let is_answer =
            |message: &ControlDown| matches!(message, ControlDown::Pong { client_us, .. } if *client_us == number);
        self.until("pong", |client| client.messages.iter().any(is_answer)).await;
    }

    pub(crate) fn is_refused(&self, wanted: RefusalCode) -> bool {
        self.messages.iter().any(|message| matches!(message, ControlDown::Refused { code, .. } if *code == wanted))
    }

    pub(crate) fn closing(&self) -> Option<CloseCode> {
        self.messages.iter().find_map(|message| match message {
            ControlDown::Closing { code, .. } => Some(*code),
            _ => None,
        })
    }
}

/// Where the answer says that the server takes datagrams.
fn udp_candidate(sdp: &str) -> SocketAddr {
    let candidates = sdp.lines().filter(|line| line.starts_with("a=candidate:"));
    let udp = candidates.map(|line| line.split(' ').collect::<Vec<_>>()).find(|words| words.get(2) == Some(&"udp"));
    let words = udp.expect("a UDP candidate");
    SocketAddr::new(words[4].parse().expect("an address"), words[5].parse().expect("a port"))
}
