use super::bench::{Bench, Meeting, ProblemReport};
use super::crowd::newcomers;
use crate::people::enter;
use crate::report::{Row, number_text, row};
use anyhow::{Context as _, bail, ensure};
use atrium_board::{Document, Operation, OperationId, read_snapshot, write_snapshot};
use atrium_protocol::{BoardDown, BoardId, BoardUp, Lane, encode_message};
use atrium_session::{JoinLink, SessionCommand, SessionEvent};
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, Instant};

/// People who fill boards; each may draw 60 strokes a second.
const FILLERS: usize = 12;
/// Whole boards come within this time.
const JOIN_LIMIT: Duration = Duration::from_secs(60);
/// Of so many who come late the middle one counts.
const JOINERS: usize = 3;
/// Buffers level out in this time.
const SETTLE: Duration = Duration::from_secs(3);
/// Exports of smaller boards are over before one could look.
const EXPORTED_FROM: usize = 10_000;
const FORMATS: [&str; 3] = ["svg", "png", "pdf"];

/// A board with so many elements.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct SizeReport {
    pub(super) elements: usize,
    /// From the join request to the whole board in memory, of which:
    pub(super) late_join_ms: f64,
    /// the join itself,
    join_ms: f64,
    /// fetching the snapshot,
    snapshot_ms: f64,
    /// making a document of it,
    read_ms: f64,
    /// and what was drawn since.
    tail_ms: f64,
    /// Snapshot and what was drawn since.
    pub(super) late_join_bytes: u64,
    snapshot_bytes: u64,
    /// What the server grew by while the board was filled.
    server_bytes_per_element: Option<f64>,
    /// What the board's document takes by its own account.
    document_bytes_per_element: f64,
    /// Writing the snapshot, as the server does now and then.
    compaction_ms: f64,
    export_svg_ms: Option<f64>,
    export_png_ms: Option<f64>,
    export_pdf_ms: Option<f64>,
    fill_s: f64,
}

/// Fills boards, one of each size, through the server like any drawing; then people come late.
pub(super) fn measure(bench: &Bench<'_>, sizes: &[usize]) -> anyhow::Result<(Vec<SizeReport>, ProblemReport)> {
    let mut meeting = bench.open(FILLERS + JOINERS)?;
    let result = run(sizes, &mut meeting);
    let reports = meeting.explain(result)?;
    Ok((reports, (&meeting.swarm.notes.problems).into()))
}

fn run(sizes: &[usize], meeting: &mut Meeting) -> anyhow::Result<Vec<SizeReport>> {
    let fillers = meeting.swarm.bring_in(newcomers("fills", FILLERS, 0), Duration::from_secs(30))?;
    meeting.swarm.run_for(SETTLE)?;
    let mut reports = Vec::new();
    for (board, elements) in boards(sizes) {
        let before = resident_kb(meeting)?;
        let fill_s = fill(meeting, &fillers, board, elements)?;
        meeting.swarm.run_for(SETTLE)?;
        let grown_kb = resident_kb(meeting)?.saturating_sub(before);
        let server_bytes_per_element = Some(grown_kb as f64 * 1_024.0 / elements as f64);
        reports.push(SizeReport { elements, server_bytes_per_element, fill_s, ..SizeReport::default() });
    }
    fillers.iter().for_each(|index| meeting.swarm.leave(*index));
    let server = meeting.server.as_ref().context("the server is ours")?;
    let link = server.invite()?;
    for ((board, _), report) in boards(sizes).zip(&mut reports) {
        come_late(&link, board, server.folder(), report)?;
        if report.elements >= EXPORTED_FROM {
            let export = |format| {
                let file = server.folder().join(format!("board.{format}"));
                server.export(board, &file).map(|took| Some(took.as_secs_f64() * 1e3))
            };
            let [svg, png, pdf] = FORMATS;
            report.export_svg_ms = export(svg)?;
            report.export_png_ms = export(png)?;
            report.export_pdf_ms = export(pdf)?;
        }
    }
    Ok(reports)
}

fn boards(sizes: &[usize]) -> impl Iterator<Item = (BoardId, usize)> {
    (0_u16..).map(BoardId).zip(sizes.iter().copied())
}

fn resident_kb(meeting: &Meeting) -> anyhow::Result<u64> {
    meeting.server.as_ref().context("the server is ours")?.meter().resident_kb()
}

/// Has everyone draw their share; says how long it took.
fn fill(meeting: &mut Meeting, fillers: &[usize], board: BoardId, elements: usize) -> anyhow::Result<f64> {
    let start = Instant::now();
    for (n, index) in fillers.iter().enumerate() {
        let share = elements * (n + 1) / fillers.len() - elements * n / fillers.len();
        meeting.swarm.begin_filling(*index, board, share);
    }
    let limit = Duration::from_secs(30) + Duration::from_millis(10) * elements as u32;
    let is_done = |client: &crate::people::Client| client.drawing.as_ref().is_none_or(|drawing| drawing.is_done());
    meeting.swarm.run_until(start + limit, |swarm| {
        swarm.notes.problems.count > 0 || swarm.clients().all(|(_, client)| is_done(client))
    })?;
    let problems = &meeting.swarm.notes.problems;
    ensure!(problems.count == 0, "drawing {elements} strokes did not go well: {}", problems.first.join("; "));
    ensure!(
        meeting.swarm.clients().all(|(_, client)| is_done(client)),
        "{elements} strokes were not drawn within {limit:?}"
    );
    Ok(start.elapsed().as_secs_f64())
}

/// Some come late, one after another; the middle one counts.
fn come_late(link: &JoinLink, board: BoardId, folder: &Path, report: &mut SizeReport) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut visits = Vec::with_capacity(JOINERS);
    for _ in 0..JOINERS {
        let visit = async { tokio::time::timeout(JOIN_LIMIT, visit(link, board, folder)).await };
        visits.push(runtime.block_on(visit).context("a board did not come within a minute")??);
    }
    for visit in &visits {
        let got = visit.document.len();
        ensure!(got == report.elements, "who came late sees {got} of {} strokes", report.elements);
    }
    visits.sort_by(|a, b| a.whole_ms().total_cmp(&b.whole_ms()));
    let visit = visits.swap_remove(JOINERS / 2);
    let start = Instant::now();
    let written = write_snapshot(&visit.document)?;
    report.compaction_ms = start.elapsed().as_secs_f64() * 1e3;
    ensure!(read_snapshot(&written)? == visit.document, "a snapshot is not what it was made of");
    report.document_bytes_per_element = visit.document.memory_bytes() as f64 / report.elements.max(1) as f64;
    report.late_join_ms = visit.whole_ms();
    [report.join_ms, report.snapshot_ms, report.read_ms, report.tail_ms] = visit.parts_ms;
    report.snapshot_bytes = visit.snapshot_bytes;
    report.late_join_bytes = visit.snapshot_bytes + visit.tail_bytes;
    Ok(())
}

/// What somebody got who came late.
struct Visit {
    /// Join, snapshot, reading it, what was drawn since.
    parts_ms: [f64; 4],
    snapshot_bytes: u64,
    tail_bytes: u64,
    document: Document,
}

impl Visit {
    fn whole_ms(&self) -> f64 {
        self.parts_ms.iter().sum()
    }
}

async fn visit(link: &JoinLink, board: BoardId, folder: &Path) -> anyhow::Result<Visit> {
    let mut at = Instant::now();
    let mut lap_ms = || {
        let before = std::mem::replace(&mut at, Instant::now());
        at.duration_since(before).as_secs_f64() * 1e3
    };
    let mut session = enter(link, "comes late", &folder.join("cache")).await?;
    let join_ms = lap_ms();
    let snapshot = session.bulk().board_snapshot(board).await?;
    let snapshot_ms = lap_ms();
    let mut document = read_snapshot(&snapshot.bytes)?;
    let read_ms = lap_ms();
    session.send(SessionCommand::Board(BoardUp::Fetch { board, after: snapshot.sequence })).await?;
    let mut tail_bytes = 0;
    loop {
        match session.next().await {
            Some(SessionEvent::Board(word @ BoardDown::Settled { board: on, .. })) if on == board => {
                tail_bytes += encode_message(&word, Lane::Board.spec().max_message_bytes)?.len() as u64;
                settle(&mut document, &word)?;
            }
            Some(SessionEvent::Board(BoardDown::UpToDate { board: on, .. })) if on == board => break,
            Some(_) => {}
            None => bail!("the session ended"),
        }
    }
    let parts_ms = [join_ms, snapshot_ms, read_ms, lap_ms()];
    session.leave();
    while session.next().await.is_some() {}
    Ok(Visit { parts_ms, snapshot_bytes: snapshot.bytes.len() as u64, tail_bytes, document })
}

fn settle(document: &mut Document, word: &BoardDown) -> anyhow::Result<()> {
    let BoardDown::Settled { sequence, author, nonce, at_ms, operation, .. } = word else { return Ok(()) };
    let operation = Operation::decode(operation.as_bytes())?;
    if *sequence == document.sequence() + 1 {
        document.settle(*sequence, OperationId { author: *author, nonce: *nonce }, *at_ms, &operation);
    }
    Ok(())
}

impl SizeReport {
    pub(super) fn rows(&self) -> Vec<Row> {
        let megabytes = |bytes: u64| format!("{:.2} MB", bytes as f64 / 1e6);
        let parts =
            format!("{:.0} / {:.0} / {:.0} / {:.0}", self.join_ms, self.snapshot_ms, self.read_ms, self.tail_ms);
        let mut rows = vec![
            row(
                format!("{} strokes on a board: late join, ms", self.elements),
                format!("{:.0}", self.late_join_ms),
                "10,000: ≤ 1000",
            ),
            row("  of which join / snapshot / reading it / what came since, ms", parts, ""),
            row("  bytes that a late joiner gets", megabytes(self.late_join_bytes), "10,000: ≤ 3 MB"),
            row("  server memory a stroke, bytes", number_text(self.server_bytes_per_element, 0), ""),
            row("  document memory a stroke, bytes", number_text(Some(self.document_bytes_per_element), 0), ""),
            row("  writing a snapshot, ms", number_text(Some(self.compaction_ms), 0), ""),
        ];
        if self.elements >= EXPORTED_FROM {
            let exports = [self.export_svg_ms, self.export_png_ms, self.export_pdf_ms];
            let exports = exports.map(|ms| number_text(ms.map(|ms| ms / 1e3), 1)).join(" / ");
            rows.push(row("  export as SVG / PNG / PDF, s", exports, ""));
        }
        rows
    }
}

#[cfg(test)]
pub(super) fn sample(elements: usize) -> SizeReport {
    SizeReport { elements, late_join_ms: 300.0, late_join_bytes: 2_000_000, ..SizeReport::default() }
}
