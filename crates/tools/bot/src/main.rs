//! `atrium-bot`: headless people in a room.

use anyhow::{Result, bail};
use atrium_bot::{BotConfig, Movement, Report, Spot, Voice, default_cache, run_bots};
use atrium_protocol::BoardId;
use atrium_session::JoinLink;
use clap::{ArgGroup, Parser};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// Headless people join a room: they walk, talk, draw, and write what they hear to a file.
#[derive(Parser)]
#[command(name = "atrium-bot", version)]
#[command(group = ArgGroup::new("voice").args(["speak", "tone"]))]
#[command(group = ArgGroup::new("movement").args(["walk", "at", "circle"]))]
struct Arguments {
    /// The join link, as `atrium-server invite` prints it.
    #[arg(value_name = "LINK")]
    link: JoinLink,
    /// How many people.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    count: u16,
    /// What they are called.
    #[arg(long, value_name = "N", default_value = "Bot")]
    name: String,
    /// Speak this WAV file, over and over.
    #[arg(long, value_name = "FILE.wav")]
    speak: Option<PathBuf>,
    /// Sing one tone.
    #[arg(long, value_name = "HZ")]
    tone: Option<f32>,
    /// Walk from place to place.
    #[arg(long)]
    walk: bool,
    /// Stand here: metres east, metres south, degrees to the left from north.
    #[arg(long, value_name = "X,Z,YAW", allow_hyphen_values = true)]
    at: Option<Spot>,
    /// Walk in a circle of this many metres round the middle of the place.
    #[arg(long, value_name = "R")]
    circle: Option<f32>,
    /// Draw on the nearest whiteboard: words, boxes, notes.
    #[arg(long)]
    draw: bool,
    /// Draw on this whiteboard; the first is 0.
    #[arg(long, value_name = "N", requires = "draw")]
    board: Option<u16>,
    /// Write what the first of them hears to this file, in stereo.
    #[arg(long, value_name = "OUT.wav")]
    listen: Option<PathBuf>,
    /// Leave after so many seconds [default: when interrupted].
    #[arg(long, value_name = "S")]
    seconds: Option<f32>,
    /// Print one JSON object at the end, and nothing else.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn into_config(self) -> Result<BotConfig> {
        let movement = match (self.walk, self.at, self.circle) {
            (true, ..) => Movement::Walk,
            (_, Some(spot), _) => Movement::At(spot),
            (_, _, Some(radius_m)) if radius_m.is_finite() && radius_m > 0.0 => Movement::Circle { radius_m },
            (_, _, Some(_)) => bail!("--circle takes a radius in metres above 0"),
            _ => Movement::Stand,
        };
        let voice = match (self.speak, self.tone) {
            (Some(file), _) => Voice::File(file),
            (_, Some(hz)) => Voice::Tone { hz },
            _ => Voice::Silent,
        };
        let stay = match self.seconds.map(Duration::try_from_secs_f32) {
            None => None,
            Some(Ok(stay)) => Some(stay),
            Some(Err(_)) => bail!("--seconds takes a number of seconds above 0"),
        };
        Ok(BotConfig {
            link: self.link,
            count: usize::from(self.count),
            name: self.name,
            voice,
            movement,
            draws: self.draw,
            board: self.board.map(BoardId),
            listen: self.listen,
            stay,
            cache: default_cache(),
            narrates: !self.json,
        })
    }
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("atrium-bot: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let json = arguments.json;
    let config = arguments.into_config()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(async move {
            wait_for_signal().await;
            stop.send_replace(true);
        });
        run_bots(&config, stopped).await
    })?;
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print_summary(&report);
    }
    check(&report)
}

/// Ends with an error when somebody could not come or stay.
fn check(report: &Report) -> Result<()> {
    let failed: Vec<&str> = report.participants.iter().filter_map(|participant| participant.error.as_deref()).collect();
    match failed.first() {
        None => Ok(()),
        Some(reason) if report.participants.len() == 1 => bail!("{reason}"),
        Some(reason) => bail!("{} of {} bots failed: {reason}", failed.len(), report.participants.len()),
    }
}

fn print_summary(report: &Report) {
    let summary = &report.summary;
    println!("{} in the room; the one who saw the fewest saw {} others", summary.joined, summary.people_seen_min);
    if let Some(join) = summary.join_ms {
        println!("joining took {:.0} ms (95 %: {:.0} ms)", join.p50, join.p95);
    }
    if let Some(delivered) = summary.voice_delivered {
        println!("{:.2} % of the voice packets arrived", delivered * 100.0);
    }
    if let Some(age) = summary.pose_age_ms {
        println!("poses were {:.0} ms old (95 %: {:.0} ms)", age.p50, age.p95);
    }
    if summary.drawn > 0 {
        let refused = if summary.refused > 0 { format!(", {} refused", summary.refused) } else { String::new() };
        println!("{} pieces drawn, {} seen settled{refused}", summary.drawn, summary.settled);
    }
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
