//! Pauses are pauses, not losses.

use crate::support::{START_US, carry, hear, send, tone, words};
use atrium_protocol::Micros;
use atrium_voice::{EncoderSettings, JitterBuffer, Playout, level_dbov};

/// 2 s of words, 2 s of nothing, again and again.
fn talk() -> Vec<f32> {
    let mut samples = Vec::new();
    for _ in 0..4 {
        samples.extend(words(2.0));
        samples.extend(vec![0.0; 2 * 48_000]);
    }
    samples
}

#[test]
fn what_is_not_sent_is_not_missed() {
    let packets = send(&talk(), EncoderSettings::default(), 0, 0);
    assert!(packets.len() < 600, "{} of 800 frames are sent", packets.len());
    let heard = hear(&carry(packets, |_| vec![30_000]), 16.0);
    assert_eq!((heard.stats.lost, heard.stats.late), (0, 0));
    assert!(heard.stats.concealed_ms <= 40, "{}", heard.stats.concealed_ms);
    for second in 0..16 {
        let level = level_dbov(&heard.samples[second * 48_000 + 24_000..(second + 1) * 48_000]);
        let is_pause = second % 4 >= 2;
        assert!(if is_pause { level > 60 } else { level < 40 }, "second {second}: −{level} dBov");
    }
}

#[test]
fn each_word_after_a_pause_comes_with_the_delay_that_is_needed() {
    let packets = send(&talk(), EncoderSettings::default(), 0, 0);
    let mut noise = crate::support::Noise(3);
    let heard = hear(&carry(packets, |_| vec![30_000 + noise.below_us(40_000)]), 16.0);
    assert!(heard.stats.concealed_ms <= 200, "{}", heard.stats.concealed_ms);
    let latest = heard.delays_ms[4 * 50..].iter().max().unwrap();
    assert!((40..=110).contains(latest), "{latest} ms");
}

#[test]
fn silence_lasts_until_the_first_packet_is_due() {
    let packets = send(&tone(440.0, 1.0), EncoderSettings::default(), 0, 0);
    let mut buffer = JitterBuffer::default();
    assert_eq!(buffer.pull(Micros(START_US), 960), Playout::Silence);
    assert_eq!(buffer.delay(Micros(START_US), 0), None);
    buffer.push(Micros(START_US), packets[0].1.clone());
    let due_us = START_US + buffer.target_delay().as_micros() as u64;
    assert_eq!(buffer.pull(Micros(due_us - 1), 960), Playout::Silence);
    assert_eq!(buffer.pull(Micros(due_us), 960), Playout::Decode(packets[0].1.payload.clone()));
    assert_eq!(buffer.pull(Micros(due_us + 20_000), 960), Playout::Conceal { samples: 960 });
}

#[test]
fn the_end_of_a_voice_fades() {
    let heard = hear(&carry(send(&tone(440.0, 2.0), EncoderSettings::default(), 0, 0), |_| vec![30_000]), 5.0);
    assert!(heard.stats.concealed_ms <= 120, "{}", heard.stats.concealed_ms);
    assert!(heard.samples[3 * 48_000..].iter().all(|x| *x == 0.0));
    assert!(crate::support::largest_step(&heard.samples) < 0.05);
}
