//! Quiet and loud speakers end at about the same level.

use crate::speech::speech;
use crate::support::{decibels, hiss, power_where, run, sum};
use atrium_uplink::{Uplink, UplinkSettings};

const SECS: f32 = 16.0;

/// The level of a voice of `level_db` in the last seconds.
fn level_after_db(level_db: f32) -> f32 {
    let voice = speech(7, 130.0, level_db, SECS);
    let microphone = sum(&voice.samples, &hiss(8, level_db - 40.0, voice.samples.len()));
    let (heard, _) = run(&mut Uplink::new(UplinkSettings::headphones()), &microphone, &[]);
    assert!(heard.iter().all(|x| x.abs() <= 1.0));
    decibels(power_where(&heard, |block| block > 1_000 && voice.is_voice[block]))
}

#[test]
fn voices_end_within_a_few_db() {
    let levels_db = [-40.0, -30.0, -20.0, -14.0].map(level_after_db);
    let (least, most) = levels_db.iter().fold((0.0_f32, -99.0_f32), |(a, b), x| (a.min(*x), b.max(*x)));
    assert!(most - least <= 6.0 && least > -26.0 && most < -10.0, "{levels_db:?}");
}

#[test]
fn noise_is_not_made_loud() {
    let noise = hiss(3, -60.0, 12 * 48_000);
    let (heard, _) = run(&mut Uplink::new(UplinkSettings::headphones()), &noise, &[]);
    let level_db = decibels(power_where(&heard, |block| block > 600));
    assert!(level_db < -50.0, "{level_db} dB");
}
