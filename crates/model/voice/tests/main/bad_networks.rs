//! What is heard over networks that delay, lose, double and reorder.

use crate::support::{
    FRAME_US, Heard, Noise, Timed, carry, hear, largest_step, send, share_of_power_at, tone, tone_snr_db, words,
};
use atrium_voice::EncoderSettings;
use std::time::Duration;

const SECS: f32 = 20.0;
const NETWORK_US: u64 = 40_000;

fn tone_packets() -> Vec<Timed> {
    send(&tone(440.0, SECS + 0.5), EncoderSettings::default(), 0, 0)
}

/// The tone is there, steady, from two seconds after the beginning.
#[track_caller]
fn assert_tone(heard: &Heard, least_share: f32) {
    let steady = &heard.samples[2 * 48_000..(SECS as usize - 1) * 48_000];
    let (median_db, whole) = (tone_snr_db(440.0, steady), share_of_power_at(440.0, steady));
    assert!(median_db > 12.0, "{median_db} dB");
    let present = steady.chunks_exact(960).filter(|block| share_of_power_at(440.0, block) > 0.5).count();
    let share = present as f32 / (steady.len() / 960) as f32;
    assert!(share >= least_share, "tone in {share} of blocks, {whole} of the power");
}

fn largest_delay_ms(heard: &Heard, from_secs: usize) -> u64 {
    *heard.delays_ms[from_secs * 50..(SECS as usize - 1) * 50].iter().max().unwrap()
}

#[test]
fn an_even_network_costs_little_delay_and_nothing_else() {
    let heard = hear(&carry(tone_packets(), |_| vec![NETWORK_US]), SECS);
    assert_eq!((heard.stats.lost, heard.stats.late, heard.stats.concealed_ms), (0, 0, 0));
    assert_eq!(heard.stats.target_delay, Duration::from_micros(2_000));
    assert!(largest_delay_ms(&heard, 6) <= 26, "{} ms", largest_delay_ms(&heard, 6));
    assert_tone(&heard, 1.0);
    let steady = &heard.samples[8 * 48_000..19 * 48_000];
    assert!(share_of_power_at(440.0, steady) > 0.95, "{}", share_of_power_at(440.0, steady));
}

#[test]
fn jitter_is_covered_by_delay() {
    for jitter_ms in [10, 30, 60, 100] {
        let mut noise = Noise(7 + jitter_ms);
        let heard = hear(&carry(tone_packets(), |_| vec![NETWORK_US + noise.below_us(jitter_ms * 1_000)]), SECS);
        let (stats, delay_ms) = (heard.stats, largest_delay_ms(&heard, 8));
        assert!(delay_ms <= jitter_ms + 75, "{jitter_ms} ms jitter: {delay_ms} ms delay");
        assert!(stats.concealed_ms <= 300, "{jitter_ms} ms jitter: {} ms concealed", stats.concealed_ms);
        assert!(stats.lost <= 10, "{jitter_ms} ms jitter: {} lost", stats.lost);
        assert_tone(&heard, 0.98);
    }
}

#[test]
fn lost_packets_are_replaced() {
    for loss_percent in [1, 2, 5, 10] {
        let mut noise = Noise(99 + loss_percent);
        let mut sent_and_lost = 0;
        let arrivals = carry(tone_packets(), |n| {
            let is_lost = n < 990 && noise.share() < loss_percent as f64 / 100.0;
            sent_and_lost += u64::from(is_lost);
            if is_lost { vec![] } else { vec![NETWORK_US + noise.below_us(20_000)] }
        });
        let heard = hear(&arrivals, SECS);
        let stats = heard.stats;
        assert!(
            stats.lost >= sent_and_lost - 1 && stats.lost <= sent_and_lost + 5,
            "{} of {sent_and_lost}",
            stats.lost
        );
        let concealed_most = (sent_and_lost + 6) * 20;
        assert!(stats.concealed_ms <= concealed_most, "{loss_percent} %: {} ms", stats.concealed_ms);
        assert!(largest_delay_ms(&heard, 8) <= 110, "{} ms", largest_delay_ms(&heard, 8));
        assert_tone(&heard, 0.97 - loss_percent as f32 / 100.0);
    }
}

#[test]
fn lost_speech_comes_back_from_the_packets_after_it() {
    let mut noise = Noise(21);
    let mut lost = 0;
    let arrivals = carry(send(&words(SECS), EncoderSettings::default(), 0, 0), |_| {
        let is_lost = noise.share() < 0.1;
        lost += u64::from(is_lost);
        if is_lost { vec![] } else { vec![NETWORK_US + noise.below_us(20_000)] }
    });
    let stats = hear(&arrivals, SECS).stats;
    // Two thirds of the packets have a copy, and one in ten copies is lost as well.
    assert!(stats.fec_recovered * 100 >= lost * 55, "{} of {lost} recovered", stats.fec_recovered);
    assert!(stats.concealed_ms <= (lost - stats.fec_recovered + 10) * 20, "{} ms", stats.concealed_ms);
}

#[test]
fn bursts_of_loss_pass() {
    // Every 4 s, 160 ms are lost.
    let arrivals = carry(tone_packets(), |n| if n % 200 >= 192 { vec![] } else { vec![NETWORK_US] });
    let heard = hear(&arrivals, SECS);
    assert!(heard.stats.lost.abs_diff(5 * 8) <= 8, "{}", heard.stats.lost);
    assert!(heard.stats.concealed_ms <= 5 * 180, "{}", heard.stats.concealed_ms);
    assert!(largest_delay_ms(&heard, 6) <= 80, "{} ms", largest_delay_ms(&heard, 6));
    assert_tone(&heard, 0.95);
    assert!(largest_step(&heard.samples) < 0.1, "{}", largest_step(&heard.samples));
}

#[test]
fn an_outage_is_caught_up_with() {
    // Nothing for 600 ms, then all of it at once.
    let outage = |n: usize| if (400..430).contains(&n) { (430 - n as u64) * FRAME_US } else { 0 };
    let heard = hear(&carry(tone_packets(), |n| vec![NETWORK_US + outage(n)]), SECS);
    assert!(heard.stats.concealed_ms <= 250, "{}", heard.stats.concealed_ms);
    assert!(largest_delay_ms(&heard, 8) <= 320, "{}", largest_delay_ms(&heard, 8));
    assert!(largest_delay_ms(&heard, 17) <= 60, "{}", largest_delay_ms(&heard, 17));
    assert_tone(&heard, 0.95);
}

#[test]
fn delay_shrinks_without_a_click_when_jitter_is_over() {
    let mut noise = Noise(5);
    let jitter_us = |n: usize, noise: &mut Noise| if n < 300 { noise.below_us(90_000) } else { 0 };
    let heard = hear(&carry(tone_packets(), |n| vec![NETWORK_US + jitter_us(n, &mut noise)]), SECS);
    assert!(*heard.delays_ms[250..300].iter().max().unwrap() >= 80);
    assert!(largest_delay_ms(&heard, 16) <= 65, "{} ms", largest_delay_ms(&heard, 16));
    assert!(heard.stats.shortened_ms >= 30, "{} ms", heard.stats.shortened_ms);
    // The steepest place of the tone is 0.017 a sample.
    let after = &heard.samples[7 * 48_000..19 * 48_000];
    assert!(largest_step(after) < 0.03, "{}", largest_step(after));
    assert_tone(&heard, 0.98);
}

#[test]
fn reordered_packets_are_put_in_order() {
    // Of each four, the second arrives behind the third.
    let arrivals = carry(tone_packets(), |n| vec![NETWORK_US + if n % 4 == 1 { 25_000 } else { 0 }]);
    assert!(arrivals.windows(2).filter(|pair| pair[0].1.sequence > pair[1].1.sequence).count() > 200);
    let heard = hear(&arrivals, SECS);
    assert_eq!(heard.stats.lost, 0);
    assert!(heard.stats.concealed_ms <= 60, "{}", heard.stats.concealed_ms);
    assert_tone(&heard, 0.99);
}

#[test]
fn doubled_packets_change_nothing() {
    let once = hear(&carry(tone_packets(), |_| vec![NETWORK_US]), 5.0);
    let twice = hear(&carry(tone_packets(), |_| vec![NETWORK_US, NETWORK_US + 1_000, NETWORK_US + 90_000]), 5.0);
    assert_eq!(once.stats.lost, twice.stats.lost);
    assert_eq!(once.samples[3 * 48_000..], twice.samples[3 * 48_000..]);
}

#[test]
fn numbers_that_wrap_are_not_noticed() {
    let wrapping = send(&tone(440.0, SECS + 0.5), EncoderSettings::default(), 65_300, u32::MAX - 300_000);
    let heard = hear(&carry(wrapping, |_| vec![NETWORK_US]), SECS);
    let usual = hear(&carry(tone_packets(), |_| vec![NETWORK_US]), SECS);
    assert_eq!(heard.samples, usual.samples);
    assert_eq!(heard.stats, usual.stats);
}

#[test]
fn clocks_that_differ_are_followed() {
    // The speaker's clock is 300 ppm fast or slow: 6 ms in 20 s.
    for drift_ppm in [-300_i64, 300] {
        let drift_us = |n: usize| n as i64 * FRAME_US as i64 * drift_ppm / 1_000_000;
        let arrivals = carry(tone_packets(), |n| vec![(NETWORK_US as i64 + drift_us(n)) as u64]);
        let heard = hear(&arrivals, SECS);
        assert!(heard.stats.concealed_ms <= 60, "{drift_ppm} ppm: {}", heard.stats.concealed_ms);
        assert!(largest_delay_ms(&heard, 6) <= 65, "{drift_ppm} ppm: {}", largest_delay_ms(&heard, 6));
        assert_tone(&heard, 0.99);
    }
}

#[test]
fn packets_of_ten_milliseconds_are_heard_as_well() {
    let settings = EncoderSettings { frame: atrium_voice::FrameDuration::Ms10, ..EncoderSettings::default() };
    let packets = send(&tone(440.0, SECS + 0.5), settings, 0, 0);
    let heard = hear(&carry(packets, |_| vec![NETWORK_US]), SECS);
    assert_eq!(heard.stats.lost, 0);
    assert!(heard.stats.received >= 1_990, "{}", heard.stats.received);
    assert_tone(&heard, 1.0);
}
