//! What is heard knows when it was spoken, and music keeps its sides.

use crate::support::{START_US, carry, hear_with, send, tone, words};
use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::{EncoderSettings, JitterSettings, OpusEncoder, VoicePacket, VoiceReceiver};

#[test]
fn what_is_heard_says_when_it_was_spoken() {
    let packets = send(&tone(440.0, 6.0), EncoderSettings::default(), 0, 0);
    let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
    let mut now_us = START_US + 7_000;
    let mut ages_ms = Vec::new();
    hear_with(&mut receiver, &carry(packets, |n| vec![30_000 + (n as u64 * 7_919) % 20_000]), 6.0, |receiver| {
        if let Some(captured) = receiver.captured() {
            ages_ms.push((now_us - captured.0) / 1_000);
        }
        now_us += 20_000;
    });
    assert!(ages_ms.len() > 280, "{}", ages_ms.len());
    let steady = &ages_ms[150..];
    let (least, most) = (steady.iter().min().unwrap(), steady.iter().max().unwrap());
    assert!(*least >= 30 + 15 && *most <= 30 + 50 && most - least <= 12, "{least}…{most} ms");
}

#[test]
fn packets_that_do_not_say_are_heard_all_the_same() {
    let mut packets = send(&words(2.0), EncoderSettings::default(), 0, 0);
    packets.iter_mut().for_each(|(_, packet)| packet.captured = None);
    let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
    let heard = hear_with(&mut receiver, &carry(packets, |_| vec![30_000]), 2.0, |receiver| {
        assert_eq!(receiver.captured(), None);
    });
    assert!(heard.samples.iter().any(|x| x.abs() > 0.1));
}

#[test]
fn music_is_pulled_with_its_sides_and_voices_in_the_middle() {
    let mut encoder = OpusEncoder::new(EncoderSettings::music()).unwrap();
    let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
    // Only on the left, for a second; then a voice in mono.
    let left: Vec<f32> = tone(440.0, 1.0).into_iter().flat_map(|x| [x, 0.0]).collect();
    let payloads = left.chunks_exact(1_920).map(|frame| encoder.encode(frame).unwrap().unwrap().to_vec());
    let mut payloads: Vec<Vec<u8>> = payloads.collect();
    let voice = send(&tone(440.0, 1.0), EncoderSettings::default(), 0, 0);
    payloads.extend(voice.iter().map(|(_, packet)| packet.payload.to_vec()));
    let mut frames = [[0.0; 2]; 960];
    let (mut levels, mut kinds) = (Vec::new(), Vec::new());
    for (n, payload) in payloads.into_iter().enumerate() {
        let now = Micros(START_US + n as u64 * 20_000);
        let packet = VoicePacket {
            sequence: n as u16,
            timestamp: n as u32 * 960,
            marker: false,
            speaker: Some(ParticipantId(1)),
            captured: None,
            payload: payload.into(),
        };
        receiver.push(now, packet);
        receiver.pull_stereo(now, &mut frames);
        let level = |side: usize| frames.iter().map(|frame| frame[side].abs()).fold(0.0, f32::max);
        levels.push([level(0), level(1)]);
        kinds.push(receiver.is_stereo());
    }
    assert!(kinds[30] && levels[30][0] > 0.25 && levels[30][1] < 0.03, "{:?}", levels[30]);
    assert!(!kinds[80] && levels[80][0] > 0.25 && levels[80][0] == levels[80][1], "{:?}", levels[80]);
}
