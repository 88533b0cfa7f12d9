//! A bad network that needs no privileges: everything between a client and the server goes through here.

use std::collections::{HashMap, HashSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UdpSocket};

const DATAGRAM_BYTES: usize = 2_048;

/// What happens to datagrams, each way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Weather {
    pub(crate) loss_percent: u64,
    pub(crate) delay: Duration,
    /// Up to so much more or less delay; later datagrams may overtake.
    pub(crate) jitter: Duration,
}

/// Stands in front of a server on another loopback address with the same port.
pub(crate) struct Relay {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: SocketAddr,
}

struct Shared {
    weather: Weather,
    is_cut: AtomicBool,
    flows: Mutex<HashMap<SocketAddr, Arc<UdpSocket>>>,
    spared: Mutex<HashSet<SocketAddr>>,
    random: AtomicU64,
    lost: AtomicU64,
}

impl Relay {
    /// Carries UDP and TCP from `ip` to `server`.
    pub(crate) async fn start(ip: Ipv4Addr, server: SocketAddr, weather: Weather) -> Self {
        let relay = Self::new(ip, server, weather);
        let front = Arc::new(UdpSocket::bind(relay.address).await.expect("a free UDP port"));
        tokio::spawn(carry_udp(front, server, Arc::clone(&relay.shared)));
        relay.carry_tcp().await;
        relay
    }

    /// Carries TCP alone: UDP is blocked.
    pub(crate) async fn start_tcp_only(ip: Ipv4Addr, server: SocketAddr) -> Self {
        let relay = Self::new(ip, server, Weather::default());
        relay.carry_tcp().await;
        relay
    }

    fn new(ip: Ipv4Addr, server: SocketAddr, weather: Weather) -> Self {
        let shared = Shared {
            weather,
            is_cut: AtomicBool::new(false),
            flows: Mutex::default(),
            spared: Mutex::default(),
            random: AtomicU64::new(0x5eed),
            lost: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared), address: SocketAddr::from((ip, server.port())), server }
    }

    async fn carry_tcp(&self) {
        let listener = TcpListener::bind(self.address).await.expect("a free TCP port");
        tokio::spawn(carry_tcp(listener, self.server, Arc::clone(&self.shared)));
    }

    /// Whoever sends datagrams now keeps their connection when the others are cut.
    pub(crate) fn spare_everyone_here(&self) {
        let here = self.shared.flows.lock().expect("unpoisoned").keys().copied().collect();
        *self.shared.spared.lock().expect("unpoisoned") = here;
    }

    /// Cuts the cable, or mends it.
    pub(crate) fn cut(&self, is_cut: bool) {
        self.shared.is_cut.store(is_cut, Ordering::Relaxed);
    }

    /// Datagrams that the weather took.
    pub(crate) fn lost(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn is_cut_off(&self, client: SocketAddr) -> bool {
        self.is_cut.load(Ordering::Relaxed) && !self.spared.lock().expect("unpoisoned").contains(&client)
    }

    /// How long a datagram takes; `None`: it never arrives.
    fn fate(&self, client: SocketAddr) -> Option<Duration> {
        if self.is_cut_off(client) {
            return None;
        }
        if self.draw() % 100 < self.weather.loss_percent {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let jitter_us = self.weather.jitter.as_micros() as u64;
        let more_us = self.draw() % (2 * jitter_us + 1);
        Some((self.weather.delay + Duration::from_micros(more_us)).saturating_sub(self.weather.jitter))
    }

    /// SplitMix64.
    fn draw(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.random.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

async fn carry_udp(front: Arc<UdpSocket>, server: SocketAddr, shared: Arc<Shared>) {
    let mut buffer = [0; DATAGRAM_BYTES];
    loop {
        let Ok((size, client)) = front.recv_from(&mut buffer).await else { continue };
        let known = shared.flows.lock().expect("unpoisoned").get(&client).cloned();
        let back = match known {
            Some(back) => back,
            None => {
                let back = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket"));
                back.connect(server).await.expect("a connected socket");
                shared.flows.lock().expect("unpoisoned").insert(client, Arc::clone(&back));
                tokio::spawn(carry_back(Arc::clone(&back), Arc::clone(&front), client, Arc::clone(&shared)));
                back
            }
        };
        if let Some(delay) = shared.fate(client) {
            let datagram = buffer[..size].to_vec();
            deliver(delay, async move { drop(back.send(&datagram).await) });
        }
    }
}

async fn carry_back(back: Arc<UdpSocket>, front: Arc<UdpSocket>, client: SocketAddr, shared: Arc<Shared>) {
    let mut buffer = [0; DATAGRAM_BYTES];
    loop {
        // A server that is gone shows as an error of the connected socket.
        let Ok(size) = back.recv(&mut buffer).await else { continue };
        if let Some(delay) = shared.fate(client) {
            let (front, datagram) = (Arc::clone(&front), buffer[..size].to_vec());
            deliver(delay, async move { drop(front.send_to(&datagram, client).await) });
        }
    }
}

fn deliver(delay: Duration, send: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(async move {
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        send.await;
    });
}

async fn carry_tcp(listener: TcpListener, server: SocketAddr, shared: Arc<Shared>) {
    loop {
        let Ok((mut client, address)) = listener.accept().await else { continue };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            if shared.is_cut_off(address) {
                return;
            }
            let Ok(mut server) = TcpStream::connect(server).await else { return };
            let is_prompt = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
            is_prompt.expect("TCP without delays of its own");
            let until_cut = async {
                while !shared.is_cut_off(address) {
                    tokio::time::sleep(super::LOOK_EVERY).await;
                }
            };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                () = until_cut => {}
            }
        });
    }
}
