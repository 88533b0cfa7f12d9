use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// How packets travel to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// UDP, as it should be.
    #[default]
    Udp,
    /// ICE-TCP (RFC 6544) for networks that block UDP: delays grow with every lost packet.
    Tcp,
}

/// What a peer connection is made with.
#[derive(Clone, Debug)]
pub struct PeerSettings {
    /// UDP or TCP.
    pub transport: Transport,
    /// Addresses to send from. Port 0 takes any; an unspecified address stands for every interface but loopback.
    pub local_addrs: Vec<SocketAddr>,
    /// Time between connectivity checks (RFC 8445 allows 5 ms and more). The handshake waits for a check twice.
    pub check_interval: Duration,
    /// Checks of a candidate pair before it is given up.
    pub max_checks: u16,
    /// Silence after which the connection counts as lost.
    pub silence_timeout: Duration,
    /// Events that may wait to be read. A full queue drops voice and poses and holds up the reliable lanes.
    pub event_queue: usize,
}

impl PeerSettings {
    /// Settings for a server that is reached at `server`, if known: a loopback server is reached from loopback
    /// addresses too.
    pub fn for_server(server: Option<IpAddr>) -> Self {
        let any = |ip: IpAddr| SocketAddr::new(ip, 0);
        let mut local_addrs = vec![any(Ipv4Addr::UNSPECIFIED.into()), any(Ipv6Addr::UNSPECIFIED.into())];
        if server.is_none_or(|ip| ip.is_loopback()) {
            local_addrs.extend([any(Ipv4Addr::LOCALHOST.into()), any(Ipv6Addr::LOCALHOST.into())]);
        }
        Self {
            transport: Transport::Udp,
            local_addrs,
            check_interval: Duration::from_millis(10),
            max_checks: 400,
            silence_timeout: Duration::from_secs(4),
            event_queue: 512,
        }
    }
}
