use super::bench::{Bench, Meeting, ProblemReport, WARM_UP, busy_note, waited_note};
use super::crowd::newcomers;
use super::voice::problem_rows;
use crate::delays::DelaySummary;
use crate::people::Walk;
use crate::random::Random;
use crate::report::{Report, Row, delay_text, number_text, percent_text, row};
use atrium_protocol::{PackedPose, Placement, PoseEpoch};
use serde::Serialize;
use std::time::Duration;

/// `bench state`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StateReport {
    participants: usize,
    achieved_hz: Rates,
    /// Payload of the pose lane that a person receives for each other person.
    bytes_per_s_per_avatar: f64,
    pose_age_ms: Option<DelaySummary>,
    server_us_per_person_s: Option<f64>,
    /// Head and two hands in a datagram, without the sender's number.
    full_pose_bytes: u32,
    server_busy: Option<f64>,
    server_kb_per_person: Option<f64>,
    generator_busy: f64,
    waited: f64,
    problems: ProblemReport,
}

/// How often a person received another one's head, over all pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Rates {
    min: f64,
    p50: f64,
}

/// People who all see each other, walk and gesture.
pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<StateReport> {
    let people = bench.arguments.people();
    let mut meeting = bench.open(people)?;
    let result = run(bench, people, &mut meeting);
    meeting.explain(result)
}

fn run(bench: &Bench<'_>, people: usize, meeting: &mut Meeting) -> anyhow::Result<StateReport> {
    let limit = Duration::from_secs(30) + Duration::from_millis(200) * people as u32;
    meeting.swarm.bring_in(newcomers("state", people, people), limit)?;
    meeting.swarm.run_for(WARM_UP)?;
    meeting.swarm.restart_notes();
    let bytes_before = pose_bytes(meeting);
    let mark = meeting.mark()?;
    meeting.swarm.run_for(bench.arguments.duration())?;
    let span = meeting.span_since(&mark)?;
    let bytes = pose_bytes(meeting) - bytes_before;

    let others = people.saturating_sub(1);
    let pairs = (people * others).max(1) as f64;
    let notes = &meeting.swarm.notes;
    Ok(StateReport {
        participants: people,
        achieved_hz: rates(received_counts(meeting, others), span.secs),
        bytes_per_s_per_avatar: bytes as f64 / span.secs / pairs,
        pose_age_ms: notes.pose_age.summary(),
        server_us_per_person_s: span.server_cpu_secs.map(|cpu| cpu * 1e6 / span.secs / people as f64),
        full_pose_bytes: full_pose_bytes(),
        server_busy: span.server_busy(),
        server_kb_per_person: meeting.server_kb_per_person(people)?,
        generator_busy: span.generator_busy,
        waited: span.waited,
        problems: (&notes.problems).into(),
    })
}

fn pose_bytes(meeting: &Meeting) -> u64 {
    meeting.swarm.clients().map(|(_, client)| client.pose_bytes).sum()
}

/// Heads received of each other person by each person; 0 for those that were never received.
fn received_counts(meeting: &Meeting, others: usize) -> Vec<u64> {
    let mut counts = Vec::new();
    for (_, client) in meeting.swarm.clients() {
        let Some(log) = &client.pose_log else { continue };
        let seen = log.seen().iter().filter(|(id, _)| Some(**id) != client.id);
        let before = counts.len();
        counts.extend(seen.map(|(_, seen)| seen.heads));
        counts.resize(counts.len().max(before + others), 0);
    }
    counts
}

fn rates(mut counts: Vec<u64>, secs: f64) -> Rates {
    counts.sort_unstable();
    let hz = |count: Option<&u64>| count.map_or(0.0, |count| *count as f64 / secs);
    Rates { min: hz(counts.first()), p50: hz(counts.get(counts.len() / 2)) }
}

fn full_pose_bytes() -> u32 {
    let placement = Placement { epoch: PoseEpoch(0), position: [0.0; 3], yaw: 0.0, seat: None };
    PackedPose::new(&Walk::new(&placement, &mut Random::new(1)).pose_at(1.0)).bit_len().div_ceil(8)
}

impl Report for StateReport {
    fn rows(&self) -> Vec<Row> {
        let rates = format!("{:.1} / {:.1}", self.achieved_hz.min, self.achieved_hz.p50);
        let mut rows = vec![
            row(format!("state: {} people walk and gesture", self.participants), "", ""),
            row("poses of each person received, min / p50 Hz", rates, "≥ 28"),
            row("bytes a second for each person seen", format!("{:.0}", self.bytes_per_s_per_avatar), "≤ 1000"),
            row("head and two hands, bytes", self.full_pose_bytes.to_string(), "≤ 32"),
            row("pose age, p50 / p95 / p99 ms", delay_text(self.pose_age_ms.as_ref()), "p95 ≤ 50"),
            row("server CPU a person and second, µs", number_text(self.server_us_per_person_s, 0), ""),
            row("server busy", self.server_busy.map_or_else(|| "–".to_owned(), percent_text), ""),
            row("server memory a person, kB", number_text(self.server_kb_per_person, 0), "≤ 1000"),
            row("generator busy", percent_text(self.generator_busy), busy_note(self.generator_busy)),
            row("waited for a core", percent_text(self.waited), waited_note(self.waited)),
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
    fn rates_are_those_of_the_worst_and_the_middle_pair() {
        assert_eq!(rates(vec![300, 280, 290], 10.0), Rates { min: 28.0, p50: 29.0 });
        assert_eq!(rates(vec![], 10.0), Rates { min: 0.0, p50: 0.0 });
    }

    #[test]
    fn a_full_pose_keeps_its_size() {
        assert!((25..=32).contains(&full_pose_bytes()), "{}", full_pose_bytes());
    }

    #[test]
    fn the_keys_of_the_contract_are_there() {
        let report = StateReport {
            participants: 25,
            achieved_hz: Rates { min: 28.5, p50: 29.9 },
            bytes_per_s_per_avatar: 900.0,
            pose_age_ms: Some(DelaySummary { p50: 1.0, p95: 2.0, p99: 3.0, max: 4.0 }),
            server_us_per_person_s: Some(5.0),
            full_pose_bytes: 31,
            server_busy: None,
            server_kb_per_person: None,
            generator_busy: 0.1,
            waited: 0.2,
            problems: ProblemReport::default(),
        };
        let json = json_for_tests(&report);
        for key in ["participants", "achieved_hz", "bytes_per_s_per_avatar", "pose_age_ms", "server_us_per_person_s"] {
            assert!(!json[key].is_null(), "{key}");
        }
        assert!(format!("{:?}", report.rows()).contains("SOMETHING ELSE"));
    }
}
