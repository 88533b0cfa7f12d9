use crate::arguments::Arguments;
use crate::report::{Report, Row, row};
use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many people are in the measured meetings, unless the arguments say.
const CROWDS: [u32; 3] = [10, 50, 200];
/// The frame rate that the app's recorded meeting is made for.
const FRAMES_A_SECOND: u64 = 60;

/// What the app's main thread needs for a frame.
#[derive(Debug, Serialize)]
pub(super) struct FrameReport {
    /// The crowd that the aim is for: the one asked for, else the middle one.
    #[serde(flatten)]
    aimed_at: Crowd,
    crowds: Vec<Crowd>,
    /// Microseconds that one more person costs, from the smallest to the largest crowd, by medians.
    us_per_person: Option<f64>,
}

/// One run of the app, as it reports it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Crowd {
    participants: u32,
    frame_ms: Quantiles,
    parts_ms: BTreeMap<String, Quantiles>,
    join_frame_max_ms: f64,
    loading_frame_ms: Quantiles,
    loading_frame_waited_ms: f64,
    loading_frame_parts_ms: BTreeMap<String, f64>,
    profile: String,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Quantiles {
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
}

pub(super) fn measure(arguments: &Arguments) -> anyhow::Result<FrameReport> {
    let app = arguments.app_binary.clone().map_or_else(app_beside_us, Ok)?;
    let frames = arguments.duration().as_secs() * FRAMES_A_SECOND;
    let sizes = arguments.participants.map_or(CROWDS.to_vec(), |people| vec![people.get()]);
    let crowds: Vec<Crowd> =
        sizes.into_iter().map(|people| run(&app, people, frames)).collect::<anyhow::Result<_>>()?;
    let us_per_person = match (crowds.first(), crowds.last()) {
        (Some(few), Some(many)) if many.participants > few.participants => {
            let more = f64::from(many.participants - few.participants);
            Some(1_000.0 * (many.frame_ms.p50 - few.frame_ms.p50) / more)
        }
        _ => None,
    };
    let aimed_at = crowds.get(crowds.len() / 2).context("no crowd was measured")?.clone();
    Ok(FrameReport { aimed_at, crowds, us_per_person })
}

fn run(app: &Path, people: u32, frames: u64) -> anyhow::Result<Crowd> {
    let output = Command::new(app)
        .args(["--bench-frame", "--participants", &people.to_string(), "--frames", &frames.to_string()])
        .output()
        .with_context(|| format!("cannot start {}", app.display()))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} ended with an error: {errors}", app.display());
    serde_json::from_slice(&output.stdout).with_context(|| format!("{} printed no report: {errors}", app.display()))
}

fn app_beside_us() -> anyhow::Result<PathBuf> {
    let us = std::env::current_exe().context("this program does not know where it lies")?;
    let app = us.with_file_name(format!("atrium{}", std::env::consts::EXE_SUFFIX));
    ensure!(app.is_file(), "there is no {}: build it with `cargo build --release --package atrium`", app.display());
    Ok(app)
}

impl Report for FrameReport {
    fn rows(&self) -> Vec<Row> {
        let text = |q: &Quantiles| format!("{:.2} / {:.2} / {:.2}", q.p50, q.p95, q.p99);
        let mut rows = Vec::new();
        for crowd in &self.crowds {
            let what = format!("{} people, {} build: frame p50 / p95 / p99 [ms]", crowd.participants, crowd.profile);
            rows.push(row(what, text(&crowd.frame_ms), "aim: p95 ≤ 4 with 50 people, release"));
            for (part, quantiles) in &crowd.parts_ms {
                rows.push(row(format!("    {part}"), text(quantiles), ""));
            }
            rows.push(row(
                "    longest frame with a join [ms]",
                format!("{:.2}", crowd.join_frame_max_ms),
                "aim: ≤ 16",
            ));
            let loading = crowd.loading_frame_ms;
            let times = format!("{:.2} / {:.2}", loading.p99, loading.max);
            rows.push(row("    frames while the room loads, p99 / longest [ms]", times, "aim: ≤ 16"));
            let mut parts: Vec<_> = crowd.loading_frame_parts_ms.iter().collect();
            parts.sort_by(|a, b| b.1.total_cmp(a.1));
            let parts = parts.iter().take(3).map(|(part, ms)| format!("{part} {ms:.1}")).collect::<Vec<_>>().join(", ");
            let waited = format!("{parts}; waited for a core {:.1}", crowd.loading_frame_waited_ms);
            rows.push(row("    the longest of these, most of it [ms]", waited, ""));
        }
        if let Some(cost) = self.us_per_person {
            rows.push(row("one more person [µs]", format!("{cost:.1}"), ""));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_app_prints_is_understood() {
        let printed = r#"{"participants":50,"frames":600,"frame_ms":{"p50":3.0,"p95":4.0,"p99":5.0,"max":6.0},
            "parts_ms":{"engine":{"p50":1.0,"p95":2.0,"p99":3.0,"max":4.0}},"join_frame_max_ms":5.5,
            "loading_frame_ms":{"p50":1.0,"p95":2.0,"p99":3.0,"max":7.5},"loading_frame_waited_ms":2.5,
            "loading_frame_parts_ms":{"engine":5.0,"extract":2.0},"profile":"dev"}"#;
        let crowd: Crowd = serde_json::from_str(printed).unwrap();
        let report = FrameReport { aimed_at: crowd.clone(), crowds: vec![crowd], us_per_person: None };
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!((&json["participants"], &json["frame_ms"]["p95"]), (&50.into(), &4.0.into()), "the documented keys");
        let rows = report.rows();
        assert!(rows[0].what.starts_with("50 people") && rows[0].figure.starts_with("3.00 / 4.00"));
        assert_eq!(rows.len(), 5);
        assert!(rows[4].figure.starts_with("engine 5.0, extract 2.0"), "{}", rows[4].figure);
    }
}
