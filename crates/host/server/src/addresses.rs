use anyhow::Context as _;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use url::Url;

const ACCEPT_BACKLOG: i32 = 1_024;

/// Destinations in the default routes and in the ranges of private networks. Connecting a UDP socket sends
/// nothing; it tells which of our addresses the system would send from.
const PROBES: [IpAddr; 6] = [
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    IpAddr::V4(Ipv4Addr::new(192, 168, 0, 1)),
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)),
    IpAddr::V4(Ipv4Addr::new(172, 16, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1)),
];

/// Listens for TCP. `[::]` serves IPv4 too, and becomes `0.0.0.0` on a machine without IPv6.
pub(crate) fn listen_tcp(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = match try_listen(addr) {
        Err(error) if addr.ip() == Ipv6Addr::UNSPECIFIED && lacks_ipv6(&error) => {
            try_listen(SocketAddr::from((Ipv4Addr::UNSPECIFIED, addr.port())))
        }
        result => result,
    };
    listener.with_context(|| {
        format!("cannot listen on {addr}: choose another address with --listen, or stop what uses this one")
    })
}

fn try_listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    if addr.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(ACCEPT_BACKLOG)?;
    Ok(socket.into())
}

fn lacks_ipv6(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EAFNOSUPPORT | libc::EADDRNOTAVAIL))
}

/// The addresses of this machine that others can send to: that of the listener, or all that probes find when it
/// listens on every one; loopback when there is nothing else.
pub(crate) fn reachable_addresses(listening_on: IpAddr) -> Vec<IpAddr> {
    if !listening_on.is_unspecified() {
        return vec![listening_on];
    }
    let mut found = Vec::new();
    for probe in PROBES.into_iter().filter(|probe| listening_on.is_ipv6() || probe.is_ipv4()) {
        if let Some(address) = source_address_towards(probe).filter(|address| !found.contains(address)) {
            found.push(address);
        }
    }
    if found.is_empty() {
        found.push(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    found
}

fn source_address_towards(probe: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = if probe.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((probe, 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    let is_link_local = match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    (!address.is_unspecified() && !address.is_loopback() && !is_link_local).then_some(address)
}

/// The UDP addresses of one shard: `port + index` on every address.
pub(crate) fn shard_addresses(addresses: &[IpAddr], port: u16, index: u8) -> anyhow::Result<Vec<SocketAddr>> {
    let port = port.checked_add(u16::from(index)).with_context(|| {
        format!("shard {index} would need a UDP port above 65535: choose a lower port with --listen, or fewer --shards")
    })?;
    Ok(addresses.iter().map(|address| SocketAddr::new(*address, port)).collect())
}

/// Whether all UDP ports of all shards are free now.
pub(crate) fn are_udp_ports_free(addresses: &[IpAddr], port: u16, shards: u8) -> bool {
    (0..shards).all(|index| {
        shard_addresses(addresses, port, index)
            .is_ok_and(|addresses| addresses.iter().all(|address| UdpSocket::bind(address).is_ok()))
    })
}

/// The URL of a server that is reached at `address`.
pub(crate) fn url_of(host: &str, port: u16) -> anyhow::Result<Url> {
    let host = match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) => format!("[{v6}]"),
        _ => host.to_owned(),
    };
    Url::parse(&format!("https://{host}:{port}")).with_context(|| format!("'{host}' is no host name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_given_address_is_the_only_one() {
        assert_eq!(reachable_addresses(ip("127.0.0.1")), [ip("127.0.0.1")]);
        assert_eq!(reachable_addresses(ip("192.0.2.7")), [ip("192.0.2.7")]);
    }

    #[test]
    fn every_address_found_can_be_bound() {
        for any in [ip("0.0.0.0"), ip("::")] {
            let found = reachable_addresses(any);
            assert!(!found.is_empty());
            for address in found {
                UdpSocket::bind((address, 0)).unwrap();
                assert!(!address.is_unspecified());
            }
        }
    }

    #[test]
    fn shards_own_consecutive_ports() {
        let addresses = [ip("127.0.0.1"), ip("::1")];
        let expected: Vec<SocketAddr> = vec!["127.0.0.1:7445".parse().unwrap(), "[::1]:7445".parse().unwrap()];
        assert_eq!(shard_addresses(&addresses, 7_443, 2).unwrap(), expected);
        assert!(shard_addresses(&addresses, 65_535, 1).is_err());
    }

    #[test]
    fn a_taken_udp_port_is_seen() {
        let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(!are_udp_ports_free(&[ip("127.0.0.1")], port, 1));
    }

    #[test]
    fn any_address_serves_ipv4_and_a_taken_port_is_explained() {
        let listener = listen_tcp("[::]:0".parse().unwrap()).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let error = listen_tcp(SocketAddr::from((Ipv6Addr::UNSPECIFIED, port))).unwrap_err().to_string();
        assert!(error.contains("--listen"), "{error}");
    }

    #[test]
    fn urls_have_brackets_where_needed() {
        assert_eq!(url_of("::1", 7443).unwrap().as_str(), "https://[::1]:7443/");
        assert_eq!(url_of("rooms.example.org", 443).unwrap().as_str(), "https://rooms.example.org/");
        assert!(url_of("no host", 1).is_err());
    }
}
