use anyhow::Context as _;
use atrium_server::{ServerConfig, start};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// HTTP needs few threads: packets flow on the shards' own.
const HTTP_THREADS: usize = 2;

/// Serves until SIGTERM or SIGINT, then tells everyone and ends; a second signal ends at once.
pub(super) fn run(config: ServerConfig) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(HTTP_THREADS).enable_all().build()?;
    runtime.block_on(serve(config))
}

async fn serve(config: ServerConfig) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;
    let data_dir = config.data_dir.display().to_string();
    let server = start(config).await?;
    tracing::info!(listen = %server.local_addr(), url = %server.url(), data = data_dir, "serving");
    tracing::info!("make a link with: atrium-server invite ROOM --data {data_dir}");
    one_of(&mut terminate, &mut interrupt).await;
    tracing::info!("stopping: everyone is told, and what was said is written");
    tokio::select! {
        () = server.shutdown() => tracing::info!("stopped"),
        () = one_of(&mut terminate, &mut interrupt) => tracing::warn!("stopped at once"),
    }
    Ok(())
}

async fn one_of(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
