use crate::arguments::Arguments;
use crate::delays::{DelaySummary, Delays};
use crate::ear::{
    CHIRP_SAMPLES, Episode, Listener, Manner, Matcher, Meeting, Network, Speech, Stages, StagesReport, Talker,
    measure_chromium,
};
use crate::report::{Report, Row, delay_text, number_text, percent_text, row};
use anyhow::{Context as _, ensure};
use atrium_audio::{BLOCK, SAMPLE_RATE_HZ, UplinkSettings, VoiceMode};
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, Instant};

/// The listener's engine is started anew so often, since a device's periods may fall anywhere between two packets: each
/// start is another case.
const EPISODE: Duration = Duration::from_secs(6);
/// Of each of them the beginning, in which the jitter buffer gets to know the network, does not count.
const LEAD: Duration = Duration::from_secs(6);
/// Speech before the first, and behind the last.
const MARGIN: Duration = Duration::from_secs(3);
/// Longest delay that is looked for.
const LONGEST: Duration = Duration::from_millis(500);

/// `bench ear`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct EarReport {
    mouth_to_ear_ms: Option<DelaySummary>,
    stages_ms: StagesReport,
    /// The middles of all stages together: what the packets' own stamps say of the whole.
    sum_of_stages_ms: Option<f64>,
    /// Of these the stages from frame to decoder: what can be compared with `chromium_ms`.
    between_devices_ms: Option<f64>,
    /// Share of speech that was made up.
    concealed: f64,
    chirps_spoken: usize,
    chirps_heard: u64,
    frame_ms: u64,
    echo_cancellation: bool,
    network: Network,
    #[serde(skip_serializing_if = "Option::is_none")]
    chromium_ms: Option<DelaySummary>,
}

/// Mouth to ear through server and network, and through Chromium if that is asked for.
pub(super) fn measure(arguments: &Arguments) -> anyhow::Result<EarReport> {
    ensure!(arguments.server.is_none(), "`ear` starts its own server: leave --server out");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<EarReport> {
    let folder = tempfile::tempdir().context("cannot make a folder")?;
    let network = Network {
        delay_ms: arguments.network_delay_ms,
        jitter_ms: arguments.network_jitter_ms,
        loss_percent: u64::from(arguments.loss),
    };
    let meeting = Meeting::open(arguments.server_binary.as_deref(), network).await?;
    let heard = listen(arguments, folder.path(), &meeting).await;
    let heard = heard.map_err(|error| anyhow::anyhow!("{error:#}; of the server: {}", meeting.last_words()))?;
    drop(meeting);
    let chromium_ms = if arguments.chromium {
        measure_chromium(folder.path(), arguments.duration().as_secs()).await?.summary()
    } else {
        None
    };
    let Heard { delays, stages, spoken, made_up, speech } = heard;
    let stages_ms = stages.report()?;
    Ok(EarReport {
        mouth_to_ear_ms: delays.summary(),
        stages_ms,
        sum_of_stages_ms: stages_ms.sum_ms(),
        between_devices_ms: stages_ms.between_ms(),
        concealed: made_up.as_secs_f64() / speech.as_secs_f64().max(1e-9),
        chirps_spoken: spoken,
        chirps_heard: delays.count(),
        frame_ms: if arguments.low_delay { 10 } else { 20 },
        echo_cancellation: !arguments.no_echo_cancellation,
        network,
        chromium_ms,
    })
}

/// What the listener heard in all episodes.
struct Heard {
    delays: Delays,
    stages: Stages,
    spoken: usize,
    made_up: Duration,
    /// Speech that arrived meanwhile.
    speech: Duration,
}

async fn listen(arguments: &Arguments, folder: &Path, meeting: &Meeting) -> anyhow::Result<Heard> {
    let manner = Manner {
        mode: if arguments.low_delay { VoiceMode::LowDelay } else { VoiceMode::Speech },
        clean: if arguments.no_echo_cancellation { UplinkSettings::headphones() } else { UplinkSettings::default() },
    };
    let episodes = arguments.duration().div_duration_f64(EPISODE).ceil().max(1.0) as u32;
    let counted = arguments.duration() / episodes;
    let speech = Speech::new((2 * MARGIN + (LEAD + counted + LONGEST) * episodes).as_secs_f32());
    let microphone = folder.join("microphone.wav");
    speech.write(&microphone)?;

    let listener = Listener::start(&meeting.link, &folder.join("cache")).await?;
    let talker = Talker::start(&meeting.link, &folder.join("cache"), &microphone, manner).await?;
    tokio::time::sleep(MARGIN).await;
    let mut heard = Heard {
        delays: Delays::default(),
        stages: Stages::new(manner),
        spoken: 0,
        made_up: Duration::ZERO,
        speech: Duration::ZERO,
    };
    for _ in 0..episodes {
        let episode = listener.listen(&folder.join("heard.wav"), LEAD, counted).await?;
        heard.take(&speech, &talker, &listener, &episode);
    }
    Ok(heard)
}

impl Heard {
    fn take(&mut self, speech: &Speech, talker: &Talker, listener: &Listener, episode: &Episode) {
        let since = episode.from + LEAD;
        let arrived = listener.arrived();
        let packets = arrived.iter().filter(|packet| packet.at >= since).map(|packet| packet.captured);
        self.speech += speech_time(packets);
        self.made_up += episode.made_up;
        self.stages.add(since, &talker.sent(), &arrived, &episode.played);
        let mut matcher = Matcher::new();
        for start in &speech.chirps {
            let spoken = talker.from + samples(*start as f64);
            let Some(window) = window(episode, since, spoken) else { continue };
            self.spoken += 1;
            let first_secs = spoken.saturating_duration_since(episode.from).as_secs_f64();
            let early = (first_secs * f64::from(SAMPLE_RATE_HZ)).fract();
            if let Some(found) = matcher.find(window) {
                self.delays.record(samples((found - early).max(0.0)));
            }
        }
    }
}

/// What was heard from the moment when a chirp was spoken on; `None` for chirps that this episode does not count.
fn window(episode: &Episode, since: Instant, spoken: Instant) -> Option<&[f32]> {
    if spoken < since {
        return None;
    }
    let in_samples = |time: Duration| (time.as_secs_f64() * f64::from(SAMPLE_RATE_HZ)) as usize;
    let first = in_samples(spoken.saturating_duration_since(episode.from));
    episode.heard.get(first..first + in_samples(LONGEST) + CHIRP_SAMPLES)
}

fn samples(count: f64) -> Duration {
    Duration::from_secs_f64(count / f64::from(SAMPLE_RATE_HZ))
}

/// How long packets sound that were spoken one after another; over gaps nobody spoke.
fn speech_time(captured: impl Iterator<Item = atrium_protocol::Micros>) -> Duration {
    let mut moments: Vec<_> = captured.collect();
    moments.sort_unstable();
    let steps = moments.windows(2).map(|pair| pair[1].since(pair[0]));
    steps.filter(|step| *step < 10 * BLOCK).sum()
}

impl Report for EarReport {
    fn rows(&self) -> Vec<Row> {
        let (usual, aim) = match (self.network == Network::default(), self.frame_ms) {
            (true, 20) => ("aim: p50 ≤ 60, p95 ≤ 80", ""),
            (true, _) => ("aim: p50 ≤ 45", ""),
            (false, _) => ("aim: p95 ≤ 150", "aim: < 3 %"),
        };
        let mut rows =
            vec![row("mouth to ear, p50 / p95 / p99 [ms]", delay_text(self.mouth_to_ear_ms.as_ref()), usual)];
        for (name, delays) in self.stages_ms.in_order() {
            rows.push(row(format!("    {name}"), delay_text(delays.as_ref()), ""));
        }
        rows.push(row("    together, by their p50", number_text(self.sum_of_stages_ms, 1), ""));
        rows.push(row("speech made up", percent_text(self.concealed), aim));
        rows.push(row("chirps heard", format!("{} of {}", self.chirps_heard, self.chirps_spoken), ""));
        if self.chromium_ms.is_some() {
            let chromium = delay_text(self.chromium_ms.as_ref());
            rows.push(row("Chromium from track to track, p50 / p95 / p99 [ms]", chromium, "no devices, no cleaning"));
            rows.push(row("Atrium, the same stages, p50 [ms]", number_text(self.between_devices_ms, 1), ""));
        }
        rows
    }

    fn verdict(&self) -> anyhow::Result<()> {
        let enough = self.chirps_heard as f64 >= 0.5 * self.chirps_spoken as f64;
        ensure!(enough && self.chirps_heard > 0, "most of what was said was not heard: the figures mean nothing");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json_for_tests;

    #[test]
    fn the_keys_are_those_of_the_contract() {
        let manner = Manner { mode: VoiceMode::Speech, clean: UplinkSettings::default() };
        let stages_ms = Stages::new(manner).report().unwrap();
        let delays = Some(DelaySummary { p50: 1.0, p95: 2.0, p99: 3.0, max: 4.0 });
        let report = EarReport {
            mouth_to_ear_ms: delays,
            stages_ms,
            sum_of_stages_ms: None,
            between_devices_ms: None,
            concealed: 0.01,
            chirps_spoken: 10,
            chirps_heard: 9,
            frame_ms: 20,
            echo_cancellation: true,
            network: Network::default(),
            chromium_ms: delays,
        };
        let json = json_for_tests(&report);
        assert_eq!((&json["mouth_to_ear_ms"]["p95"], &json["chromium_ms"]["p50"]), (&2.0.into(), &1.0.into()));
        assert_eq!(json["concealed"], 0.01);
        for stage in ["capture", "encode", "uplink", "server", "jitter_buffer", "decode", "render", "device"] {
            assert!(json["stages_ms"].get(stage).is_some(), "{stage}");
        }
        assert!(report.verdict().is_ok() && EarReport { chirps_heard: 4, ..report }.verdict().is_err());
    }

    #[test]
    fn pauses_are_no_speech() {
        let ms = |ms: u64| atrium_protocol::Micros::from_millis(ms);
        let captured = [0, 20, 40, 1_000, 1_020, 1_060].map(ms);
        assert_eq!(speech_time(captured.into_iter()), Duration::from_millis(100));
    }
}
