use crate::client::get;
use atrium_protocol::{Role, RoomId};
use atrium_server::{InviteRequest, RunningServer, ServerConfig, start};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn config(data_dir: &Path) -> ServerConfig {
    ServerConfig { listen: "127.0.0.1:0".parse().unwrap(), ..ServerConfig::new(data_dir) }
}

async fn server(data_dir: &Path) -> RunningServer {
    start(config(data_dir)).await.unwrap()
}

/// What the server sends until it closes.
async fn exchange(server: &RunningServer, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A reset is as good an end as any.
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("it closes");
    answer
}

#[tokio::test]
async fn https_shows_the_certificate_that_links_are_pinned_to() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path()).await;
    let (answer, fingerprint) = get(server.local_addr(), "/healthz").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"status\":\"ok\""), "{answer}");
    assert_eq!(server.fingerprint(), Some(fingerprint.as_str()));
    let request = InviteRequest::new(RoomId::parse("daily").unwrap(), Role::Guest, Duration::from_secs(60));
    let link = server.invite(request).await.unwrap();
    assert!(link.starts_with(&format!("{}r/daily#t=", server.url())), "{link}");
    assert!(link.ends_with(&format!("&fp={fingerprint}")), "{link}");
    server.shutdown().await;
}

#[tokio::test]
async fn the_endpoint_file_says_how_to_reach_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path()).await;
    let path = folder.path().join("endpoint.json");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let endpoint: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(endpoint["url"], server.url().as_str());
    assert_eq!(endpoint["fingerprint"].as_str(), server.fingerprint());
    assert_eq!(endpoint["pid"], std::process::id());
    for secret in ["signing.key", "tls/self-signed.pem"] {
        let mode = std::fs::metadata(folder.path().join(secret)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    server.shutdown().await;
}

#[tokio::test]
async fn one_port_tells_protocols_apart() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path()).await;
    let plain = exchange(&server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(plain.starts_with(b"HTTP/1.1 400") && plain.ends_with(b"https:// ...\n"));
    assert!(exchange(&server, &[0xff; 10]).await.is_empty(), "nothing that is spoken here");
    assert!(exchange(&server, &[0x08, 0x01]).await.is_empty(), "a frame of 2049 bytes");
    assert!(exchange(&server, &[0, 4, 1, 2, 3, 4]).await.is_empty(), "a frame that is not STUN");
    assert!(exchange(&server, &[0x16, 3, 1, 0xff, 0xff, 9, 9]).await.len() < 16, "no more than a TLS alert");
    let (answer, _) = get(server.local_addr(), "/r/daily").await.unwrap();
    assert!(answer.contains("<h1>daily</h1>"), "others are served as before");
    server.shutdown().await;
}

#[tokio::test]
async fn connections_are_limited() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(ServerConfig { max_connections_per_address: 2, ..config(folder.path()) }).await.unwrap();
    let _first = TcpStream::connect(server.local_addr()).await.unwrap();
    let second = TcpStream::connect(server.local_addr()).await.unwrap();
    let mut third = TcpStream::connect(server.local_addr()).await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(5), third.read(&mut [0])).await.unwrap();
    assert!(matches!(end, Ok(0) | Err(_)), "closed at once");
    drop(second);
    let mut health = get(server.local_addr(), "/healthz").await;
    for _ in 0..100 {
        if health.is_ok() {
            break;
        }
        tokio::task::yield_now().await;
        health = get(server.local_addr(), "/healthz").await;
    }
    health.unwrap();
    server.shutdown().await;
}

#[tokio::test]
async fn a_data_folder_has_one_server_and_comes_back_with_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let first = server(folder.path()).await;
    let fingerprint = first.fingerprint().map(str::to_owned);
    let error = start(config(folder.path())).await.err().unwrap().to_string();
    assert!(error.contains("stop it first"), "{error}");
    let addr = first.local_addr();
    first.shutdown().await;
    assert!(TcpStream::connect(addr).await.is_err(), "nobody listens any more");
    let second = server(folder.path()).await;
    assert_eq!(second.fingerprint().map(str::to_owned), fingerprint);
    second.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_served_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let explain = async |config: ServerConfig| format!("{:#}", start(config).await.err().unwrap());
    let error = explain(ServerConfig { listen, ..ServerConfig::new(folder.path()) }).await;
    assert!(error.contains("--listen"), "{error}");
    let places_dirs = vec![folder.path().join("none")];
    let error = explain(ServerConfig { places_dirs, ..config(folder.path()) }).await;
    assert!(error.contains("--places"), "{error}");
    let error = explain(ServerConfig { shards: 0, ..config(folder.path()) }).await;
    assert!(error.contains("--shards"), "{error}");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = explain(config(&folder.path().join("file"))).await;
    assert!(error.contains("--data"), "{error}");
}
