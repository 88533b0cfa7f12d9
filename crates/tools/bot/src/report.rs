use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::BTreeMap;

/// Longer delays count as this long.
pub(crate) const LONGEST_DELAY_US: u64 = 600_000_000;

/// What bots saw and heard: the JSON object of `atrium-bot --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// All bots together.
    pub summary: Summary,
    /// Each bot.
    pub participants: Vec<ParticipantReport>,
}

/// All bots together.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Bots that came in.
    pub joined: usize,
    /// From the join request to the first voice or pose, or to the welcome of a bot that was alone then.
    pub join_ms: Option<Delays>,
    /// The fewest other people whose poses a bot received.
    pub people_seen_min: usize,
    /// Share of voice packets that arrived, of those that the server sent; `None` if there were none.
    pub voice_delivered: Option<f64>,
    /// From the capture of a pose to its arrival.
    pub pose_age_ms: Option<Delays>,
    /// Connections that were lost and came back.
    pub reconnects: u64,
    /// Board operations that were sent.
    pub drawn: u64,
    /// Board operations that bots saw settled, their own and others'.
    pub settled: u64,
    /// Board operations of bots that were refused.
    pub refused: u64,
}

/// A distribution of delays in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Delays {
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
}

impl Delays {
    /// Of a histogram of microseconds; `None` of an empty one.
    pub(crate) fn of_micros(histogram: &Histogram<u64>) -> Option<Self> {
        let at = |percentile| histogram.value_at_percentile(percentile) as f64 / 1_000.0;
        (!histogram.is_empty()).then(|| Self { p50: at(50.0), p95: at(95.0), p99: at(99.0) })
    }
}

/// One bot.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ParticipantReport {
    /// Its name.
    pub name: String,
    /// Its attendance, if it came in.
    pub id: Option<u32>,
    /// Why it is not in (any longer), if it is not of its own will.
    pub error: Option<String>,
    /// From its join request to the first voice or pose, or to the welcome if it was alone then.
    pub join_ms: Option<f64>,
    /// Other people whose poses it received.
    pub people_seen: usize,
    /// Voice by speaker.
    pub voice: BTreeMap<u32, VoiceReport>,
    /// Pose records that it received.
    pub poses: u64,
    /// Voice packets of its own that found no room on the way out.
    pub voice_unsent: u64,
    /// Chat messages that it received.
    pub chats: u64,
    /// Board operations that it sent.
    pub drawn: u64,
    /// Board operations that it saw settled.
    pub settled: u64,
    /// Board operations of its own that were refused.
    pub refused: u64,
    /// Times that its connection was lost and came back.
    pub reconnects: u64,
}

/// Packets of one speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VoiceReport {
    /// Packets that arrived.
    pub packets: u64,
    /// Packets that did not.
    pub lost: u64,
}

/// A histogram of delays, in microseconds.
pub(crate) fn delay_histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, LONGEST_DELAY_US, 3)?)
}

/// Puts the reports of bots together.
pub(crate) fn summarise(participants: Vec<ParticipantReport>, pose_age_us: &Histogram<u64>) -> anyhow::Result<Report> {
    let mut join_us = delay_histogram()?;
    for join_ms in participants.iter().filter_map(|participant| participant.join_ms) {
        join_us.saturating_record((join_ms * 1_000.0) as u64);
    }
    let voices = || participants.iter().flat_map(|participant| participant.voice.values());
    let received: u64 = voices().map(|voice| voice.packets).sum();
    let lost: u64 = voices().map(|voice| voice.lost).sum();
    let sent = received + lost;
    let inside = || participants.iter().filter(|participant| participant.id.is_some());
    let summary = Summary {
        joined: inside().count(),
        join_ms: Delays::of_micros(&join_us),
        people_seen_min: inside().map(|participant| participant.people_seen).min().unwrap_or(0),
        voice_delivered: (sent > 0).then(|| received as f64 / sent as f64),
        pose_age_ms: Delays::of_micros(pose_age_us),
        reconnects: participants.iter().map(|participant| participant.reconnects).sum(),
        drawn: participants.iter().map(|participant| participant.drawn).sum(),
        settled: participants.iter().map(|participant| participant.settled).sum(),
        refused: participants.iter().map(|participant| participant.refused).sum(),
    };
    Ok(Report { summary, participants })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn participant(id: Option<u32>, join_ms: f64, people_seen: usize, packets: u64, lost: u64) -> ParticipantReport {
        let voice = BTreeMap::from([(9, VoiceReport { packets, lost })]);
        ParticipantReport { id, join_ms: Some(join_ms), people_seen, voice, ..ParticipantReport::default() }
    }

    #[test]
    fn the_keys_are_those_of_the_contract() {
        let mut ages = delay_histogram().unwrap();
        ages.record(33_000).unwrap();
        let participants = vec![participant(Some(1), 100.0, 3, 90, 0), participant(Some(2), 300.0, 2, 0, 10)];
        let report = summarise(participants, &ages).unwrap();
        let json = serde_json::to_value(&report).unwrap();
        let summary = &json["summary"];
        assert_eq!((&summary["joined"], &summary["people_seen_min"]), (&2.into(), &2.into()));
        assert_eq!(summary["voice_delivered"], 0.9);
        assert_eq!(summary["reconnects"], 0);
        for delay in ["p50", "p95", "p99"] {
            assert!(summary["join_ms"][delay].as_f64().unwrap() >= 99.0);
            assert!((summary["pose_age_ms"][delay].as_f64().unwrap() - 33.0).abs() < 0.1);
        }
        assert_eq!(json["participants"][1]["voice"]["9"]["lost"], 10);
    }

    #[test]
    fn who_is_not_in_does_not_count() {
        let report = summarise(vec![participant(None, 1.0, 0, 0, 0)], &delay_histogram().unwrap()).unwrap();
        assert_eq!((report.summary.joined, report.summary.voice_delivered), (0, None));
        assert!(report.summary.pose_age_ms.is_none());
    }
}
