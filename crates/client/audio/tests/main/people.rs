//! Other people: how loud, and what is told of them.

use crate::support::{ANNA, HEAD, Meeting, ears, silence, tone, words};
use atrium_audio::{Mouth, SoundCommand, SoundEvent, SoundScene};
use atrium_protocol::ParticipantId;
use atrium_voice::{EncoderSettings, OpusEncoder, VoicePacket};
use glam::Vec3;
use std::time::Duration;

#[test]
fn each_person_has_a_volume_of_their_own() {
    let mut meeting = Meeting::new();
    meeting.pass(1.5, tone);
    let usual_db = meeting.level_db(0.5);
    for (gain, change_db) in [(0.5, -6.0), (2.0, 6.0), (0.25, -12.0)] {
        meeting.tell_ben(SoundCommand::Volume { person: ANNA, gain });
        meeting.pass(1.0, tone);
        let changed_db = meeting.level_db(0.5) - usual_db;
        assert!((changed_db - change_db).abs() < 1.0, "{gain}: {changed_db} dB");
    }
    meeting.tell_ben(SoundCommand::Volume { person: ANNA, gain: f32::NAN });
    meeting.tell_ben(SoundCommand::Volume { person: ANNA, gain: 1.0 });
    meeting.tell_ben(SoundCommand::MutePerson { person: ANNA, is_muted: true });
    meeting.pass(1.0, tone);
    assert!(meeting.level_db(0.3) < -80.0, "{}", meeting.level_db(0.3));
    meeting.tell_ben(SoundCommand::MutePerson { person: ANNA, is_muted: false });
    meeting.pass(1.0, tone);
    assert!((meeting.level_db(0.5) - usual_db).abs() < 1.0);
}

#[test]
fn ones_own_packets_are_not_heard() {
    let mut meeting = Meeting::new();
    meeting.tell_ben(SoundCommand::IAm(ANNA));
    meeting.pass(1.0, tone);
    assert!(meeting.heard.iter().flatten().all(|x| x.abs() < 1e-6));
}

#[test]
fn it_is_told_who_speaks_and_when_it_is_heard() {
    let mut meeting = Meeting::new();
    meeting.pass(4.0, words);
    let talks = |event: &SoundEvent| matches!(event, SoundEvent::Talkers(talkers) if talkers[..].iter().any(|talker| talker.person == ANNA && talker.level_dbov < 40));
    assert!(meeting.bens_events.iter().any(talks));
    let playouts: Vec<_> = meeting
        .bens_events
        .iter()
        .filter_map(|event| match *event {
            SoundEvent::Playout { person, delay, spoken, heard } => Some((person, delay, spoken.unwrap(), heard)),
            _ => None,
        })
        .collect();
    assert!((10..=16).contains(&playouts.len()), "{}", playouts.len());
    for (person, delay, spoken, heard) in &playouts[4..] {
        assert_eq!(*person, ANNA);
        // Frame, network, jitter buffer, render, device.
        let since_spoken_ms = heard.since(*spoken).as_millis();
        assert!((62..=100).contains(&since_spoken_ms), "{since_spoken_ms} ms");
        assert!((10..=60).contains(&delay.as_millis()), "{delay:?}");
    }
    meeting.bens_events.clear();
    meeting.pass(2.0, silence);
    assert_eq!(
        meeting.bens_events.iter().filter(|event| matches!(event, SoundEvent::Talkers(t) if t.is_empty())).count(),
        1
    );
}

#[test]
fn losses_are_told() {
    let mut meeting = Meeting::new();
    // One at a time comes back as a copy; the first of two in a row does not.
    meeting.is_lost = |n| n % 10 == 3 || n == 204;
    meeting.pass(8.2, words);
    let losses: Vec<(f32, Duration)> = meeting
        .bens_events
        .iter()
        .filter_map(
            |event| if let SoundEvent::Loss { share, made_up, .. } = event { Some((*share, *made_up)) } else { None },
        )
        .collect();
    assert!((3..=4).contains(&losses.len()), "{losses:?}");
    assert!(losses[1..].iter().all(|(share, _)| (share - 0.1).abs() < 0.03), "{losses:?}");
    let made_up: Duration = losses.iter().map(|(_, made_up)| *made_up).sum();
    assert_eq!(made_up, Duration::from_millis(20), "{losses:?}");
}

#[test]
fn the_room_is_quieter_while_a_presenter_speaks() {
    let mut meeting = Meeting::new();
    let presenter = ParticipantId(20);
    let anna = Mouth::new(ANNA, HEAD + Vec3::NEG_X);
    let on_stage = Mouth { is_presenter: true, ..Mouth::new(presenter, HEAD + Vec3::X) };
    let mouths = vec![anna, on_stage];
    meeting.ben.place(SoundScene { ears: ears(), mouths });
    meeting.pass(1.5, tone);
    let [before_db, _] = meeting.levels_db(0.5);

    let mut encoder = OpusEncoder::new(EncoderSettings::default()).unwrap();
    let mut presenters_sound = [0.0; 960];
    for n in 0..75_u16 {
        for (index, sample) in presenters_sound.iter_mut().enumerate() {
            // So high that Anna's tone can be told from it.
            *sample = 0.1 * (std::f32::consts::TAU * 3_000.0 * (usize::from(n) * 960 + index) as f32 / 48_000.0).sin();
        }
        let payload = bytes::Bytes::copy_from_slice(encoder.encode(&presenters_sound).unwrap().unwrap());
        let packet = VoicePacket {
            sequence: n,
            timestamp: u32::from(n) * 960,
            marker: false,
            speaker: Some(presenter),
            captured: None,
            payload,
        };
        meeting.ben.hear(3, meeting.now, packet);
        meeting.pass(0.02, tone);
    }
    let last = &meeting.heard[meeting.heard.len() - 24_000..];
    let share: f32 = tone_level(last);
    let ducked_db = 20.0 * (share * std::f32::consts::FRAC_1_SQRT_2).log10();
    assert!((before_db - ducked_db - 10.0).abs() < 2.5, "{before_db} then {ducked_db}");
    meeting.pass(4.0, tone);
    assert!((meeting.levels_db(0.5)[0] - before_db).abs() < 1.0, "{before_db} then {:?}", meeting.levels_db(0.5));
}

/// Amplitude of Anna's tone in the left ear.
fn tone_level(frames: &[[f32; 2]]) -> f32 {
    let angle = |n: usize| std::f32::consts::TAU * 440.0 * n as f32 / 48_000.0;
    let project =
        |wave: fn(f32) -> f32| frames.iter().enumerate().map(|(n, frame)| frame[0] * wave(angle(n))).sum::<f32>();
    2.0 * project(f32::sin).hypot(project(f32::cos)) / frames.len() as f32
}
