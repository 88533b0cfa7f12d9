use crate::{Ways, Weather};
use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UdpSocket};

const DATAGRAM_BYTES: usize = 2_048;
/// How often a connection looks whether it is cut.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Stands in front of a server on another loopback address with the same port.
pub struct Relay {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: SocketAddr,
}

struct Shared {
    weather: Ways,
    is_cut: AtomicBool,
    flows: Mutex<HashMap<SocketAddr, Arc<UdpSocket>>>,
    spared: Mutex<HashSet<SocketAddr>>,
    random: AtomicU64,
    lost: AtomicU64,
}

impl Relay {
    /// Carries UDP and TCP from `ip` to `server`, on the current tokio runtime and for as long as it runs.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(ip: Ipv4Addr, server: SocketAddr, weather: impl Into<Ways>) -> io::Result<Self> {
        let relay = Self::new(ip, server, weather.into());
        let front = Arc::new(UdpSocket::bind(relay.address).await?);
        tokio::spawn(carry_udp(front, server, Arc::clone(&relay.shared)));
        relay.carry_tcp().await?;
        Ok(relay)
    }

    /// Carries TCP alone: UDP is blocked.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_tcp_only(ip: Ipv4Addr, server: SocketAddr) -> io::Result<Self> {
        let relay = Self::new(ip, server, Ways::default());
        relay.carry_tcp().await?;
        Ok(relay)
    }

    fn new(ip: Ipv4Addr, server: SocketAddr, weather: Ways) -> Self {
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

    async fn carry_tcp(&self) -> io::Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        tokio::spawn(carry_tcp(listener, self.server, Arc::clone(&self.shared)));
        Ok(())
    }

    /// Whoever sends datagrams now keeps their connection when the others are cut.
    pub fn spare_everyone_here(&self) {
        let here = lock(&self.shared.flows).keys().copied().collect();
        *lock(&self.shared.spared) = here;
    }

    /// Cuts the cable, or mends it.
    pub fn cut(&self, is_cut: bool) {
        self.shared.is_cut.store(is_cut, Ordering::Relaxed);
    }

    /// Datagrams that the weather took.
    pub fn lost(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn is_cut_off(&self, client: SocketAddr) -> bool {
        self.is_cut.load(Ordering::Relaxed) && !lock(&self.spared).contains(&client)
    }

    /// How long a datagram takes; `None`: it never arrives.
    fn fate(&self, client: SocketAddr, weather: &Weather) -> Option<Duration> {
        if self.is_cut_off(client) {
            return None;
        }
        let fate = weather.fate(self.draw(), self.draw());
        self.lost.fetch_add(u64::from(fate.is_none()), Ordering::Relaxed);
        fate
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
        let Ok(back) = way_back(&front, server, client, &shared).await else { continue };
        if let Some(delay) = shared.fate(client, &shared.weather.to_server) {
            let datagram = buffer[..size].to_vec();
            deliver(delay, async move { drop(back.send(&datagram).await) });
        }
    }
}

/// The socket that speaks to the server for this client.
async fn way_back(
    front: &Arc<UdpSocket>,
    server: SocketAddr,
    client: SocketAddr,
    shared: &Arc<Shared>,
) -> io::Result<Arc<UdpSocket>> {
    if let Some(known) = lock(&shared.flows).get(&client) {
        return Ok(Arc::clone(known));
    }
    let back = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
    back.connect(server).await?;
    lock(&shared.flows).insert(client, Arc::clone(&back));
    tokio::spawn(carry_back(Arc::clone(&back), Arc::clone(front), client, Arc::clone(shared)));
    Ok(back)
}

async fn carry_back(back: Arc<UdpSocket>, front: Arc<UdpSocket>, client: SocketAddr, shared: Arc<Shared>) {
    let mut buffer = [0; DATAGRAM_BYTES];
    loop {
        // A server that is gone shows as an error of the connected socket.
        let Ok(size) = back.recv(&mut buffer).await else { continue };
        if let Some(delay) = shared.fate(client, &shared.weather.to_clients) {
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
            // Without it the kernel adds delays of its own.
            if client.set_nodelay(true).and_then(|()| server.set_nodelay(true)).is_err() {
                return;
            }
            let until_cut = async {
                while !shared.is_cut_off(address) {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                () = until_cut => {}
            }
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
