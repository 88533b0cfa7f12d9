use super::App;
use super::access::{Purpose, bearer_token, check_token, parse_room};
use super::refusal::{self, refuse, server_error};
use crate::places::LoadedPlace;
use crate::shard_api::{Busy, ShardCommand};
use atrium_protocol::{JoinRefusal, JoinRefusalCode, ParticipantId, RefusalCode, ResumeSecret, RoomId};
use atrium_room::BulkRequest;
use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long a shard may take to say whether somebody is inside.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
const PARTICIPANT: &str = "atrium-participant";
const SECRET: &str = "atrium-resume-secret";

/// Why something large does not go or come.
pub(super) enum BulkRefusal {
    /// As for a join.
    Join(JoinRefusal),
    /// For programs, and for people.
    Other(StatusCode, &'static str, String),
}

impl From<JoinRefusal> for BulkRefusal {
    fn from(refusal: JoinRefusal) -> Self {
        Self::Join(refusal)
    }
}

impl IntoResponse for BulkRefusal {
    fn into_response(self) -> Response {
        match self {
            Self::Join(refusal) => refusal::response(&refusal),
            Self::Other(status, error, message) => {
                let body = Json(json!({ "error": error, "message": message }));
                (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
            }
        }
    }
}

/// A request of somebody who is in the room.
pub(super) struct Inside {
    pub(super) room: RoomId,
    pub(super) place: Arc<LoadedPlace>,
}

/// Checks that a request comes from somebody inside a room who may ask for this now. The token alone is not enough: who
/// waits in the lobby has one, and so has who was banned. The secret makes up for one that ran out meanwhile.
pub(super) async fn check_inside(
    app: &Arc<App>,
    room: &str,
    headers: &HeaderMap,
    request: BulkRequest,
) -> Result<Inside, BulkRefusal> {
    let room = parse_room(room)?;
    let token = bearer_token(headers)?;
    let access = check_token(app, &room, token, Purpose::Resume).await?;
    let (participant, secret) = claim(headers).ok_or_else(|| {
        let message =
            "send `Atrium-Participant` and `Atrium-Resume-Secret` of your join: this is for people in the room";
        BulkRefusal::Other(StatusCode::FORBIDDEN, "not_inside", message.to_owned())
    })?;
    vouch(app, &room, participant, secret, request).await?;
    let place = app
        .places
        .get(&access.room.place)
        .ok_or_else(|| server_error("the room's place is not installed", &access.room.place))?;
    Ok(Inside { room, place })
}

fn claim(headers: &HeaderMap) -> Option<(ParticipantId, ResumeSecret)> {
    let text = |name| headers.get(name)?.to_str().ok();
    let participant = ParticipantId(text(PARTICIPANT)?.trim().parse().ok()?);
    Some((participant, ResumeSecret::try_from(text(SECRET)?.trim().to_owned()).ok()?))
}

async fn vouch(
    app: &App,
    room: &RoomId,
    participant: ParticipantId,
    secret: ResumeSecret,
    request: BulkRequest,
) -> Result<(), BulkRefusal> {
    let shard = app.shard(room).ok_or_else(|| server_error("no shard runs", "there are none"))?;
    let (reply, answer) = oneshot::channel();
    let command = ShardCommand::Vouch { room: room.clone(), participant, secret, request, reply };
    shard.try_send(command).map_err(|busy| refuse(JoinRefusalCode::TooFast, busy.to_string()))?;
    let verdict = tokio::time::timeout(ANSWER_TIMEOUT, answer).await;
    match verdict {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(code))) => Err(refused(code)),
        Ok(Err(_)) | Err(_) => Err(refuse(JoinRefusalCode::TooFast, Busy.to_string()).into()),
    }
}

fn refused(code: RefusalCode) -> BulkRefusal {
    let other = |error, message: &str| BulkRefusal::Other(StatusCode::FORBIDDEN, error, message.to_owned());
    match code {
        RefusalCode::TooFast => refuse(JoinRefusalCode::TooFast, "too much at a time: try again in a moment").into(),
        RefusalCode::NotAllowed => other("not_allowed", "you may not do this here: ask a moderator"),
        _ => other("not_inside", "you are not in this room, or came back meanwhile: use what your last join answered"),
    }
}
