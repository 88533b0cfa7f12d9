use crate::rate::RateLimit;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use url::Url;

/// Everything that a server can be told.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerConfig {
    /// TCP address of HTTPS and ICE-TCP; shard i owns UDP port + i. Port 0: any free one. `[::]` serves IPv4 too.
    pub listen: SocketAddr,
    /// Holds everything durable: rooms, keys, places.
    pub data_dir: PathBuf,
    /// Addresses to advertise in place of this machine's own (behind a 1:1 NAT).
    pub public_addrs: Vec<IpAddr>,
    /// Threads that own rooms, 1 to 255.
    pub shards: u8,
    /// A certificate in place of a self-signed one.
    pub tls: Option<TlsFiles>,
    /// Folders of places, besides `DATA/places`.
    pub places_dirs: Vec<PathBuf>,
    /// The URL that links carry, in place of one made from the addresses.
    pub url: Option<Url>,
    /// Joins from one source address.
    pub join_rate: RateLimit,
    /// Most TCP connections at a time.
    pub max_connections: usize,
    /// Most TCP connections at a time from one source address (a whole company may sit behind one).
    pub max_connections_per_address: usize,
    /// Most people at a time in one room.
    pub room_capacity: u32,
    /// Answers `/metrics` to other machines too.
    pub public_metrics: bool,
}

/// PEM files of a certificate that clients trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl ServerConfig {
    /// The usual settings, with everything durable in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv6Addr::UNSPECIFIED, 7443)),
            data_dir: data_dir.into(),
            public_addrs: Vec::new(),
            shards: 1,
            tls: None,
            places_dirs: Vec::new(),
            url: None,
            join_rate: RateLimit { per_sec: 20.0, burst: 400.0 },
            max_connections: 2_000,
            max_connections_per_address: 512,
            room_capacity: 300,
            public_metrics: false,
        }
    }
}
