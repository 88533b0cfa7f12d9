//! HTTPS: joins, files, boards and pictures, the page behind a link, and how the server is.

mod access;
mod app;
mod boards;
mod body;
#[cfg(test)]
mod bulk_tests;
mod cors;
mod files;
mod health;
mod images;
mod inside;
mod join;
mod page;
mod refusal;
#[cfg(test)]
mod tests;

pub(crate) use app::{App, RemoteAddr};

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use std::sync::Arc;

/// Everything that is answered. Each request carries a [`RemoteAddr`] extension.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/rooms/{room}/join", post(join::join))
        .route("/v1/rooms/{room}/files/{hash}", get(files::file))
        .route("/v1/rooms/{room}/boards/{board}/snapshot", get(boards::snapshot))
        .route("/v1/rooms/{room}/images", post(images::upload))
        .route("/v1/rooms/{room}/images/{hash}", get(images::download))
        .route("/r/{room}", get(page::page))
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(health::metrics))
        .layer(from_fn(cors::allow_pages))
        .with_state(app)
}
