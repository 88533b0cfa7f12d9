use super::first_byte::{Kind, kind_of};
use super::{https, ice};
use crate::rate::ConnectionLimits;
use crate::shard_api::ShardHandle;
use arc_swap::ArcSwap;
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// From accepting a connection to the end of its TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// After accepting failed, most likely for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the TCP port.
pub(crate) struct Listener {
    pub(crate) tls: Arc<ArcSwap<rustls::ServerConfig>>,
    pub(crate) router: Router,
    pub(crate) shards: Arc<[ShardHandle]>,
    pub(crate) limits: ConnectionLimits,
    pub(crate) next_id: AtomicU64,
}

impl Listener {
    /// Accepts until `stop` says true; connections then end after their current request.
    pub(crate) async fn run(self: Arc<Self>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        let connection_stop = stop.clone();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            match accepted {
                Ok((stream, remote)) => self.admit(stream, canonical(remote), &connection_stop),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, remote: SocketAddr, stop: &watch::Receiver<bool>) {
        let Some(permit) = self.limits.acquire(remote.ip()) else {
            metrics::counter!("atrium_connections_refused_total").increment(1);
            tracing::debug!(%remote, "too many connections");
            return;
        };
        let (listener, stop) = (Arc::clone(self), stop.clone());
        tokio::spawn(async move {
            listener.serve(stream, remote, stop).await;
            drop(permit);
        });
    }

    async fn serve(&self, stream: TcpStream, remote: SocketAddr, stop: watch::Receiver<bool>) {
        let deadline = tokio::time::Instant::now() + HANDSHAKE_TIMEOUT;
        let mut first = [0];
        let Ok(Ok(1)) = tokio::time::timeout_at(deadline, stream.peek(&mut first)).await else { return };
        match kind_of(first[0]) {
            Kind::Tls => {
                let handshake = TlsAcceptor::from(self.tls.load_full()).accept(stream);
                if let Ok(Ok(stream)) = tokio::time::timeout_at(deadline, handshake).await {
                    https::serve(stream, remote, self.router.clone(), stop).await;
                }
            }
            Kind::Framed => {
                let id = self.next_id.fetch_add(1, Ordering::Relaxed);
                if let Err(error) = ice::serve(stream, id, &self.shards, stop).await {
                    tracing::debug!(%remote, %error, "ICE-TCP connection ended");
                }
            }
            Kind::PlainHttp => https::refuse_plain_http(stream).await,
            Kind::Unknown => {}
        }
    }
}

/// An IPv4 peer of an IPv6 socket, as IPv4.
fn canonical(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}
