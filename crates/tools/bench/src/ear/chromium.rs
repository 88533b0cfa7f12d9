use super::{Matcher, Speech};
use crate::delays::Delays;
use anyhow::{Context as _, anyhow};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Html;
use axum::routing::{get, post};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::sync::mpsc;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// The first seconds, in which its buffers find their size, do not count.
const LEAD_SECS: u64 = 5;
/// How much longer than it records it may take.
const MARGIN: Duration = Duration::from_secs(40);
const STEP_SAMPLES: usize = 9_600;
const LOOK_SAMPLES: usize = 24_000;

type Recording = Result<Bytes, String>;

/// The same chirps through Chromium: a peer connection to another one in the same page, from the microphone's track to the
/// track that arrives, both as WebAudio has them. Neither a device nor what it does to the microphone's sound is in the
/// figures.
///
/// # Errors
/// A sentence, when there is no Chromium or its page fails.
pub(crate) async fn measure_chromium(folder: &Path, seconds: u64) -> anyhow::Result<Delays> {
    let microphone = folder.join("chromium-microphone.wav");
    // It begins again at its end.
    Speech::new(30.0).write(&microphone)?;
    let (report, mut recording) = mpsc::channel(1);
    let address = serve(report).await?;
    let url = format!("http://{address}/?seconds={}", LEAD_SECS + seconds);
    let mut chromium = Chromium::start(&folder.join("profile"), &microphone, &url)?;
    let limit = Duration::from_secs(LEAD_SECS + seconds) + MARGIN;
    let recording = tokio::time::timeout(limit, recording.recv()).await.context("Chromium does not finish")?;
    chromium.end();
    let bytes = recording.context("Chromium's page says nothing")?.map_err(|failure| anyhow!("Chromium: {failure}"))?;
    let sample = |bytes: &[u8]| bytes.try_into().map_or(0.0, f32::from_le_bytes);
    let channel = |offset: usize| bytes.chunks_exact(8).map(move |pair| sample(&pair[offset..offset + 4]));
    let (before, after): (Vec<f32>, Vec<f32>) = (channel(0).collect(), channel(4).collect());
    Ok(delays(&before, &after, (LEAD_SECS * 48_000) as usize))
}

/// How much later each chirp of `before` is in `after`.
fn delays(before: &[f32], after: &[f32], from: usize) -> Delays {
    let (mut matcher, mut delays) = (Matcher::new(), Delays::default());
    let (mut at, mut last) = (from, 0.0);
    while at + 2 * LOOK_SAMPLES < before.len().min(after.len()) {
        let chirp = matcher.find(&before[at..at + LOOK_SAMPLES]).map(|start| at as f64 + start);
        if let Some(start) = chirp.filter(|start| start - last > STEP_SAMPLES as f64) {
            let first = start as usize;
            if let Some(delay) = matcher.find(&after[first..first + LOOK_SAMPLES]) {
                delays.record(Duration::from_secs_f64((delay - start.fract()).max(0.0) / 48_000.0));
            }
            last = start;
        }
        at += STEP_SAMPLES;
    }
    delays
}

async fn serve(report: mpsc::Sender<Recording>) -> anyhow::Result<std::net::SocketAddr> {
    let recorded = |State(report): State<mpsc::Sender<Recording>>, body: Bytes| async move {
        let _ = report.try_send(Ok(body));
    };
    let failed = |State(report): State<mpsc::Sender<Recording>>, body: String| async move {
        let _ = report.try_send(Err(body));
    };
    let router = Router::new()
        .route("/", get(|| async { Html(include_str!("yardstick.html")) }))
        .route("/recording", post(recorded))
        .route("/failure", post(failed))
        .layer(DefaultBodyLimit::disable())
        .with_state(report);
    // Pages of this machine are trusted with its microphone.
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// A headless browser that ends with us.
struct Chromium {
    process: Child,
}

impl Chromium {
    fn start(profile: &Path, microphone: &Path, url: &str) -> anyhow::Result<Self> {
        let program = program().context("there is no Chromium: install it, or leave --chromium out")?;
        let process = Command::new(&program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream"])
            .arg("--use-fake-device-for-media-stream")
            .arg(format!("--use-file-for-fake-audio-capture={}", microphone.display()))
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { process })
    }

    fn end(&mut self) {
        if let Err(error) = self.process.kill().and_then(|()| self.process.wait()) {
            tracing::debug!(%error, "Chromium had ended already");
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.end();
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_between_two_tracks_is_found() {
        let before = Speech::new(20.0).samples;
        let mut after = vec![0.0; 2_400];
        after.extend(before.iter().map(|sample| 0.4 * sample));
        let summary = delays(&before, &after, 48_000).summary().expect("chirps");
        assert!((summary.p50 - 50.0).abs() < 0.2 && (summary.p99 - 50.0).abs() < 0.2, "{summary:?}");
    }
}
