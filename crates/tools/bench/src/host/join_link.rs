use anyhow::{Context as _, ensure};
use atrium_protocol::{InviteId, RoomId, limits};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::fmt;
use std::net::{SocketAddr, UdpSocket};
use url::Url;

/// A link `https://HOST:PORT/r/ROOM#t=TOKEN&fp=FINGERPRINT`, taken apart. Its `Debug` hides the token.
#[derive(Clone)]
pub(crate) struct JoinLink {
    server: Url,
    pub(crate) room: RoomId,
    pub(crate) token: String,
    pub(crate) token_id: InviteId,
    /// SHA-256 of the server's public key (SubjectPublicKeyInfo).
    pub(crate) fingerprint: [u8; 32],
}

#[derive(Deserialize)]
struct TokenPayload {
    jti: InviteId,
}

impl JoinLink {
    /// # Errors
    /// A sentence that says what is missing.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let server = Url::parse(text.trim()).context("the join link is not a URL")?;
        ensure!(server.scheme() == "https", "a join link begins with https://");
        let room = server.path().strip_prefix("/r/").context("the join link names no room")?;
        let room = RoomId::parse(room).map_err(anyhow::Error::msg)?;
        let fragment = server.fragment().unwrap_or_default();
        let field = |name| fragment.split('&').find_map(|pair| pair.strip_prefix(name));
        let token = field("t=").context("the join link has no token after '#t='")?.to_owned();
        ensure!(token.len() <= limits::TOKEN_BYTES, "the join link's token is too long");
        let fingerprint = field("fp=").context(
            "the join link has no fingerprint: measure a server that makes its own certificate, without --tls-cert",
        )?;
        let fingerprint = URL_SAFE_NO_PAD.decode(fingerprint).ok().and_then(|bytes| bytes.try_into().ok());
        let fingerprint = fingerprint.context("the join link's fingerprint is not complete")?;
        Ok(Self { token_id: token_id(&token)?, room, token, fingerprint, server })
    }

    /// Where joins are posted to.
    ///
    /// # Errors
    /// Never for a link that was parsed.
    pub(crate) fn join_url(&self) -> anyhow::Result<Url> {
        let mut url = self.server.join(&format!("/v1/rooms/{}/join", self.room))?;
        url.set_fragment(None);
        Ok(url)
    }

    /// The address of this machine from which the server is reached, with any free port.
    ///
    /// # Errors
    /// When there is no way to the server.
    pub(crate) fn local_address(&self) -> anyhow::Result<SocketAddr> {
        let addresses = self.server.socket_addrs(|| None).context("the join link's host is not known")?;
        let remote = addresses.first().context("the join link's host has no address")?;
        let any = if remote.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let probe = UdpSocket::bind(any)?;
        probe.connect(remote).with_context(|| format!("there is no way to {remote}"))?;
        Ok(SocketAddr::new(probe.local_addr()?.ip(), 0))
    }
}

impl fmt::Debug for JoinLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/r/{}#t=…", self.server.origin().ascii_serialization(), self.room)
    }
}

fn token_id(token: &str) -> anyhow::Result<InviteId> {
    let payload = token.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let payload = payload.and_then(|payload| serde_json::from_slice::<TokenPayload>(&payload).ok());
    Ok(payload.context("the join link's token is not complete")?.jti)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_taken_apart() {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"jti":"abc-1"}"#));
        let text = format!("https://127.0.0.1:7443/r/Hall#t={token}&fp={}", URL_SAFE_NO_PAD.encode([7; 32]));
        let link = JoinLink::parse(&text).unwrap();
        assert_eq!((link.room.as_str(), link.token_id.as_str(), link.fingerprint), ("hall", "abc-1", [7; 32]));
        assert_eq!(link.join_url().unwrap().as_str(), "https://127.0.0.1:7443/v1/rooms/hall/join");
        assert_eq!(link.local_address().unwrap().to_string(), "127.0.0.1:0");
        assert!(!format!("{link:?}").contains(&token));
        for (broken, expected) in [
            (text.replace("https", "http"), "https://"),
            (text.replace("/r/", "/s/"), "names no room"),
            (text.replace("#t=", "#u="), "no token"),
            (text.replace("&fp=", "&x="), "no fingerprint"),
            (text.replace("fp=Bw", "fp="), "not complete"),
            (text.replace("e30.", "e30"), "token is not complete"),
        ] {
            let error = JoinLink::parse(&broken).unwrap_err().to_string();
            assert!(error.contains(expected), "{broken}: {error}");
        }
    }
}
