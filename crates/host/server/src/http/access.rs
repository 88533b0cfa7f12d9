use super::App;
use super::refusal::{refuse, server_error};
use crate::clock;
use crate::token::Claims;
use atrium_protocol::{JoinRefusal, JoinRefusalCode, RoomId};
use atrium_store::{RoomRow, Store, StoreError};
use axum::http::{HeaderMap, header};
use std::sync::Arc;

/// What a good token for an existing room opens.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) claims: Claims,
    /// The room as it is now.
    pub(super) room: RoomRow,
}

/// The room that a path names.
pub(super) fn parse_room(name: &str) -> Result<RoomId, JoinRefusal> {
    RoomId::parse(name).map_err(|message| refuse(JoinRefusalCode::NoSuchRoom, message))
}

/// The token that a request carries in its header.
pub(super) fn bearer_token(headers: &HeaderMap) -> Result<&str, JoinRefusal> {
    let credentials = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = credentials.and_then(|credentials| credentials.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    token.ok_or_else(|| {
        refuse(JoinRefusalCode::BadToken, "send the invite's token in the header `Authorization: Bearer TOKEN`")
    })
}

/// What a token is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To come in: it must be good now.
    Enter,
    /// To come back to a place that the room still keeps, which the resume secret proves. An invite that ran out
    /// or was withdrawn meanwhile lets nobody new in, but it throws nobody out.
    Resume,
}

/// Checks that `token` is this server's, good for its purpose, and for `room`, which exists.
pub(super) async fn check_token(
    app: &Arc<App>,
    room: &RoomId,
    token: &str,
    purpose: Purpose,
) -> Result<Access, JoinRefusal> {
    let claims = match purpose {
        Purpose::Enter => app.keys.verify(token, clock::now()),
        Purpose::Resume => app.keys.verify_at_any_time(token),
    };
    let claims = claims.map_err(|error| refuse(error.code(), error.to_string()))?;
    if claims.room != *room {
        return Err(refuse(
            JoinRefusalCode::WrongRoom,
            format!("this invite link is for another room than {room}: use it as it was given to you"),
        ));
    }
    let store = app.store.clone();
    let looked_up = tokio::task::spawn_blocking(move || look_up(&store, claims, purpose)).await;
    looked_up.map_err(|error| server_error("cannot look the invite up", error))?
}

fn look_up(store: &Store, claims: Claims, purpose: Purpose) -> Result<Access, JoinRefusal> {
    let room = match store.room(&claims.room) {
        Ok(room) => room,
        Err(StoreError::NoRoom(room)) => {
            return Err(refuse(
                JoinRefusalCode::NoSuchRoom,
                format!("the room {room} no longer exists: ask its host for a new invite link"),
            ));
        }
        Err(error) => return Err(server_error("cannot look the room up", error)),
    };
    // An invite that the store does not know went away with an earlier room of this name.
    let is_good = store
        .invite_status(&claims.jti)
        .map_err(|error| server_error("cannot look the invite up", error))?
        .is_some_and(|status| {
            (status.revoked_at.is_none() || purpose == Purpose::Resume) && status.invite.room == claims.room
        });
    if !is_good {
        return Err(refuse(JoinRefusalCode::TokenRevoked, "this invite link was withdrawn: ask for a new one"));
    }
    Ok(Access { claims, room })
}
