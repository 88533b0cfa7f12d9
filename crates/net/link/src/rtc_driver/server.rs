use super::core::Core;
use super::profile::{
    WireIds, interceptors, media_engine, new_certificate, opus_codec, settings, voice_rtp, vp8_codec,
};
use crate::event::{LinkEvent, OutgoingVoice, SendError};
use crate::offer::CheckedOffer;
use crate::slots::{SlotRewriter, voice_slot_ssrc};
use crate::stun::{StunKind, summarise_stun};
use atrium_protocol::{Lane, ParticipantId, VIDEO_LINES, VOICE_SLOTS};
use bytes::BytesMut;
use rtc::peer_connection::certificate::RTCCertificate;
use rtc::peer_connection::configuration::RTCConfigurationBuilder;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::RTCDtlsRole;
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::sansio::Protocol;
use rtc::shared::error::Error;
use rtc::shared::{TransportContext, TransportProtocol};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

/// Where a datagram came from, or goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// A UDP socket of ours, by its index, and the address at the other end.
    Udp {
        /// Which of our sockets.
        socket: u8,
        /// The other end.
        remote: SocketAddr,
    },
    /// A TCP connection of ours (RFC 4571 framing is the owner's business).
    Tcp {
        /// Which connection.
        connection: u64,
    },
}

/// What all connections of a server share.
#[derive(Clone)]
pub struct ServerSettings {
    certificate: RTCCertificate,
    /// Addresses that answers offer over UDP.
    pub udp_candidates: Vec<SocketAddr>,
    /// Addresses that answers offer over TCP.
    pub tcp_candidates: Vec<SocketAddr>,
}

impl ServerSettings {
    /// Makes a DTLS certificate (ECDSA P-256) for the life of the server.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new(udp_candidates: Vec<SocketAddr>, tcp_candidates: Vec<SocketAddr>) -> Result<Self, Error> {
        Ok(Self { certificate: new_certificate()?, udp_candidates, tcp_candidates })
    }
}

/// Paths that have proved to be the client's own; more than a few at a time are not honest.
const KNOWN_PATHS: usize = 4;
/// Checks whose answers are awaited.
const PENDING_CHECKS: usize = 8;
/// A client that checks another path while the current one is silent for so long has moved there, nominated
/// or not: some clients nominate only once, and then only keep alive.
const MOVED_AFTER: Duration = Duration::from_secs(3);

/// The server's end of one connection: ICE-lite, DTLS server, eight sending audio lines.
///
/// The agent inside believes in one unchanging path. The real ones are kept here: an answer to a
/// connectivity check goes back where the check came from, everything else goes to the path that was
/// nominated last and whose check the agent found authentic. That is what lets a client change its address
/// (NAT rebinding, Wi-Fi to mobile) without a new join.
pub struct ServerPeer {
    core: Core,
    slots: [SlotRewriter; VOICE_SLOTS],
    paths: Vec<Path>,
    send_path: Option<Path>,
    send_path_checked: Instant,
    checks: Vec<PendingCheck>,
}

/// A connectivity check that the agent has not answered yet.
struct PendingCheck {
    transaction: [u8; 12],
    path: Path,
    is_nominated: bool,
    arrived: Instant,
}

impl ServerPeer {
    /// Answers a checked offer. Costs milliseconds: keep it off a thread that forwards voice. `ufrag` and
    /// `password` (at least 22 characters) are the server's ICE credentials for this connection.
    ///
    /// # Errors
    /// A sentence of the library, when it does not understand the offer.
    pub fn answer(
        now: Instant,
        settings: &ServerSettings,
        offer: &CheckedOffer,
        ufrag: &str,
        password: &str,
    ) -> Result<(Self, String), Error> {
        let mut core = Core::new(build_peer_connection(now, settings, ufrag, password)?, WireIds::read_microphone)?;
        core.add_host_candidate(AGENT_LOCAL)?;
        add_lines(&mut core)?;
        core.pc.set_remote_description(now, RTCSessionDescription::offer(offer.sdp.clone())?)?;
        let answer = core.pc.create_answer(None)?;
        core.pc.set_local_description(now, answer)?;
        let description = core.pc.local_description().ok_or(Error::ErrPeerConnLocalDescriptionNil)?;
        let sdp = with_candidates(&description.sdp, settings);
        core.ids = WireIds::from_answer(&sdp);
        let slots = std::array::from_fn(|_| SlotRewriter::default());
        Ok((Self { core, slots, paths: Vec::new(), send_path: None, send_path_checked: now, checks: Vec::new() }, sdp))
    }

    /// Takes a datagram in. The owner calls it for STUN messages that name this connection, and for
    /// everything else from a path in [`Self::knows`].
    pub fn handle_datagram(&mut self, now: Instant, path: Path, bytes: &[u8]) {
        if let Some(stun) = summarise_stun(bytes) {
            if stun.kind == StunKind::BindingRequest {
                if self.checks.len() >= PENDING_CHECKS {
                    self.checks.remove(0);
                }
                let (transaction, is_nominated) = (stun.transaction, stun.use_candidate);
                self.checks.push(PendingCheck { transaction, path, is_nominated, arrived: now });
            }
        } else if !self.knows(path) {
            return;
        }
        self.core.handle_datagram(now, agent_transport(), bytes);
    }

    /// Whether a check from this path was authentic.
    pub fn knows(&self, path: Path) -> bool {
        self.paths.contains(&path)
    }

    /// The path that everything but answers to checks goes to.
    pub fn send_path(&self) -> Option<Path> {
        self.send_path
    }

    /// A TCP connection is gone.
    pub fn forget(&mut self, path: Path) {
        self.paths.retain(|known| *known != path);
        if self.send_path == Some(path) {
            self.send_path = self.paths.last().copied();
        }
    }

    /// The next datagram to send, and where to. Each call sweeps the whole connection, so collect what is to
    /// be sent first, then drain.
    pub fn poll_datagram(&mut self) -> Option<(Path, BytesMut)> {
        while let Some(write) = self.core.pc.poll_write() {
            let path = match summarise_stun(&write.message) {
                Some(stun) if stun.kind == StunKind::BindingRequest => self.send_path,
                Some(stun) => self.take_check_answer(stun.kind, stun.transaction),
                None => self.send_path,
            };
            if let Some(path) = path {
                return Some((path, write.message));
            }
        }
        None
    }

    fn take_check_answer(&mut self, kind: StunKind, transaction: [u8; 12]) -> Option<Path> {
        let index = self.checks.iter().position(|check| check.transaction == transaction)?;
        let PendingCheck { path, is_nominated, arrived, .. } = self.checks.remove(index);
        if kind == StunKind::BindingSuccess {
            if !self.knows(path) {
                if self.paths.len() >= KNOWN_PATHS {
                    let oldest = self.paths.iter().position(|known| Some(*known) != self.send_path).unwrap_or(0);
                    self.paths.remove(oldest);
                }
                self.paths.push(path);
            }
            let is_silent = arrived.saturating_duration_since(self.send_path_checked) > MOVED_AFTER;
            if is_nominated || self.send_path.is_none() || is_silent {
                self.send_path = Some(path);
            }
            if self.send_path == Some(path) {
                self.send_path_checked = arrived;
            }
        }
        Some(path)
    }

    /// Queues a message on a lane.
    ///
    /// # Errors
    /// [`SendError`]; on `Full` nothing was queued.
    pub fn send(&mut self, now: Instant, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        self.core.send(now, lane, bytes)
    }

    /// Bytes that the client has not acknowledged on a lane.
    pub fn outstanding_bytes(&mut self, lane: Lane) -> usize {
        self.core.outstanding_bytes(lane)
    }

    /// Queues a speaker's packet in a voice slot.
    pub fn send_voice(&mut self, now: Instant, slot: u8, speaker: ParticipantId, voice: &OutgoingVoice) {
        let Some(rewriter) = self.slots.get_mut(usize::from(slot)) else { return };
        let header = rewriter.rewrite(now, speaker, &voice.packet);
        let mut rtp = voice_rtp(&self.core.ids, voice_slot_ssrc(slot), Some(speaker), voice);
        rtp.header.sequence_number = header.sequence;
        rtp.header.timestamp = header.timestamp;
        rtp.header.marker = header.marker;
        // A listener whose handshake is not over, or who is gone, hears nothing; nobody waits for the packet.
        let _ = self.core.send_voice(now, rtp);
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<LinkEvent> {
        self.core.poll_event()
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&mut self) -> Option<Instant> {
        self.core.pc.poll_timeout()
    }

    /// Lets timers run.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.core.handle_timeout(now);
    }

    /// Looks for what needs no hurry, like lanes that closed; call it every few milliseconds after datagrams came.
    pub fn settle(&mut self) {
        self.core.drain();
    }

    /// Closes the connection; drain the datagrams afterwards, they tell the client.
    pub fn close(&mut self) {
        self.core.close();
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// Messages and packets that were dropped because they broke a limit.
    pub fn dropped(&self) -> u64 {
        self.core.dropped
    }
}

/// The one path that the agent inside knows (addresses of RFC 5737, never on any wire).
const AGENT_LOCAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 1);
const AGENT_REMOTE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)), 2);

fn agent_transport() -> TransportContext {
    TransportContext {
        local_addr: AGENT_LOCAL,
        peer_addr: AGENT_REMOTE,
        ecn: None,
        transport_protocol: TransportProtocol::UDP,
    }
}

fn build_peer_connection(
    now: Instant,
    server: &ServerSettings,
    ufrag: &str,
    password: &str,
) -> Result<RTCPeerConnection, Error> {
    let settings = settings()
        .with_lite(true)
        .with_answering_dtls_role(RTCDtlsRole::Server)
        .with_ice_credentials(ufrag.to_owned(), password.to_owned())
        .build();
    let configuration = RTCConfigurationBuilder::new().with_certificates(vec![server.certificate.clone()]).build();
    RTCPeerConnectionBuilder::new()
        .with_configuration(configuration)
        .with_setting_engine(settings)
        .with_media_engine(media_engine()?)
        .with_interceptor_registry(interceptors())
        .build(now)
}

fn add_lines(core: &mut Core) -> Result<(), Error> {
    for slot in 0..VOICE_SLOTS as u8 {
        let (name, ssrc) = (format!("voice{slot}"), voice_slot_ssrc(slot));
        core.add_sending_line(RtpCodecKind::Audio, &name, ssrc, opus_codec())?;
    }
    for line in 0..VIDEO_LINES as u8 {
        let (name, ssrc) = (format!("screen{line}"), voice_slot_ssrc(0x80 + line));
        core.add_sending_line(RtpCodecKind::Video, &name, ssrc, vp8_codec())?;
    }
    Ok(())
}

/// Puts the real candidates in place of the agent's only one. UDP is preferred to TCP, and earlier addresses to
/// later ones (RFC 8445 §5.1.2: type, local and component preference; TCP as in RFC 6544 §4.2).
fn with_candidates(sdp: &str, settings: &ServerSettings) -> String {
    let mut lines = Vec::new();
    let mut is_placed = false;
    for line in sdp.lines() {
        if line.starts_with("a=candidate:") {
            if !is_placed {
                push_candidates(&mut lines, settings);
                is_placed = true;
            }
        } else {
            lines.push(line.to_owned());
        }
    }
    let mut text = lines.join("\r\n");
    text.push_str("\r\n");
    text
}

fn push_candidates(lines: &mut Vec<String>, settings: &ServerSettings) {
    for (index, address) in settings.udp_candidates.iter().enumerate() {
        let priority = (126 << 24) | ((65_535 - index as u32) << 8) | 255;
        let (ip, port) = (address.ip(), address.port());
        lines.push(format!("a=candidate:{} 1 udp {priority} {ip} {port} typ host", index + 1));
    }
    for (index, address) in settings.tcp_candidates.iter().enumerate() {
        let priority = (90 << 24) | ((32_767 - index as u32) << 8) | 255;
        let (ip, port) = (address.ip(), address.port());
        lines.push(format!("a=candidate:{} 1 tcp {priority} {ip} {port} typ host tcptype passive", 100 + index));
    }
}
