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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard_api::{COMMAND_QUEUE, ShardCommand};
    use crate::tcp::ice::tests::binding_request;
    use bytes::Bytes;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::mpsc;

    /// A shard that does nothing, and what it was told.
    fn silent_shard() -> (ShardHandle, mpsc::Receiver<ShardCommand>) {
        let mut poll = mio::Poll::new().unwrap();
        let waker = Arc::new(mio::Waker::new(poll.registry(), mio::Token(0)).unwrap());
        let (commands, inbox) = crossbeam_channel::bounded(COMMAND_QUEUE);
        let (told, tell) = mpsc::channel(64);
        std::thread::spawn(move || {
            while poll.poll(&mut mio::Events::with_capacity(8), None).is_ok() {
                for command in inbox.try_iter() {
                    if told.blocking_send(command).is_err() {
                        return;
                    }
                }
            }
        });
        (ShardHandle::new(commands, waker), tell)
    }

    fn framed(frame: &[u8]) -> Vec<u8> {
        [&u16::try_from(frame.len()).unwrap().to_be_bytes()[..], frame].concat()
    }

    #[tokio::test]
    async fn ice_frames_reach_the_shard_they_name_and_come_back() {
        let (other_shard, _other_told) = silent_shard();
        let (named_shard, mut told) = silent_shard();
        let folder = tempfile::tempdir().unwrap();
        let data = crate::data_dir::DataDir::create(folder.path()).unwrap();
        let certificate = crate::certificate::Certificate::load(None, &data, &[]).unwrap();
        let listener = Arc::new(Listener {
            tls: Arc::new(ArcSwap::new(certificate.tls)),
            router: Router::new(),
            shards: vec![other_shard, named_shard].into(),
            limits: ConnectionLimits::new(4, 4),
            next_id: AtomicU64::new(7),
        });
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = tcp.local_addr().unwrap();
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(listener.run(tcp, stopped));

        let mut peer = TcpStream::connect(addr).await.unwrap();
        let request = binding_request("01abcdef:peer");
        peer.write_all(&framed(&request)).await.unwrap();
        let Some(ShardCommand::TcpOpened { id, first_frame, writer }) = told.recv().await else { panic!("opened") };
        assert_eq!((id, &first_frame[..]), (7, &request[..]));
        peer.write_all(&[framed(b""), framed(b"dtls")].concat()).await.unwrap();
        let Some(ShardCommand::TcpFrame { id: 7, bytes }) = told.recv().await else { panic!("a frame") };
        assert_eq!(&bytes[..], b"dtls", "empty frames are skipped");
        writer.send(Bytes::from_static(b"answer")).await.unwrap();
        let mut answer = [0; 8];
        peer.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"\0\x06answer");
        drop(peer);
        assert!(matches!(told.recv().await, Some(ShardCommand::TcpClosed { id: 7 })));

        let mut stranger = TcpStream::connect(addr).await.unwrap();
        stranger.write_all(&framed(&binding_request("05abcdef:peer"))).await.unwrap();
        assert!(matches!(stranger.read(&mut [0]).await, Ok(0) | Err(_)), "there is no shard 5");
    }
}
