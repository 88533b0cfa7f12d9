use super::bench::{Bench, Meeting, ProblemReport, busy_note, waited_note};
use super::board_load::{self, LoadReport};
use super::board_size::{self, SizeReport};
use super::crowd::newcomers;
use super::voice::problem_rows;
use crate::delays::DelaySummary;
use crate::host::{BOARDS, DiskProbe, file_system_of, is_optimised};
use crate::report::{Report, Row, delay_text, number_text, percent_text, row};
use anyhow::{Context as _, ensure};
use serde::Serialize;
use std::time::Duration;

/// People who draw, and elements on a board, unless the arguments say other numbers.
const PEOPLE: [usize; 3] = [1, 10, 50];
const ELEMENTS: [usize; BOARDS as usize] = [1_000, 10_000, 100_000];
/// The size that the limits are about.
const LIMITED_ELEMENTS: usize = 10_000;
/// An acknowledgement may take so long, besides twice what the disk takes.
const ACK_MS_MAX: f64 = 25.0;
const JOIN_MS_MAX: f64 = 1_000.0;
const JOIN_BYTES_MAX: u64 = 3_000_000;
/// Beyond these a delay says more about this machine than about the server.
const BUSY_MAX: f64 = 0.9;
const WAITED_MAX: f64 = 0.1;

/// `bench board`: the largest crowd and the board with 10,000 elements, and beside them all of both.
#[derive(Clone, Debug, Serialize)]
pub(super) struct BoardReport {
    people: usize,
    ops_per_s: f64,
    /// From sending an operation to hearing that it is settled.
    ack_ms: Option<DelaySummary>,
    /// 4 KiB written and synced on the same disk meanwhile.
    fsync_ms: Option<DelaySummary>,
    /// From the join request to the whole board in memory.
    late_join_ms: Option<f64>,
    late_join_bytes: u64,
    elements: usize,
    file_system: Option<String>,
    loads: Vec<LoadReport>,
    boards: Vec<SizeReport>,
    problems: ProblemReport,
}

/// People draw; then boards are filled, joined and exported.
pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<BoardReport> {
    ensure!(bench.arguments.server.is_none(), "`board` starts its own server: leave --server out");
    let people = bench.arguments.participants.map_or(PEOPLE.to_vec(), |_| vec![bench.arguments.people()]);
    let elements = bench.arguments.elements.map_or(ELEMENTS.to_vec(), |elements| vec![elements.get() as usize]);
    let (loads, file_system, mut problems) = loads(bench, &people)?;
    let (boards, more) = board_size::measure(bench, &elements)?;
    problems.count += more.count;
    problems.first.extend(more.first);
    let crowd = loads.last().context("nobody drew")?;
    let board = boards.iter().find(|board| board.elements == LIMITED_ELEMENTS).or(boards.last()).context("no board")?;
    Ok(BoardReport {
        people: crowd.people,
        ops_per_s: crowd.ops_per_s,
        ack_ms: crowd.ack_ms,
        fsync_ms: crowd.fsync_ms,
        late_join_ms: Some(board.late_join_ms),
        late_join_bytes: board.late_join_bytes,
        elements: board.elements,
        file_system,
        loads,
        boards,
        problems,
    })
}

/// One server; more and more people draw on one of its boards.
fn loads(bench: &Bench<'_>, sizes: &[usize]) -> anyhow::Result<(Vec<LoadReport>, Option<String>, ProblemReport)> {
    let most = sizes.iter().copied().max().unwrap_or(1);
    let mut meeting = bench.open(most)?;
    let folder = meeting.server.as_ref().context("the server is ours")?.folder().to_owned();
    // Before anybody comes in: a folder in memory ends the measurement.
    let quiet = DiskProbe::start(&folder)?;
    std::thread::sleep(Duration::from_secs(1));
    quiet.finish()?;
    let result = draw_in_growing_crowds(bench, sizes, &mut meeting);
    let loads = meeting.explain(result)?;
    Ok((loads, file_system_of(&folder), (&meeting.swarm.notes.problems).into()))
}

fn draw_in_growing_crowds(
    bench: &Bench<'_>,
    sizes: &[usize],
    meeting: &mut Meeting,
) -> anyhow::Result<Vec<LoadReport>> {
    let mut everyone = Vec::new();
    let mut loads = Vec::new();
    for people in sizes {
        let limit = Duration::from_secs(30) + Duration::from_millis(200) * *people as u32;
        let newcomers = newcomers("draws", people.saturating_sub(everyone.len()), 0);
        everyone.extend(meeting.swarm.bring_in(newcomers, limit)?);
        loads.push(board_load::measure(meeting, &everyone, bench.arguments.duration())?);
    }
    Ok(loads)
}

impl BoardReport {
    fn ack_ms_max(&self) -> Option<f64> {
        self.fsync_ms.map(|fsync| ACK_MS_MAX + 2.0 * fsync.p99)
    }

    /// Whether the figures say something about the server.
    fn is_meaningful(&self) -> bool {
        let is_quiet = |load: &LoadReport| load.generator_busy <= BUSY_MAX && load.waited <= WAITED_MAX;
        is_optimised() && self.loads.last().is_some_and(is_quiet)
    }
}

impl Report for BoardReport {
    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![row("board: strokes of 64 points at 60 a second, an operation every 250 ms", "", "")];
        for load in &self.loads {
            rows.push(row(
                format!("{} people draw: operations a second", load.people),
                format!("{:.0}", load.ops_per_s),
                "",
            ));
            rows.push(row(
                "  acknowledged, p50 / p95 / p99 ms",
                delay_text(load.ack_ms.as_ref()),
                "p99 ≤ 25 + 2 × the next line's",
            ));
            rows.push(row(
                "  4 KiB synced to the same disk, p50 / p95 / p99 ms",
                delay_text(load.fsync_ms.as_ref()),
                "",
            ));
            rows.push(row(
                "  settled operations received, all together, a second",
                format!("{:.0}", load.settled_per_s),
                "",
            ));
            rows.push(row("  live datagrams received, all together, a second", format!("{:.0}", load.live_per_s), ""));
            rows.push(row("  server busy", load.server_busy.map_or_else(|| "–".to_owned(), percent_text), ""));
            rows.push(row("  generator busy", percent_text(load.generator_busy), busy_note(load.generator_busy)));
            rows.push(row("  waited for a core", percent_text(load.waited), waited_note(load.waited)));
        }
        rows.extend(self.boards.iter().flat_map(SizeReport::rows));
        rows.push(row("file system", self.file_system.as_deref().unwrap_or("–"), ""));
        rows.extend(problem_rows(&self.problems));
        rows
    }

    fn verdict(&self) -> anyhow::Result<()> {
        ensure!(
            self.problems.count == 0,
            "{} problems, first: {}",
            self.problems.count,
            self.problems.first.join("; ")
        );
        let limited = self.boards.iter().find(|board| board.elements == LIMITED_ELEMENTS);
        if let Some(board) = limited {
            let bytes = board.late_join_bytes;
            ensure!(bytes <= JOIN_BYTES_MAX, "a late joiner reads {bytes} bytes: more than {JOIN_BYTES_MAX}");
        }
        if !self.is_meaningful() {
            return Ok(());
        }
        let (ack_ms, most_ms) = (self.ack_ms.map(|ack| ack.p99), self.ack_ms_max());
        ensure!(
            ack_ms.zip(most_ms).is_none_or(|(ack_ms, most_ms)| ack_ms <= most_ms),
            "acknowledgements take {} ms, and may take {}",
            number_text(ack_ms, 1),
            number_text(most_ms, 1)
        );
        if let Some(board) = limited {
            let ms = board.late_join_ms;
            ensure!(ms <= JOIN_MS_MAX, "a late joiner waits {ms:.0} ms, and may wait {JOIN_MS_MAX:.0}");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json_for_tests;

    fn report() -> BoardReport {
        let delays = Some(DelaySummary { p50: 1.0, p95: 2.0, p99: 3.0, max: 4.0 });
        let loads = vec![board_load::sample(50, delays)];
        let boards = vec![board_size::sample(1_000), board_size::sample(LIMITED_ELEMENTS)];
        BoardReport {
            people: 50,
            ops_per_s: 200.0,
            ack_ms: delays,
            fsync_ms: delays,
            late_join_ms: Some(300.0),
            late_join_bytes: 2_000_000,
            elements: LIMITED_ELEMENTS,
            file_system: Some("ext4".to_owned()),
            loads,
            boards,
            problems: ProblemReport::default(),
        }
    }

    #[test]
    fn the_keys_of_the_contract_are_there() {
        let json = json_for_tests(&report());
        for key in
            ["people", "ops_per_s", "ack_ms", "fsync_ms", "late_join_ms", "late_join_bytes", "elements", "machine"]
        {
            assert!(!json[key].is_null(), "{key}");
        }
        assert_eq!((&json["ack_ms"]["p99"], &json["boards"][1]["elements"]), (&3.0.into(), &10_000.into()));
        assert!(format!("{:?}", report().rows()).contains("50 people draw"));
    }

    #[test]
    fn what_must_not_be_is_said() {
        assert!(report().verdict().is_ok());
        let lost = BoardReport { problems: ProblemReport { count: 1, first: vec!["lost".into()] }, ..report() };
        assert!(lost.verdict().is_err());
        let mut large = report();
        large.boards[1].late_join_bytes = JOIN_BYTES_MAX + 1;
        assert!(large.verdict().is_err());
        let slow = BoardReport { ack_ms: Some(DelaySummary { p50: 1.0, p95: 2.0, p99: 31.1, max: 40.0 }), ..report() };
        assert_eq!(slow.verdict().is_err(), is_optimised(), "31 ms are all right with a disk of 3 ms");
    }
}
