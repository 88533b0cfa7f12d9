use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const ANSWERS: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "atrium-sequence, etag, retry-after"),
];

const PREFLIGHT: [(HeaderName, &str); 4] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "atrium-participant, atrium-resume-secret, authorization, content-type, if-none-match",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "7200"),
    // A page from the internet may talk to a server on a private network (Private Network Access).
    (HeaderName::from_static("access-control-allow-private-network"), "true"),
];

/// Lets web pages of any origin use `/v1/`: the authority is the token in the request, and no cookie exists.
pub(super) async fn allow_pages(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/v1/") {
        return next.run(request).await;
    }
    let is_preflight = request.method() == Method::OPTIONS;
    let mut response = if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    add(response.headers_mut(), &ANSWERS);
    if is_preflight {
        add(response.headers_mut(), &PREFLIGHT);
    }
    response
}

fn add(headers: &mut HeaderMap, values: &[(HeaderName, &'static str)]) {
    for (name, value) in values {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
}
