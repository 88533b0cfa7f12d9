use crate::config::ServerConfig;
use crate::places::PlaceLibrary;
use crate::rate::RateLimiter;
use crate::shard_api::{ShardHandle, shard_of};
use crate::token::TokenKeys;
use atrium_protocol::RoomId;
use atrium_store::Store;
use metrics_exporter_prometheus::PrometheusHandle;
use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::Semaphore;

/// Joins that are checked and negotiated at the same time; more wait their turn.
const JOINS_AT_A_TIME: usize = 256;
/// Addresses whose joins are counted apart.
const RATE_SOURCES: usize = 16_384;

/// The other end of a request's connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RemoteAddr(pub(crate) SocketAddr);

impl RemoteAddr {
    pub(crate) fn ip(self) -> IpAddr {
        self.0.ip().to_canonical()
    }
}

/// What the HTTP handlers share.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) keys: TokenKeys,
    pub(crate) places: Arc<PlaceLibrary>,
    pub(crate) shards: Arc<[ShardHandle]>,
    pub(crate) join_slots: Semaphore,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) public_metrics: bool,
    join_rate: Mutex<RateLimiter>,
    joined_rooms: Mutex<HashSet<RoomId>>,
    is_draining: AtomicBool,
}

impl App {
    pub(crate) fn new(
        config: &ServerConfig,
        store: Store,
        keys: TokenKeys,
        places: Arc<PlaceLibrary>,
        shards: Arc<[ShardHandle]>,
        metrics: PrometheusHandle,
    ) -> Self {
        Self {
            store,
            keys,
            places,
            shards,
            join_slots: Semaphore::new(JOINS_AT_A_TIME),
            metrics,
            public_metrics: config.public_metrics,
            join_rate: Mutex::new(RateLimiter::new(config.join_rate, RATE_SOURCES, Instant::now())),
            joined_rooms: Mutex::default(),
            is_draining: AtomicBool::new(false),
        }
    }

    /// Whether `source` may join once more.
    pub(crate) fn allows_join(&self, source: IpAddr) -> bool {
        self.join_rate.lock().unwrap_or_else(PoisonError::into_inner).allow(source, Instant::now())
    }

    /// The shard that a room lives on.
    pub(crate) fn shard(&self, room: &RoomId) -> Option<&ShardHandle> {
        self.shards.get(shard_of(room, self.shards.len()))
    }

    /// Refuses joins from now on.
    pub(crate) fn begin_drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }

    /// Remembers that a shard may have opened this room. Only rooms of the store get here, so the set is bounded.
    pub(crate) fn note_joined(&self, room: &RoomId) {
        let mut rooms = self.joined_rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if !rooms.contains(room) {
            rooms.insert(room.clone());
        }
    }

    /// The rooms that somebody joined since the server started.
    pub(crate) fn joined_rooms(&self) -> Vec<RoomId> {
        self.joined_rooms.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn forget_joined(&self, room: &RoomId) {
        self.joined_rooms.lock().unwrap_or_else(PoisonError::into_inner).remove(room);
    }
}
