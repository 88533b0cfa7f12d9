use atrium_room::RoomStats;
use std::time::{Duration, Instant};

const REPORT_EVERY: Duration = Duration::from_secs(1);

/// What a shard counts; handed to the metrics once a second, because a packet's path must stay short.
#[derive(Default)]
pub(super) struct Meters {
    pub(super) datagrams_in: u64,
    pub(super) datagrams_unknown: u64,
    pub(super) datagrams_out: u64,
    pub(super) datagrams_dropped: u64,
    pub(super) send_calls: u64,
    pub(super) voice_in: u64,
    pub(super) voice_out: u64,
    pub(super) poses_dropped: u64,
    pub(super) operations_settled: u64,
    pub(super) operations_refused: u64,
    pub(super) live_in: u64,
    pub(super) live_out: u64,
    pub(super) joins: u64,
    pub(super) resumes: u64,
    pub(super) stalled: u64,
    /// Turns of the loop.
    pub(super) turns: u64,
    /// Visits of connections, to write what gathered for them.
    pub(super) visits: u64,
    reported: Option<Instant>,
}

impl Meters {
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.reported.is_none_or(|at| now.saturating_duration_since(at) >= REPORT_EVERY)
    }

    /// Adds what happened in a room since it was last looked at.
    pub(super) fn count_room(&mut self, before: &RoomStats, after: &RoomStats) {
        self.operations_settled += after.operations_settled.saturating_sub(before.operations_settled);
        self.operations_refused += after.operations_refused.saturating_sub(before.operations_refused);
        self.live_in += after.live_accepted.saturating_sub(before.live_accepted);
        self.live_out += after.live_datagrams.saturating_sub(before.live_datagrams);
    }

    pub(super) fn report(&mut self, now: Instant, shard: u8, [peers, rooms, elements]: [usize; 3]) {
        let label = shard.to_string();
        metrics::gauge!("atrium_peers", "shard" => label.clone()).set(peers as f64);
        metrics::gauge!("atrium_rooms", "shard" => label.clone()).set(rooms as f64);
        metrics::gauge!("atrium_board_elements", "shard" => label.clone()).set(elements as f64);
        for (name, count) in [
            ("atrium_datagrams_in_total", &mut self.datagrams_in),
            ("atrium_datagrams_unknown_total", &mut self.datagrams_unknown),
            ("atrium_datagrams_out_total", &mut self.datagrams_out),
            ("atrium_datagrams_dropped_total", &mut self.datagrams_dropped),
            ("atrium_send_calls_total", &mut self.send_calls),
            ("atrium_voice_packets_in_total", &mut self.voice_in),
            ("atrium_voice_packets_out_total", &mut self.voice_out),
            ("atrium_pose_datagrams_dropped_total", &mut self.poses_dropped),
            ("atrium_board_operations_settled_total", &mut self.operations_settled),
            ("atrium_board_operations_refused_total", &mut self.operations_refused),
            ("atrium_live_datagrams_in_total", &mut self.live_in),
            ("atrium_live_datagrams_out_total", &mut self.live_out),
            ("atrium_admissions_total", &mut self.joins),
            ("atrium_resumes_total", &mut self.resumes),
            ("atrium_stalled_peers_total", &mut self.stalled),
            ("atrium_turns_total", &mut self.turns),
            ("atrium_visits_total", &mut self.visits),
        ] {
            metrics::counter!(name, "shard" => label.clone()).increment(std::mem::take(count));
        }
        self.reported = Some(now);
    }
}
