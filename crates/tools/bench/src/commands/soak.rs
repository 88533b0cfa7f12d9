use super::bench::{Bench, Meeting, ProblemReport, WARM_UP};
use super::crowd::{newcomers, spread};
use super::soak_churn::{Churn, ChurnCount};
use super::trend::growth;
use super::voice::problem_rows;
use crate::delays::DelaySummary;
use crate::random::Random;
use crate::report::{Report, Row, delay_text, number_text, percent_text, row};
use anyhow::ensure;
use serde::Serialize;
use std::time::{Duration, Instant};

const RESIDENT_SPEAKERS: usize = 6;
const TICK: Duration = Duration::from_millis(500);
const CHAT_EVERY_TICKS: u64 = 2;
const SAMPLE_EVERY_TICKS: u64 = 2;
/// Caches and the people whom the server still waits for level out in this time.
const LEVEL_OUT: Duration = Duration::from_secs(60);
const DRAIN: Duration = Duration::from_secs(2);
/// People who vanished, whose places the server keeps for a while.
const KEPT_PLACES: usize = 60;
const GROWTH_MAX: f64 = 0.05;
const KB_PER_PERSON_MAX: f64 = 1_000.0;
const DELIVERED_MIN: f64 = 0.999;
/// Samples in the report, at most.
const SAMPLES_SHOWN: usize = 60;

/// `bench soak`. Ratios run from 0 to 1.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SoakReport {
    participants: usize,
    seconds: f64,
    /// Voice packets of residents received by residents, of those that should have been.
    delivered: f64,
    added_delay_ms: Option<DelaySummary>,
    longest_gap_ms: Option<f64>,
    chats_said: u64,
    /// Chat messages that some resident did not get.
    chats_missing: u64,
    churn: ChurnCount,
    server_kb_per_person: Option<f64>,
    /// Growth of the server's memory by the line that fits it, after the first minute; of runs from four minutes on.
    memory_growth: Option<f64>,
    memory_samples: Vec<MemorySample>,
    generator_busy: f64,
    problems: ProblemReport,
}

/// The server's memory at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct MemorySample {
    at_s: f64,
    resident_kb: u64,
    people: usize,
}

/// People who stay and talk, and people who come and go.
pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<SoakReport> {
    let people = bench.arguments.people();
    let mut meeting = bench.open(people + KEPT_PLACES)?;
    let result = run(bench, people, &mut meeting);
    meeting.explain(result)
}

fn run(bench: &Bench<'_>, people: usize, meeting: &mut Meeting) -> anyhow::Result<SoakReport> {
    let residents = (people * 2 / 3).max(2);
    let speakers = RESIDENT_SPEAKERS.min(residents);
    let limit = Duration::from_secs(60);
    let inside = meeting.swarm.bring_in(newcomers("resident", residents, residents.min(8)), limit)?;
    meeting.swarm.run_for(WARM_UP)?;
    let is_speaker = |n: &usize| spread(*n, residents, speakers);
    let speaking: Vec<usize> = (0..residents).filter(is_speaker).filter_map(|n| inside.get(n).copied()).collect();
    for index in &speaking {
        meeting.swarm.begin_counted_speech(*index);
    }
    let mark = meeting.mark()?;
    let mut soak = Soak {
        random: Random::new(bench.arguments.seed),
        churn: Churn::new(people - residents.min(people), bench.arguments.seed),
        residents: inside,
        chats_said: 0,
        samples: Vec::new(),
    };
    soak.drive(meeting, bench.arguments.duration())?;
    let span = meeting.span_since(&mark)?;
    meeting.swarm.finish_gaps();
    let spoken: u64 = speaking.iter().map(|index| meeting.swarm.end_speech(*index)).sum();
    meeting.swarm.run_for(DRAIN)?;
    let heard: u64 = soak.residents(meeting).map(|client| client.voice.packets).sum();
    let fewest_chats = soak.residents(meeting).map(|client| client.chats).min().unwrap_or(0);
    let notes = &meeting.swarm.notes;
    Ok(SoakReport {
        participants: people,
        seconds: span.secs,
        delivered: heard as f64 / (spoken * (residents as u64 - 1)).max(1) as f64,
        added_delay_ms: notes.added_delay.summary(),
        longest_gap_ms: notes.voice_gap.summary().map(|gaps| gaps.max),
        chats_said: soak.chats_said,
        chats_missing: soak.chats_said.saturating_sub(fewest_chats),
        churn: soak.churn.count,
        server_kb_per_person: meeting.server_kb_per_person(residents + soak.churn.present())?,
        memory_growth: memory_growth(&soak.samples),
        memory_samples: thin_out(&soak.samples),
        generator_busy: span.generator_busy,
        problems: (&notes.problems).into(),
    })
}

struct Soak {
    random: Random,
    churn: Churn,
    residents: Vec<usize>,
    chats_said: u64,
    samples: Vec<MemorySample>,
}

impl Soak {
    fn drive(&mut self, meeting: &mut Meeting, duration: Duration) -> anyhow::Result<()> {
        let start = Instant::now();
        let ticks = (duration.as_millis() / TICK.as_millis()) as u64;
        for tick in 1..=ticks {
            meeting.swarm.run_until(start + TICK * tick as u32, |_| false)?;
            self.churn.tick(&mut meeting.swarm)?;
            if tick % CHAT_EVERY_TICKS == 0 {
                self.chat(meeting);
            }
            if tick % SAMPLE_EVERY_TICKS == 0
                && let Some(server) = &meeting.server
            {
                let resident_kb = server.meter().resident_kb()?;
                let people = self.residents.len() + self.churn.present();
                self.samples.push(MemorySample { at_s: start.elapsed().as_secs_f64(), resident_kb, people });
            }
        }
        Ok(())
    }

    /// One resident says something to all.
    fn chat(&mut self, meeting: &mut Meeting) {
        let chosen = self.residents.get(self.random.index(self.residents.len())).copied();
        let text = format!("message {}", self.chats_said);
        let is_said = chosen.is_some_and(|index| meeting.swarm.say(index, &text));
        self.chats_said += u64::from(is_said);
    }

    fn residents<'a>(&'a self, meeting: &'a Meeting) -> impl Iterator<Item = &'a crate::people::Client> {
        self.residents.iter().filter_map(|index| meeting.swarm.client(*index))
    }
}

/// Growth after memory levelled out; `None` for a run so short that a step of the allocator would count as growth.
fn memory_growth(samples: &[MemorySample]) -> Option<f64> {
    let from_s = LEVEL_OUT.as_secs_f64();
    let is_long_enough = samples.last()?.at_s >= 4.0 * from_s;
    let levelled_out = samples.iter().filter(|sample| sample.at_s >= from_s);
    let points: Vec<(f64, f64)> = levelled_out.map(|sample| (sample.at_s, sample.resident_kb as f64)).collect();
    is_long_enough.then(|| growth(&points))
}

fn thin_out(samples: &[MemorySample]) -> Vec<MemorySample> {
    let all = samples.len();
    let chosen = all.min(SAMPLES_SHOWN);
    samples.iter().enumerate().filter(|(n, _)| spread(*n, all, chosen)).map(|(_, sample)| *sample).collect()
}

impl Report for SoakReport {
    fn rows(&self) -> Vec<Row> {
        let ChurnCount { joins, leaves, deaths, resumes } = self.churn;
        let churn = format!("{joins} / {leaves} / {deaths} / {resumes}");
        let mut rows = vec![
            row(format!("soak: {} people for {:.0} s", self.participants, self.seconds), "", ""),
            row("joins / leaves / silent deaths / resumes", churn, ""),
            row("voice delivered", percent_text(self.delivered), "≥ 99.9 %"),
            row("added delay, p50 / p95 / p99 ms", delay_text(self.added_delay_ms.as_ref()), ""),
            row("longest gap in a voice, ms", number_text(self.longest_gap_ms, 1), ""),
            row("chat said / missing", format!("{} / {}", self.chats_said, self.chats_missing), "none missing"),
            row("server memory a person, kB", number_text(self.server_kb_per_person, 0), "≤ 1000"),
            row("growth of server memory", self.memory_growth.map_or_else(|| "–".to_owned(), percent_text), "≤ 5 %"),
            row("generator busy", percent_text(self.generator_busy), ""),
        ];
        rows.extend(problem_rows(&self.problems));
        rows
    }

    fn verdict(&self) -> anyhow::Result<()> {
        ensure!(self.delivered >= DELIVERED_MIN, "too much voice was lost: {} delivered", percent_text(self.delivered));
        ensure!(self.chats_missing == 0, "{} chat messages were lost", self.chats_missing);
        let grown = self.memory_growth.unwrap_or(0.0);
        ensure!(grown <= GROWTH_MAX, "the server's memory grows: {} in this run", percent_text(grown));
        let kb = self.server_kb_per_person.unwrap_or(0.0);
        ensure!(kb <= KB_PER_PERSON_MAX, "the server takes {kb:.0} kB for each person");
        ensure!(
            self.problems.count == 0,
            "{} problems, first: {}",
            self.problems.count,
            self.problems.first.join("; ")
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at_s: f64, resident_kb: u64) -> MemorySample {
        MemorySample { at_s, resident_kb, people: 60 }
    }

    fn report() -> SoakReport {
        SoakReport {
            participants: 60,
            seconds: 60.0,
            delivered: 0.9995,
            added_delay_ms: None,
            longest_gap_ms: None,
            chats_said: 30,
            chats_missing: 0,
            churn: ChurnCount::default(),
            server_kb_per_person: Some(300.0),
            memory_growth: Some(0.04),
            memory_samples: vec![],
            generator_busy: 0.3,
            problems: ProblemReport::default(),
        }
    }

    #[test]
    fn the_beginning_does_not_count_as_growth() {
        let samples: Vec<MemorySample> =
            (0..600).map(|n| sample(f64::from(n), if n < 60 { 1_000 * n as u64 } else { 60_000 })).collect();
        assert!(memory_growth(&samples).unwrap().abs() < 0.001);
        assert_eq!(memory_growth(&samples[..230]), None);
        let growing: Vec<MemorySample> = (0..600).map(|n| sample(f64::from(n), 60_000 + 20 * n as u64)).collect();
        assert!(memory_growth(&growing).unwrap() > 0.15);
        assert_eq!(thin_out(&samples).len(), SAMPLES_SHOWN);
    }

    #[test]
    fn what_must_not_be_is_said() {
        assert!(report().verdict().is_ok());
        let bad = [
            SoakReport { delivered: 0.998, ..report() },
            SoakReport { chats_missing: 1, ..report() },
            SoakReport { memory_growth: Some(0.06), ..report() },
            SoakReport { server_kb_per_person: Some(1_001.0), ..report() },
            SoakReport { problems: ProblemReport { count: 1, first: vec![] }, ..report() },
        ];
        for report in bad {
            assert!(report.verdict().is_err(), "{report:?}");
        }
    }
}
