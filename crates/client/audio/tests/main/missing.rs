//! "You cannot hear X": told when it is true, once, and that it is over.

use crate::support::{ANNA, HEAD, Meeting, silence, tone};
use atrium_audio::{Mouth, SoundCommand, SoundEvent, Unheard};

fn told(meeting: &mut Meeting) -> Vec<SoundEvent> {
    let is_told = |event: &SoundEvent| matches!(event, SoundEvent::CannotHear { .. } | SoundEvent::HearAgain { .. });
    meeting.bens_events.drain(..).filter(is_told).collect()
}

const STOPPED: SoundEvent = SoundEvent::CannotHear { person: ANNA, why: Unheard::Stopped };
const AGAIN: SoundEvent = SoundEvent::HearAgain { person: ANNA };

#[test]
fn a_voice_that_stops_in_a_word_is_missed() {
    let mut meeting = Meeting::new();
    meeting.pass(2.0, tone);
    meeting.is_cut = true;
    meeting.pass(2.0, tone);
    assert_eq!(told(&mut meeting), []);
    meeting.pass(10.0, tone);
    assert_eq!(told(&mut meeting), [STOPPED], "once");
    meeting.is_cut = false;
    meeting.pass(1.0, tone);
    assert_eq!(told(&mut meeting), [AGAIN]);
}

#[test]
fn who_ends_or_is_muted_is_not_missed() {
    let mut meeting = Meeting::new();
    meeting.pass(2.0, tone);
    meeting.tell_anna(SoundCommand::Mute(true));
    meeting.pass(6.0, tone);
    meeting.tell_anna(SoundCommand::Mute(false));
    meeting.pass(1.0, tone);
    meeting.pass(6.0, silence);
    assert_eq!(told(&mut meeting), []);
    // The server mutes her in the middle of a word, and says so.
    meeting.pass(1.0, tone);
    meeting.is_cut = true;
    meeting.pass(1.0, tone);
    meeting.place(Mouth { is_meant_to_be_silent: true, ..Mouth::new(ANNA, HEAD) });
    meeting.pass(6.0, tone);
    assert_eq!(told(&mut meeting), []);
}

#[test]
fn who_is_said_to_speak_and_is_not_heard_is_missed() {
    let mut meeting = Meeting::new();
    meeting.is_cut = true;
    meeting.place(Mouth { is_speaking: true, ..Mouth::new(ANNA, HEAD) });
    meeting.pass(1.2, tone);
    assert_eq!(told(&mut meeting), []);
    meeting.pass(2.0, tone);
    assert_eq!(told(&mut meeting), [STOPPED]);
    meeting.place(Mouth { is_meant_to_be_silent: true, ..Mouth::new(ANNA, HEAD) });
    meeting.pass(1.0, tone);
    assert_eq!(told(&mut meeting), [AGAIN], "or rather nobody needs to");
}

#[test]
fn what_is_no_voice_is_told_as_such() {
    let mut meeting = Meeting::new();
    meeting.spoil = |mut packet| {
        packet.payload = bytes::Bytes::from_static(&[0x5b, 0x03, 1, 2, 3]);
        packet
    };
    meeting.pass(3.0, tone);
    assert_eq!(told(&mut meeting), [SoundEvent::CannotHear { person: ANNA, why: Unheard::Undecodable }]);
    assert!(meeting.heard.iter().flatten().all(|x| x.abs() < 1e-6));
    meeting.spoil = |packet| packet;
    meeting.pass(1.0, tone);
    assert_eq!(told(&mut meeting), [AGAIN]);
}
