use crate::files::keep;
use crate::join::{JoinError, root_cause, server_name, unreachable_server};
use crate::join_link::JoinLink;
use atrium_protocol::{BoardId, ContentHash, ResumeClaim, limits};
use bytes::Bytes;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{sleep, timeout};

/// Transfers at a time; others wait.
const AT_A_TIME: usize = 4;
/// How long the server may take until it begins to answer; an upload's way there included.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
/// A transfer that stands still so long is over.
const STALLS_FOR: Duration = Duration::from_secs(15);
/// Pauses before each new try of what may work a little later.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// Largest answer that is only words.
const WORDS_BYTES: usize = 16 * 1024;
/// The answer's header with the number of a snapshot's last operation.
const SEQUENCE: &str = "atrium-sequence";

/// Why something large did not come or go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BulkError {
    /// The server says no.
    #[error("{message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Why, for programs: as in a refused join, or another word.
        code: String,
        /// Why and what to do, for people.
        message: String,
    },
    /// Nobody answers, or the answer broke off.
    #[error("no answer from {server}: {reason}. Is the network up?")]
    Unreachable {
        /// `HOST:PORT`.
        server: String,
        /// Why.
        reason: String,
    },
    /// The answer is not one of an Atrium server, or not of the server that the link names.
    #[error("{0}")]
    BadAnswer(String),
    /// More than may be sent.
    #[error("this picture has {bytes} bytes, and one may have {most}: make it smaller")]
    TooLarge {
        /// How much it is.
        bytes: usize,
        /// How much it may be.
        most: usize,
    },
    /// What came is something else.
    #[error("the picture {0} is damaged: what came has another content hash")]
    Damaged(ContentHash),
    /// Only who is in the room may send pictures.
    #[error("you are not in the room yet: try again in a moment")]
    NotIn,
}

impl BulkError {
    /// Whether the same request may succeed a little later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Unreachable { .. } | Self::NotIn => true,
            Self::BadAnswer(_) | Self::TooLarge { .. } | Self::Damaged(_) => false,
        }
    }
}

/// A whole board, as of an operation: opaque here, `atrium-board` reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardSnapshot {
    /// The last operation that is in it; what came later is asked for with
    /// [`Fetch`](atrium_protocol::BoardUp::Fetch) after this one.
    pub sequence: u64,
    /// The snapshot.
    pub bytes: Vec<u8>,
}

/// What is too large for the lanes goes over HTTPS: boards as a whole, and pictures. Clones share a connection.
#[derive(Clone, Debug)]
pub struct Bulk {
    http: reqwest::Client,
    link: JoinLink,
    cache: PathBuf,
    claim: watch::Receiver<Option<ResumeClaim>>,
    at_a_time: Arc<Semaphore>,
}

/// A turn, and how often something is tried again in it.
struct Patience<'a> {
    pauses: std::slice::Iter<'static, Duration>,
    _turn: Option<SemaphorePermit<'a>>,
}

impl Patience<'_> {
    /// Whether to try again, after a pause, what failed for this reason.
    async fn is_left(&mut self, error: &BulkError) -> bool {
        let Some(pause) = self.pauses.next().filter(|_| error.is_temporary()) else { return false };
        tracing::debug!(%error, "trying again");
        sleep(*pause).await;
        true
    }
}

/// The JSON body of a refusal.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    message: String,
}

/// The JSON body of an accepted picture.
#[derive(Deserialize)]
struct Accepted {
    hash: ContentHash,
}

impl Bulk {
    pub(crate) fn new(
        http: reqwest::Client,
        link: JoinLink,
        cache: PathBuf,
        claim: watch::Receiver<Option<ResumeClaim>>,
    ) -> Self {
        Self { http, link, cache, claim, at_a_time: Arc::new(Semaphore::new(AT_A_TIME)) }
    }

    /// A board as it is now.
    ///
    /// # Errors
    /// [`BulkError`], after some tries.
    pub async fn board_snapshot(&self, board: BoardId) -> Result<BoardSnapshot, BulkError> {
        let mut patience = self.patience().await;
        loop {
            match self.snapshot_once(board).await {
                Err(error) if patience.is_left(&error).await => {}
                done => return done,
            }
        }
    }

    async fn snapshot_once(&self, board: BoardId) -> Result<BoardSnapshot, BulkError> {
        let response = self.ask(self.http.get(self.url(&format!("boards/{}/snapshot", board.0)))).await?;
        let sequence = response.headers().get(SEQUENCE).and_then(|number| number.to_str().ok()?.parse().ok());
        let sequence = sequence.ok_or_else(|| self.bad_answer("it does not say which operations are in it"))?;
        Ok(BoardSnapshot { sequence, bytes: self.read(response, limits::SNAPSHOT_BYTES).await? })
    }

    /// A picture of the room, from the cache if it was here before.
    ///
    /// # Errors
    /// [`BulkError`], after some tries.
    pub async fn image(&self, hash: ContentHash) -> Result<Vec<u8>, BulkError> {
        let kept = self.cache.join(hash.to_string());
        if let Ok(content) = tokio::fs::read(&kept).await
            && ContentHash::of(&content) == hash
        {
            return Ok(content);
        }
        let mut patience = self.patience().await;
        let content = loop {
            match self.image_once(hash).await {
                Err(error) if patience.is_left(&error).await => {}
                done => break done?,
            }
        };
        self.keep(hash, &content).await;
        Ok(content)
    }

    async fn image_once(&self, hash: ContentHash) -> Result<Vec<u8>, BulkError> {
        let response = self.ask(self.http.get(self.url(&format!("images/{hash}")))).await?;
        let content = self.read(response, limits::IMAGE_BYTES).await?;
        if ContentHash::of(&content) == hash { Ok(content) } else { Err(BulkError::Damaged(hash)) }
    }

    /// Gives the room a picture (PNG or JPEG), so that it can be put on a board.
    ///
    /// # Errors
    /// [`BulkError`], after some tries.
    pub async fn upload_image(&self, content: Vec<u8>) -> Result<ContentHash, BulkError> {
        if content.len() > limits::IMAGE_BYTES {
            return Err(BulkError::TooLarge { bytes: content.len(), most: limits::IMAGE_BYTES });
        }
        let content = Bytes::from(content);
        let mut patience = self.patience().await;
        let hash = loop {
            match self.upload_once(content.clone()).await {
                Err(error) if patience.is_left(&error).await => {}
                done => break done?,
            }
        };
        // Its author need not fetch it.
        if ContentHash::of(&content) == hash {
            self.keep(hash, &content).await;
        }
        Ok(hash)
    }

    async fn upload_once(&self, content: Bytes) -> Result<ContentHash, BulkError> {
        if self.claim.borrow().is_none() {
            return Err(BulkError::NotIn);
        }
        let response = self.ask(self.http.post(self.url("images")).body(content)).await?;
        let accepted = self.read(response, WORDS_BYTES).await?;
        let accepted: Result<Accepted, _> = serde_json::from_slice(&accepted);
        accepted.map(|accepted| accepted.hash).map_err(|error| self.bad_answer(&error.to_string()))
    }

    /// Who came back meanwhile has another secret: that refusal is none.
    fn unless_replaced(&self, claim: &ResumeClaim, refused: BulkError) -> BulkError {
        let is_current = self.claim.borrow().as_ref().is_some_and(|now| now.secret.0 == claim.secret.0);
        if is_current { refused } else { BulkError::NotIn }
    }

    /// Waits for a turn.
    async fn patience(&self) -> Patience<'_> {
        // Never closed.
        let turn = self.at_a_time.acquire().await.ok();
        Patience { pauses: PAUSES.iter(), _turn: turn }
    }

    fn url(&self, path: &str) -> String {
        format!("{}v1/rooms/{}/{path}", self.link.server(), self.link.room())
    }

    /// Boards and pictures are for people inside: whoever is says so.
    async fn ask(&self, request: RequestBuilder) -> Result<Response, BulkError> {
        let Some(claim) = self.claim.borrow().clone() else { return self.send(request).await };
        let secret = String::from(claim.secret.clone());
        let request = request.header("atrium-participant", claim.participant.0).header("atrium-resume-secret", secret);
        match self.send(request).await {
            Err(refused @ BulkError::Refused { .. }) => Err(self.unless_replaced(&claim, refused)),
            answered => answered,
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, BulkError> {
        let sent = timeout(ANSWERS_WITHIN, request.bearer_auth(self.link.token()).send()).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.not_sent(&error)),
            Err(_) => return Err(self.unreachable("it took too long")),
        };
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(response);
        }
        let body = self.read(response, WORDS_BYTES).await?;
        Err(match serde_json::from_slice::<Refusal>(&body) {
            Ok(Refusal { error, message }) => BulkError::Refused { status: status.as_u16(), code: error, message },
            Err(_) if status.is_server_error() => self.unreachable(&format!("HTTP status {status}")),
            Err(_) => self.bad_answer(&format!("HTTP status {status}")),
        })
    }

    async fn read(&self, mut response: Response, most: usize) -> Result<Vec<u8>, BulkError> {
        let mut body = Vec::new();
        loop {
            let chunk = match timeout(STALLS_FOR, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return Ok(body),
                Ok(Err(error)) => return Err(self.unreachable(&root_cause(&error))),
                Err(_) => return Err(self.unreachable("nothing more comes")),
            };
            if body.len() + chunk.len() > most {
                return Err(self.bad_answer(&format!("its answer has more than {most} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// A picture that cannot be kept is fetched again the next time.
    async fn keep(&self, hash: ContentHash, content: &[u8]) {
        if let Err(error) = keep(&self.cache, hash, content).await {
            tracing::warn!(%error, "a picture is not kept in the cache");
        }
    }

    fn not_sent(&self, error: &reqwest::Error) -> BulkError {
        match unreachable_server(&self.link, error) {
            JoinError::Unreachable { server, reason } => BulkError::Unreachable { server, reason },
            other => BulkError::BadAnswer(other.to_string()),
        }
    }

    fn unreachable(&self, reason: &str) -> BulkError {
        BulkError::Unreachable { server: server_name(&self.link), reason: reason.to_owned() }
    }

    fn bad_answer(&self, reason: &str) -> BulkError {
        let server = server_name(&self.link);
        BulkError::BadAnswer(format!("the server at {server} does not answer like an Atrium server: {reason}"))
    }
}
