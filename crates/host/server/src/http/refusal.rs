use atrium_protocol::{JoinRefusal, JoinRefusalCode};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A refusal with its sentence.
pub(super) fn refuse(error: JoinRefusalCode, message: impl Into<String>) -> JoinRefusal {
    JoinRefusal { error, message: message.into() }
}

/// Something went wrong here: the cause goes to the log, not to the client.
pub(super) fn server_error(what: &str, cause: impl std::fmt::Display) -> JoinRefusal {
    tracing::error!(%cause, "{what}");
    refuse(JoinRefusalCode::ServerError, format!("the server has a problem: {what}; its log says more"))
}

/// A refusal as JSON with its status.
pub(super) fn response(refusal: &JoinRefusal) -> Response {
    let status = StatusCode::from_u16(refusal.error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(header::CACHE_CONTROL, "no-store")], Json(refusal)).into_response();
    if status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    response
}
