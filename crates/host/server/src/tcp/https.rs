use crate::http::RemoteAddr;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;

/// For the head of a request, and between requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_HEADERS: usize = 64;
const BUFFER_BYTES: usize = 32 * 1024;

const USE_HTTPS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Connection: close\r\nContent-Length: 45\r\n\r\nthis server speaks HTTPS: write https:// ...\n";

/// Serves requests until the client is done, or until `stop` says true and the current one is answered.
pub(super) async fn serve(
    stream: TlsStream<TcpStream>,
    remote: SocketAddr,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(RemoteAddr(remote));
        router.clone().oneshot(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let is_stopped = async {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = is_stopped => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%remote, %error, "HTTP connection ended");
    }
}

/// Tells somebody who typed `http://` what to type.
pub(super) async fn refuse_plain_http(mut stream: TcpStream) {
    let _ = stream.write_all(USE_HTTPS).await;
    let _ = stream.shutdown().await;
    // Closing with unread bytes would reset the connection, and the client might never see the answer.
    let _ = tokio::time::timeout(Duration::from_secs(1), stream.read(&mut [0; 4_096])).await;
}

#[cfg(test)]
mod tests {
    use super::USE_HTTPS;

    #[test]
    fn the_plain_answer_announces_its_length() {
        let text = std::str::from_utf8(USE_HTTPS).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())), "{}", body.len());
    }
}
