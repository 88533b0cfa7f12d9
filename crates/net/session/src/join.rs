use crate::join_link::JoinLink;
use crate::tls::{TlsError, client_tls_config};
use atrium_link::webrtc_driver::PeerError;
use atrium_protocol::{
    AvatarBytes, DeviceKey, DisplayName, JoinAnswer, JoinRefusal, JoinRefusalCode, JoinRequest, PROTOCOL_VERSION,
    ResumeClaim, join_signing_bytes, limits,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use reqwest::StatusCode;
use std::error::Error as StdError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long the server may take to accept a connection, and to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// Largest answer to a join: an SDP answer and little else.
const ANSWER_BYTES: usize = limits::JOIN_BODY_BYTES;

/// Why one is not in.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The server says no.
    #[error("{message}")]
    Refused {
        /// Why, for programs.
        code: JoinRefusalCode,
        /// Why and what to do, for people.
        message: String,
    },
    /// Nobody answers there.
    #[error("no answer from {server}: {reason}. Is the server running, and the network up?")]
    Unreachable {
        /// `HOST:PORT`.
        server: String,
        /// Why.
        reason: String,
    },
    /// Somebody else answers there.
    #[error("the server at {server} is not the one that the link names: {reason}. Ask for a new link")]
    WrongServer {
        /// `HOST:PORT`.
        server: String,
        /// Why.
        reason: String,
    },
    /// The answer is not one of an Atrium server.
    #[error("the server at {server} does not answer like an Atrium server: {reason}")]
    BadAnswer {
        /// `HOST:PORT`.
        server: String,
        /// Why.
        reason: String,
    },
    /// TLS could not be prepared.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The connection could not be made.
    #[error(transparent)]
    Peer(#[from] PeerError),
}

impl JoinError {
    /// Whether the same request may succeed a little later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused { code, .. } => matches!(
                code,
                JoinRefusalCode::TooFast
                    | JoinRefusalCode::RoomFull
                    | JoinRefusalCode::Draining
                    | JoinRefusalCode::ServerError
            ),
            Self::Unreachable { .. } | Self::Peer(_) | Self::BadAnswer { .. } => true,
            Self::WrongServer { .. } | Self::Tls(_) => false,
        }
    }
}

/// The HTTPS client of a session, with one pinned or trusted server.
pub(crate) fn https_client(link: &JoinLink) -> Result<reqwest::Client, JoinError> {
    let tls = client_tls_config(link.fingerprint())?;
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("atrium/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| unreachable_server(link, &error))
}

/// What a join says besides its offer.
pub(crate) struct Joiner {
    pub(crate) link: JoinLink,
    pub(crate) http: reqwest::Client,
    pub(crate) name: DisplayName,
    pub(crate) avatar: AvatarBytes,
    pub(crate) device_key: SigningKey,
}

impl Joiner {
    /// Asks to come in with this offer.
    pub(crate) async fn join(
        &self,
        offer: String,
        fingerprint: &str,
        resume: Option<ResumeClaim>,
    ) -> Result<JoinAnswer, JoinError> {
        let request = self.request(offer, fingerprint, resume);
        let sent = self.http.post(self.link.join_url()).timeout(ANSWER_TIMEOUT).json(&request).send().await;
        let response = sent.map_err(|error| unreachable_server(&self.link, &error))?;
        let status = response.status();
        let body = read_body(response, ANSWER_BYTES).await.map_err(|reason| bad_answer(&self.link, reason))?;
        if status != StatusCode::OK {
            return Err(refusal(&self.link, status, &body));
        }
        let answer: JoinAnswer =
            serde_json::from_slice(&body).map_err(|error| bad_answer(&self.link, error.to_string()))?;
        if answer.protocol != PROTOCOL_VERSION {
            let reason = format!("it speaks protocol {}, this client {PROTOCOL_VERSION}", answer.protocol);
            return Err(bad_answer(&self.link, reason));
        }
        Ok(answer)
    }

    fn request(&self, sdp: String, fingerprint: &str, resume: Option<ResumeClaim>) -> JoinRequest {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let signed_at_ms = u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX);
        let token_id = self.link.token_id().as_str();
        let signed = join_signing_bytes(self.link.room(), token_id, signed_at_ms, fingerprint);
        JoinRequest {
            protocol: PROTOCOL_VERSION,
            token: self.link.token().to_owned(),
            name: self.name.clone(),
            device_key: DeviceKey(self.device_key.verifying_key().to_bytes()),
            signed_at_ms,
            signature: URL_SAFE_NO_PAD.encode(self.device_key.sign(&signed).to_bytes()),
            sdp,
            avatar: self.avatar.clone(),
            resume,
        }
    }
}

/// Reads at most `max_bytes` of a body.
pub(crate) async fn read_body(mut response: reqwest::Response, max_bytes: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| root_cause(&error))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(format!("its answer has more than {max_bytes} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn refusal(link: &JoinLink, status: StatusCode, body: &[u8]) -> JoinError {
    match serde_json::from_slice::<JoinRefusal>(body) {
        Ok(refusal) => JoinError::Refused { code: refusal.error, message: refusal.message },
        Err(_) => bad_answer(link, format!("HTTP status {status}")),
    }
}

fn bad_answer(link: &JoinLink, reason: String) -> JoinError {
    JoinError::BadAnswer { server: server_name(link), reason }
}

pub(crate) fn unreachable_server(link: &JoinLink, error: &reqwest::Error) -> JoinError {
    let server = server_name(link);
    match tls_error(error) {
        Some(rustls::Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure)) => {
            JoinError::WrongServer { server, reason: "its key has another fingerprint".to_owned() }
        }
        Some(rustls::Error::InvalidCertificate(reason)) => {
            JoinError::WrongServer { server, reason: reason.to_string() }
        }
        Some(other) => JoinError::BadAnswer { server, reason: other.to_string() },
        None if error.is_timeout() => JoinError::Unreachable { server, reason: "it took too long".to_owned() },
        None => JoinError::Unreachable { server, reason: root_cause(error) },
    }
}

pub(crate) fn server_name(link: &JoinLink) -> String {
    let host = link.server().host_str().unwrap_or_default();
    format!("{host}:{}", link.server().port_or_known_default().unwrap_or(443))
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn StdError + 'static) = *error;
        // An IO error shows what it wraps only this way.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
        wrapped.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| error.source())
    })
}

fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The innermost reason, in the words of the system.
pub(crate) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}
