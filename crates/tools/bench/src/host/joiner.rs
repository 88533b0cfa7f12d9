use anyhow::{Context as _, bail};
use atrium_protocol::{JoinAnswer, JoinRefusal};
use atrium_session::{JoinLink, client_tls_config};
use mio::Waker;
use rustls::client::Resumption;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc as sync_mpsc;
use std::thread;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// Joins under way at a time, at most.
const QUEUE: usize = 4_096;
const TIMEOUT: Duration = Duration::from_secs(30);

/// A join to be posted.
pub(crate) struct JoinCall {
    /// Whose it is; comes back with the answer.
    pub(crate) client: usize,
    /// A `JoinRequest` in JSON.
    pub(crate) body: Vec<u8>,
}

/// What became of a [`JoinCall`].
pub(crate) struct JoinReply {
    pub(crate) client: usize,
    /// The answer, or a sentence.
    pub(crate) result: Result<Box<JoinAnswer>, String>,
}

/// Posts joins from a thread of its own, each over a TLS connection of its own, and listens for Ctrl-C
/// and SIGTERM meanwhile.
pub(crate) struct Joiner {
    calls: mpsc::Sender<JoinCall>,
    replies: sync_mpsc::Receiver<JoinReply>,
    is_interrupted: Arc<AtomicBool>,
}

impl Joiner {
    /// Starts the thread; `waker` is woken for every reply and for a signal.
    ///
    /// # Errors
    /// When the thread or its TLS cannot be set up.
    pub(crate) fn start(link: &JoinLink, waker: Arc<Waker>) -> anyhow::Result<Self> {
        let mut tls = client_tls_config(link.fingerprint())?;
        // Every connection makes a full handshake, as that of a newcomer does.
        tls.resumption = Resumption::disabled();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .pool_max_idle_per_host(0)
            .no_proxy()
            .timeout(TIMEOUT)
            .build()
            .context("cannot prepare HTTPS")?;
        let url = link.join_url();
        let (calls, next_call) = mpsc::channel(QUEUE);
        let (reply, replies) = sync_mpsc::sync_channel(QUEUE);
        let is_interrupted = Arc::new(AtomicBool::new(false));
        let wire = Wire { http, url, reply, waker, is_interrupted: Arc::clone(&is_interrupted) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        thread::Builder::new()
            .name("joins".to_owned())
            .spawn(move || runtime.block_on(serve(wire, next_call)))
            .context("cannot start a thread")?;
        Ok(Self { calls, replies, is_interrupted })
    }

    /// Posts a join.
    ///
    /// # Errors
    /// When too many are under way.
    pub(crate) fn post(&self, call: JoinCall) -> anyhow::Result<()> {
        self.calls.try_send(call).context("too many joins are under way at a time")
    }

    /// The next reply that is there.
    pub(crate) fn next_reply(&self) -> Option<JoinReply> {
        self.replies.try_recv().ok()
    }

    /// # Errors
    /// After such a signal, so that whoever drives the clients stops and cleans up.
    pub(crate) fn check_interrupt(&self) -> anyhow::Result<()> {
        if self.is_interrupted.load(Ordering::Relaxed) {
            bail!("interrupted")
        }
        Ok(())
    }
}

#[derive(Clone)]
struct Wire {
    http: reqwest::Client,
    url: String,
    reply: sync_mpsc::SyncSender<JoinReply>,
    waker: Arc<Waker>,
    is_interrupted: Arc<AtomicBool>,
}

async fn serve(wire: Wire, mut calls: mpsc::Receiver<JoinCall>) {
    loop {
        tokio::select! {
            call = calls.recv() => match call {
                Some(call) => {
                    let wire = wire.clone();
                    tokio::spawn(async move { wire.answer(call).await });
                }
                None => return,
            },
            () = told_to_stop() => {
                wire.is_interrupted.store(true, Ordering::Relaxed);
                wire.wake();
            }
        }
    }
}

/// Ctrl-C or SIGTERM; never, where the system does not tell.
async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        Ok(()) = tokio::signal::ctrl_c() => {}
        Some(()) = terminate.recv() => {}
        else => std::future::pending().await,
    }
}

impl Wire {
    async fn answer(&self, call: JoinCall) {
        let result = self.post(call.body).await.map(Box::new).map_err(|error| format!("{error:#}"));
        // The queue holds as many replies as calls can be under way.
        let _ = self.reply.try_send(JoinReply { client: call.client, result });
        self.wake();
    }

    async fn post(&self, body: Vec<u8>) -> anyhow::Result<JoinAnswer> {
        let request = self.http.post(&self.url).header("content-type", "application/json").body(body);
        let response = request.send().await.context("the server was not reached")?;
        let status = response.status();
        let body = response.bytes().await.context("the server's answer broke off")?;
        if status.is_success() {
            return serde_json::from_slice(&body).context("the server's answer is not that of a join");
        }
        match serde_json::from_slice::<JoinRefusal>(&body) {
            Ok(refusal) => bail!("join refused with {status}: {}", refusal.message),
            Err(_) => bail!("join refused with {status}"),
        }
    }

    fn wake(&self) {
        if let Err(error) = self.waker.wake() {
            tracing::warn!(%error, "the generator was not woken");
        }
    }
}
