use crate::clock::SharedClock;
use crate::commands::CommandReceivers;
use crate::connection::{Connection, Ended, Memory};
use crate::event::{ClosedCode, SessionEvent, SessionState};
use crate::files::FileFetcher;
use crate::join::{JoinError, Joiner, server_name};
use crate::retry::RetryPlan;
use atrium_link::webrtc_driver::{PeerSettings, Transport, WebrtcPeer};
use atrium_protocol::{JoinRefusalCode, ResumeClaim};
use std::time::Instant;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep_until;

/// Connections that never opened, one over UDP and one over TCP, before a first join is given up.
const FIRST_TRIES: u32 = 2;

/// A session's life: in, perhaps lost and back again, out.
pub(crate) struct Driver {
    joiner: Joiner,
    commands: CommandReceivers,
    events: mpsc::Sender<SessionEvent>,
    leave: watch::Receiver<bool>,
    clock: SharedClock,
    auto_fetch: Option<FileFetcher>,
    memory: Memory,
    /// What [`crate::Bulk`] shows the server: the newest claim.
    claim: watch::Sender<Option<ResumeClaim>>,
}

/// Where a session stands between two connections.
#[derive(Default)]
struct Progress {
    claim: Option<ResumeClaim>,
    /// The next try is due at once.
    at_once: bool,
    plan: Option<RetryPlan>,
    transport: Transport,
    never_opened: u32,
}

impl Driver {
    pub(crate) fn new(
        joiner: Joiner,
        commands: CommandReceivers,
        events: mpsc::Sender<SessionEvent>,
        leave: watch::Receiver<bool>,
        clock: SharedClock,
        auto_fetch: Option<FileFetcher>,
        claim: watch::Sender<Option<ResumeClaim>>,
    ) -> Self {
        Self { joiner, commands, events, leave, clock, auto_fetch, memory: Memory::default(), claim }
    }

    pub(crate) async fn run(mut self) {
        self.say(SessionState::Connecting).await;
        let mut progress = Progress::default();
        let (code, message) = loop {
            if let Some(end) = self.live_once(&mut progress).await {
                break end;
            }
        };
        self.say(SessionState::Closed { code, message }).await;
    }

    /// One connection, from waiting for its time to its end; `Some` when the session is over.
    async fn live_once(&mut self, progress: &mut Progress) -> Option<(ClosedCode, String)> {
        let left = || Some((ClosedCode::Left, "you left".to_owned()));
        let waits = !std::mem::take(&mut progress.at_once);
        if let Some(plan) = progress.plan.as_mut().filter(|_| waits) {
            let attempt = plan.next_attempt(Instant::now());
            if !attempt.may_resume {
                progress.claim = None;
            }
            tokio::select! {
                () = sleep_until(attempt.at.into()) => {}
                _ = self.leave.wait_for(|leave| *leave) => return left(),
            }
        }
        let mut leave = self.leave.clone();
        let connected = tokio::select! {
            connected = self.connect(progress) => connected,
            _ = leave.wait_for(|leave| *leave) => return left(),
        };
        match connected {
            Ok(mut connection) => {
                let ended = connection
                    .talk(&mut self.commands, &self.events, &mut self.leave, self.auto_fetch.as_ref(), &mut self.memory)
                    .await;
                connection.end(&ended).await;
                self.after(ended, progress).await
            }
            Err(error) => after_refusal(&error, progress),
        }
    }

    async fn connect(&self, progress: &mut Progress) -> Result<Connection, JoinError> {
        let mut settings = PeerSettings::for_server(self.joiner.link.server_ip());
        settings.transport = progress.transport;
        let (peer, offer, incoming) = WebrtcPeer::new(settings).await?;
        let requested = Instant::now();
        let answer = self.joiner.join(offer, peer.fingerprint(), progress.claim.clone()).await?;
        let answered = Instant::now();
        self.clock.on_answer(requested, answered, answer.server_us);
        progress.claim = Some(ResumeClaim { participant: answer.participant, secret: answer.resume_secret.clone() });
        self.claim.send_replace(progress.claim.clone());
        peer.accept_answer(&answer.sdp).await?;
        let clock = self.clock.clone();
        Ok(Connection::new(peer, incoming, answer, progress.transport, clock, requested, answered))
    }

    async fn after(&mut self, ended: Ended, progress: &mut Progress) -> Option<(ClosedCode, String)> {
        match ended {
            Ended::Over { code, message } => return Some((code, message)),
            Ended::NeverOpened => {
                progress.never_opened += 1;
                progress.transport = match progress.transport {
                    Transport::Udp => Transport::Tcp,
                    Transport::Tcp => Transport::Udp,
                };
                if progress.plan.is_none() && progress.never_opened >= FIRST_TRIES {
                    return Some((ClosedCode::Unreachable, self.blocked()));
                }
            }
            Ended::Lost { was_in } => {
                progress.never_opened = 0;
                if was_in || progress.plan.is_none() {
                    let plan = RetryPlan::new(Instant::now());
                    self.say(SessionState::Reconnecting { since: plan.lost_at() }).await;
                    progress.plan = Some(plan);
                }
            }
        }
        None
    }

    fn blocked(&self) -> String {
        let server = server_name(&self.joiner.link);
        format!(
            "the server at {server} answers, but neither UDP nor TCP packets of the meeting get through: \
             open its port for UDP in the firewalls between"
        )
    }

    async fn say(&self, state: SessionState) {
        tracing::debug!(?state, "session");
        // An owner who is gone is one who leaves, which the next step sees.
        let _ = self.events.send(SessionEvent::State(state)).await;
    }
}

fn after_refusal(error: &JoinError, progress: &mut Progress) -> Option<(ClosedCode, String)> {
    tracing::debug!(%error, "join");
    let code = match error {
        JoinError::Refused { code, .. } => Some(*code),
        _ => None,
    };
    if code == Some(JoinRefusalCode::ResumeFailed) && progress.claim.take().is_some() {
        progress.at_once = true;
        return None;
    }
    let comes_back = progress.plan.is_some() && error.is_temporary();
    if comes_back {
        return None;
    }
    Some((code.map_or(ClosedCode::Unreachable, ClosedCode::Refused), error.to_string()))
}
