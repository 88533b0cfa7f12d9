//! The driver against the server's end, over real sockets on loopback.

use super::{PeerSettings, Transport, WebrtcPeer};
use crate::event::{LinkEvent, VoicePacket};
use crate::rtc_driver::{Path, ServerPeer, ServerSettings};
use crate::{ClosedBy, check_offer};
use atrium_protocol::{CHANNELS, Lane, Micros, ParticipantId};
use bytes::Bytes;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PATIENCE: Duration = Duration::from_secs(10);

enum ServerCommand {
    Send(Lane, &'static [u8]),
    Voice(u8, ParticipantId, VoicePacket),
    Close,
}

/// A server with one client: what a shard does, in the small.
struct TestServer {
    answer: String,
    events: mpsc::Receiver<LinkEvent>,
    commands: mpsc::Sender<ServerCommand>,
}

impl TestServer {
    async fn answer(offer: &str) -> Self {
        let udp = UdpSocket::bind((LOOPBACK, 0)).await.unwrap();
        let tcp = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
        let candidates = (vec![udp.local_addr().unwrap()], vec![tcp.local_addr().unwrap()]);
        let settings = ServerSettings::new(candidates.0, candidates.1).unwrap();
        let offer = check_offer(offer).unwrap();
        let password = "0123456789abcdefghijklmn";
        let (peer, answer) = ServerPeer::answer(Instant::now(), &settings, &offer, "server01", password).unwrap();
        let (event_in, events) = mpsc::channel(256);
        let (commands, command_out) = mpsc::channel(16);
        tokio::spawn(serve(peer, udp, tcp, event_in, command_out));
        Self { answer, events, commands }
    }

    async fn next(&mut self) -> LinkEvent {
        timeout(PATIENCE, self.events.recv()).await.expect("the server hears something").unwrap()
    }

    /// The next event that `pick` wants.
    async fn find<T>(&mut self, pick: impl Fn(LinkEvent) -> Option<T>) -> T {
        loop {
            if let Some(found) = pick(self.next().await) {
                return found;
            }
        }
    }
}

async fn serve(
    mut peer: ServerPeer,
    udp: UdpSocket,
    tcp: TcpListener,
    events: mpsc::Sender<LinkEvent>,
    mut commands: mpsc::Receiver<ServerCommand>,
) {
    let mut buffer = vec![0; 2_048];
    let mut stream: Option<TcpStream> = None;
    loop {
        let due = peer.poll_timeout().unwrap_or_else(|| Instant::now() + PATIENCE);
        tokio::select! {
            received = udp.recv_from(&mut buffer) => {
                let (size, remote) = received.unwrap();
                peer.handle_datagram(Instant::now(), Path::Udp { socket: 0, remote }, &buffer[..size]);
            }
            accepted = tcp.accept() => stream = Some(accepted.unwrap().0),
            frame = read_frame(stream.as_mut()) => match frame {
                Some(frame) => peer.handle_datagram(Instant::now(), Path::Tcp { connection: 0 }, &frame),
                None => stream = None,
            },
            command = commands.recv() => match command {
                Some(ServerCommand::Send(lane, bytes)) => peer.send(Instant::now(), lane, bytes).unwrap(),
                Some(ServerCommand::Voice(slot, speaker, voice)) => peer.send_voice(Instant::now(), slot, speaker, &crate::OutgoingVoice::new(voice)),
                Some(ServerCommand::Close) => peer.close(),
                None => return,
            },
            () = sleep_until(due.into()) => peer.handle_timeout(Instant::now()),
        }
        while let Some((path, bytes)) = peer.poll_datagram() {
            match (path, stream.as_mut()) {
                (Path::Udp { remote, .. }, _) => drop(udp.send_to(&bytes, remote).await),
                (Path::Tcp { .. }, Some(stream)) => {
                    stream.write_all(&(bytes.len() as u16).to_be_bytes()).await.unwrap();
                    stream.write_all(&bytes).await.unwrap();
                }
                _ => {}
            }
        }
        while let Some(event) = peer.poll_event() {
            if events.send(event).await.is_err() {
                return;
            }
        }
    }
}

/// One RFC 4571 frame. Not cancel-safe across its two reads, which loopback does not split.
async fn read_frame(stream: Option<&mut TcpStream>) -> Option<Vec<u8>> {
    let Some(stream) = stream else { return std::future::pending().await };
    let size = stream.read_u16().await.ok()?;
    let mut frame = vec![0; usize::from(size)];
    stream.read_exact(&mut frame).await.ok()?;
    Some(frame)
}

struct Client {
    peer: WebrtcPeer,
    events: mpsc::Receiver<super::Arrived>,
}

impl Client {
    async fn next(&mut self) -> LinkEvent {
        timeout(PATIENCE, self.events.recv()).await.expect("the client hears something").unwrap().event
    }

    async fn wait_until_open(&mut self) {
        for _ in &CHANNELS {
            assert!(matches!(self.next().await, LinkEvent::LaneOpen(_)));
        }
    }
}

async fn connect(transport: Transport) -> (Client, TestServer, Duration) {
    let mut settings = PeerSettings::for_server(Some(LOOPBACK));
    settings.transport = transport;
    let (peer, offer, events) = WebrtcPeer::new(settings).await.unwrap();
    let mut server = TestServer::answer(&offer).await;
    let started = Instant::now();
    peer.accept_answer(&server.answer).await.unwrap();
    let mut client = Client { peer, events };
    client.wait_until_open().await;
    let took = started.elapsed();
    for _ in &CHANNELS {
        server.find(|event| matches!(event, LinkEvent::LaneOpen(_)).then_some(())).await;
    }
    (client, server, took)
}

fn voice(sequence: u16) -> VoicePacket {
    VoicePacket {
        sequence,
        timestamp: u32::from(sequence) * 960,
        marker: false,
        level_dbov: 20,
        captured: Some(Micros(1_750_000_000_000_000)),
        payload: Bytes::from_static(b"not really Opus"),
    }
}

async fn talk(client: &mut Client, server: &mut TestServer) {
    for (lane, text) in [(Lane::Control, "up"), (Lane::Board, "board"), (Lane::Pose, "pose")] {
        client.peer.send(lane, Bytes::from_static(text.as_bytes())).await.unwrap();
        let heard = server.find(|event| match event {
            LinkEvent::Message { lane: on, bytes } => Some((on, bytes)),
            _ => None,
        });
        assert_eq!(heard.await, (lane, Bytes::from_static(text.as_bytes())));
    }
    client.peer.send_voice(voice(7)).await.unwrap();
    let packet = server.find(|event| match event {
        LinkEvent::Voice { packet, .. } => Some(packet),
        _ => None,
    });
    assert_eq!(packet.await, voice(7));

    server.commands.send(ServerCommand::Send(Lane::Pose, b"down")).await.unwrap();
    let down = LinkEvent::Message { lane: Lane::Pose, bytes: Bytes::from_static(b"down") };
    assert_eq!(client.next().await, down);
    for slot in [0, 7] {
        server.commands.send(ServerCommand::Voice(slot, ParticipantId(42), voice(9))).await.unwrap();
        let LinkEvent::Voice { slot: on, speaker, packet } = client.next().await else { panic!("voice expected") };
        assert_eq!((on, speaker), (slot, Some(ParticipantId(42))));
        assert_eq!((packet.payload, packet.captured), (voice(9).payload, voice(9).captured));
    }
}

#[tokio::test]
async fn everything_travels_over_udp_and_the_lanes_open_soon() {
    let (mut client, mut server, took) = connect(Transport::Udp).await;
    eprintln!("lanes open {took:?} after the answer");
    talk(&mut client, &mut server).await;
    // A driver that sleeps between DTLS and SCTP needs more than 200 ms even on an idle machine.
    let mut fastest = took;
    for _ in 0..4 {
        fastest = fastest.min(connect(Transport::Udp).await.2);
    }
    assert!(fastest < Duration::from_millis(150), "lanes opened after {fastest:?}");
}

#[tokio::test]
async fn everything_travels_over_tcp() {
    let (mut client, mut server, took) = connect(Transport::Tcp).await;
    eprintln!("lanes open {took:?} after the answer");
    talk(&mut client, &mut server).await;
}

#[tokio::test]
async fn each_side_learns_that_the_other_left() {
    let (client, mut server, _) = connect(Transport::Udp).await;
    client.peer.close().await;
    let closed = |event| if let LinkEvent::Closed(by) = event { Some(by) } else { None };
    assert_eq!(server.find(closed).await, ClosedBy::Peer);

    let (mut client, server, _) = connect(Transport::Udp).await;
    server.commands.send(ServerCommand::Close).await.unwrap();
    assert_eq!(client.next().await, LinkEvent::Closed(ClosedBy::Peer));
}

#[tokio::test]
async fn an_abandoned_connection_says_nothing() {
    let (client, mut server, _) = connect(Transport::Udp).await;
    client.peer.abandon().await;
    drop(client);
    let silence = timeout(Duration::from_secs(1), server.events.recv()).await;
    assert!(silence.is_err(), "the server heard {silence:?}");
}

#[tokio::test]
async fn a_lane_refuses_what_is_too_large() {
    let (client, _server, _) = connect(Transport::Udp).await;
    let large = Bytes::from(vec![0; Lane::Pose.spec().max_message_bytes + 1]);
    assert_eq!(client.peer.try_send(Lane::Pose, large), Err(crate::SendError::TooLarge));
}
