use super::{App, RemoteAddr};
use crate::shard_api::{ShardCommand, ShardHandle, ShardStats};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, oneshot};
use tokio::time::Instant;

/// A shard that takes longer to say how it is counts as dead.
const STATS_TIMEOUT: Duration = Duration::from_secs(1);
const STATS_MAX_AGE: Duration = Duration::from_millis(500);

/// `GET /healthz`: 200 while the server does its work, 503 when a shard does not answer.
pub(super) async fn healthz(State(app): State<Arc<App>>) -> Response {
    let alive = app.shard_stats.get(&app.shards).await.iter().flatten().count();
    let (status, word) = match (app.is_draining(), alive == app.shards.len()) {
        (true, _) => (StatusCode::OK, "draining"),
        (false, true) => (StatusCode::OK, "ok"),
        (false, false) => (StatusCode::SERVICE_UNAVAILABLE, "failing"),
    };
    let body = json!({
        "status": word,
        "version": env!("CARGO_PKG_VERSION"),
        "shards": { "alive": alive, "total": app.shards.len() },
    });
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// `GET /metrics` in Prometheus' text format; for this machine alone unless the settings say otherwise.
pub(super) async fn metrics(
    State(app): State<Arc<App>>,
    Extension(remote): Extension<RemoteAddr>,
    headers: HeaderMap,
) -> Response {
    // A reverse proxy on this machine makes everyone look local.
    let is_forwarded = headers.contains_key("forwarded") || headers.contains_key("x-forwarded-for");
    if !app.public_metrics && (!remote.ip().is_loopback() || is_forwarded) {
        let message = "metrics are for this machine alone: start the server with --public-metrics to change that\n";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    for (index, stats) in app.shard_stats.get(&app.shards).await.into_iter().enumerate() {
        let shard = index.to_string();
        let is_alive = if stats.is_some() { 1.0 } else { 0.0 };
        let stats = stats.unwrap_or_default();
        metrics::gauge!("atrium_shard_alive", "shard" => shard.clone()).set(is_alive);
        metrics::gauge!("atrium_rooms", "shard" => shard.clone()).set(stats.rooms);
        metrics::gauge!("atrium_peers", "shard" => shard).set(stats.peers);
    }
    let store = app.store.stats();
    metrics::counter!("atrium_store_jobs_total", "result" => "stored").absolute(store.stored_jobs);
    metrics::counter!("atrium_store_jobs_total", "result" => "failed").absolute(store.failed_jobs);
    metrics::counter!("atrium_store_commits_total").absolute(store.commits);
    metrics::gauge!("atrium_store_queued_jobs").set(u32::try_from(store.queued_jobs).unwrap_or(u32::MAX));
    metrics::gauge!("atrium_store_commit_seconds_total").set(store.commit_time.as_secs_f64());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render()).into_response()
}

/// What each shard said last; `None` from one that does not answer.
#[derive(Default)]
pub(crate) struct ShardStatsCache(Mutex<Option<(Instant, Vec<Option<ShardStats>>)>>);

impl ShardStatsCache {
    /// Asks the shards at most once in [`STATS_MAX_AGE`], however often strangers ask for the server's health.
    async fn get(&self, shards: &[ShardHandle]) -> Vec<Option<ShardStats>> {
        let mut cached = self.0.lock().await;
        match cached.as_ref().filter(|(asked_at, _)| asked_at.elapsed() < STATS_MAX_AGE) {
            Some((_, stats)) => stats.clone(),
            None => cached.insert((Instant::now(), ask(shards).await)).1.clone(),
        }
    }
}

async fn ask(shards: &[ShardHandle]) -> Vec<Option<ShardStats>> {
    let question = |shard: &ShardHandle| {
        let (reply, answer) = oneshot::channel();
        shard.try_send(ShardCommand::Stats(reply)).ok().map(|()| answer)
    };
    let asked: Vec<_> = shards.iter().map(question).collect();
    let deadline = Instant::now() + STATS_TIMEOUT;
    let mut stats = Vec::with_capacity(asked.len());
    for answer in asked {
        stats.push(match answer {
            Some(answer) => tokio::time::timeout_at(deadline, answer).await.ok().and_then(Result::ok),
            None => None,
        });
    }
    stats
}
