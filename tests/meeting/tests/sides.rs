//! Voices come from where people stand, through everything that is between two people.

use crate::world::{Host, ROOM, invite_request};
use atrium_bot::{BotConfig, Movement, Spot, Voice, run_bots};
use atrium_protocol::Role;
use std::path::Path;
use std::time::Duration;

const LEFT_HZ: f32 = 1_800.0;
const RIGHT_HZ: f32 = 2_600.0;
const MEETING: Duration = Duration::from_secs(8);

/// How much louder a tone is in the left ear than in the right one, in dB, and its level in the louder one, in the second
/// before last of a recording.
fn left_less_right_db(path: &Path, hz: f32) -> (f64, f64) {
    let samples: Vec<f64> = hound::WavReader::open(path)
        .expect("a recording")
        .into_samples::<i16>()
        .map(|sample| f64::from(sample.expect("a whole file")) / 32_768.0)
        .collect();
    let late = &samples[samples.len() - 2 * 96_000..samples.len() - 96_000];
    let [left_db, right_db] = [0, 1].map(|ear| {
        let turn = std::f64::consts::TAU * f64::from(hz) / 48_000.0;
        let (cos, sin) = late.iter().skip(ear).step_by(2).enumerate().fold((0.0, 0.0), |(cos, sin), (n, sample)| {
            (cos + sample * (turn * n as f64).cos(), sin + sample * (turn * n as f64).sin())
        });
        10.0 * ((cos * cos + sin * sin) / 48_000.0_f64.powi(2) + 1e-12).log10()
    });
    (left_db - right_db, left_db.max(right_db))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_on_your_left_is_louder_in_your_left_ear() {
    let host = Host::start().await;
    let link = host.invite_as(invite_request(ROOM, Role::Member)).await;
    let heard = host.folder().join("heard.wav");
    let bot = |name: &str, voice, spot| BotConfig {
        name: name.to_owned(),
        voice,
        movement: Movement::At(spot),
        stay: Some(MEETING),
        cache: host.folder().join("cache"),
        ..BotConfig::new(link.clone())
    };
    // The listener looks to the west: what is in the south is on the left.
    let spot = |z, yaw_degrees| Spot { x: 0.0, z, yaw_degrees };
    let listener = BotConfig { listen: Some(heard.clone()), ..bot("Listener", Voice::Silent, spot(0.0, 90.0)) };
    let on_the_left = bot("Left", Voice::Tone { hz: LEFT_HZ }, spot(1.0, 0.0));
    let on_the_right = bot("Right", Voice::Tone { hz: RIGHT_HZ }, spot(-1.0, 180.0));
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let reports = tokio::join!(
        run_bots(&listener, stopped.clone()),
        run_bots(&on_the_left, stopped.clone()),
        run_bots(&on_the_right, stopped)
    );
    for report in [reports.0, reports.1, reports.2] {
        assert_eq!(report.expect("a bot").summary.joined, 1);
    }
    let (left_db, left_level_db) = left_less_right_db(&heard, LEFT_HZ);
    let (right_db, right_level_db) = left_less_right_db(&heard, RIGHT_HZ);
    println!("on the left {left_db:.1} dB ({left_level_db:.0}), on the right {right_db:.1} dB ({right_level_db:.0})");
    assert!(left_level_db > -50.0 && right_level_db > -50.0, "both are heard");
    assert!(left_db > 3.0 && right_db < -3.0, "{left_db:.1} dB and {right_db:.1} dB");
}
