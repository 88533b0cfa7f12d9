use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use std::net::SocketAddr;

/// Serves the page; loopback counts as a secure origin, so the page has a microphone and cryptography.
pub(crate) async fn serve() -> anyhow::Result<SocketAddr> {
    let html = || async { ([(CONTENT_TYPE, "text/html")], include_str!("../page/index.html")) };
    let script = |text: &'static str| move || async move { ([(CONTENT_TYPE, "text/javascript")], text) };
    let router = Router::new()
        .route("/", get(html))
        .route("/client.js", get(script(include_str!("../page/client.js"))))
        .route("/messagepack.js", get(script(include_str!("../page/messagepack.js"))))
        .route("/poses.js", get(script(include_str!("../page/poses.js"))));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
