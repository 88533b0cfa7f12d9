//! A slot changes its speaker.

use crate::support::{START_US, Timed, carry, hear_with, largest_step, send, share_of_power_at, tone};
use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::{Arrival, EncoderSettings, JitterBuffer, JitterSettings, VoicePacket, VoiceReceiver};

/// One speaker for 3 s, then another whose timestamps have nothing to do with those of the first.
fn two_speakers() -> Vec<Timed> {
    let mut packets = send(&tone(440.0, 3.0), EncoderSettings::default(), 65_500, 1_000);
    let next = packets.last().unwrap().1.sequence.wrapping_add(1);
    let second = send(&tone(700.0, 3.0), EncoderSettings::default(), next, 4_000_000_000);
    packets.extend(second.into_iter().enumerate().map(|(index, (sent_us, packet))| {
        (sent_us + 3_000_000, VoicePacket { speaker: Some(ParticipantId(2)), marker: index == 0, ..packet })
    }));
    packets
}

fn hear_both(arrivals: &[Timed]) -> (Vec<f32>, Vec<Option<ParticipantId>>, VoiceReceiver) {
    let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
    let mut speakers = Vec::new();
    let heard = hear_with(&mut receiver, arrivals, 6.0, |receiver| speakers.push(receiver.speaker()));
    (heard.samples, speakers, receiver)
}

#[track_caller]
fn assert_both_heard(samples: &[f32]) {
    let (first, second) = (&samples[48_000..2 * 48_000 + 43_200], &samples[4 * 48_000..5 * 48_000 + 43_200]);
    assert!(share_of_power_at(440.0, first) > 0.9 && share_of_power_at(700.0, first) < 0.01);
    assert!(share_of_power_at(700.0, second) > 0.9 && share_of_power_at(440.0, second) < 0.01);
    let change = &samples[3 * 48_000 - 4_800..3 * 48_000 + 9_600];
    assert!(largest_step(change) < 0.05, "{}", largest_step(change));
}

#[test]
fn the_slot_goes_to_the_next_speaker_without_a_click() {
    let (samples, speakers, receiver) = hear_both(&carry(two_speakers(), |_| vec![30_000]));
    assert_eq!(speakers.first(), Some(&None));
    assert_eq!(speakers[100], Some(ParticipantId(1)));
    assert_eq!(speakers[200], Some(ParticipantId(2)));
    assert_both_heard(&samples);
    assert_eq!(receiver.stats().lost, 0);
}

#[test]
fn the_change_is_noticed_without_its_marker_too() {
    let (samples, speakers, _) = hear_both(&carry(two_speakers(), |n| if n == 150 { vec![] } else { vec![30_000] }));
    assert_eq!(speakers[200], Some(ParticipantId(2)));
    assert_both_heard(&samples);
}

#[test]
fn the_marker_may_be_overtaken() {
    let (samples, _, receiver) = hear_both(&carry(two_speakers(), |n| vec![if n == 150 { 65_000 } else { 30_000 }]));
    assert_both_heard(&samples);
    assert!(receiver.stats().lost <= 1);
}

#[test]
fn stragglers_of_the_first_speaker_are_dropped() {
    let mut buffer = JitterBuffer::default();
    let packets = two_speakers();
    // The first brings a copy of the one before it.
    for (sent_us, packet) in &packets[140..148] {
        assert_eq!(buffer.push(Micros(*sent_us), packet.clone()), Arrival::Queued);
    }
    assert_eq!(buffer.push(Micros(START_US), packets[150].1.clone()), Arrival::Queued);
    assert_eq!(buffer.len(), 1);
    assert_eq!(buffer.push(Micros(START_US), packets[149].1.clone()), Arrival::Stray);
    assert_eq!(buffer.push(Micros(START_US), packets[151].1.clone()), Arrival::Queued);
    assert_eq!((buffer.len(), buffer.speaker()), (2, Some(ParticipantId(2))));
    assert_eq!((buffer.stats().streams, buffer.stats().skipped, buffer.stats().stray), (2, 9, 1));
}

#[test]
fn a_timestamp_that_jumps_begins_a_stream() {
    let mut buffer = JitterBuffer::default();
    let packets = send(&tone(440.0, 1.0), EncoderSettings::default(), 0, 0);
    buffer.push(Micros(START_US), packets[0].1.clone());
    let jumped = VoicePacket { timestamp: 2_000_000_000, ..packets[1].1.clone() };
    buffer.push(Micros(START_US + 20_000), jumped);
    assert_eq!((buffer.stats().streams, buffer.len()), (2, 1));
    assert_ne!(buffer.pull(Micros(START_US + 120_000), 960), atrium_voice::Playout::Silence);
}

#[test]
fn a_reset_slot_is_silent_and_usable() {
    let packets = send(&tone(440.0, 2.0), EncoderSettings::default(), 0, 0);
    let arrivals = carry(packets, |_| vec![30_000]);
    let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
    hear_with(&mut receiver, &arrivals[..50], 1.0, |_| {});
    receiver.reset();
    assert_eq!(receiver.speaker(), None);
    let mut block = [1.0; 960];
    receiver.pull(Micros(START_US + 1_100_000), &mut block);
    receiver.pull(Micros(START_US + 1_120_000), &mut block);
    assert_eq!(block, [0.0; 960]);
    let heard = hear_with(&mut receiver, &arrivals, 2.0, |_| {});
    assert!(share_of_power_at(440.0, &heard.samples[48_000..2 * 48_000]) > 0.9);
}
