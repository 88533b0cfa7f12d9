//! What the HTTP side and a shard say to each other. A shard is one thread that owns its UDP sockets, peers and
//! rooms; everything reaches it through one bounded queue, and it is woken by [`mio`].

use atrium_protocol::{JoinAnswer, JoinRefusal, ParticipantId, RefusalCode, ResumeSecret, RoomId};
use atrium_room::{Admission, BulkRequest};
use bytes::Bytes;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Commands that wait for a shard; more are refused with [`Busy`].
pub(crate) const COMMAND_QUEUE: usize = 4_096;
/// Frames that wait for one ICE-TCP connection; the shard drops what does not fit, as UDP would.
pub(crate) const TCP_WRITE_QUEUE: usize = 256;

/// What a shard is started with.
#[derive(Clone, Debug)]
pub(crate) struct ShardConfig {
    /// Its number: the first two hexadecimal digits of the ICE user names that it gives out.
    pub(crate) index: u8,
    /// The addresses of its UDP sockets; all with the same port.
    pub(crate) udp_addrs: Vec<SocketAddr>,
    /// The addresses to advertise in place of those of `udp_addrs` (behind a 1:1 NAT); empty: advertise those.
    pub(crate) public_addrs: Vec<IpAddr>,
    /// The port of ICE-TCP, on the same addresses.
    pub(crate) tcp_port: u16,
    /// Most people at a time in one room.
    pub(crate) room_capacity: u32,
    /// Pose datagrams a second to each receiver.
    pub(crate) tick_hz: u16,
    /// Bytes of pose lane a second for each receiver.
    pub(crate) pose_budget_bytes_per_sec: u32,
    /// How long a lost connection may come back.
    pub(crate) resume_window: Duration,
}

/// A join that the HTTP side has checked and the room has still to accept.
pub(crate) struct JoinCommand {
    /// The room; it exists in the store.
    pub(crate) room: RoomId,
    /// The place that it is in; it exists in the place library.
    pub(crate) place_name: String,
    /// Who asks.
    pub(crate) admission: Admission,
    /// The SDP offer.
    pub(crate) offer: String,
    /// Where the answer goes; closed when nobody waits any more.
    pub(crate) reply: oneshot::Sender<Result<JoinAnswer, JoinRefusal>>,
}

/// What a shard is told.
pub(crate) enum ShardCommand {
    /// Let somebody in.
    Join(Box<JoinCommand>),
    /// Tell everyone, flush, end the thread.
    Drain,
    /// The room is deleted: send everyone out.
    CloseRoom(RoomId),
    /// An ICE-TCP connection sent its first frame, a STUN request that names this shard.
    TcpOpened {
        /// Names the connection from now on; never reused.
        id: u64,
        /// That request.
        first_frame: Bytes,
        /// Frames for the connection, without their length; dropping it closes the connection.
        writer: mpsc::Sender<Bytes>,
    },
    /// An ICE-TCP connection sent a frame.
    TcpFrame {
        /// Which.
        id: u64,
        /// The frame, without its length.
        bytes: Bytes,
    },
    /// An ICE-TCP connection is gone.
    TcpClosed {
        /// Which.
        id: u64,
    },
    /// Say whether somebody is inside a room and may ask for something large now.
    Vouch {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
        /// What proves that it is them.
        secret: ResumeSecret,
        /// What they want.
        request: BulkRequest,
        /// Where the answer goes.
        reply: oneshot::Sender<Result<(), RefusalCode>>,
    },
    /// Say how you are.
    Stats(oneshot::Sender<ShardStats>),
}

/// How a shard is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShardStats {
    /// Open rooms.
    pub(crate) rooms: u32,
    /// Peer connections.
    pub(crate) peers: u32,
}

/// The shard's queue is full, or the shard is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server is busy: try again in a moment")]
pub(crate) struct Busy;

/// The way to a shard.
#[derive(Clone)]
pub(crate) struct ShardHandle {
    commands: crossbeam_channel::Sender<ShardCommand>,
    waker: Arc<mio::Waker>,
}

impl ShardHandle {
    /// `commands` must be bounded, by [`COMMAND_QUEUE`].
    pub(crate) fn new(commands: crossbeam_channel::Sender<ShardCommand>, waker: Arc<mio::Waker>) -> Self {
        Self { commands, waker }
    }

    /// Queues a command and wakes the shard.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full or the shard has ended.
    pub(crate) fn try_send(&self, command: ShardCommand) -> Result<(), Busy> {
        self.commands.try_send(command).map_err(|_| Busy)?;
        self.waker.wake().map_err(|_| Busy)
    }
}

/// Which of `shard_count` shards a room lives on: the same for as long as the count is the same.
pub(crate) fn shard_of(room: &RoomId, shard_count: usize) -> usize {
    // FNV-1a: stable between builds, unlike the standard library's hasher.
    let hash = room
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    usize::try_from(hash % (shard_count.max(1) as u64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::shard_of;
    use atrium_protocol::RoomId;

    #[test]
    fn rooms_stay_on_their_shard_and_spread_over_all() {
        let shards: Vec<usize> = (0..64).map(|i| shard_of(&RoomId::parse(&format!("room-{i}")).unwrap(), 4)).collect();
        assert_eq!(
            shards,
            (0..64).map(|i| shard_of(&RoomId::parse(&format!("ROOM-{i}")).unwrap(), 4)).collect::<Vec<_>>()
        );
        for shard in 0..4 {
            assert!(shards.iter().filter(|s| **s == shard).count() >= 4, "shard {shard} has too few rooms");
        }
    }
}
