use super::App;
use super::access::{Purpose, bearer_token, check_token, parse_room};
use super::refusal::{refuse, response, server_error};
use atrium_protocol::{ContentHash, FileEntry, JoinRefusal, JoinRefusalCode};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::json;
use std::sync::Arc;

/// `GET /v1/rooms/{room}/files/{hash}`: a file of the room's place, for whoever has a token for the room.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let (room, hash) = path.map(|Path(path)| path).unwrap_or_default();
    match find(&app, &room, &hash, &headers).await {
        Ok(Some((entry, content))) => serve(&entry, content, &headers),
        Ok(None) => no_such_file(),
        Err(refused) => response(&refused),
    }
}

async fn find(
    app: &Arc<App>,
    room: &str,
    hash: &str,
    headers: &HeaderMap,
) -> Result<Option<(FileEntry, Bytes)>, JoinRefusal> {
    let room = parse_room(room)?;
    let token = bearer_token(headers)?;
    let access = check_token(app, &room, token, Purpose::Enter).await?;
    let place = app
        .places
        .get(&access.room.place)
        .ok_or_else(|| server_error("the room's place is not installed", &access.room.place))?;
    let hash = ContentHash::parse(hash).map_err(|message| refuse(JoinRefusalCode::BadRequest, message))?;
    Ok(place.file(hash).map(|(entry, content)| (entry.clone(), content)))
}

fn no_such_file() -> Response {
    let message = "this room has no such file: join again for the list of its files";
    let body = Json(json!({ "error": "no_such_file", "message": message }));
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

fn serve(entry: &FileEntry, content: Bytes, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", entry.hash);
    let about: [(HeaderName, &str); 5] = [
        (header::ETAG, &etag),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_TYPE, content_type(&entry.path)),
    ];
    if is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, content).into_response()
}

/// Whether the client says that it has this version.
pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known.split(',').any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == etag)
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("ron" | "txt" | "md") => "text/plain; charset=utf-8",
        Some("glb") => "model/gltf-binary",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("ktx2") => "image/ktx2",
        Some("ogg" | "opus") => "audio/ogg",
        Some("wav") => "audio/wav",
        _ => "application/octet-stream",
    }
}
