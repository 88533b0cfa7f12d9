use anyhow::{Context as _, bail};
use atrium_protocol::{AvatarBytes, DisplayName};
use atrium_session::{JoinLink, Session, SessionConfig, SessionEvent, SessionHandle, SessionState};
use ed25519_dalek::SigningKey;
use std::path::Path;
use std::time::Duration;

/// Over a bad network a handshake takes its time.
const ENTERS_WITHIN: Duration = Duration::from_secs(40);

/// Comes in as somebody new.
///
/// # Errors
/// A sentence when one is not let in.
pub(crate) async fn enter(link: &JoinLink, name: &str, cache: &Path) -> anyhow::Result<SessionHandle> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the system gives no random numbers")?;
    let mut session = Session::spawn(SessionConfig {
        link: link.clone(),
        name: DisplayName::new(name).context("this name cannot be used")?,
        avatar: AvatarBytes::default(),
        device_key: SigningKey::from_bytes(&seed),
        cache: cache.to_owned(),
        fetch_files: false,
    })?;
    let is_in = async {
        loop {
            match session.next().await {
                Some(SessionEvent::State(SessionState::Connected { .. })) => return Ok(()),
                Some(SessionEvent::State(SessionState::Closed { message, .. })) => {
                    bail!("{name} is not let in: {message}")
                }
                Some(_) => {}
                None => bail!("the session of {name} ended"),
            }
        }
    };
    tokio::time::timeout(ENTERS_WITHIN, is_in).await.with_context(|| format!("{name} does not get in"))??;
    Ok(session)
}
