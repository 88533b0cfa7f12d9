//! The page behind a link, for whoever opens it in a browser.

use atrium_protocol::RoomId;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Only this style and this script; nothing is loaded from anywhere. The frame is how `atrium://` is tried without
/// leaving the page where nothing opens it.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; frame-src atrium:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

/// `GET /r/{room}`: opens the link in Atrium, and shows the command to type. The token is in the link's fragment,
/// which browsers keep to themselves.
pub(super) async fn page(room: Result<Path<String>, PathRejection>) -> Response {
    let name = room.map(|Path(name)| name).unwrap_or_default();
    let (status, room) = match RoomId::parse(&name) {
        Ok(room) => (StatusCode::OK, room.to_string()),
        Err(_) => (StatusCode::NOT_FOUND, name.chars().take(80).collect()),
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Html(render(&room))).into_response()
}

fn render(room: &str) -> String {
    TEMPLATE.replace("{style}", STYLE).replace("{script}", SCRIPT).replace("{room}", &escape(room))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        let page = render("<script>alert('\"&')</script>");
        assert!(page.contains("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;"));
        assert_eq!(page.matches("<script").count(), 1, "only ours");
    }

    #[test]
    fn style_and_script_stand_exactly_as_the_policy_hashes_them() {
        let page = render("boardroom");
        let between = |open: &str, close: &str| {
            let from = page.find(open).unwrap() + open.len();
            page[from..from + page[from..].find(close).unwrap()].to_owned()
        };
        let hash = |text: String| STANDARD.encode(Sha256::digest(text));
        assert!(POLICY.contains(&format!("style-src 'sha256-{}'", hash(between("<style>", "</style>")))));
        assert!(POLICY.contains(&format!("script-src 'sha256-{}'", hash(between("<script>", "</script>")))));
        assert!(!page.contains("{room}") && !page.contains("http://") && !page.contains("src="));
        assert!(!page.contains(" style=") && !page.contains(" onclick="), "the policy would block these");
    }
}
