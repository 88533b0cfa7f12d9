use crate::event::{ClosedBy, LinkEvent};
use crate::rtc_driver::WireIds;
use crate::webrtc_driver::voice::receive_voice;
use async_trait::async_trait;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tokio::sync::{Notify, mpsc};
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::{PeerConnectionEventHandler, RTCPeerConnectionState};

/// An event and when it arrived on this machine.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// When.
    pub at: Instant,
    /// What.
    pub event: LinkEvent,
}

/// The event queue's sending end, shared by all tasks of a connection.
#[derive(Clone)]
pub(super) struct EventSender {
    queue: mpsc::Sender<Arrived>,
    is_closed: Arc<AtomicBool>,
}

impl EventSender {
    pub(super) fn new(queue: mpsc::Sender<Arrived>) -> Self {
        Self { queue, is_closed: Arc::new(AtomicBool::new(false)) }
    }

    /// Waits for room: for what must not be lost.
    pub(super) async fn send(&self, event: LinkEvent) {
        if !self.is_closed() {
            // The reader is gone only when the connection is being dropped.
            let _ = self.queue.send(Arrived { at: Instant::now(), event }).await;
        }
    }

    /// Drops the event when the queue is full: for what is soon stale. False when dropped.
    pub(super) fn offer(&self, event: LinkEvent) -> bool {
        !self.is_closed() && self.queue.try_send(Arrived { at: Instant::now(), event }).is_ok()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Says that the connection is over, once.
    pub(super) fn close(&self, by: ClosedBy) {
        if self.is_closed.swap(true, Ordering::AcqRel) {
            return;
        }
        let (queue, last) = (self.queue.clone(), Arrived { at: Instant::now(), event: LinkEvent::Closed(by) });
        if let Err(mpsc::error::TrySendError::Full(last)) = queue.try_send(last) {
            tokio::spawn(async move { queue.send(last).await });
        }
    }
}

/// Callbacks of the driver; they run on its task, so none waits for anything.
pub(super) struct Handler {
    pub(super) events: EventSender,
    pub(super) wire: Arc<OnceLock<WireIds>>,
    pub(super) secured: Arc<Notify>,
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        tracing::debug!(%state, "peer connection");
        match state {
            RTCPeerConnectionState::Connected => self.secured.notify_one(),
            RTCPeerConnectionState::Disconnected | RTCPeerConnectionState::Failed => {
                self.events.close(ClosedBy::Timeout);
            }
            RTCPeerConnectionState::Closed => self.events.close(ClosedBy::Peer),
            _ => {}
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        tokio::spawn(receive_voice(track, Arc::clone(&self.wire), self.events.clone()));
    }
}
