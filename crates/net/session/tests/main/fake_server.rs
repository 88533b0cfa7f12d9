//! An HTTPS server with canned answers.

use atrium_protocol::{AvatarBytes, DisplayName};
use atrium_session::{JoinLink, Session, SessionConfig, SessionHandle};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::pki_types::PrivateKeyDer;
use sha2::{Digest, Sha256};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub(crate) struct FakeServer {
    pub(crate) address: SocketAddr,
    pub(crate) fingerprint: [u8; 32],
    /// Requests so far.
    pub(crate) requests: Arc<AtomicUsize>,
}

/// A request, and what to answer: a status and a body. A body that begins with `headers:` and ends its first line has
/// more headers in it.
pub(crate) type Answer = fn(&str) -> (u16, Vec<u8>);

impl FakeServer {
    pub(crate) async fn start(answer: Answer) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["atrium".to_owned()]).unwrap().self_signed(&key).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        tokio::spawn(async move {
            let acceptor = TlsAcceptor::from(Arc::new(tls));
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(acceptor.clone(), stream, answer, Arc::clone(&counter)));
            }
        });
        Self { address, fingerprint: Sha256::digest(key.subject_public_key_info()).into(), requests }
    }

    pub(crate) fn link(&self) -> JoinLink {
        link(self.address, &self.fingerprint)
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, answer: Answer, requests: Arc<AtomicUsize>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut request = Vec::new();
    while !is_complete(&request) {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let (status, body) = answer(&String::from_utf8_lossy(&request));
    let (headers, body) = split_headers(&body);
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    // A client that has seen enough may hang up before the end.
    let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
    let _ = stream.shutdown().await;
}

fn split_headers(body: &[u8]) -> (String, &[u8]) {
    let headers = body.strip_prefix(b"headers:").and_then(|rest| {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        Some((format!("{}\r\n", String::from_utf8_lossy(&rest[..end])), &rest[end + 1..]))
    });
    headers.unwrap_or_else(|| (String::new(), body))
}

fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

pub(crate) fn link(address: SocketAddr, fingerprint: &[u8; 32]) -> JoinLink {
    let payload = URL_SAFE_NO_PAD.encode(r#"{"jti":"invite-1"}"#);
    let fingerprint = URL_SAFE_NO_PAD.encode(fingerprint);
    JoinLink::parse(&format!("https://{address}/r/daily#t=e30.{payload}.c2ln&fp={fingerprint}")).unwrap()
}

pub(crate) fn session(link: JoinLink, cache: &Path) -> SessionHandle {
    let config = SessionConfig {
        link,
        name: DisplayName::new("Ada").unwrap(),
        avatar: AvatarBytes::default(),
        device_key: SigningKey::from_bytes(&[3; 32]),
        cache: cache.to_owned(),
        fetch_files: false,
    };
    Session::spawn(config).unwrap()
}
