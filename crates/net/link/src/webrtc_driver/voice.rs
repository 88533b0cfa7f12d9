//! The voices that come in.

use super::handler::EventSender;
use crate::rtc_driver::WireIds;
use std::sync::{Arc, OnceLock};
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};

/// Hands the packets of one incoming stream on until it ends.
pub(super) async fn receive_voice(track: Arc<dyn TrackRemote>, wire: Arc<OnceLock<WireIds>>, events: EventSender) {
    while let Some(event) = track.poll().await {
        match (event, wire.get()) {
            (TrackRemoteEvent::OnRtpPacket(packet), Some(wire)) => {
                let voice = wire.read_slot(packet);
                if voice.is_some_and(|voice| !events.offer(voice)) {
                    tracing::debug!("voice packet dropped: the reader is behind");
                }
            }
            (TrackRemoteEvent::OnEnded, _) => return,
            _ => {}
        }
    }
}
