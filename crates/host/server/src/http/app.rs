use super::health::ShardStatsCache;
use crate::boards::BoardKeeper;
use crate::config::ServerConfig;
use crate::places::PlaceLibrary;
use crate::rate::RateLimiter;
use crate::shard_api::{ShardHandle, shard_of};
use crate::token::TokenKeys;
use atrium_protocol::{Micros, RoomId};
use atrium_store::{RoomRow, Store};
use metrics_exporter_prometheus::PrometheusHandle;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::Semaphore;

/// Joins that are checked and negotiated at the same time; more wait their turn.
const JOINS_AT_A_TIME: usize = 256;
/// Snapshots of boards that are read at the same time; they are large.
const SNAPSHOTS_AT_A_TIME: usize = 8;
/// Pictures that come in at the same time, and that are unpacked at the same time.
const UPLOADS_AT_A_TIME: usize = 16;
const CHECKS_AT_A_TIME: usize = 2;
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
    pub(crate) boards: Arc<BoardKeeper>,
    pub(crate) snapshot_turns: Arc<Semaphore>,
    pub(crate) uploads: Semaphore,
    pub(crate) picture_checks: Arc<Semaphore>,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) public_metrics: bool,
    join_rate: Mutex<RateLimiter>,
    joined_rooms: Mutex<HashMap<RoomId, Micros>>,
    is_draining: AtomicBool,
    pub(crate) shard_stats: ShardStatsCache,
}

impl App {
    pub(crate) fn new(
        config: &ServerConfig,
        store: Store,
        keys: TokenKeys,
        places: Arc<PlaceLibrary>,
        boards: Arc<BoardKeeper>,
        shards: Arc<[ShardHandle]>,
        metrics: PrometheusHandle,
    ) -> Self {
        Self {
            store,
            keys,
            places,
            shards,
            join_slots: Semaphore::new(JOINS_AT_A_TIME),
            boards,
            snapshot_turns: Arc::new(Semaphore::new(SNAPSHOTS_AT_A_TIME)),
            uploads: Semaphore::new(UPLOADS_AT_A_TIME),
            picture_checks: Arc::new(Semaphore::new(CHECKS_AT_A_TIME)),
            metrics,
            public_metrics: config.public_metrics,
            join_rate: Mutex::new(RateLimiter::new(config.join_rate, RATE_SOURCES, Instant::now())),
            joined_rooms: Mutex::default(),
            is_draining: AtomicBool::new(false),
            shard_stats: ShardStatsCache::default(),
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

    /// Remembers that a shard may have opened this room. True when it may have opened an earlier one of the same
    /// name. Only rooms of the store get here, so what is remembered is bounded.
    pub(crate) fn note_joined(&self, room: &RoomRow) -> bool {
        let mut rooms = self.joined_rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = rooms.insert(room.room.clone(), room.created_at);
        earlier.is_some_and(|created_at| created_at != room.created_at)
    }

    /// The rooms that somebody joined, and when they were created.
    pub(crate) fn joined_rooms(&self) -> Vec<(RoomId, Micros)> {
        let rooms = self.joined_rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.iter().map(|(room, created_at)| (room.clone(), *created_at)).collect()
    }

    /// Forgets a room that was closed, unless a new one of its name was joined meanwhile.
    pub(crate) fn forget_joined(&self, room: &RoomId, created_at: Micros) {
        let mut rooms = self.joined_rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.get(room) == Some(&created_at) {
            rooms.remove(room);
        }
    }
}
