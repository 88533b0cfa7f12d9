//! Datagrams that belong to no connection, or pretend to belong to one.

use crate::world::{Delivery, Host, RawClient, eventually};
use atrium_protocol::Role;
use socket2::{Domain, Protocol, Socket, Type};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::time::{Duration, Instant};

const SOURCES: usize = 100;
const FORGED: usize = 400;
const LARGEST_DATAGRAM: usize = 65_507;

/// What strangers send: nothing, STUN that is cut short or lies about its length, DTLS, RTP, noise, and the largest.
fn strange_datagrams(ufrag: &str) -> Vec<Vec<u8>> {
    let named = binding_request(ufrag);
    let mut lies = named.clone();
    lies[2..4].copy_from_slice(&u16::MAX.to_be_bytes());
    let dtls_hello = [&[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40][..], &[1; 40]].concat();
    let dtls_alert = vec![21, 254, 253, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40];
    let rtp = [&[0x80, 111, 0, 1, 0, 0, 0, 0, 0x41, 0x54, 0, 0][..], &[7; 80]].concat();
    let rtcp_bye = vec![0x81, 203, 0, 1, 0, 0, 0, 77];
    let cut = |datagram: &[u8]| datagram[..datagram.len() / 2].to_vec();
    vec![
        vec![],
        vec![0],
        cut(&named),
        cut(&dtls_hello),
        cut(&rtp),
        named,
        lies,
        dtls_hello,
        dtls_alert,
        rtp,
        rtcp_bye,
        vec![0xff; 1_400],
        vec![0; LARGEST_DATAGRAM],
        vec![0x80; LARGEST_DATAGRAM],
    ]
}

/// A connectivity check that names a connection but does not know its password.
fn binding_request(ufrag: &str) -> Vec<u8> {
    let name = format!("{ufrag}:them");
    let padded = name.len().next_multiple_of(4);
    let mut datagram = vec![0, 1];
    datagram.extend(((8 + padded) as u16).to_be_bytes());
    datagram.extend([0x21, 0x12, 0xa4, 0x42]);
    datagram.extend([9; 12]);
    datagram.extend([0, 6]);
    datagram.extend((name.len() as u16).to_be_bytes());
    datagram.extend(name.bytes());
    datagram.resize(20 + 4 + padded, 0);
    // Nominates itself.
    datagram.extend([0, 0x25, 0, 0]);
    datagram
}

/// The name by which the server knows a connection.
fn ufrag_of(client: &RawClient) -> String {
    let line = client.answer.sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"));
    line.expect("a user name in the answer").trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_not_heard() {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    let victim = RawClient::enter(&host.invite(Role::Guest).await, "Victim").await;
    let (server, datagrams) = (victim.server, strange_datagrams(&ufrag_of(&victim)));
    let strangers = tokio::task::spawn_blocking(move || {
        for _ in 0..SOURCES {
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
            for datagram in &datagrams {
                let _ = socket.send_to(datagram, server);
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    });
    let mut victim = victim;
    let meanwhile = async {
        while !strangers.is_finished() {
            victim.pump(Duration::from_millis(50)).await;
        }
        victim.ping().await;
    };
    let (delivery, ()) = Delivery::during(&ada, &bo, meanwhile).await;
    delivery.assert_whole();
    assert_eq!(victim.closed, None);
    host.is_well_for(&ada, &bo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_before_and_after_the_handshake_does_not_disturb_it() {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    let mut client = RawClient::ask(&host.invite(Role::Guest).await, "Noisy").await;
    let datagrams = strange_datagrams(&ufrag_of(&client));
    for datagram in &datagrams {
        client.send_datagram(datagram);
    }
    for datagram in datagrams.iter().cycle().take(100) {
        client.send_datagram(datagram);
        client.pump(Duration::from_millis(5)).await;
    }
    client.ping().await;
    for datagram in datagrams.iter().cycle().take(300) {
        client.send_datagram(datagram);
        client.pump(Duration::from_millis(2)).await;
    }
    client.ping().await;
    assert_eq!(client.closed, None);
    host.is_well_for(&ada, &bo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_source_address_does_not_end_a_connection() {
    let Some(forger) = Forger::new() else {
        println!("skipped: forging source addresses needs a raw socket, which only root may have");
        return;
    };
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    let mut victim = RawClient::enter(&host.invite(Role::Guest).await, "Victim").await;
    let id = victim.id();
    let datagrams = strange_datagrams(&ufrag_of(&victim));
    let https = host.https().await;
    let arrived = async || https.get("/metrics").await.metric("atrium_datagrams_in_total");
    let before = arrived().await;
    for datagram in datagrams.iter().filter(|datagram| datagram.len() < 1_500).cycle().take(FORGED) {
        forger.send(victim.local(), victim.server, datagram);
        victim.pump(Duration::from_millis(3)).await;
    }
    victim.ping().await;
    assert_eq!(victim.closed, None);
    eventually("they arrived", async || arrived().await - before > FORGED as f64).await;
    assert!(bo.look(|mirror| mirror.people.contains_key(&id) && mirror.heard(id) == 0), "nothing was forged");
    host.is_well_for(&ada, &bo).await;
}

/// Sends UDP with any source address.
struct Forger(Socket);

impl Forger {
    fn new() -> Option<Self> {
        let socket = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::from(255))).ok()?;
        socket.set_header_included_v4(true).ok()?;
        Some(Self(socket))
    }

    fn send(&self, from: SocketAddr, to: SocketAddr, payload: &[u8]) {
        let (SocketAddr::V4(from), SocketAddr::V4(to)) = (from, to) else { panic!("IPv4 here") };
        let packet = udp_packet(from, to, payload);
        self.0.send_to(&packet, &SocketAddr::V4(to).into()).expect("a packet on its way");
    }
}

/// An IPv4 packet with a UDP datagram (RFC 791, RFC 768); the system fills in the header's checksum.
fn udp_packet(from: SocketAddrV4, to: SocketAddrV4, payload: &[u8]) -> Vec<u8> {
    let length = |headers: usize| u16::try_from(headers + payload.len()).expect("a small packet").to_be_bytes();
    let mut packet = vec![0x45, 0];
    packet.extend(length(28));
    packet.extend([0, 0, 0, 0, 64, 17, 0, 0]);
    packet.extend(from.ip().octets());
    packet.extend(to.ip().octets());
    packet.extend(from.port().to_be_bytes());
    packet.extend(to.port().to_be_bytes());
    packet.extend(length(8));
    // No checksum, which IPv4 allows.
    packet.extend([0, 0]);
    packet.extend(payload);
    packet
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_anew_from_the_same_port_gets_in_at_once() {
    let host = Host::start().await;
    let link = host.invite(Role::Guest).await;
    let crashed = RawClient::enter(&link, "Crashed").await;
    let local = crashed.local();
    // Without a word: the server still keeps the connection.
    drop(crashed);
    let mut again = RawClient::ask_from(&link, "Again", local).await;
    let begun = Instant::now();
    again.be_welcomed().await;
    again.ping().await;
    assert!(begun.elapsed() < Duration::from_secs(2), "in after {:?}", begun.elapsed());
}
