use anyhow::Context as _;
use atrium_session::JoinLink;
use std::net::{SocketAddr, UdpSocket};

/// The address of this machine from which a link's server is reached, with any free port.
///
/// # Errors
/// When there is no way to the server.
pub(crate) fn local_address(link: &JoinLink) -> anyhow::Result<SocketAddr> {
    let addresses = link.server().socket_addrs(|| None).context("the join link's host is not known")?;
    let remote = addresses.first().context("the join link's host has no address")?;
    let any = if remote.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let probe = UdpSocket::bind(any)?;
    probe.connect(remote).with_context(|| format!("there is no way to {remote}"))?;
    Ok(SocketAddr::new(probe.local_addr()?.ip(), 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_here_is_reached_from_here() {
        // The token's payload is {"jti":"abc-1"}.
        let link = JoinLink::parse("https://127.0.0.1:7443/r/hall#t=e30.eyJqdGkiOiJhYmMtMSJ9.c2ln").unwrap();
        assert_eq!(local_address(&link).unwrap().to_string(), "127.0.0.1:0");
    }
}
