use crate::host::OwnServer;
use anyhow::Context as _;
use atrium_relay::{Relay, Ways, Weather};
use atrium_session::JoinLink;
use serde::Serialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

/// Where a bad network's relay listens; the server is on 127.0.0.1.
const FAR_AWAY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// What the network does to a voice, once on its way from mouth to ear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Network {
    pub(crate) delay_ms: u64,
    pub(crate) jitter_ms: u64,
    pub(crate) loss_percent: u64,
}

/// A server with a link to it, through a relay where the network is not to be the machine's own.
pub(crate) struct Meeting {
    pub(crate) link: JoinLink,
    server: OwnServer,
    _relay: Option<Relay>,
}

impl Meeting {
    /// # Errors
    /// A sentence, when the server does not come up or its port is taken on the other address.
    pub(crate) async fn open(server_program: Option<&Path>, network: Network) -> anyhow::Result<Self> {
        let is_bad = network != Network::default();
        // Both cores are for everybody: few packets are under way, and nobody should wait for a core.
        let server = OwnServer::start(server_program, None, 2, is_bad.then_some(FAR_AWAY))?;
        let link = server.invite()?;
        let relay = if is_bad { Some(relay(&link, network).await?) } else { None };
        Ok(Self { link, server, _relay: relay })
    }

    /// What the server logged last.
    pub(crate) fn last_words(&self) -> String {
        self.server.last_words()
    }
}

/// The way to the server is good, so that a voice meets the weather once.
async fn relay(link: &JoinLink, network: Network) -> anyhow::Result<Relay> {
    let port = link.server().port().context("the server's link has no port")?;
    let weather = Weather {
        loss_percent: network.loss_percent,
        delay: Duration::from_millis(network.delay_ms),
        jitter: Duration::from_millis(network.jitter_ms),
    };
    let ways = Ways { to_server: Weather::default(), to_clients: weather };
    let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    Relay::start(FAR_AWAY, server, ways).await.context("the relay of a bad network does not start")
}
