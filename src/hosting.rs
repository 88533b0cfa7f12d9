//! The room server in this process: the same that `atrium-server` runs, with the user's own folder.

use anyhow::Context as _;
use atrium_protocol::{Role, RoomId};
use atrium_server::{InviteRequest, RunningServer, ServerConfig};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

/// The port that links of this machine usually carry.
const PORT: u16 = 7443;
/// How long a link that one gives to others is good.
const GUEST_LINK: Duration = Duration::from_secs(24 * 60 * 60);
/// The host's own link is used at once.
const OWNER_LINK: Duration = Duration::from_secs(60 * 60);

/// A running server and the room that one hosts on it.
pub(crate) struct Host {
    server: RunningServer,
    room: RoomId,
}

impl Host {
    /// Starts the server on its usual port, or on a free one where that is taken.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub(crate) async fn start(room: &str, data: &Path) -> anyhow::Result<Self> {
        let room = RoomId::parse(&room_name(room)).map_err(anyhow::Error::msg)?;
        let config = |port| ServerConfig {
            listen: SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port),
            ..ServerConfig::new(data)
        };
        let server = match atrium_server::start(config(PORT)).await {
            Ok(server) => server,
            Err(first) => {
                tracing::info!("port {PORT} cannot be had: {first:#}");
                atrium_server::start(config(0)).await.context("this machine cannot host a room")?
            }
        };
        Ok(Self { server, room })
    }

    /// The link by which the host comes in, as the room's owner.
    pub(crate) async fn owner_link(&self) -> anyhow::Result<String> {
        self.link(Role::Owner, OWNER_LINK, Some(1)).await
    }

    /// A link for others.
    pub(crate) async fn guest_link(&self) -> anyhow::Result<String> {
        self.link(Role::Guest, GUEST_LINK, None).await
    }

    /// Tells everyone and writes what was said.
    pub(crate) async fn shutdown(self) {
        self.server.shutdown().await;
    }

    async fn link(&self, role: Role, good_for: Duration, uses: Option<u32>) -> anyhow::Result<String> {
        let request = InviteRequest::new(self.room.clone(), role, good_for);
        self.server.invite(InviteRequest { uses, ..request }).await
    }
}

/// The name of a room as links can carry it: "Team Room" is `team-room`.
fn room_name(typed: &str) -> String {
    let name: String =
        typed.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    name.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_name_becomes_one_for_links() {
        assert_eq!(room_name(" Team Room "), "team-room");
        assert_eq!(room_name("Boardroom"), "boardroom");
    }
}
