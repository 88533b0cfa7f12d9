//! The data channels: a writer and a reader task for each.

use super::handler::EventSender;
use super::pose_queue::PoseQueue;
use crate::event::{ClosedBy, LinkEvent, SendError, queue_limit_bytes};
use atrium_protocol::{ChannelSpec, Lane};
use bytes::{Bytes, BytesMut};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use webrtc::data_channel::{DataChannel, DataChannelEvent, RTCDataChannelInit};

/// Messages that may wait for a reliable lane, besides what SCTP holds.
const RELIABLE_QUEUE: usize = 32;
/// Poses that may wait; at 30 Hz the oldest is then 130 ms old.
const POSE_QUEUE: usize = 4;
/// Unsent pose bytes above which newer poses wait in our own queue, where they can still be dropped.
const POSE_OUTSTANDING_BYTES: usize = 512;
/// How soon a pose that waits looks again.
const POSE_RETRY: Duration = Duration::from_millis(5);

pub(super) fn channel_init(spec: &ChannelSpec) -> RTCDataChannelInit {
    RTCDataChannelInit {
        ordered: spec.ordered,
        max_retransmits: spec.max_retransmits,
        negotiated: Some(spec.id),
        ..Default::default()
    }
}

/// The ways into the three data channels.
pub(super) struct Lanes {
    control: mpsc::Sender<Bytes>,
    board: mpsc::Sender<Bytes>,
    poses: Arc<PoseQueue>,
    pose_is_open: watch::Receiver<bool>,
}

/// One channel with what its tasks share.
struct Channel {
    lane: Lane,
    data: Arc<dyn DataChannel>,
    events: EventSender,
}

impl Lanes {
    /// Starts the tasks of the channels, given in the order of [`atrium_protocol::CHANNELS`].
    pub(super) fn start(
        channels: Vec<(Lane, Arc<dyn DataChannel>)>,
        events: &EventSender,
        secured: Arc<Notify>,
    ) -> Self {
        if let Some((_, data)) = channels.first() {
            tokio::spawn(flush_when_secured(Arc::clone(data), secured));
        }
        let poses = Arc::new(PoseQueue::new(POSE_QUEUE));
        let (control, control_out) = mpsc::channel(RELIABLE_QUEUE);
        let (board, board_out) = mpsc::channel(RELIABLE_QUEUE);
        let (pose_opens, pose_is_open) = watch::channel(false);
        let (mut control_out, mut board_out, mut pose_opens) = (Some(control_out), Some(board_out), Some(pose_opens));
        for (lane, data) in channels {
            let channel = Channel { lane, data, events: events.clone() };
            match lane {
                Lane::Control => spawn_reliable(channel, control_out.take()),
                Lane::Board => spawn_reliable(channel, board_out.take()),
                Lane::Pose => spawn_pose(channel, Arc::clone(&poses), pose_opens.take()),
            }
        }
        Self { control, board, poses, pose_is_open }
    }

    fn reliable(&self, lane: Lane) -> &mpsc::Sender<Bytes> {
        if lane == Lane::Board { &self.board } else { &self.control }
    }

    /// Waits until a reliable lane takes a message; poses never wait.
    pub(super) async fn ready(&self, lane: Lane) -> Result<(), SendError> {
        match lane {
            Lane::Pose => Ok(()),
            _ => self.reliable(lane).reserve().await.map(drop).map_err(|_| SendError::NotOpen),
        }
    }

    pub(super) fn try_send(&self, lane: Lane, bytes: Bytes) -> Result<(), SendError> {
        if bytes.len() > lane.spec().max_message_bytes {
            return Err(SendError::TooLarge);
        }
        if lane == Lane::Pose {
            if !*self.pose_is_open.borrow() {
                return Err(SendError::NotOpen);
            }
            self.poses.push(bytes);
            return Ok(());
        }
        self.reliable(lane).try_send(bytes).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SendError::Full,
            mpsc::error::TrySendError::Closed(_) => SendError::NotOpen,
        })
    }
}

/// After the DTLS handshake the first SCTP packet is ready, but the driver sends it only when something else
/// wakes it, up to 200 ms later. A change of a threshold is such a thing.
async fn flush_when_secured(data: Arc<dyn DataChannel>, secured: Arc<Notify>) {
    secured.notified().await;
    let _ = data.set_buffered_amount_low_threshold(0).await;
}

fn spawn_reliable(channel: Channel, outgoing: Option<mpsc::Receiver<Bytes>>) {
    let (opens, mut is_open) = watch::channel(false);
    let data = Arc::clone(&channel.data);
    tokio::spawn(read_channel(channel, opens));
    let Some(mut outgoing) = outgoing else { return };
    tokio::spawn(async move {
        if is_open.wait_for(|open| *open).await.is_err() {
            return;
        }
        while let Some(bytes) = outgoing.recv().await {
            if data.send(BytesMut::from(bytes)).await.is_err() {
                return;
            }
        }
    });
}

fn spawn_pose(channel: Channel, poses: Arc<PoseQueue>, opens: Option<watch::Sender<bool>>) {
    let Some(opens) = opens else { return };
    let data = Arc::clone(&channel.data);
    let mut is_open = opens.subscribe();
    tokio::spawn(read_channel(channel, opens));
    tokio::spawn(async move {
        loop {
            // Ends when the reader has ended.
            if is_open.wait_for(|open| *open).await.is_err() {
                return;
            }
            while data.outstanding_bytes().await.is_ok_and(|bytes| bytes > POSE_OUTSTANDING_BYTES) {
                tokio::time::sleep(POSE_RETRY).await;
            }
            let pose = tokio::select! {
                pose = poses.pop() => pose,
                closed = is_open.wait_for(|open| !open) => {
                    if closed.is_err() { return }
                    continue
                }
            };
            if data.send(BytesMut::from(pose)).await.is_err() {
                return;
            }
        }
    });
}

async fn read_channel(channel: Channel, opens: watch::Sender<bool>) {
    let Channel { lane, data, events } = channel;
    while let Some(event) = data.poll().await {
        match event {
            DataChannelEvent::OnOpen => {
                opens.send_replace(true);
                events.send(LinkEvent::LaneOpen(lane)).await;
            }
            DataChannelEvent::OnMessage(message) => {
                let mut data = message.data;
                data.truncate(lane.spec().max_message_bytes + 1);
                let bytes = data.freeze();
                if lane == Lane::Pose {
                    events.offer(LinkEvent::Message { lane, bytes });
                } else {
                    events.send(LinkEvent::Message { lane, bytes }).await;
                }
            }
            DataChannelEvent::OnClosing | DataChannelEvent::OnClose => break,
            _ => {}
        }
    }
    // Every channel ends with the connection; the control lane's end is the end of it all.
    if lane == Lane::Control {
        events.close(ClosedBy::Peer);
    }
}

/// The send buffer that the driver allows each channel.
pub(super) fn send_buffer_limit() -> usize {
    queue_limit_bytes(Lane::Board)
}
