use super::App;
use super::body::{BodyError, read_body_within};
use super::files::is_known;
use super::inside::{BulkRefusal, Inside, check_inside};
use super::refusal::{refuse, server_error};
use crate::boards::{PictureError, check_picture};
use crate::shard_api::Busy;
use atrium_protocol::{ContentHash, JoinRefusalCode, limits};
use atrium_room::BulkRequest;
use atrium_store::{ImagePut, StoreError, StoredImage};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// A picture comes over slow lines too.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
const TURN_TIMEOUT: Duration = Duration::from_secs(10);

/// `POST /v1/rooms/{room}/images`: a picture for a board, of somebody in the room who may draw.
pub(super) async fn upload(
    State(app): State<Arc<App>>,
    room: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let room = room.map(|Path(room)| room).unwrap_or_default();
    let inside = check_inside(&app, &room, &headers, BulkRequest::AddImage).await;
    let taken = match inside {
        Ok(inside) => take(&app, inside, body).await,
        Err(refused) => {
            // Read, but not kept: a client that is cut off while it sends may never read the answer.
            let _ = read_body_within(body, 0, BODY_TIMEOUT).await;
            Err(refused)
        }
    };
    match taken {
        Ok(hash) => {
            metrics::counter!("atrium_images_total", "result" => "stored").increment(1);
            ([(header::CACHE_CONTROL, "no-store")], Json(json!({ "hash": hash }))).into_response()
        }
        Err(refused) => {
            metrics::counter!("atrium_images_total", "result" => "refused").increment(1);
            refused.into_response()
        }
    }
}

async fn take(app: &Arc<App>, inside: Inside, body: Body) -> Result<ContentHash, BulkRefusal> {
    let busy = |_| refuse(JoinRefusalCode::TooFast, Busy.to_string());
    let turn = tokio::time::timeout(TURN_TIMEOUT, app.uploads.acquire()).await;
    let _turn = turn.map_err(busy)?.map_err(|error| server_error("cannot take pictures", error))?;
    let body = read_body_within(body, limits::IMAGE_BYTES, BODY_TIMEOUT).await.map_err(|error| match error {
        BodyError::TooLarge => refuse(JoinRefusalCode::TooLarge, PictureError::TooLarge.to_string()),
        BodyError::Broken => refuse(JoinRefusalCode::BadRequest, "the picture ended early or came too slowly"),
    })?;
    let turn = tokio::time::timeout(TURN_TIMEOUT, Arc::clone(&app.picture_checks).acquire_owned()).await;
    let turn = turn.map_err(busy)?.map_err(|error| server_error("cannot look at pictures", error))?;
    let app = Arc::clone(app);
    let kept = tokio::task::spawn_blocking(move || {
        let checked = check_picture(&body).map_err(|error| not_a_picture(&error));
        drop(turn);
        keep(&app, &inside, body, checked?)
    });
    kept.await.map_err(|error| server_error("cannot keep the picture", error))?
}

fn not_a_picture(error: &PictureError) -> BulkRefusal {
    match error {
        PictureError::TooLarge => refuse(JoinRefusalCode::TooLarge, error.to_string()).into(),
        PictureError::NotAPicture => {
            BulkRefusal::Other(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_picture", error.to_string())
        }
    }
}

fn keep(app: &App, inside: &Inside, body: Bytes, media_type: &str) -> Result<ContentHash, BulkRefusal> {
    let hash = ContentHash::of(&body);
    let image = StoredImage { hash, media_type: media_type.to_owned(), bytes: body.to_vec() };
    match app.store.put_image(&inside.room, image, limits::ROOM_IMAGES_BYTES) {
        Ok(ImagePut::Stored) => Ok(hash),
        Ok(ImagePut::OverQuota) => {
            let message = "this room has as many pictures as it may have: export it, and go on in a new one".to_owned();
            Err(BulkRefusal::Other(StatusCode::CONFLICT, "images_full", message))
        }
        Err(StoreError::Full) => {
            let message = "the server's disk is full: tell its host, and try again later".to_owned();
            Err(BulkRefusal::Other(StatusCode::INSUFFICIENT_STORAGE, "storage_failed", message))
        }
        Err(error) => Err(server_error("cannot keep the picture", error).into()),
    }
}

/// `GET /v1/rooms/{room}/images/{hash}`: a picture on a board, for who is in the room.
pub(super) async fn download(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let (room, hash) = path.map(|Path(path)| path).unwrap_or_default();
    match find(&app, &room, &hash, &headers).await {
        Ok(image) => serve(image, &headers),
        Err(refused) => refused.into_response(),
    }
}

async fn find(app: &Arc<App>, room: &str, hash: &str, headers: &HeaderMap) -> Result<StoredImage, BulkRefusal> {
    let inside = check_inside(app, room, headers, BulkRequest::Read).await?;
    let hash = ContentHash::parse(hash).map_err(|message| refuse(JoinRefusalCode::BadRequest, message))?;
    let store = app.store.clone();
    let found = tokio::task::spawn_blocking(move || store.image(&inside.room, hash)).await;
    let found = found.map_err(|error| server_error("cannot read the picture", error))?;
    let found = found.map_err(|error| server_error("cannot read the picture", error))?;
    found.ok_or_else(|| {
        let message = "this room has no such picture".to_owned();
        BulkRefusal::Other(StatusCode::NOT_FOUND, "no_such_image", message)
    })
}

fn serve(image: StoredImage, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", image.hash);
    let about: [(HeaderName, &str); 5] = [
        (header::ETAG, &etag),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_TYPE, &image.media_type),
    ];
    if is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, image.bytes).into_response()
}
