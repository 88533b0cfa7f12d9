//! When one is heard, and when not.

use crate::support::{Meeting, silence, tone, words};
use atrium_audio::{SoundCommand, SoundEvent, TalkMode, UplinkSettings, VoiceMode};

/// Packets with sound since the `from`th.
fn with_sound(meeting: &Meeting, from: usize) -> usize {
    meeting.sent[from..].iter().filter(|(_, packet)| packet.payload.len() > 2).count()
}

#[test]
fn a_muted_microphone_sends_nothing() {
    let mut meeting = Meeting::new();
    meeting.pass(2.01, tone);
    assert_eq!(meeting.sent.len(), 100);
    meeting.tell_anna(SoundCommand::Mute(true));
    meeting.pass(1.0, tone);
    assert_eq!(with_sound(&meeting, 100), 0, "not even the frame that had begun");
    let (at, end) = meeting.sent.last().unwrap();
    assert_eq!((meeting.sent.len(), end.payload.len(), end.level_dbov), (101, 1, 127), "one byte says that it is over");
    assert!(meeting.now.since(*at).as_millis() >= 990);
    assert!(meeting.level_db(0.3) < -75.0, "{} but for the room's tail", meeting.level_db(0.3));
    assert!(
        meeting
            .annas_events
            .iter()
            .rev()
            .take(10)
            .all(|event| !matches!(event, SoundEvent::Input { is_sent: true, .. }))
    );

    meeting.tell_anna(SoundCommand::Mute(false));
    meeting.pass(1.0, tone);
    let (_, first) = &meeting.sent[101];
    assert!(first.marker);
    // The timestamps went on: 3.01 s, in which a frame had begun.
    assert_eq!(first.timestamp, 301 * 480);
    assert!(meeting.level_db(0.5) > -40.0);
}

#[test]
fn what_is_said_begins_with_a_marker_and_is_spoken_when_it_says() {
    let mut meeting = Meeting::new();
    meeting.pass(0.5, words);
    assert!(meeting.sent[0].1.marker && !meeting.sent[1].1.marker);
    assert!(meeting.sent.iter().all(|(_, packet)| packet.age.as_millis() == 20));
    assert!(meeting.sent.windows(2).all(|pair| pair[1].1.timestamp - pair[0].1.timestamp == 960));
    assert!(meeting.sent.iter().any(|(_, packet)| packet.level_dbov < 30));
    // Cleaning takes its time, which is not the speaker's.
    meeting.tell_anna(SoundCommand::Clean(UplinkSettings::default()));
    meeting.pass(0.5, words);
    let (_, last) = meeting.sent.last().unwrap();
    assert!((26..=40).contains(&last.age.as_millis()), "{:?}", last.age);
}

#[test]
fn push_to_talk_is_heard_while_the_key_is_held() {
    let mut meeting = Meeting::new();
    meeting.tell_anna(SoundCommand::TalkWith(TalkMode::PushToTalk));
    meeting.pass(1.0, tone);
    assert_eq!(meeting.sent.len(), 0);
    meeting.tell_anna(SoundCommand::HoldToTalk(true));
    meeting.pass(1.0, tone);
    assert_eq!(meeting.sent.len(), 50);
    meeting.tell_anna(SoundCommand::HoldToTalk(false));
    meeting.pass(1.0, tone);
    assert_eq!(with_sound(&meeting, 50), 9, "200 ms for the end of the word");
    meeting.tell_anna(SoundCommand::Mute(true));
    meeting.tell_anna(SoundCommand::HoldToTalk(true));
    meeting.pass(0.5, tone);
    assert_eq!(with_sound(&meeting, 60), 0, "the key does not undo the mute");
}

#[test]
fn the_low_delay_mode_sends_each_block_and_music_keeps_its_level() {
    let mut meeting = Meeting::new();
    meeting.tell_anna(SoundCommand::Speak(VoiceMode::LowDelay));
    meeting.pass(1.0, tone);
    assert_eq!(meeting.sent.len(), 100);
    assert!(meeting.sent.iter().all(|(_, packet)| packet.age.as_millis() == 10));
    let speech_db = meeting.level_db(0.5);
    meeting.tell_anna(SoundCommand::Clean(UplinkSettings::default()));
    meeting.tell_anna(SoundCommand::Speak(VoiceMode::Music));
    meeting.pass(3.0, tone);
    // A steady tone is noise to a suppressor, but not in music.
    assert!((meeting.level_db(0.5) - speech_db).abs() < 3.0, "{} {speech_db}", meeting.level_db(0.5));
}

#[test]
fn a_test_of_the_voice_is_heard_by_oneself_alone() {
    let mut meeting = Meeting::new();
    meeting.tell_anna(SoundCommand::Mute(true));
    meeting.tell_anna(SoundCommand::TestVoice(true));
    let mut heard = Vec::new();
    for _ in 0..300 {
        meeting.pass(0.01, words);
        let mut block = [[0.0; 2]; 480];
        // One block more than in `pass`: the loop keeps what it makes.
        meeting.anna.render(meeting.now, atrium_audio::BLOCK, &mut block);
        heard.push(block.iter().map(|frame| frame[0].abs()).fold(0.0, f32::max));
    }
    assert!(meeting.sent.is_empty());
    assert!(heard[..95].iter().all(|level| *level == 0.0), "a second later");
    assert!(heard[120..].iter().any(|level| *level > 0.02));
    meeting.tell_anna(SoundCommand::TestVoice(false));
    meeting.pass(2.0, silence);
    assert!(meeting.sent.is_empty());
}

#[test]
fn the_meter_moves_at_most_twenty_times_a_second() {
    let mut meeting = Meeting::new();
    meeting.pass(2.0, words);
    let inputs: Vec<_> =
        meeting.annas_events.iter().filter(|event| matches!(event, SoundEvent::Input { .. })).collect();
    assert!((38..=41).contains(&inputs.len()), "{}", inputs.len());
    assert!(
        inputs
            .iter()
            .any(|event| matches!(event, SoundEvent::Input { level_dbov: ..30, is_voice: true, is_sent: true, .. }))
    );
    let talkers: Vec<_> = meeting.bens_events.iter().filter(|event| matches!(event, SoundEvent::Talkers(_))).collect();
    assert!((30..=41).contains(&talkers.len()), "{}", talkers.len());
}
