//! What every connection negotiates, on either end.

use crate::decode_capture_time;
use crate::event::{LinkEvent, OutgoingVoice, VoicePacket};
use crate::slots::voice_slot;
use atrium_protocol::{CHANNELS, ChannelSpec, ParticipantId, limits};
use rtc::crypto::SignatureScheme;
use rtc::data_channel::RTCDataChannelInit;
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::interceptor::{ReceiverReportBuilder, Registry, Slot};
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::certificate::{CertificateParams, RTCCertificate};
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8, MediaEngine};
use rtc::peer_connection::configuration::setting_engine::{SctpMaxMessageSize, SettingEngineBuilder};
use rtc::rtp::header::Extension;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters,
    RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use rtc::shared::error::Error;
use std::time::Duration;

/// RTP payload type of Opus where the other side leaves the choice to us.
pub const OPUS_PAYLOAD_TYPE: u8 = 111;
const VP8_PAYLOAD_TYPE: u8 = 96;
/// RFC 6464.
pub const AUDIO_LEVEL_URI: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
/// When a packet's sound was captured, in the server's clock.
pub const CAPTURE_TIME_URI: &str = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
const MID_URI: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";

/// Opus as every line of ours describes it.
pub fn opus_codec() -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: MIME_TYPE_OPUS.to_owned(),
        clock_rate: 48_000,
        channels: 2,
        sdp_fmtp_line: "minptime=10;useinbandfec=1".to_owned(),
        rtcp_feedback: vec![],
    }
}

/// VP8, so that the video lines exist; nothing is sent on them yet.
pub fn vp8_codec() -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: MIME_TYPE_VP8.to_owned(),
        clock_rate: 90_000,
        channels: 0,
        sdp_fmtp_line: String::new(),
        rtcp_feedback: vec![],
    }
}

/// The codecs and header extensions of the protocol.
///
/// # Errors
/// Only if the library refuses constants.
pub fn media_engine() -> Result<MediaEngine, Error> {
    let mut engine = MediaEngine::default();
    let codec = |rtp_codec, payload_type| RTCRtpCodecParameters { rtp_codec, payload_type };
    engine.register_codec(codec(opus_codec(), OPUS_PAYLOAD_TYPE), RtpCodecKind::Audio)?;
    engine.register_codec(codec(vp8_codec(), VP8_PAYLOAD_TYPE), RtpCodecKind::Video)?;
    for uri in [AUDIO_LEVEL_URI, MID_URI, CAPTURE_TIME_URI] {
        let capability = RTCRtpHeaderExtensionCapability { uri: uri.to_owned() };
        engine.register_header_extension(capability, RtpCodecKind::Audio, None)?;
    }
    let mid = RTCRtpHeaderExtensionCapability { uri: MID_URI.to_owned() };
    engine.register_header_extension(mid, RtpCodecKind::Video, None)?;
    Ok(engine)
}

/// RTCP receiver reports: by them a speaker's codec learns what is lost. Sender reports would cost work on every
/// forwarded packet and say nothing that the capture time in the packets does not say better.
pub(super) fn interceptors() -> Registry {
    Registry::new().with(Slot::ReceiverReport, ReceiverReportBuilder::new().build())
}

/// Settings that both ends share. Only AEAD ciphers are offered for SRTP: one pass over a packet instead of
/// two, and every browser has them.
pub(super) fn settings() -> SettingEngineBuilder {
    SettingEngineBuilder::new()
        .with_srtp_protection_profiles(vec![
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
            SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm,
        ])
        .with_multicast_dns_mode(rtc::ice::mdns::MulticastDnsMode::Disabled)
        .with_sctp_max_message_size(SctpMaxMessageSize::Bounded(64 * 1024))
        .with_ice_timeouts(Some(Duration::from_secs(6)), Some(Duration::from_secs(6)), Some(Duration::from_secs(2)))
}

/// A DTLS certificate (ECDSA P-256) that nobody signed: its fingerprint travels in the SDP.
///
/// # Errors
/// If the system has no randomness.
pub(super) fn new_certificate() -> Result<RTCCertificate, Error> {
    let crypto = |error: &dyn std::fmt::Display| Error::Crypto(error.to_string());
    let provider = rtc::crypto::default_provider().map_err(|error| crypto(&error))?;
    let params = CertificateParams::new(vec!["atrium".to_owned()]).map_err(|error| crypto(&error))?;
    RTCCertificate::generate(provider.crypto(), SignatureScheme::EcdsaP256Sha256, params)
}

/// A track with one stream of RTP.
pub(crate) fn sending_track(kind: RtpCodecKind, name: &str, ssrc: u32, codec: RTCRtpCodec) -> MediaStreamTrack {
    let encoding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        active: true,
        codec,
        ..Default::default()
    };
    MediaStreamTrack::new(name.to_owned(), name.to_owned(), name.to_owned(), kind, vec![encoding])
}

/// The data channels, as the library wants them described.
pub(super) fn data_channels() -> impl Iterator<Item = (&'static ChannelSpec, RTCDataChannelInit)> {
    CHANNELS.iter().map(|spec| {
        let init = RTCDataChannelInit {
            ordered: spec.ordered,
            max_retransmits: spec.max_retransmits,
            negotiated: Some(spec.id),
            ..Default::default()
        };
        (spec, init)
    })
}

/// What the two sides agreed on for audio, read from the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireIds {
    /// Payload type of Opus.
    pub opus: u8,
    /// Header extension id of [`AUDIO_LEVEL_URI`].
    pub level: Option<u8>,
    /// Header extension id of [`CAPTURE_TIME_URI`].
    pub capture: Option<u8>,
}

impl WireIds {
    /// Reads the first audio line of an answer (all lines of a bundle share their ids).
    pub fn from_answer(sdp: &str) -> Self {
        let mut ids = Self { opus: OPUS_PAYLOAD_TYPE, level: None, capture: None };
        for line in sdp.lines().skip_while(|line| !line.starts_with("m=audio")) {
            if let Some(map) = line.strip_prefix("a=rtpmap:")
                && let Some((payload_type, codec)) = map.split_once(' ')
                && codec.to_ascii_lowercase().starts_with("opus/48000")
            {
                ids.opus = payload_type.parse().unwrap_or(ids.opus);
            }
            if let Some(map) = line.strip_prefix("a=extmap:")
                && let Some((id, uri)) = map.split_once(' ')
            {
                let id = id.split('/').next().and_then(|id| id.parse().ok());
                match uri.trim() {
                    AUDIO_LEVEL_URI => ids.level = id,
                    CAPTURE_TIME_URI => ids.capture = id,
                    _ => {}
                }
            }
            if line.starts_with("m=video") || line.starts_with("m=application") {
                break;
            }
        }
        ids
    }

    /// What a client heard: a voice in a slot, with the speaker from the CSRC. `None` if the packet names no slot or
    /// nobody, is not Opus, or its payload is not of a possible size.
    pub fn read_slot(&self, packet: rtc::rtp::Packet) -> Option<LinkEvent> {
        let slot = voice_slot(packet.header.ssrc)?;
        let speaker = ParticipantId(*packet.header.csrc.first()?);
        Some(LinkEvent::Voice { slot, speaker: Some(speaker), packet: self.read(packet)? })
    }

    /// What the server heard: the client's one voice, whatever its SSRC.
    pub(super) fn read_microphone(&self, packet: rtc::rtp::Packet) -> Option<LinkEvent> {
        Some(LinkEvent::Voice { slot: 0, speaker: None, packet: self.read(packet)? })
    }

    fn read(&self, packet: rtc::rtp::Packet) -> Option<VoicePacket> {
        let header = packet.header;
        let size = packet.payload.len();
        if header.payload_type != self.opus || size > limits::VOICE_PAYLOAD_BYTES {
            return None;
        }
        let extension = |id: Option<u8>| header.extensions.iter().find(|e| Some(e.id) == id).map(|e| &e.payload);
        let level_dbov = extension(self.level).and_then(|bytes| bytes.first()).map_or(127, |byte| byte & 0x7f);
        let captured = extension(self.capture).and_then(|bytes| decode_capture_time(bytes));
        Some(VoicePacket {
            sequence: header.sequence_number,
            timestamp: header.timestamp,
            marker: header.marker,
            level_dbov,
            captured,
            payload: packet.payload,
        })
    }

    /// The header extensions of a voice packet.
    pub fn extensions(&self, voice: &OutgoingVoice) -> Vec<Extension> {
        let level = self.level.map(|id| Extension { id, payload: voice.level.clone() });
        let captured = self.capture.zip(voice.captured.clone()).map(|(id, payload)| Extension { id, payload });
        level.into_iter().chain(captured).collect()
    }
}

/// An RTP packet with a voice in it.
pub fn voice_rtp(ids: &WireIds, ssrc: u32, speaker: Option<ParticipantId>, voice: &OutgoingVoice) -> rtc::rtp::Packet {
    let extensions = ids.extensions(voice);
    let packet = &voice.packet;
    let header = rtc::rtp::Header {
        version: 2,
        marker: packet.marker,
        payload_type: ids.opus,
        sequence_number: packet.sequence,
        timestamp: packet.timestamp,
        ssrc,
        csrc: speaker.map(|speaker| vec![speaker.0]).unwrap_or_default(),
        extension: !extensions.is_empty(),
        extension_profile: rtc::rtp::header::EXTENSION_PROFILE_ONE_BYTE,
        extensions,
        ..Default::default()
    };
    rtc::rtp::Packet { header, payload: packet.payload.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice_slot_ssrc;
    use atrium_protocol::{Micros, VOICE_SLOTS};
    use bytes::Bytes;

    #[test]
    fn a_client_hears_only_named_speakers_in_slots() {
        let wire = WireIds { opus: 111, level: Some(2), capture: Some(3) };
        let voice = VoicePacket {
            sequence: 65_535,
            timestamp: 960,
            marker: true,
            level_dbov: 30,
            captured: Some(Micros(1_750_000_000_123_456)),
            payload: Bytes::from_static(b"opus"),
        };
        let mut packet = voice_rtp(&wire, voice_slot_ssrc(7), None, &OutgoingVoice::new(voice.clone()));
        assert!(wire.read_slot(packet.clone()).is_none(), "nobody is named as its speaker");
        packet.header.csrc = vec![42];
        let speaker = Some(ParticipantId(42));
        assert_eq!(wire.read_slot(packet.clone()), Some(LinkEvent::Voice { slot: 7, speaker, packet: voice }));
        packet.header.ssrc = voice_slot_ssrc(VOICE_SLOTS as u8);
        assert!(wire.read_slot(packet).is_none(), "there is no such slot");
    }
}
