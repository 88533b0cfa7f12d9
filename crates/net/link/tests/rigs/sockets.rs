use super::{End, Losses, Rig};
use atrium_link::rtc_driver::{Path, ServerPeer, ServerSettings};
use atrium_link::webrtc_driver::{Arrived, PeerSettings, Transport, WebrtcPeer};
use atrium_link::{LinkEvent, OutgoingVoice, SendError, VoicePacket, check_offer};
use atrium_protocol::{Lane, ParticipantId};
use bytes::Bytes;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::sleep_until;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const STEP: Duration = Duration::from_millis(5);

/// The `webrtc` driver over real sockets on loopback, and the server's end, driven as a shard would. Both run only
/// while a test lets time pass.
pub(crate) struct SocketRig {
    runtime: Runtime,
    pub(crate) client: WebrtcPeer,
    client_events: mpsc::Receiver<Arrived>,
    client_heard: Vec<LinkEvent>,
    server: ServerEnd,
}

struct ServerEnd {
    peer: ServerPeer,
    udp: UdpSocket,
    tcp: TcpListener,
    stream: Option<TcpStream>,
    /// What came over TCP and is not a whole frame yet.
    unframed: Vec<u8>,
    datagram: Vec<u8>,
    heard: Vec<LinkEvent>,
    up: Losses,
    down: Losses,
}

impl SocketRig {
    /// A client that has the server's answer and begins to connect.
    pub(crate) fn new(transport: Transport) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let settings = PeerSettings {
            transport,
            // Keepalives go out every second.
            silence_timeout: Duration::from_millis(2_500),
            ..PeerSettings::for_server(Some(LOOPBACK))
        };
        let (client, client_events, server) = runtime.block_on(async {
            let (client, offer, events) = WebrtcPeer::new(settings).await.expect("an offer");
            let (server, answer) = ServerEnd::answer(&offer).await;
            client.accept_answer(&answer).await.expect("our own answer");
            (client, events, server)
        });
        Self { runtime, client, client_events, client_heard: Vec::new(), server }
    }

    pub(crate) fn connected(transport: Transport) -> Self {
        let mut rig = Self::new(transport);
        rig.until_open();
        rig
    }

    pub(crate) fn abandon(&mut self) {
        self.runtime.block_on(self.client.abandon());
    }
}

impl ServerEnd {
    async fn answer(offer: &str) -> (Self, String) {
        let udp = UdpSocket::bind((LOOPBACK, 0)).await.expect("a socket");
        let tcp = TcpListener::bind((LOOPBACK, 0)).await.expect("a socket");
        let addresses = (udp.local_addr().expect("bound"), tcp.local_addr().expect("bound"));
        let settings = ServerSettings::new(vec![addresses.0], vec![addresses.1]).expect("a certificate");
        let offer = check_offer(offer).expect("our own offer passes");
        let password = "0123456789abcdefghijklmn";
        let (peer, answer) =
            ServerPeer::answer(Instant::now(), &settings, &offer, "server01", password).expect("an answer");
        let end = Self {
            peer,
            udp,
            tcp,
            stream: None,
            unframed: Vec::new(),
            datagram: vec![0; 2_048],
            heard: Vec::new(),
            up: Losses::none(),
            down: Losses::none(),
        };
        (end, answer)
    }

    /// Waits for one thing to happen.
    async fn wait(&mut self) {
        let due = self.peer.poll_timeout().unwrap_or_else(|| Instant::now() + STEP);
        tokio::select! {
            received = self.udp.recv_from(&mut self.datagram) => {
                if let Ok((size, remote)) = received && self.up.passes() {
                    let path = Path::Udp { socket: 0, remote };
                    self.peer.handle_datagram(Instant::now(), path, &self.datagram[..size]);
                }
            }
            accepted = self.tcp.accept() => self.stream = Some(accepted.expect("a connection").0),
            is_open = read_some(self.stream.as_mut(), &mut self.unframed) => {
                if !is_open {
                    self.stream = None;
                }
                self.take_frames();
            }
            () = sleep_until(due.into()) => self.peer.handle_timeout(Instant::now()),
        }
    }

    /// Takes the RFC 4571 frames that are whole.
    fn take_frames(&mut self) {
        while let Some((length, rest)) = self.unframed.split_first_chunk() {
            let Some(frame) = rest.get(..usize::from(u16::from_be_bytes(*length))) else { return };
            if self.up.passes() {
                self.peer.handle_datagram(Instant::now(), Path::Tcp { connection: 0 }, frame);
            }
            let taken = 2 + frame.len();
            self.unframed.drain(..taken);
        }
    }

    async fn flush(&mut self) {
        self.peer.settle();
        while let Some((path, bytes)) = self.peer.poll_datagram() {
            if !self.down.passes() {
                continue;
            }
            match (path, self.stream.as_mut()) {
                (Path::Udp { remote, .. }, _) => drop(self.udp.send_to(&bytes, remote).await),
                (Path::Tcp { .. }, Some(stream)) => {
                    let frame = [&(bytes.len() as u16).to_be_bytes()[..], &bytes].concat();
                    // A client that hung up is found out by reading.
                    let _ = stream.write_all(&frame).await;
                }
                (Path::Tcp { .. }, None) => {}
            }
        }
        self.heard.extend(std::iter::from_fn(|| self.peer.poll_event()));
    }
}

/// Reads what there is; false at the end of the stream. May be cancelled.
async fn read_some(stream: Option<&mut TcpStream>, into: &mut Vec<u8>) -> bool {
    let Some(stream) = stream else { return std::future::pending().await };
    stream.read_buf(into).await.is_ok_and(|count| count > 0)
}

impl Rig for SocketRig {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn step(&mut self) {
        let Self { runtime, client_events, client_heard, server, .. } = self;
        runtime.block_on(async {
            server.flush().await;
            tokio::select! {
                Some(arrived) = client_events.recv() => client_heard.push(arrived.event),
                () = server.wait() => {}
                () = tokio::time::sleep(STEP) => {}
            }
            client_heard.extend(std::iter::from_fn(|| client_events.try_recv().ok()).map(|arrived| arrived.event));
            server.flush().await;
        });
    }

    fn heard(&self, end: End) -> &[LinkEvent] {
        if end == End::Client { &self.client_heard } else { &self.server.heard }
    }

    fn try_send(&mut self, from: End, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        match from {
            End::Client => self.client.try_send(lane, Bytes::copy_from_slice(bytes)),
            End::Server => self.server.peer.send(Instant::now(), lane, bytes),
        }
    }

    fn client_voice(&mut self, packet: &VoicePacket) -> Result<(), SendError> {
        self.runtime.block_on(self.client.send_voice(packet.clone()))
    }

    fn server_voice(&mut self, slot: u8, speaker: ParticipantId, packet: &VoicePacket) {
        self.server.peer.send_voice(Instant::now(), slot, speaker, &OutgoingVoice::new(packet.clone()));
    }

    fn close(&mut self, end: End) {
        match end {
            End::Client => self.runtime.block_on(self.client.close()),
            End::Server => self.server.peer.close(),
        }
    }

    fn lose_every(&mut self, n: usize) {
        (self.server.up.every, self.server.down.every) = (n, n);
    }
}
