use crate::addresses::{are_udp_ports_free, listen_tcp, reachable_addresses, shard_addresses, url_of};
use crate::boards::BoardKeeper;
use crate::certificate::Certificate;
use crate::clock;
use crate::config::ServerConfig;
use crate::data_dir::{DataDir, Endpoint};
use crate::housekeeping;
use crate::http::{App, router};
use crate::invite::{InviteRequest, Inviter};
use crate::metrics_handle;
use crate::places::PlaceLibrary;
use crate::rate::ConnectionLimits;
use crate::shard;
use crate::shard_api::{ShardCommand, ShardConfig, ShardHandle};
use crate::tcp::Listener;
use crate::token::TokenKeys;
use anyhow::{Context as _, bail, ensure};
use arc_swap::ArcSwap;
use atrium_store::{DataLock, Store, server_lock};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;
use url::Url;

/// How often a free port is looked for whose UDP ports are free too.
const PORT_TRIES: usize = 32;
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// For requests that are being answered when the server stops.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(10);
const TICK_HZ: u16 = 30;
const POSE_BUDGET_BYTES_PER_SEC: u32 = 32_000;
const RESUME_WINDOW: Duration = Duration::from_secs(30);

/// A server that answers. Dropping it ends it less politely than [`Self::shutdown`].
pub struct RunningServer {
    endpoint: Endpoint,
    local_addr: SocketAddr,
    app: Arc<App>,
    connections: ConnectionLimits,
    threads: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
    _lock: DataLock,
}

/// Starts a server; it serves until it is shut down.
///
/// # Errors
/// A sentence that says what to change: in the settings, in the data folder, or on the machine.
pub async fn start(config: ServerConfig) -> anyhow::Result<RunningServer> {
    tokio::task::spawn_blocking(move || prepare(config)).await??.serve().await
}

/// Everything that is there before the first connection is accepted.
struct Prepared {
    config: ServerConfig,
    data: DataDir,
    lock: DataLock,
    store: Store,
    keys: TokenKeys,
    places: Arc<PlaceLibrary>,
    boards: Arc<BoardKeeper>,
    certificate: Certificate,
    bound: Bound,
}

fn prepare(config: ServerConfig) -> anyhow::Result<Prepared> {
    check(&config)?;
    let data = DataDir::create(&config.data_dir)?;
    let lock = server_lock(&config.data_dir)?;
    let store = Store::open(&config.data_dir)?;
    let keys = TokenKeys::load(&data)?;
    let (places, problems) = load_places(&config, &data);
    for problem in problems {
        tracing::error!("a place is left out: {problem}");
    }
    let places = Arc::new(places);
    let boards = BoardKeeper::start(store.clone()).context("the system gives no thread")?;
    let bound = bind(&config, &store, &places, &boards)?;
    let certificate = match Certificate::load(config.tls.as_ref(), &data, &bound.addresses) {
        Ok(certificate) => certificate,
        Err(error) => {
            bound.abandon();
            return Err(error);
        }
    };
    Ok(Prepared { config, data, lock, store, keys, places, boards, certificate, bound })
}

fn check(config: &ServerConfig) -> anyhow::Result<()> {
    ensure!(config.shards > 0, "a server needs a shard: give --shards a number from 1 to 255");
    ensure!(config.room_capacity > 0, "a room for nobody: give --room-capacity a number from 1");
    ensure!(
        config.max_connections > 0 && config.max_connections_per_address > 0,
        "nobody could connect: give --max-connections and --max-connections-per-address numbers from 1"
    );
    for dir in &config.places_dirs {
        ensure!(dir.is_dir(), "there is no folder {}: give --places the folder that holds the places", dir.display());
    }
    Ok(())
}

/// The built-in places, those of the data folder, and those of further folders; the sentences are about broken ones.
pub(crate) fn load_places(config: &ServerConfig, data: &DataDir) -> (PlaceLibrary, Vec<String>) {
    let own = data.places();
    PlaceLibrary::load(std::iter::once(own.as_path()).chain(config.places_dirs.iter().map(|dir| dir.as_path())))
}

/// The URL that links carry.
pub(crate) fn public_url(
    config: &ServerConfig,
    certificate: &Certificate,
    addresses: &[IpAddr],
    port: u16,
) -> anyhow::Result<Url> {
    if let Some(url) = &config.url {
        return Ok(url.clone());
    }
    let address = config.public_addrs.first().or(addresses.first()).context("this machine has no address")?;
    let host = certificate.host_name.clone().unwrap_or_else(|| address.to_string());
    url_of(&host, port)
}

struct Bound {
    tcp: std::net::TcpListener,
    local_addr: SocketAddr,
    addresses: Vec<IpAddr>,
    shards: Vec<(ShardHandle, JoinHandle<()>)>,
}

impl Bound {
    /// Ends the shards, which serve nobody yet.
    fn abandon(self) {
        for (handle, thread) in self.shards {
            if handle.try_send(ShardCommand::Drain).is_ok() {
                let _ = thread.join();
            }
        }
    }
}

/// Binds TCP and starts the shards on UDP ports of the same numbers.
fn bind(
    config: &ServerConfig,
    store: &Store,
    places: &Arc<PlaceLibrary>,
    boards: &Arc<BoardKeeper>,
) -> anyhow::Result<Bound> {
    let any_port = config.listen.port() == 0;
    let mut problem = None;
    for _ in 0..PORT_TRIES {
        let tcp = listen_tcp(config.listen)?;
        let local_addr = tcp.local_addr()?;
        let addresses = reachable_addresses(local_addr.ip());
        if any_port && !are_udp_ports_free(&addresses, local_addr.port(), config.shards) {
            continue;
        }
        let mut bound = Bound { tcp, local_addr, addresses, shards: Vec::new() };
        match spawn_shards(&mut bound, config, store, places, boards) {
            Ok(()) => return Ok(bound),
            Err(error) => {
                bound.abandon();
                if !any_port {
                    return Err(error);
                }
                problem = Some(error);
            }
        }
    }
    match problem {
        Some(error) => Err(error),
        None => bail!("no port was found that is free for TCP and UDP: choose one with --listen"),
    }
}

fn spawn_shards(
    bound: &mut Bound,
    config: &ServerConfig,
    store: &Store,
    places: &Arc<PlaceLibrary>,
    boards: &Arc<BoardKeeper>,
) -> anyhow::Result<()> {
    let port = bound.local_addr.port();
    for index in 0..config.shards {
        let shard_config = ShardConfig {
            index,
            udp_addrs: shard_addresses(&bound.addresses, port, index)?,
            public_addrs: config.public_addrs.clone(),
            tcp_port: port,
            room_capacity: config.room_capacity,
            tick_hz: TICK_HZ,
            pose_budget_bytes_per_sec: POSE_BUDGET_BYTES_PER_SEC,
            resume_window: RESUME_WINDOW,
        };
        let spawned = shard::spawn(shard_config, store.clone(), Arc::clone(places), Arc::clone(boards));
        let spawned = spawned.with_context(|| {
            format!("cannot start shard {index} on UDP port {}", u32::from(port) + u32::from(index))
        })?;
        bound.shards.push(spawned);
    }
    Ok(())
}

impl Prepared {
    async fn serve(self) -> anyhow::Result<RunningServer> {
        let Self { config, data, lock, store, keys, places, boards, certificate, bound } = self;
        let url = public_url(&config, &certificate, &bound.addresses, bound.local_addr.port())?;
        let endpoint = Endpoint { url, fingerprint: certificate.fingerprint, pid: std::process::id() };
        let (handles, threads): (Vec<_>, Vec<_>) = bound.shards.into_iter().unzip();
        let shards: Arc<[ShardHandle]> = handles.into();
        let app =
            Arc::new(App::new(&config, store, keys, places, boards, Arc::clone(&shards), metrics_handle::handle()));
        let connections = ConnectionLimits::new(config.max_connections, config.max_connections_per_address);
        let (stop, stopped) = watch::channel(false);
        let running = RunningServer {
            endpoint,
            local_addr: bound.local_addr,
            app: Arc::clone(&app),
            connections: connections.clone(),
            threads,
            stop,
            _lock: lock,
        };
        let tls = Arc::new(ArcSwap::new(certificate.tls));
        let listener = Listener {
            tls: Arc::clone(&tls),
            router: router(Arc::clone(&app)),
            shards,
            limits: connections,
            next_id: AtomicU64::new(1),
        };
        let tcp = tokio::net::TcpListener::from_std(bound.tcp)?;
        tokio::spawn(Arc::new(listener).run(tcp, stopped.clone()));
        tokio::spawn(housekeeping::run(app, config.tls, tls, stopped));
        data.write_endpoint(&running.endpoint)?;
        Ok(running)
    }
}

impl RunningServer {
    /// `https://HOST:PORT`, as links carry it.
    pub fn url(&self) -> &Url {
        &self.endpoint.url
    }

    /// SHA-256 of the self-signed certificate's public key in base64url; `None` with a given certificate.
    pub fn fingerprint(&self) -> Option<&str> {
        self.endpoint.fingerprint.as_deref()
    }

    /// Where TCP listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// A link that lets people join; creates the room if it does not exist.
    ///
    /// # Errors
    /// A sentence that says what to change in the request, or what the store says.
    pub async fn invite(&self, request: InviteRequest) -> anyhow::Result<String> {
        let (app, endpoint) = (Arc::clone(&self.app), self.endpoint.clone());
        let invite = move || {
            let inviter = Inviter {
                store: &app.store,
                keys: &app.keys,
                places: &app.places,
                url: &endpoint.url,
                fingerprint: endpoint.fingerprint.as_deref(),
            };
            inviter.invite(&request, clock::now())
        };
        tokio::task::spawn_blocking(invite).await?
    }

    /// Refuses joins, lets the shards tell everyone and flush, answers what was asked, and closes the store.
    pub async fn shutdown(mut self) {
        self.app.begin_drain();
        for shard in self.app.shards.iter() {
            drain(shard).await;
        }
        let threads = std::mem::take(&mut self.threads);
        if !within(DRAIN_TIMEOUT, || threads.iter().all(JoinHandle::is_finished)).await {
            tracing::warn!("a shard did not end in time");
        }
        self.stop.send_replace(true);
        within(REQUEST_TIMEOUT, || self.connections.open() == 0).await;
        let store = self.app.store.clone();
        // Only fails if closing the store panics; there is nothing left to do then.
        let _ = tokio::task::spawn_blocking(move || store.shutdown()).await;
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.app.begin_drain();
        for shard in self.app.shards.iter() {
            let _ = shard.try_send(ShardCommand::Drain);
        }
        self.stop.send_replace(true);
    }
}

/// A shard whose queue stays full is beyond help.
async fn drain(shard: &ShardHandle) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(1);
    while shard.try_send(ShardCommand::Drain).is_err() && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(POLL).await;
    }
}

async fn within(timeout: Duration, is_done: impl Fn() -> bool) -> bool {
    let deadline = tokio::time::Instant::now() + timeout;
    while !is_done() {
        if tokio::time::Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(POLL).await;
    }
    true
}

/// How links are made while no server runs: from what the last one wrote, else from the settings.
pub(crate) fn known_endpoint(config: &ServerConfig, data: &DataDir) -> anyhow::Result<Endpoint> {
    let written = data.read_endpoint()?;
    if let Some(mut endpoint) = written {
        if let Some(url) = &config.url {
            endpoint.url = url.clone();
        }
        return Ok(endpoint);
    }
    let addresses = reachable_addresses(config.listen.ip());
    let certificate = Certificate::load(config.tls.as_ref(), data, &addresses)?;
    let url = public_url(config, &certificate, &addresses, config.listen.port())?;
    Ok(Endpoint { url, fingerprint: certificate.fingerprint, pid: std::process::id() })
}

/// Makes an invite in a data folder, whether a server runs on it or not.
///
/// # Errors
/// A sentence that says what to change.
pub fn invite_offline(config: &ServerConfig, request: &InviteRequest) -> anyhow::Result<String> {
    let data = DataDir::create(Path::new(&config.data_dir))?;
    let store = Store::open(&config.data_dir)?;
    let keys = TokenKeys::load(&data)?;
    let (places, problems) = load_places(config, &data);
    for problem in problems {
        tracing::warn!("a place is left out: {problem}");
    }
    let endpoint = known_endpoint(config, &data)?;
    let inviter = Inviter {
        store: &store,
        keys: &keys,
        places: &places,
        url: &endpoint.url,
        fingerprint: endpoint.fingerprint.as_deref(),
    };
    inviter.invite(request, clock::now())
}
