use super::bench::{Bench, Meeting, ProblemReport, Span, WARM_UP, busy_note, waited_note};
use super::crowd::{newcomers, spread};
use crate::delays::DelaySummary;
use crate::report::{Report, Row, delay_text, number_text, percent_text, row};
use atrium_protocol::VOICE_SLOTS;
use serde::Serialize;
use std::time::Duration;

/// People who decrypt what they hear; the others count it by clear headers.
const LISTENERS: usize = 16;
/// Everyone speaks for so long before the measurement.
const SETTLE: Duration = Duration::from_secs(1);
/// Everything that is on its way arrives in this time.
const DRAIN: Duration = Duration::from_millis(500);
const GROWTH: [usize; 5] = [25, 50, 100, 200, 300];

/// `bench voice`. Ratios run from 0 to 1.
#[derive(Clone, Debug, Serialize)]
pub(super) struct VoiceReport {
    participants: usize,
    speakers: usize,
    /// Voice packets received, of those that should have been.
    delivered: f64,
    added_delay_ms: Option<DelaySummary>,
    /// CPU with voice less CPU without, for a forwarded packet, sockets included.
    server_us_per_packet: Option<f64>,
    server_kb_per_person: Option<f64>,
    generator_busy: f64,
    /// How long server or generator waited for a core that was taken.
    waited: f64,
    server_busy_without_voice: Option<f64>,
    server_busy_with_voice: Option<f64>,
    packets_expected: u64,
    packets_received: u64,
    /// Sequence numbers that were jumped over, in all slots of all people.
    sequence_holes: u64,
    packets_per_s: f64,
    /// Packets that were decrypted and were what the speaker said.
    packets_verified: u64,
    longest_gap_ms: Option<f64>,
    pose_age_ms: Option<DelaySummary>,
    /// How late the generator sent.
    generator_late_ms: Option<DelaySummary>,
    problems: ProblemReport,
}

/// `bench voice --growth`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct GrowthReport {
    growth: Vec<VoiceReport>,
}

/// The same at several sizes, each on a fresh server.
pub(super) fn measure_growth(bench: &Bench<'_>) -> anyhow::Result<GrowthReport> {
    let growth = GROWTH.iter().map(|people| measure(bench, *people)).collect::<anyhow::Result<_>>()?;
    Ok(GrowthReport { growth })
}

/// People of whom a few speak: what the server does for their voices.
pub(super) fn measure(bench: &Bench<'_>, people: usize) -> anyhow::Result<VoiceReport> {
    let mut meeting = bench.open(people)?;
    let result = run(bench, people, &mut meeting);
    meeting.explain(result)
}

fn run(bench: &Bench<'_>, people: usize, meeting: &mut Meeting) -> anyhow::Result<VoiceReport> {
    let duration = bench.arguments.duration();
    let speakers = (bench.arguments.speakers as usize).clamp(1, people);
    let limit = Duration::from_secs(30) + Duration::from_millis(200) * people as u32;
    let everyone = meeting.swarm.bring_in(newcomers("voice", people, LISTENERS), limit)?;
    meeting.swarm.run_for(WARM_UP)?;

    let mark = meeting.mark()?;
    meeting.swarm.run_for(duration)?;
    let without = meeting.span_since(&mark)?;

    let speaking: Vec<usize> =
        everyone.iter().enumerate().filter(|(n, _)| spread(*n, people, speakers)).map(|(_, index)| *index).collect();
    for index in &speaking {
        meeting.swarm.begin_counted_speech(*index);
    }
    meeting.swarm.run_for(SETTLE)?;
    meeting.swarm.restart_notes();
    let mark = meeting.mark()?;
    meeting.swarm.run_for(duration)?;
    let with = meeting.span_since(&mark)?;
    meeting.swarm.finish_gaps();
    let server_kb_per_person = meeting.server_kb_per_person(people)?;
    let spoken: u64 = speaking.iter().map(|index| meeting.swarm.end_speech(*index)).sum();
    meeting.swarm.run_for(DRAIN)?;

    let received = meeting.swarm.voice_packets();
    let expected = packets_expected(people, speakers, spoken);
    let notes = &meeting.swarm.notes;
    Ok(VoiceReport {
        participants: people,
        speakers,
        delivered: received as f64 / expected.max(1) as f64,
        added_delay_ms: notes.added_delay.summary(),
        server_us_per_packet: us_per_packet(&without, &with),
        server_kb_per_person,
        generator_busy: with.generator_busy,
        waited: with.waited,
        server_busy_without_voice: without.server_busy(),
        server_busy_with_voice: with.server_busy(),
        packets_expected: expected,
        packets_received: received,
        sequence_holes: meeting.swarm.clients().map(|(_, client)| client.voice.missing()).sum(),
        packets_per_s: with.voice_packets as f64 / with.secs,
        packets_verified: notes.whole_frames,
        longest_gap_ms: notes.voice_gap.summary().map(|gaps| gaps.max),
        pose_age_ms: notes.pose_age.summary(),
        generator_late_ms: notes.send_late.summary(),
        problems: (&notes.problems).into(),
    })
}

/// Everyone should hear everyone else who speaks, as far as their slots reach.
fn packets_expected(people: usize, speakers: usize, spoken: u64) -> u64 {
    let heard = |others: usize| others.min(VOICE_SLOTS) as u64;
    let heard_by_all = speakers as u64 * heard(speakers - 1) + (people - speakers) as u64 * heard(speakers);
    spoken * heard_by_all / speakers as u64
}

/// What the server's CPU did more with voice than without, divided by the packets that it forwarded.
fn us_per_packet(without: &Span, with: &Span) -> Option<f64> {
    let more_secs = with.server_cpu_secs? - without.server_cpu_secs? * (with.secs / without.secs);
    (with.voice_packets > 0).then(|| more_secs * 1e6 / with.voice_packets as f64)
}

impl Report for VoiceReport {
    fn rows(&self) -> Vec<Row> {
        let busy = |busy: Option<f64>| busy.map_or_else(|| "–".to_owned(), percent_text);
        let mut rows = vec![
            row(format!("voice: {} people, {} speak, all move", self.participants, self.speakers), "", ""),
            row("delivered", percent_text(self.delivered), "≥ 99.9 %"),
            row("added delay, p50 / p95 / p99 ms", delay_text(self.added_delay_ms.as_ref()), "p99 < 20"),
            row("longest gap in a voice, ms", number_text(self.longest_gap_ms, 1), ""),
            row(
                "server CPU a forwarded packet, µs",
                number_text(self.server_us_per_packet, 2),
                "≤ 7 (Mumble 7–10, Janus 18–44, LiveKit ≈ 13)",
            ),
            row("forwarded packets a second", format!("{:.0}", self.packets_per_s), ""),
            row("server memory a person, kB", number_text(self.server_kb_per_person, 0), "≤ 1000"),
            row("server busy, poses alone", busy(self.server_busy_without_voice), ""),
            row("server busy, poses and voice", busy(self.server_busy_with_voice), ""),
            row("pose age, p50 / p95 / p99 ms", delay_text(self.pose_age_ms.as_ref()), ""),
            row("generator busy", percent_text(self.generator_busy), busy_note(self.generator_busy)),
            row("waited for a core", percent_text(self.waited), waited_note(self.waited)),
            row("generator late, p50 / p95 / p99 ms", delay_text(self.generator_late_ms.as_ref()), ""),
        ];
        rows.extend(problem_rows(&self.problems));
        rows
    }
}

impl Report for GrowthReport {
    fn rows(&self) -> Vec<Row> {
        let mut rows =
            vec![row("people: delivered, added delay p50 / p95 / p99 ms, µs a packet, kB a person, generator", "", "")];
        rows.extend(self.growth.iter().map(|at| {
            let figures = format!(
                "{}   {}   {}   {}   {}",
                percent_text(at.delivered),
                delay_text(at.added_delay_ms.as_ref()),
                number_text(at.server_us_per_packet, 2),
                number_text(at.server_kb_per_person, 0),
                percent_text(at.generator_busy),
            );
            row(
                at.participants.to_string(),
                figures,
                if at.generator_busy > 0.9 { busy_note(at.generator_busy) } else { "" },
            )
        }));
        rows.extend(self.growth.iter().flat_map(|at| problem_rows(&at.problems)));
        rows
    }
}

/// Lines for what went wrong; none if nothing did.
pub(super) fn problem_rows(problems: &ProblemReport) -> Vec<Row> {
    let mut rows = Vec::new();
    if problems.count > 0 {
        rows.push(row("PROBLEMS", problems.count.to_string(), ""));
        rows.extend(problems.first.iter().map(|problem| row(format!("  {problem}"), "", "")));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json_for_tests;

    #[test]
    fn everyone_hears_as_many_as_they_have_slots() {
        assert_eq!(packets_expected(300, 8, 8 * 50), 400 * 299);
        assert_eq!(packets_expected(2, 1, 50), 50);
        assert_eq!(packets_expected(1, 1, 50), 0);
        assert_eq!(packets_expected(20, 10, 10 * 50), 500 * 8 * 20 / 10, "eight of ten");
    }

    #[test]
    fn only_what_voice_costs_is_voices() {
        let span = |secs, cpu, voice_packets| Span {
            secs,
            server_cpu_secs: Some(cpu),
            generator_busy: 0.0,
            waited: 0.0,
            voice_packets,
        };
        let us = us_per_packet(&span(10.0, 1.0, 0), &span(5.0, 1.5, 200_000)).unwrap();
        assert!((us - 5.0).abs() < 1e-9, "{us}");
        assert_eq!(us_per_packet(&span(10.0, 1.0, 0), &span(10.0, 1.0, 0)), None);
    }

    pub(super) fn report() -> VoiceReport {
        VoiceReport {
            participants: 300,
            speakers: 8,
            delivered: 0.9999,
            added_delay_ms: Some(DelaySummary { p50: 1.0, p95: 2.0, p99: 3.0, max: 4.0 }),
            server_us_per_packet: Some(4.5),
            server_kb_per_person: Some(400.0),
            generator_busy: 0.95,
            waited: 0.01,
            server_busy_without_voice: Some(0.2),
            server_busy_with_voice: Some(0.7),
            packets_expected: 10,
            packets_received: 9,
            sequence_holes: 1,
            packets_per_s: 1.0,
            packets_verified: 5,
            longest_gap_ms: None,
            pose_age_ms: None,
            generator_late_ms: None,
            problems: ProblemReport { count: 1, first: vec!["something".into()] },
        }
    }

    #[test]
    fn the_keys_of_the_contract_are_there() {
        let json = json_for_tests(&report());
        for key in [
            "participants",
            "speakers",
            "delivered",
            "added_delay_ms",
            "server_us_per_packet",
            "server_kb_per_person",
            "generator_busy",
            "machine",
        ] {
            assert!(!json[key].is_null(), "{key}");
        }
        assert_eq!(json["added_delay_ms"]["p95"], 2.0);
        let text = format!("{:?}", report().rows());
        assert!(text.contains("VOID") && text.contains("something"), "{text}");
        let growth = GrowthReport { growth: vec![report()] };
        assert_eq!(json_for_tests(&growth)["growth"][0]["participants"], 300);
    }
}
