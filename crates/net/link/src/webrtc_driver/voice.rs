//! Voice packets and the RTP around them.

use super::handler::EventSender;
use crate::event::LinkEvent;
use crate::rtc_driver::{WireIds, opus_codec};
use crate::slots::voice_slot_ssrc;
use atrium_protocol::VOICE_SLOTS;
use rtc::media_stream::MediaStreamTrack;
use rtc::rtp;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use std::sync::{Arc, OnceLock};
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};

/// The microphone's track, with one stream of RTP.
pub(super) fn microphone_track(ssrc: u32) -> MediaStreamTrack {
    let coding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        active: true,
        codec: opus_codec(),
        ..Default::default()
    };
    let name = || "microphone".to_owned();
    MediaStreamTrack::new(name(), name(), name(), RtpCodecKind::Audio, vec![coding])
}

/// The event that an incoming packet is; `None` for one that no server of ours sends.
fn incoming_voice(packet: rtp::Packet, wire: &WireIds) -> Option<LinkEvent> {
    let slot = u8::try_from(packet.header.ssrc.wrapping_sub(voice_slot_ssrc(0))).ok()?;
    if usize::from(slot) >= VOICE_SLOTS {
        return None;
    }
    let (speaker, packet) = wire.read(packet)?;
    Some(LinkEvent::Voice { slot, speaker: Some(speaker?), packet })
}

/// Hands the packets of one incoming stream on until it ends.
pub(super) async fn receive_voice(track: Arc<dyn TrackRemote>, wire: Arc<OnceLock<WireIds>>, events: EventSender) {
    while let Some(event) = track.poll().await {
        match (event, wire.get()) {
            (TrackRemoteEvent::OnRtpPacket(packet), Some(wire)) => {
                let voice = incoming_voice(packet, wire);
                if voice.is_some_and(|voice| !events.offer(voice)) {
                    tracing::debug!("voice packet dropped: the reader is behind");
                }
            }
            (TrackRemoteEvent::OnEnded, _) => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{OutgoingVoice, VoicePacket};
    use crate::rtc_driver::voice_rtp;
    use atrium_protocol::{Micros, ParticipantId};
    use bytes::Bytes;

    #[test]
    fn a_packet_keeps_its_level_and_capture_time() {
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
        assert!(incoming_voice(packet.clone(), &wire).is_none(), "nobody is named as its speaker");
        packet.header.csrc = vec![42];
        let speaker = Some(ParticipantId(42));
        assert_eq!(incoming_voice(packet.clone(), &wire), Some(LinkEvent::Voice { slot: 7, speaker, packet: voice }));
        packet.header.ssrc = voice_slot_ssrc(VOICE_SLOTS as u8);
        assert!(incoming_voice(packet, &wire).is_none(), "there is no such slot");
    }
}
