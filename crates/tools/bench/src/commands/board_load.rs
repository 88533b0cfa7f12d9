use super::bench::Meeting;
use crate::delays::DelaySummary;
use crate::host::DiskProbe;
use anyhow::{Context as _, ensure};
use atrium_protocol::BoardId;
use serde::Serialize;
use std::time::{Duration, Instant};

/// All draw on the same board.
const BOARD: BoardId = BoardId(0);
/// Everyone draws for so long before the measurement.
const SETTLE: Duration = Duration::from_secs(2);
/// Everything that is under way is answered in this time.
const DRAIN: Duration = Duration::from_secs(10);

/// People who draw without a pause.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LoadReport {
    pub(super) people: usize,
    /// Operations that were acknowledged.
    pub(super) ops_per_s: f64,
    pub(super) ack_ms: Option<DelaySummary>,
    pub(super) fsync_ms: Option<DelaySummary>,
    /// Settled operations that all of them received.
    pub(super) settled_per_s: f64,
    /// Live datagrams that all of them received.
    pub(super) live_per_s: f64,
    pub(super) server_busy: Option<f64>,
    pub(super) generator_busy: f64,
    pub(super) waited: f64,
}

/// Has everyone draw for a while, and times their acknowledgements and the disk.
pub(super) fn measure(meeting: &mut Meeting, everyone: &[usize], duration: Duration) -> anyhow::Result<LoadReport> {
    let folder = meeting.server.as_ref().context("the server is ours")?.folder().to_owned();
    for index in everyone {
        meeting.swarm.begin_drawing(*index, BOARD);
    }
    meeting.swarm.run_for(SETTLE)?;
    meeting.swarm.restart_notes();
    let probe = DiskProbe::start(&folder)?;
    let (settled_before, live_before) = received(meeting);
    let mark = meeting.mark()?;
    meeting.swarm.run_for(duration)?;
    let span = meeting.span_since(&mark)?;
    let (settled, live) = received(meeting);
    let acknowledged = meeting.swarm.notes.acknowledged.clone();
    let fsync = probe.finish()?;

    everyone.iter().for_each(|index| meeting.swarm.end_drawing(*index));
    meeting.swarm.run_until(Instant::now() + DRAIN, |swarm| {
        swarm.clients().all(|(_, client)| client.drawing.as_ref().is_none_or(|drawing| drawing.is_done()))
    })?;
    let unanswered: usize = meeting
        .swarm
        .clients()
        .filter_map(|(_, client)| client.drawing.as_ref())
        .map(|drawing| drawing.under_way())
        .sum();
    ensure!(unanswered == 0, "{unanswered} operations were not answered within {DRAIN:?}");
    Ok(LoadReport {
        people: everyone.len(),
        ops_per_s: acknowledged.count() as f64 / span.secs,
        ack_ms: acknowledged.summary(),
        fsync_ms: fsync.summary(),
        settled_per_s: (settled - settled_before) as f64 / span.secs,
        live_per_s: (live - live_before) as f64 / span.secs,
        server_busy: span.server_busy(),
        generator_busy: span.generator_busy,
        waited: span.waited,
    })
}

/// Settled operations and live datagrams that everyone received so far.
fn received(meeting: &Meeting) -> (u64, u64) {
    meeting
        .swarm
        .clients()
        .fold((0, 0), |(settled, live), (_, client)| (settled + client.settled, live + client.live_datagrams))
}

#[cfg(test)]
pub(super) fn sample(people: usize, delays: Option<DelaySummary>) -> LoadReport {
    LoadReport {
        people,
        ops_per_s: 200.0,
        ack_ms: delays,
        fsync_ms: delays,
        settled_per_s: 10_000.0,
        live_per_s: 1_500.0,
        server_busy: Some(0.3),
        generator_busy: 0.5,
        waited: 0.01,
    }
}
