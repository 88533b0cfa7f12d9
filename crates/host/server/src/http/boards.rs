use super::App;
use super::files::is_known;
use super::inside::{BulkRefusal, check_inside};
use super::refusal::{refuse, server_error};
use crate::boards::KeptSnapshot;
use crate::shard_api::Busy;
use atrium_protocol::{BoardId, JoinRefusalCode};
use atrium_room::BulkRequest;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::Duration;

/// How long somebody waits for their turn: a board may be large, and others ask too.
const TURN_TIMEOUT: Duration = Duration::from_secs(20);
const SEQUENCE: HeaderName = HeaderName::from_static("atrium-sequence");

/// `GET /v1/rooms/{room}/boards/{board}/snapshot`: a board as of some late operation, for who is in the room; what
/// follows comes over the lane.
pub(super) async fn snapshot(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let (room, board) = path.map(|Path(path)| path).unwrap_or_default();
    match find(&app, &room, &board, &headers).await {
        Ok(kept) => serve(kept, &headers),
        Err(refused) => refused.into_response(),
    }
}

async fn find(app: &Arc<App>, room: &str, board: &str, headers: &HeaderMap) -> Result<KeptSnapshot, BulkRefusal> {
    let inside = check_inside(app, room, headers, BulkRequest::Read).await?;
    let board = board.parse().ok().filter(|board| usize::from(*board) < inside.place.place.layout().boards.len());
    let board = BoardId(board.ok_or_else(|| {
        let message = "this room has no such board".to_owned();
        BulkRefusal::Other(StatusCode::NOT_FOUND, "no_such_board", message)
    })?);
    let busy = |_| refuse(JoinRefusalCode::TooFast, Busy.to_string());
    let turn = tokio::time::timeout(TURN_TIMEOUT, Arc::clone(&app.snapshot_turns).acquire_owned()).await;
    let turn = turn.map_err(busy)?.map_err(|error| server_error("cannot read boards", error))?;
    let keeper = Arc::clone(&app.boards);
    let kept = tokio::task::spawn_blocking(move || {
        // Held by the work itself: whoever asked may be gone before it is done.
        let _turn = turn;
        keeper.snapshot(&inside.room, board)
    });
    let kept = kept.await.map_err(|error| server_error("cannot read the board", error))?;
    Ok(kept.map_err(|error| server_error("cannot read the board", error))?)
}

fn serve(kept: KeptSnapshot, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", kept.sequence);
    let about: [(HeaderName, &str); 5] = [
        (SEQUENCE, &kept.sequence.to_string()),
        (header::ETAG, &etag),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_TYPE, "application/octet-stream"),
    ];
    if is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, kept.data).into_response()
}
