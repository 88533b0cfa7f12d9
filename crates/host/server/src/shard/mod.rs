//! A shard: one thread that owns its UDP sockets, its peer connections and its rooms, so that no packet meets a
//! lock. What would take it too long goes to its [`worker`]; everything else reaches it as commands.

mod batch_io;
mod clock;
mod core;
mod forward;
mod joins;
mod meters;
mod peers;
mod rooms;
mod sockets;
mod visits;
mod worker;

use crate::boards::BoardKeeper;
use crate::places::PlaceLibrary;
use crate::shard_api::{COMMAND_QUEUE, ShardConfig, ShardHandle};
use anyhow::Context;
use atrium_link::rtc_driver::ServerSettings;
use atrium_store::Store;
use std::net::SocketAddr;
use std::sync::Arc;

/// Starts a shard's threads.
///
/// # Errors
/// When an address cannot be bound, or the system gives no thread.
pub(crate) fn spawn(
    config: ShardConfig,
    store: Store,
    places: Arc<PlaceLibrary>,
    boards: Arc<BoardKeeper>,
) -> anyhow::Result<(ShardHandle, std::thread::JoinHandle<()>)> {
    let poll = mio::Poll::new().context("the system gives no event queue")?;
    let waker = Arc::new(mio::Waker::new(poll.registry(), core::WAKER)?);
    let (commands, inbox) = crossbeam_channel::bounded(COMMAND_QUEUE);
    let (tasks, task_inbox) = crossbeam_channel::bounded(worker::TASK_QUEUE);
    let (outcomes, outcome_inbox) = crossbeam_channel::bounded(worker::RESULT_QUEUE);
    let sockets = sockets::Sockets::bind(&config.udp_addrs, poll.registry())?;
    let worker = worker::Worker {
        shard_index: config.index,
        settings: server_settings(&config)?,
        store: store.clone(),
        boards: Arc::clone(&boards),
        tasks: task_inbox,
        outcomes: outcomes.clone(),
        waker: Arc::clone(&waker),
    };
    let name = |what: &str| format!("{what}-{}", config.index);
    std::thread::Builder::new().name(name("negotiator")).spawn(move || worker.run())?;
    let wiring =
        core::Wiring { poll, waker: Arc::clone(&waker), inbox, tasks, outcomes, outcome_inbox, store, places, boards };
    let thread_name = name("shard");
    let shard = core::Shard::new(config, sockets, wiring);
    let thread = std::thread::Builder::new().name(thread_name).spawn(move || shard.run())?;
    Ok((ShardHandle::new(commands, waker), thread))
}

/// The addresses that answers offer: the public ones where given, each socket's own otherwise.
fn server_settings(config: &ShardConfig) -> anyhow::Result<ServerSettings> {
    let port = config.udp_addrs.first().map_or(0, SocketAddr::port);
    let udp: Vec<SocketAddr> = if config.public_addrs.is_empty() {
        config.udp_addrs.clone()
    } else {
        config.public_addrs.iter().map(|ip| SocketAddr::new(*ip, port)).collect()
    };
    let tcp = udp.iter().map(|address| SocketAddr::new(address.ip(), config.tcp_port)).collect();
    ServerSettings::new(udp, tcp).context("no DTLS certificate could be made")
}
