use super::access::{Purpose, check_token, parse_room};
use super::body::{BodyError, read_body};
use super::refusal::{self, refuse, server_error};
use super::{App, RemoteAddr};
use crate::clock;
use crate::shard_api::{Busy, JoinCommand, ShardCommand};
use atrium_protocol::{
    JoinAnswer, JoinRefusal, JoinRefusalCode, JoinRequest, Micros, PersonId, ResumeSecret, RoomId, check_version,
    join_signing_bytes, limits,
};
use atrium_room::Admission;
use atrium_store::RoomRow;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How far the client's clock may be off.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);
/// How long a join may wait for its turn and for the room.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest sentence of the JSON parser that is passed on.
const PARSER_MESSAGE_CHARS: usize = 300;

/// `POST /v1/rooms/{room}/join`: lets somebody in, with one round trip (the shape of RFC 9725).
///
/// The device key's signature covers the room, the invite, the time and the offer's DTLS fingerprint, so a join
/// that somebody else recorded and sends again gets an answer that is of no use without the DTLS key.
pub(super) async fn join(
    State(app): State<Arc<App>>,
    Extension(remote): Extension<RemoteAddr>,
    room: Result<Path<String>, PathRejection>,
    body: Body,
) -> Response {
    let mut asked = Asked::default();
    let room = room.map(|Path(room)| room).unwrap_or_default();
    match answer(&app, remote, &room, body, &mut asked).await {
        Ok(answer) => {
            metrics::counter!("atrium_joins_total", "result" => "accepted").increment(1);
            ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        Err(refused) => {
            metrics::counter!("atrium_joins_total", "result" => "refused").increment(1);
            asked.log_refusal(&refused, remote);
            refusal::response(&refused)
        }
    }
}

/// What is known of a join, for the log. Never holds a secret or text that was not checked.
#[derive(Default)]
struct Asked {
    room: Option<RoomId>,
    person: Option<PersonId>,
}

impl Asked {
    fn log_refusal(&self, refused: &JoinRefusal, remote: RemoteAddr) {
        let room = self.room.as_ref().map_or("?", RoomId::as_str);
        let person = self.person.map_or_else(|| "?".to_owned(), |person| format!("{person:?}"));
        tracing::info!(room, code = ?refused.error, remote = %remote.ip(), %person, "join refused");
    }
}

async fn answer(
    app: &Arc<App>,
    remote: RemoteAddr,
    room: &str,
    body: Body,
    asked: &mut Asked,
) -> Result<JoinAnswer, JoinRefusal> {
    let gate = pass_gate(app, remote);
    // The body of a join that is refused already is read too, but not kept: see `read_body`.
    let limit = if gate.is_ok() { limits::JOIN_BODY_BYTES } else { 0 };
    let body = read_body(body, limit).await;
    gate?;
    let body = body.map_err(|error| match error {
        BodyError::TooLarge => refuse(
            JoinRefusalCode::TooLarge,
            format!("a join request has at most {} bytes: send fewer candidates and codecs", limits::JOIN_BODY_BYTES),
        ),
        BodyError::Broken => refuse(JoinRefusalCode::BadRequest, "the request ended early or came too slowly"),
    })?;
    let request = parse_request(&body)?;
    asked.person = Some(request.device_key.person());
    let room = parse_room(room)?;
    asked.room = Some(room.clone());
    let _turn = tokio::time::timeout(ANSWER_TIMEOUT, app.join_slots.acquire())
        .await
        .map_err(|_| refuse(JoinRefusalCode::TooFast, Busy.to_string()))?
        .map_err(|error| server_error("cannot take joins", error))?;
    let checked = check(app, room, request).await?;
    hand_over(app, checked).await
}

/// What can be said before the request is read.
fn pass_gate(app: &App, remote: RemoteAddr) -> Result<(), JoinRefusal> {
    if app.is_draining() {
        return Err(refuse(JoinRefusalCode::Draining, "this server is stopping: try again in a minute"));
    }
    if !app.allows_join(remote.ip()) {
        return Err(refuse(JoinRefusalCode::TooFast, "too many joins from your address: try again in a moment"));
    }
    Ok(())
}

/// Tells an outdated client what to upgrade even where its request has another shape.
fn parse_request(body: &[u8]) -> Result<JoinRequest, JoinRefusal> {
    #[derive(Deserialize)]
    struct Versioned {
        protocol: u32,
    }
    let bad = |error: serde_json::Error| {
        let why: String = error.to_string().chars().take(PARSER_MESSAGE_CHARS).collect();
        refuse(JoinRefusalCode::BadRequest, format!("the body is not a join request: {why}"))
    };
    let versioned: Versioned = serde_json::from_slice(body).map_err(bad)?;
    check_version(versioned.protocol).map_err(|message| refuse(JoinRefusalCode::Version, message))?;
    serde_json::from_slice(body).map_err(bad)
}

/// A join that may go to its shard.
struct Checked {
    room: RoomRow,
    command: JoinCommand,
    answer: oneshot::Receiver<Result<JoinAnswer, JoinRefusal>>,
}

async fn check(app: &Arc<App>, room: RoomId, request: JoinRequest) -> Result<Checked, JoinRefusal> {
    let purpose = if request.resume.is_some() { Purpose::Resume } else { Purpose::Enter };
    let access = check_token(app, &room, &request.token, purpose).await?;
    let offer =
        atrium_link::check_offer(&request.sdp).map_err(|error| refuse(JoinRefusalCode::BadOffer, error.to_string()))?;
    check_signature(&room, access.claims.jti.as_str(), &request, &offer.fingerprint, clock::now())?;
    if app.places.get(&access.room.place).is_none() {
        return Err(server_error(
            "the room's place is not installed",
            format!("put the place '{}' into the folder 'places' of the data folder", access.room.place),
        ));
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| server_error("the system gives no random numbers", error))?;
    let admission = Admission {
        person: request.device_key.person(),
        name: request.name,
        avatar: request.avatar,
        invite: access.claims.jti,
        invited_role: access.claims.role,
        uses: access.claims.uses,
        resume: request.resume,
        new_secret: ResumeSecret(secret),
    };
    let (reply, answer) = oneshot::channel();
    let command = JoinCommand { room, place_name: access.room.place.clone(), admission, offer: offer.sdp, reply };
    Ok(Checked { room: access.room, command, answer })
}

fn check_signature(
    room: &RoomId,
    token_id: &str,
    request: &JoinRequest,
    fingerprint: &str,
    now: Micros,
) -> Result<(), JoinRefusal> {
    let signed_at = Micros::from_millis(request.signed_at_ms);
    if now.since(signed_at).max(signed_at.since(now)) > MAX_CLOCK_SKEW {
        return Err(refuse(
            JoinRefusalCode::BadSignature,
            "your computer's clock and the server's are more than 5 minutes apart: set the clock right and try again",
        ));
    }
    let signed = join_signing_bytes(room, token_id, request.signed_at_ms, fingerprint);
    request
        .device_key
        .verify(&signed, &request.signature)
        .map_err(|error| refuse(JoinRefusalCode::BadSignature, error.to_string()))
}

async fn hand_over(app: &App, checked: Checked) -> Result<JoinAnswer, JoinRefusal> {
    let Checked { room, command, answer } = checked;
    let Some(shard) = app.shard(&room.room) else {
        return Err(server_error("no shard runs", "there are none"));
    };
    let busy = |busy: Busy| refuse(JoinRefusalCode::TooFast, busy.to_string());
    if app.note_joined(&room) {
        // A room of this name was deleted and this one was made: nobody of the old one may stay in it.
        shard.try_send(ShardCommand::CloseRoom(room.room)).map_err(busy)?;
    }
    shard.try_send(ShardCommand::Join(Box::new(command))).map_err(busy)?;
    match tokio::time::timeout(ANSWER_TIMEOUT, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Err(server_error("the room did not answer", error)),
        Err(error) => Err(server_error("the room did not answer in time", error)),
    }
}
