use atrium_protocol::{InviteId, RoomId, limits};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;
use url::{Host, Url};

/// Why a text is not a join link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a join link: {0}; a link looks like https://HOST:PORT/r/ROOM#t=TOKEN")]
pub struct LinkError(String);

/// A join link, `https://HOST:PORT/r/ROOM#t=TOKEN&fp=FINGERPRINT` (or `atrium://…`). Its `Debug` hides the token.
#[derive(Clone, PartialEq, Eq)]
pub struct JoinLink {
    server: Url,
    room: RoomId,
    token: String,
    token_id: InviteId,
    fingerprint: Option<[u8; 32]>,
}

/// The part of a token's payload that a client needs; the server checks the rest.
#[derive(Deserialize)]
struct TokenPayload {
    jti: InviteId,
}

impl JoinLink {
    /// Reads a link.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        let https = match text.strip_prefix("atrium://") {
            Some(rest) => format!("https://{rest}"),
            None => text.to_owned(),
        };
        let mut url = Url::parse(&https).map_err(|error| LinkError(error.to_string()))?;
        if url.scheme() != "https" || url.host().is_none() {
            return Err(LinkError("it does not begin with https:// and a host".to_owned()));
        }
        let room = url.path().strip_prefix("/r/").map(|room| room.trim_end_matches('/'));
        let room = room.ok_or_else(|| LinkError("it names no room".to_owned()))?;
        let room = RoomId::parse(room).map_err(LinkError)?;
        let fragment = url.fragment().unwrap_or_default().to_owned();
        let field =
            |name| fragment.split('&').find_map(|pair| pair.strip_prefix(name)).filter(|value| !value.is_empty());
        let token = field("t=").ok_or_else(|| LinkError("it has no token after '#t='".to_owned()))?.to_owned();
        let token_id = token_id(&token)?;
        let fingerprint = field("fp=").map(parse_fingerprint).transpose()?;
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self { server: url, room, token, token_id, fingerprint })
    }

    /// The server, `https://HOST:PORT/`.
    pub fn server(&self) -> &Url {
        &self.server
    }

    /// Where joins are posted to.
    pub fn join_url(&self) -> String {
        format!("{}v1/rooms/{}/join", self.server, self.room)
    }

    /// The room.
    pub fn room(&self) -> &RoomId {
        &self.room
    }

    /// The invite's token: a secret.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The invite that the token belongs to.
    pub fn token_id(&self) -> &InviteId {
        &self.token_id
    }

    /// SHA-256 of the server's public key (SubjectPublicKeyInfo), if the link pins it.
    pub fn fingerprint(&self) -> Option<&[u8; 32]> {
        self.fingerprint.as_ref()
    }

    /// The server's address, where the link has one and not a name.
    pub fn server_ip(&self) -> Option<IpAddr> {
        match self.server.host()? {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(name) => (name == "localhost").then_some(Ipv4Addr::LOCALHOST.into()),
        }
    }
}

impl fmt::Debug for JoinLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}r/{}#t=…", self.server, self.room)
    }
}

impl FromStr for JoinLink {
    type Err = LinkError;
    fn from_str(text: &str) -> Result<Self, LinkError> {
        Self::parse(text)
    }
}

fn token_id(token: &str) -> Result<InviteId, LinkError> {
    let bad = || LinkError("its token is not complete".to_owned());
    if token.len() > limits::TOKEN_BYTES {
        return Err(bad());
    }
    let payload = token.split('.').nth(1).ok_or_else(bad)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| bad())?;
    serde_json::from_slice::<TokenPayload>(&payload).map(|payload| payload.jti).map_err(|_| bad())
}

/// 43 letters of base64url, or 64 hexadecimal digits as other tools print them.
fn parse_fingerprint(text: &str) -> Result<[u8; 32], LinkError> {
    let from_hex = || atrium_protocol::ContentHash::parse(text).ok().map(|hash| hash.0);
    let from_base64 = || URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok();
    let parsed = if text.len() == 64 { from_hex() } else { from_base64() };
    parsed.ok_or_else(|| LinkError("its fingerprint is not complete".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"jti":"abc-1","room":"daily"}"#))
    }

    #[test]
    fn a_link_says_where_and_with_what() {
        let text =
            format!("https://Rooms.example.org:7443/r/Daily#t={}&fp={}", token(), URL_SAFE_NO_PAD.encode([7; 32]));
        let link = JoinLink::parse(&text).unwrap();
        assert_eq!(link.server().as_str(), "https://rooms.example.org:7443/");
        assert_eq!((link.room().as_str(), link.token_id().as_str()), ("daily", "abc-1"));
        assert_eq!((link.token(), link.fingerprint()), (token().as_str(), Some(&[7; 32])));
        assert_eq!(link.join_url(), "https://rooms.example.org:7443/v1/rooms/daily/join");
        assert_eq!(link.server_ip(), None);
        assert!(!format!("{link:?}").contains(&token()));
        assert_eq!(JoinLink::parse(&text.replace("https://", "atrium://")), Ok(link));
    }

    #[test]
    fn addresses_are_known() {
        let ip = |host: &str| JoinLink::parse(&format!("https://{host}:1/r/a#t={}", token())).unwrap().server_ip();
        assert_eq!(ip("127.0.0.1"), Some(Ipv4Addr::LOCALHOST.into()));
        assert_eq!(ip("localhost"), Some(Ipv4Addr::LOCALHOST.into()));
        assert_eq!(ip("[::1]"), Some("::1".parse().unwrap()));
    }

    #[test]
    fn what_is_missing_is_said() {
        let cases = [
            ("", "relative URL"),
            ("http://a/r/b#t=x", "https://"),
            ("https://a/b#t=x", "no room"),
            ("https://a/r/b c#t=x", "letters a-z"),
            ("https://a/r/b", "no token"),
            ("https://a/r/b#t=e30.e30.x", "token is not complete"),
            ("https://a/r/b#t=x", "token is not complete"),
        ];
        for (text, expected) in cases {
            let error = JoinLink::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let short = format!("https://a/r/b#t={}&fp=abc", token());
        assert!(JoinLink::parse(&short).unwrap_err().to_string().contains("fingerprint"));
    }
}
