use super::answer::{keep_candidates_of, sha256_fingerprint, with_upper_case_fingerprints};
use super::handler::{Arrived, EventSender, Handler};
use super::lanes::{Lanes, channel_init, send_buffer_limit};
use super::runtime::ConnectionRuntime;
use super::settings::{PeerSettings, Transport};
use crate::event::{ClosedBy, OutgoingVoice, SendError, VoicePacket};
use crate::rtc_driver::{WireIds, media_engine, opus_codec, sending_track, voice_rtp};
use atrium_protocol::{CHANNELS, Lane, VIDEO_LINES, VOICE_SLOTS, limits};
use bytes::Bytes;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, RTCConfigurationBuilder, RTCIceCandidateInit, RTCSessionDescription,
    Registry, SettingEngine, SettingEngineBuilder, SrtpProtectionProfile, configure_rtcp_reports,
};
use webrtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};

/// Time between liveness checks of a connection that stands.
const KEEPALIVE: Duration = Duration::from_secs(1);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// Sockets or the offer could not be made.
    #[error("the connection could not be prepared: {0}")]
    Setup(String),
    /// The server's answer is not one that this client understands.
    #[error("the server's answer was not understood: {0}")]
    Answer(String),
    /// The answer offers nothing for the wanted transport.
    #[error("the server offers no {0:?} address")]
    NoCandidate(Transport),
}

/// A client's end of a connection. Dropping it closes it.
pub struct WebrtcPeer {
    connection: Arc<dyn PeerConnection>,
    runtime: Arc<ConnectionRuntime>,
    lanes: Lanes,
    microphone: Arc<TrackLocalStaticRTP>,
    ssrc: u32,
    wire: Arc<OnceLock<WireIds>>,
    transport: Transport,
    fingerprint: String,
    events: EventSender,
}

impl WebrtcPeer {
    /// Binds sockets and makes the offer: the peer, the SDP offer and the events to come.
    ///
    /// # Errors
    /// [`PeerError::Setup`].
    pub async fn new(settings: PeerSettings) -> Result<(Self, String, mpsc::Receiver<Arrived>), PeerError> {
        let setup = |error: webrtc::error::Error| PeerError::Setup(error.to_string());
        let (queue, incoming) = mpsc::channel(settings.event_queue);
        let events = EventSender::new(queue);
        let (wire, secured) = (Arc::new(OnceLock::new()), Arc::new(Notify::new()));
        let handler = Handler { events: events.clone(), wire: Arc::clone(&wire), secured: Arc::clone(&secured) };
        let no_runtime = || PeerError::Setup("there is no tokio runtime".to_owned());
        let runtime = Arc::new(ConnectionRuntime::new().ok_or_else(no_runtime)?);
        let connection = build_connection(&settings, handler, Arc::clone(&runtime)).await.map_err(setup)?;

        let ssrc = RandomState::new().hash_one(0_u8) as u32;
        let microphone =
            Arc::new(TrackLocalStaticRTP::new(sending_track(RtpCodecKind::Audio, "microphone", ssrc, opus_codec())));
        add_media_lines(&*connection, Arc::clone(&microphone)).await.map_err(setup)?;
        let mut channels = Vec::with_capacity(CHANNELS.len());
        for spec in &CHANNELS {
            let init = Some(channel_init(spec));
            channels.push((spec.lane, connection.create_data_channel(spec.label, init).await.map_err(setup)?));
        }
        let lanes = Lanes::start(channels, &events, secured);

        let offer = connection.create_offer(None).await.map_err(setup)?;
        let offer_sdp = with_upper_case_fingerprints(&offer.sdp);
        connection.set_local_description(offer).await.map_err(setup)?;
        let fingerprint = sha256_fingerprint(&offer_sdp)
            .ok_or_else(|| PeerError::Setup("the offer has no SHA-256 fingerprint".to_owned()))?
            .to_owned();
        let transport = settings.transport;
        let peer = Self { connection, runtime, lanes, microphone, ssrc, wire, transport, fingerprint, events };
        Ok((peer, offer_sdp, incoming))
    }

    /// The SHA-256 fingerprint of this connection's certificate, as the offer spells it.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Starts the connection to the server that gave this answer.
    ///
    /// # Errors
    /// [`PeerError::Answer`], [`PeerError::NoCandidate`].
    pub async fn accept_answer(&self, sdp: &str) -> Result<(), PeerError> {
        let answer = |error: webrtc::error::Error| PeerError::Answer(error.to_string());
        if sdp.len() > limits::SDP_BYTES {
            return Err(PeerError::Answer("it is too large".to_owned()));
        }
        if self.wire.set(WireIds::from_answer(sdp)).is_err() {
            return Err(PeerError::Answer("there was one before".to_owned()));
        }
        let (sdp, candidates) = keep_candidates_of(self.transport, sdp);
        if candidates.is_empty() {
            return Err(PeerError::NoCandidate(self.transport));
        }
        let description = RTCSessionDescription::answer(sdp).map_err(answer)?;
        self.connection.set_remote_description(description).await.map_err(answer)?;
        if self.transport == Transport::Tcp {
            for candidate in candidates {
                let candidate = RTCIceCandidateInit {
                    candidate,
                    sdp_mid: Some("0".to_owned()),
                    sdp_mline_index: Some(0),
                    ..Default::default()
                };
                self.connection.add_ice_candidate(candidate).await.map_err(answer)?;
            }
        }
        Ok(())
    }

    /// Waits until a lane takes one more message.
    ///
    /// # Errors
    /// [`SendError::NotOpen`] when the connection is over.
    pub async fn ready(&self, lane: Lane) -> Result<(), SendError> {
        self.lanes.ready(lane).await
    }

    /// Sends without waiting: a full reliable lane refuses, the pose lane drops its oldest. Messages for a
    /// reliable lane that is not open yet wait for it.
    ///
    /// # Errors
    /// [`SendError`].
    pub fn try_send(&self, lane: Lane, bytes: Bytes) -> Result<(), SendError> {
        if self.events.is_closed() {
            return Err(SendError::NotOpen);
        }
        self.lanes.try_send(lane, bytes)
    }

    /// Sends, waiting for room on a reliable lane.
    ///
    /// # Errors
    /// [`SendError::NotOpen`], [`SendError::TooLarge`].
    pub async fn send(&self, lane: Lane, bytes: Bytes) -> Result<(), SendError> {
        loop {
            match self.try_send(lane, bytes.clone()) {
                Err(SendError::Full) => self.ready(lane).await?,
                done => return done,
            }
        }
    }

    /// Sends one packet of one's own voice.
    ///
    /// # Errors
    /// [`SendError::TooLarge`] over the limit, [`SendError::NotOpen`] before the answer and after the end.
    pub async fn send_voice(&self, voice: VoicePacket) -> Result<(), SendError> {
        if voice.payload.len() > limits::VOICE_PAYLOAD_BYTES {
            return Err(SendError::TooLarge);
        }
        let wire = self.wire.get().filter(|_| !self.events.is_closed()).ok_or(SendError::NotOpen)?;
        let packet = voice_rtp(wire, self.ssrc, None, &OutgoingVoice::new(voice));
        self.microphone.write_rtp(packet).await.map_err(|_| SendError::NotOpen)
    }

    /// Ends the connection without a word, as if the network were gone: the server keeps the place.
    pub async fn abandon(&self) {
        self.runtime.stop().await;
        // Nothing runs any more that could send; this ends what still waits for events.
        self.close().await;
    }

    /// Ends the connection and tells the server, within about 100 ms.
    pub async fn close(&self) {
        self.events.close(ClosedBy::Us);
        if let Err(error) = self.connection.close().await {
            tracing::debug!(%error, "closing");
        }
    }
}

impl Drop for WebrtcPeer {
    fn drop(&mut self) {
        let connection = Arc::clone(&self.connection);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { connection.close().await });
        }
    }
}

async fn build_connection(
    settings: &PeerSettings,
    handler: Handler,
    runtime: Arc<ConnectionRuntime>,
) -> webrtc::error::Result<Arc<dyn PeerConnection>> {
    let addrs = settings.local_addrs.clone();
    let (udp, tcp): (Vec<SocketAddr>, Vec<SocketAddr>) = match settings.transport {
        Transport::Udp => (addrs, Vec::new()),
        Transport::Tcp => (Vec::new(), addrs),
    };
    let connection = PeerConnectionBuilder::new()
        .with_configuration(RTCConfigurationBuilder::default().build())
        .with_media_engine(media_engine()?)
        .with_setting_engine(setting_engine(settings))
        .with_interceptor_registry(configure_rtcp_reports(Registry::new()))
        .with_handler(Arc::new(handler))
        .with_runtime(runtime)
        .with_udp_addrs(udp)
        .with_tcp_addrs(tcp)
        .with_data_channel_send_buffer_limit(send_buffer_limit())
        .build()
        .await?;
    Ok(Arc::new(connection))
}

fn setting_engine(settings: &PeerSettings) -> SettingEngine {
    let failed = settings.silence_timeout * 2;
    SettingEngineBuilder::new()
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_ice_connection_attempts(Some(settings.check_interval), Some(settings.max_checks))
        .with_ice_timeouts(Some(settings.silence_timeout), Some(failed), Some(KEEPALIVE))
        .with_srtp_protection_profiles(vec![
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
            SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm,
        ])
        .build()
}

/// Adds the media lines in the order that the protocol asks for.
async fn add_media_lines(
    connection: &dyn PeerConnection,
    microphone: Arc<TrackLocalStaticRTP>,
) -> webrtc::error::Result<()> {
    let towards = |direction| RTCRtpTransceiverInit { direction, streams: Vec::new(), send_encodings: Vec::new() };
    let sending = towards(RTCRtpTransceiverDirection::Sendonly);
    connection.add_transceiver_from_track(microphone, Some(sending)).await?;
    let receiving = std::iter::repeat_n(RtpCodecKind::Audio, VOICE_SLOTS)
        .chain(std::iter::repeat_n(RtpCodecKind::Video, VIDEO_LINES));
    for kind in receiving {
        let init = towards(RTCRtpTransceiverDirection::Recvonly);
        connection.add_transceiver_from_kind(kind, Some(init)).await?;
    }
    Ok(())
}
