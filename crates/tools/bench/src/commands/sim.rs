use super::sim_room::SimRoom;
use crate::arguments::Arguments;
use crate::delays::{DelaySummary, Delays};
use crate::report::{Report, Row, delay_text, row};
use serde::Serialize;
use std::time::Duration;

/// Sizes that are measured on the way to the one asked for.
const SIZES: [usize; 2] = [100, 300];
const SAMPLE_EVERY: Duration = Duration::from_millis(250);
/// Outer radii of the rings in metres; the last ring has none.
const RINGS_M: [f32; 3] = [4.0, 10.0, 25.0];
const RING_NAMES: [&str; 4] = ["under_4_m", "4_to_10_m", "10_to_25_m", "over_25_m"];

/// `bench state --sim`: the keys of the contract are those of the largest room.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SimReport {
    #[serde(flatten)]
    largest: SimSize,
    sim: bool,
    sizes: Vec<SimSize>,
}

/// One size of room.
#[derive(Clone, Debug, Serialize)]
struct SimSize {
    participants: usize,
    /// Poses of each person received by each other person; over all pairs.
    achieved_hz: Rates,
    bytes_per_s_per_avatar: f64,
    bytes_per_s_per_person: f64,
    /// Time since the capture of what one person last received of another one; over all pairs, at any moment.
    pose_age_ms: Option<DelaySummary>,
    /// The same, by the distance between the two.
    staleness_ms: Vec<Ring>,
    /// Time in the room's logic.
    server_us_per_person_s: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Rates {
    min: f64,
    mean: f64,
}

#[derive(Clone, Debug, Serialize)]
struct Ring {
    distance: &'static str,
    #[serde(flatten)]
    staleness: Option<DelaySummary>,
}

/// The room's logic alone, on virtual time, at growing sizes.
pub(super) fn measure(arguments: &Arguments) -> anyhow::Result<SimReport> {
    let people = arguments.people();
    let below = SIZES.into_iter().filter(|size| *size < people);
    let sizes: Vec<SimSize> = below
        .chain([people])
        .map(|size| measure_size(size, arguments.duration(), arguments.seed))
        .collect::<anyhow::Result<_>>()?;
    let largest = sizes.last().cloned().ok_or_else(|| anyhow::anyhow!("there is no size to measure"))?;
    Ok(SimReport { largest, sim: true, sizes })
}

fn measure_size(people: usize, duration: Duration, seed: u64) -> anyhow::Result<SimSize> {
    let mut sim = SimRoom::with_people(people, seed)?;
    sim.restart();
    let mut rings: [Delays; RING_NAMES.len()] = Default::default();
    let samples = (duration.as_millis() / SAMPLE_EVERY.as_millis()).max(1) as u32;
    for _ in 0..samples {
        sim.run_for(SAMPLE_EVERY)?;
        take_sample(&sim, &mut rings);
    }
    let secs = (SAMPLE_EVERY * samples).as_secs_f64();
    let mut all = Delays::default();
    rings.iter().for_each(|ring| all.add(ring));
    let bytes_per_s_per_person =
        sim.people.iter().map(|person| person.bytes).sum::<u64>() as f64 / people as f64 / secs;
    let ring = |(distance, delays): (&'static str, &Delays)| Ring { distance, staleness: delays.summary() };
    Ok(SimSize {
        participants: people,
        achieved_hz: rates(&sim, people, secs),
        bytes_per_s_per_avatar: bytes_per_s_per_person / (people as f64 - 1.0).max(1.0),
        bytes_per_s_per_person,
        pose_age_ms: all.summary(),
        staleness_ms: RING_NAMES.into_iter().zip(&rings).map(ring).collect(),
        server_us_per_person_s: sim.room_time.as_secs_f64() * 1e6 / people as f64 / secs,
    })
}

fn take_sample(sim: &SimRoom, rings: &mut [Delays; RING_NAMES.len()]) {
    let people = sim.people.len();
    for (receiver, row) in sim.sight.chunks_exact(people.max(1)).enumerate() {
        for (sender, sight) in row.iter().enumerate().filter(|(sender, _)| *sender != receiver) {
            let distance_m = sim.people[receiver].position.distance(sim.people[sender].position);
            rings[ring_of(distance_m)].record(sim.now.since(sight.captured));
        }
    }
}

fn ring_of(distance_m: f32) -> usize {
    RINGS_M.iter().position(|outer_m| distance_m < *outer_m).unwrap_or(RINGS_M.len())
}

fn rates(sim: &SimRoom, people: usize, secs: f64) -> Rates {
    let pairs = sim.sight.iter().enumerate().filter(|(pair, _)| pair / people != pair % people);
    let heads: Vec<u32> = pairs.map(|(_, sight)| sight.heads).collect();
    let total: u64 = heads.iter().map(|heads| u64::from(*heads)).sum();
    let min = heads.iter().min().copied().unwrap_or(0);
    Rates { min: f64::from(min) / secs, mean: total as f64 / heads.len().max(1) as f64 / secs }
}

impl Report for SimReport {
    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for size in &self.sizes {
            let rates = format!("{:.1} / {:.1}", size.achieved_hz.min, size.achieved_hz.mean);
            rows.push(row(format!("state, simulated: {} people", size.participants), "", ""));
            rows.push(row(
                "  bytes a second for each person",
                format!("{:.0}", size.bytes_per_s_per_person),
                "≤ 32000",
            ));
            rows.push(row("  of that for each person seen", format!("{:.0}", size.bytes_per_s_per_avatar), "≤ 1000"));
            rows.push(row("  poses of each person received, min / mean Hz", rates, "≥ 1"));
            rows.push(row("  room logic a person and second, µs", format!("{:.0}", size.server_us_per_person_s), ""));
            rows.extend(size.staleness_ms.iter().filter(|ring| ring.staleness.is_some()).map(|ring| {
                let what = format!("  staleness {}, p50 / p95 / p99 ms", ring.distance.replace('_', " "));
                row(what, delay_text(ring.staleness.as_ref()), "")
            }));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json_for_tests;

    #[test]
    fn distances_fall_into_rings() {
        assert_eq!([0.0, 3.9, 4.0, 24.0, 25.0, 1e9].map(ring_of), [0, 0, 1, 2, 3, 3]);
    }

    #[test]
    fn a_small_room_has_the_keys_of_the_contract() {
        let size = measure_size(4, Duration::from_secs(1), 1).unwrap();
        let json = json_for_tests(&SimReport { largest: size.clone(), sim: true, sizes: vec![size] });
        for key in ["participants", "achieved_hz", "bytes_per_s_per_avatar", "pose_age_ms", "server_us_per_person_s"] {
            assert!(!json[key].is_null(), "{key}");
        }
        assert!(json["achieved_hz"]["min"].as_f64().unwrap() > 25.0, "{json}");
        assert!(json["pose_age_ms"]["p99"].as_f64().unwrap() < 200.0, "{json}");
        assert_eq!(json["staleness_ms"][3]["p50"], serde_json::Value::Null);
    }
}
