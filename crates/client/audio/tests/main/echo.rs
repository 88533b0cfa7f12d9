//! A microphone that hears the own speaker.

use crate::support::{Meeting, words};
use atrium_audio::{BLOCK, MonoBlock, SoundCommand, SoundEvent, UplinkSettings};
use std::collections::VecDeque;
use std::f32::consts::TAU;

/// From the speaker to the microphone: 40 ms, 14 dB down.
const ECHO_SAMPLES: usize = 1_920;
const ECHO: f32 = 0.2;

/// Words with consonants: a canceller finds its way by what does not repeat.
fn speech(secs: f32) -> f32 {
    let n = (secs * 48_000.0) as u32;
    let mixed = (n / 4).wrapping_mul(2_654_435_761);
    let noise = ((mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519) >> 8) as f32 / (1 << 23) as f32 - 1.0;
    words(secs) + 0.1 * noise * (TAU * 1.3 * secs).sin().max(0.0)
}

/// Ben listens before a loudspeaker and says nothing. Gives the loudest level (−dBov) of what he sends in the last three
/// of `secs`, and all that he is told.
fn ben_sends(clean: UplinkSettings, secs: usize) -> (u8, Vec<SoundEvent>) {
    let mut meeting = Meeting::new();
    meeting.tell_ben(SoundCommand::Clean(clean));
    let mut air = VecDeque::from(vec![0.0; ECHO_SAMPLES]);
    let mut loudest_dbov = 127;
    for block in 0..secs * 100 {
        meeting.pass(0.01, speech);
        let played = &meeting.heard[meeting.heard.len() - 480..];
        air.extend(played.iter().map(|[left, right]| ECHO * (left + right)));
        let mut microphone: MonoBlock = std::array::from_fn(|_| air.pop_front().unwrap());
        meeting.ben.capture(meeting.now, meeting.now - BLOCK, &mut microphone);
        while let Some(packet) = meeting.ben.next_packet() {
            if block > (secs - 3) * 100 {
                loudest_dbov = loudest_dbov.min(packet.level_dbov);
            }
        }
    }
    (loudest_dbov, meeting.bens_events)
}

#[test]
fn what_the_speaker_plays_is_taken_out_of_the_microphone() {
    let settings = UplinkSettings { gain_control: false, ..UplinkSettings::default() };
    let (with_dbov, events) = ben_sends(settings, 9);
    let (without_dbov, _) = ben_sends(UplinkSettings { echo_cancellation: false, ..settings }, 9);
    assert!(with_dbov >= without_dbov + 20, "−{with_dbov} dBov with, −{without_dbov} dBov without");
    assert!(!events.contains(&SoundEvent::EchoRisk(true)));
}

#[test]
fn who_sends_an_echo_is_told_once() {
    let (_, events) = ben_sends(UplinkSettings::headphones(), 20);
    let told = events.iter().filter(|event| matches!(event, SoundEvent::EchoRisk(_))).count();
    assert_eq!(told, 1);
    assert!(events.contains(&SoundEvent::EchoRisk(true)));
}
