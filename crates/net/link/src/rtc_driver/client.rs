use super::core::Core;
use super::profile::{WireIds, interceptors, media_engine, new_certificate, opus_codec, settings, voice_rtp};
use crate::event::{LinkEvent, OutgoingVoice, SendError, VoicePacket};
use atrium_protocol::{Lane, VIDEO_LINES, VOICE_SLOTS, limits};
use bytes::BytesMut;
use rtc::peer_connection::RTCPeerConnectionBuilder;
use rtc::peer_connection::configuration::RTCConfigurationBuilder;
use rtc::peer_connection::configuration::setting_engine::SctpMaxMessageSize;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::sansio::Protocol;
use rtc::shared::error::Error;
use rtc::shared::{TransportContext, TransportProtocol};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A client's end of one connection on the sans-IO core, over one UDP address. Load generators and tests on
/// virtual time use it; people use the `webrtc` driver, which finds its own addresses.
pub struct ClientPeer {
    core: Core,
    local: SocketAddr,
    ssrc: u32,
}

impl ClientPeer {
    /// Makes an offer for a client that sends from `local`; `ssrc` is that of its voice.
    ///
    /// # Errors
    /// Only if the library refuses constants.
    pub fn offer(now: Instant, local: SocketAddr, ssrc: u32) -> Result<(Self, String), Error> {
        let certificate = new_certificate()?;
        let settings = settings()
            // The answer says how much the server takes; only an altered one lets a test send more.
            .with_sctp_max_message_size(SctpMaxMessageSize::Unbounded)
            .with_ice_connection_attempts(Some(Duration::from_millis(20)), Some(100))
            .with_host_acceptance_min_wait(Some(Duration::ZERO))
            .build();
        let pc = RTCPeerConnectionBuilder::new()
            .with_configuration(RTCConfigurationBuilder::new().with_certificates(vec![certificate]).build())
            .with_setting_engine(settings)
            .with_media_engine(media_engine()?)
            .with_interceptor_registry(interceptors())
            .build(now)?;
        let mut core = Core::new(pc, WireIds::read_slot)?;
        add_lines(&mut core, ssrc)?;
        core.add_host_candidate(local)?;
        let offer = core.pc.create_offer(None)?;
        core.pc.set_local_description(now, offer)?;
        let sdp = core.pc.local_description().ok_or(Error::ErrPeerConnLocalDescriptionNil)?.sdp;
        Ok((Self { core, local, ssrc }, sdp))
    }

    /// Takes the server's answer.
    ///
    /// # Errors
    /// A sentence of the library, when it does not understand the answer.
    pub fn accept(&mut self, now: Instant, answer: &str) -> Result<(), Error> {
        self.core.ids = WireIds::from_answer(answer);
        self.core.pc.set_remote_description(now, RTCSessionDescription::answer(answer.to_owned())?)
    }

    /// Takes a datagram in.
    pub fn handle_datagram(&mut self, now: Instant, from: SocketAddr, bytes: &[u8]) {
        let transport = TransportContext {
            local_addr: self.local,
            peer_addr: from,
            ecn: None,
            transport_protocol: TransportProtocol::UDP,
        };
        self.core.handle_datagram(now, transport, bytes);
    }

    /// The next datagram to send, and where to.
    pub fn poll_datagram(&mut self) -> Option<(SocketAddr, BytesMut)> {
        self.core.pc.poll_write().map(|write| (write.transport.peer_addr, write.message))
    }

    /// Queues a message on a lane.
    ///
    /// # Errors
    /// [`SendError`]; on `Full` nothing was queued.
    pub fn send(&mut self, now: Instant, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        self.core.send(now, lane, bytes)
    }

    /// As [`Self::send`], but heeds no limit: for tests of what a server does with clients that keep none.
    ///
    /// # Errors
    /// [`SendError::NotOpen`], also for a message that is too large for any SCTP association (256 KiB).
    #[doc(hidden)]
    pub fn send_beyond_limits(&mut self, now: Instant, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        self.core.send_beyond_limits(now, lane, bytes)
    }

    /// Queues a packet of one's own voice.
    ///
    /// # Errors
    /// [`SendError::TooLarge`] over the limit, [`SendError::NotOpen`] before the handshake and after the end.
    pub fn send_voice(&mut self, now: Instant, packet: &VoicePacket) -> Result<(), SendError> {
        if packet.payload.len() > limits::VOICE_PAYLOAD_BYTES {
            return Err(SendError::TooLarge);
        }
        self.send_voice_beyond_limits(now, packet)
    }

    /// As [`Self::send_voice`], but heeds no limit: for tests of what a server does with clients that keep none.
    ///
    /// # Errors
    /// [`SendError::NotOpen`].
    #[doc(hidden)]
    pub fn send_voice_beyond_limits(&mut self, now: Instant, packet: &VoicePacket) -> Result<(), SendError> {
        let rtp = voice_rtp(&self.core.ids, self.ssrc, None, &OutgoingVoice::new(packet.clone()));
        self.core.send_voice(now, rtp)
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

    /// Closes the connection; drain the datagrams afterwards, they tell the server.
    pub fn close(&mut self) {
        self.core.close();
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }
}

fn add_lines(core: &mut Core, ssrc: u32) -> Result<(), Error> {
    core.add_sending_line(RtpCodecKind::Audio, "microphone", ssrc, opus_codec())?;
    for _ in 0..VOICE_SLOTS {
        core.pc.add_transceiver_from_kind(RtpCodecKind::Audio, None)?;
    }
    for _ in 0..VIDEO_LINES {
        core.pc.add_transceiver_from_kind(RtpCodecKind::Video, None)?;
    }
    Ok(())
}
