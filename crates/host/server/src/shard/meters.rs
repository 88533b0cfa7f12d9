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
    pub(super) fn report(&mut self, now: Instant, shard: u8, peers: usize, rooms: usize) {
        if self.reported.is_some_and(|at| now.saturating_duration_since(at) < REPORT_EVERY) {
            return;
        }
        let label = shard.to_string();
        metrics::gauge!("atrium_peers", "shard" => label.clone()).set(peers as f64);
        metrics::gauge!("atrium_rooms", "shard" => label.clone()).set(rooms as f64);
        for (name, count) in [
            ("atrium_datagrams_in_total", &mut self.datagrams_in),
            ("atrium_datagrams_unknown_total", &mut self.datagrams_unknown),
            ("atrium_datagrams_out_total", &mut self.datagrams_out),
            ("atrium_datagrams_dropped_total", &mut self.datagrams_dropped),
            ("atrium_send_calls_total", &mut self.send_calls),
            ("atrium_voice_packets_in_total", &mut self.voice_in),
            ("atrium_voice_packets_out_total", &mut self.voice_out),
            ("atrium_pose_datagrams_dropped_total", &mut self.poses_dropped),
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
