use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A headless Chromium under chromedriver, with a profile of its own and a file for a microphone.
pub(crate) struct Chromium {
    pub(crate) client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Chromium {
    /// `trusted_key` is the SHA-256 of the one certificate key to trust, in standard base64.
    pub(crate) async fn start(microphone: &Path, trusted_key: &str) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver does not start: install chromium-driver")?;
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--autoplay-policy=no-user-gesture-required".to_owned(),
            "--use-fake-ui-for-media-stream".to_owned(),
            "--use-fake-device-for-media-stream".to_owned(),
            format!("--use-file-for-fake-audio-capture={}", microphone.display()),
            format!("--ignore-certificate-errors-spki-list={trusted_key}"),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
        let mut this = None;
        // The driver takes a moment to listen; there is nothing to be told by.
        for _ in 0..200 {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => {
                    this = Some(client);
                    break;
                }
                Err(fantoccini::error::NewSessionError::NotW3C(why)) => anyhow::bail!("chromedriver refuses: {why}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        let client = this.context("chromedriver does not answer")?;
        Ok(Self { client, driver, _profile: profile })
    }

    /// Waits until the page's report is done, and returns it.
    pub(crate) async fn report(&self, limit: Duration) -> Result<serde_json::Value> {
        let look = async {
            loop {
                let report = self.client.execute("return window.report ?? null;", vec![]).await?;
                if report["done"] == json!(true) {
                    return anyhow::Ok(report);
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let report = tokio::time::timeout(limit, look).await.context("the page does not finish")??;
        anyhow::ensure!(report["error"].is_null(), "the page failed: {}", report["error"]);
        Ok(report)
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.client.clone().close().await?;
        Ok(())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
