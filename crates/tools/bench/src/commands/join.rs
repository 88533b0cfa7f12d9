use super::bench::{Bench, Meeting, ProblemReport, WARM_UP};
use super::crowd::newcomers;
use super::voice::problem_rows;
use crate::delays::{DelaySummary, Delays};
use crate::people::Stage;
use crate::report::{Report, Row, delay_text, percent_text, row};
use serde::Serialize;
use std::time::{Duration, Instant};

const INSIDERS: usize = 20;
const SPEAKERS: usize = 4;
const SPREAD: Duration = Duration::from_secs(1);
/// Whoever is not in by then is not in.
const LIMIT: Duration = Duration::from_secs(15);
/// From the end of one wave to the next.
const PAUSE: Duration = Duration::from_secs(2);

/// `bench join`: the wave that is spread over a second, and beside it the one that comes at one instant.
#[derive(Clone, Debug, Serialize)]
pub(super) struct JoinReport {
    participants: usize,
    joined: usize,
    /// From the request to the first voice packet or pose datagram, TLS included.
    join_ms: Option<DelaySummary>,
    /// Time beyond the cadence of 20 ms that insiders waited for a speaker's next packet, in both waves.
    voice_gap_ms_of_others: Option<DelaySummary>,
    at_once: Wave,
    problems: ProblemReport,
}

/// One wave of joins.
#[derive(Clone, Debug, Serialize)]
struct Wave {
    joined: usize,
    join_ms: Option<DelaySummary>,
    voice_gap_ms_of_others: Option<DelaySummary>,
    generator_busy: f64,
    waited: f64,
}

/// People who come into a conversation.
pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<JoinReport> {
    let people = bench.arguments.people();
    let mut meeting = bench.open(2 * people + INSIDERS)?;
    let result = run(bench, people, &mut meeting);
    meeting.explain(result)
}

fn run(bench: &Bench<'_>, people: usize, meeting: &mut Meeting) -> anyhow::Result<JoinReport> {
    let insiders = meeting.swarm.bring_in(newcomers("insider", INSIDERS, INSIDERS), Duration::from_secs(30))?;
    for index in insiders.iter().take(SPEAKERS) {
        meeting.swarm.begin_counted_speech(*index);
    }
    meeting.swarm.run_for(WARM_UP)?;
    let tail = bench.arguments.duration();
    let mut all_gaps = Delays::default();
    let spread = wave(meeting, people, SPREAD, tail, &mut all_gaps)?;
    meeting.swarm.run_for(PAUSE)?;
    let at_once = wave(meeting, people, Duration::ZERO, tail, &mut all_gaps)?;
    Ok(JoinReport {
        participants: people,
        joined: spread.joined,
        join_ms: spread.join_ms,
        voice_gap_ms_of_others: all_gaps.summary(),
        at_once,
        problems: (&meeting.swarm.notes.problems).into(),
    })
}

/// Has so many people join, evenly over `spread`, watches the voices of those inside until `tail` after the last
/// one is in, and has them leave.
fn wave(
    meeting: &mut Meeting,
    people: usize,
    spread: Duration,
    tail: Duration,
    all_gaps: &mut Delays,
) -> anyhow::Result<Wave> {
    let plans = newcomers("joiner", people, 0);
    let mut joiners = Vec::with_capacity(people);
    for plan in plans {
        joiners.push(meeting.swarm.prepare(plan)?);
        // To prepare takes a while; those inside go on speaking.
        meeting.swarm.run_for(Duration::from_millis(5))?;
    }
    meeting.swarm.restart_notes();
    let mark = meeting.mark()?;
    let start = Instant::now();
    for (n, index) in joiners.iter().enumerate() {
        meeting.swarm.run_until(start + spread * n as u32 / people as u32, |_| false)?;
        meeting.swarm.ask(*index)?;
    }
    meeting.swarm.run_until(Instant::now() + LIMIT, |swarm| {
        joiners.iter().all(|index| {
            swarm
                .client(*index)
                .is_none_or(|client| client.joined_after.is_some() || matches!(client.stage, Stage::Over(_)))
        })
    })?;
    let span = meeting.span_since(&mark)?;
    meeting.swarm.run_for(tail)?;
    meeting.swarm.finish_gaps();
    let mut join_delays = Delays::default();
    for index in &joiners {
        let Some(client) = meeting.swarm.client(*index) else { continue };
        let sentence = match &client.stage {
            Stage::Over(why) => Some(format!("somebody did not get in: {why}")),
            _ => None,
        };
        match client.joined_after {
            Some(delay) => join_delays.record(delay),
            None => meeting
                .swarm
                .notes
                .problems
                .add(sentence.unwrap_or_else(|| format!("somebody was not in after {LIMIT:?}"))),
        }
        meeting.swarm.leave(*index);
    }
    all_gaps.add(&meeting.swarm.notes.voice_gap);
    Ok(Wave {
        joined: join_delays.count() as usize,
        join_ms: join_delays.summary(),
        voice_gap_ms_of_others: meeting.swarm.notes.voice_gap.summary(),
        generator_busy: span.generator_busy,
        waited: span.waited,
    })
}

impl Report for JoinReport {
    fn rows(&self) -> Vec<Row> {
        let longest = |gaps: Option<&DelaySummary>| {
            gaps.map_or_else(|| "–".to_owned(), |gaps| format!("{:.1} / {:.1}", gaps.p99, gaps.max))
        };
        let mut rows = vec![
            row(format!("join: {} people come to {INSIDERS}, of whom {SPEAKERS} speak", self.participants), "", ""),
            row("over one second: in", self.joined.to_string(), "all"),
            row("  request to first voice or pose, p50 / p95 / p99 ms", delay_text(self.join_ms.as_ref()), "p95 ≤ 300"),
            row("at one instant: in", self.at_once.joined.to_string(), "all"),
            row("  request to first voice or pose, p50 / p95 / p99 ms", delay_text(self.at_once.join_ms.as_ref()), ""),
            row(
                "gaps in the voices of others, p99 / longest ms",
                longest(self.voice_gap_ms_of_others.as_ref()),
                "longest ≤ 60",
            ),
            row("generator busy, at one instant", percent_text(self.at_once.generator_busy), ""),
            row("waited for a core, at one instant", percent_text(self.at_once.waited), ""),
        ];
        rows.extend(problem_rows(&self.problems));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json_for_tests;

    #[test]
    fn the_keys_of_the_contract_are_there() {
        let delays = Some(DelaySummary { p50: 1.0, p95: 2.0, p99: 3.0, max: 4.0 });
        let at_once =
            Wave { joined: 100, join_ms: delays, voice_gap_ms_of_others: delays, generator_busy: 1.0, waited: 0.0 };
        let report = JoinReport {
            participants: 100,
            joined: 99,
            join_ms: delays,
            voice_gap_ms_of_others: delays,
            at_once,
            problems: ProblemReport::default(),
        };
        let json = json_for_tests(&report);
        for key in ["participants", "joined", "join_ms", "voice_gap_ms_of_others"] {
            assert!(!json[key].is_null(), "{key}");
        }
        assert_eq!((&json["voice_gap_ms_of_others"]["max"], &json["at_once"]["joined"]), (&4.0.into(), &100.into()));
        assert!(format!("{:?}", report.rows()).contains("3.0 / 4.0"));
    }
}
