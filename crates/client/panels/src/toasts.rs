use crate::refused::refused;
use crate::{Key, Meeting, MeetingEvent, Reaction, SoundNews, SoundSide, Words};
use atrium_protocol::LeaveReason;
use std::collections::VecDeque;

/// Notices on the screen at a time.
const NOTICES: usize = 4;
/// Reactions in the air at a time.
const FLOATS: usize = 12;
/// How long a notice stays.
const NOTICE_SECS: f64 = 5.0;
/// How long a warning stays.
const WARNING_SECS: f64 = 9.0;
/// How long a reaction flies.
const FLOAT_SECS: f64 = 3.2;

/// A passing notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// Which.
    pub id: u64,
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    ends_secs: f64,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Plain,
    /// Something did not work.
    Warning,
}

/// A reaction in the air.
#[derive(Clone, Debug, PartialEq)]
pub struct Float {
    /// What.
    pub reaction: Reaction,
    /// Whose.
    pub name: String,
    /// Which: tells paths apart.
    pub id: u64,
    began_secs: f64,
}

impl Float {
    /// How far it is on its way, 0 to 1.
    pub fn progress(&self, now_secs: f64) -> f32 {
        (((now_secs - self.began_secs) / FLOAT_SECS) as f32).clamp(0.0, 1.0)
    }
}

/// Notices and reactions that come and go. Both queues are bounded: the oldest make room.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    notices: VecDeque<Toast>,
    floats: VecDeque<Float>,
    next_id: u64,
}

impl Toasts {
    /// Shows a notice. The same text again only stays longer.
    pub fn show(&mut self, text: String, tone: Tone, now_secs: f64) {
        let stays = if tone == Tone::Warning { WARNING_SECS } else { NOTICE_SECS };
        let ends_secs = now_secs + stays;
        if let Some(same) = self.notices.iter_mut().find(|toast| toast.text == text) {
            same.ends_secs = ends_secs;
            return;
        }
        let id = self.take_id();
        self.notices.push_back(Toast { id, text, tone, ends_secs });
        if self.notices.len() > NOTICES {
            self.notices.pop_front();
        }
    }

    /// Lets a reaction rise.
    pub fn float(&mut self, reaction: Reaction, name: String, now_secs: f64) {
        let id = self.take_id();
        self.floats.push_back(Float { reaction, name, id, began_secs: now_secs });
        if self.floats.len() > FLOATS {
            self.floats.pop_front();
        }
    }

    /// Says what happened in the meeting, where it is worth a notice.
    pub fn tell(&mut self, event: &MeetingEvent, meeting: &Meeting, words: &Words, now_secs: f64) {
        let name = |id| meeting.person(id).map(|person| person.name.as_str().to_owned()).unwrap_or_default();
        let about = |key: Key, name: &str| words.say_with(key, &[("name", name.into())]);
        let (text, tone) = match event {
            MeetingEvent::Reaction(from, emoji) => {
                if let Some(reaction) = Reaction::from_emoji(emoji) {
                    self.float(reaction, name(*from), now_secs);
                }
                return;
            }
            MeetingEvent::Joined(id) => (about(Key("toast-joined"), &name(*id)), Tone::Plain),
            MeetingEvent::Left(person, reason) => (about(left(*reason), person.name.as_str()), Tone::Plain),
            MeetingEvent::HandRaised(id) => (about(Key("toast-hand"), &name(*id)), Tone::Plain),
            MeetingEvent::Knocked(knock) => (about(Key("toast-knock"), knock.name.as_str()), Tone::Plain),
            MeetingEvent::MyRightsChanged => (words.say(Key("toast-rights")), Tone::Plain),
            MeetingEvent::MutedByModerator(true) => (words.say(Key("toast-muted")), Tone::Warning),
            MeetingEvent::MutedByModerator(false) => (words.say(Key("toast-may-speak")), Tone::Plain),
            MeetingEvent::Refused { code, message, .. } => (refused(*code, message, words), Tone::Warning),
            MeetingEvent::Welcomed(_) | MeetingEvent::Said(_) => return,
        };
        self.show(text, tone, now_secs);
    }

    /// Says that a room is shown without its looks, and why.
    pub fn tell_plain_room(&mut self, why: &str, words: &Words, now_secs: f64) {
        self.show(words.say_with(Key("toast-plain-room"), &[("reason", why.into())]), Tone::Warning, now_secs);
    }

    /// Says what happened to the sound, where it is worth a notice.
    pub fn tell_sound(&mut self, news: &SoundNews, meeting: &Meeting, words: &Words, now_secs: f64) {
        let name = |id| meeting.person(id).map(|person| person.name.as_str());
        let (text, tone) = match news {
            SoundNews::DeviceProblem { side, fault } => (fault.sentence(*side, words), Tone::Warning),
            SoundNews::DeviceBack { side, name } => {
                let key = match side {
                    SoundSide::Microphone => Key("toast-microphone-back"),
                    SoundSide::Speaker => Key("toast-speaker-back"),
                };
                (words.say_with(key, &[("device", name.as_str().into())]), Tone::Plain)
            }
            SoundNews::CannotHear { id, why } => match name(*id) {
                Some(name) => (why.sentence(name, words), Tone::Warning),
                None => return,
            },
            SoundNews::HearAgain { id } => match name(*id) {
                Some(name) => (words.say_with(Key("toast-hear-again"), &[("name", name.into())]), Tone::Plain),
                None => return,
            },
            SoundNews::EchoRisk(true) => (words.say(Key("echo-risk")), Tone::Warning),
            SoundNews::EchoRisk(false) => return,
        };
        self.show(text, tone, now_secs);
    }

    /// Says that a text is on the clipboard.
    pub fn tell_copied(&mut self, words: &Words, now_secs: f64) {
        self.show(words.say(Key("toast-copied")), Tone::Plain, now_secs);
    }

    /// Puts a notice away.
    pub fn dismiss(&mut self, id: u64) {
        self.notices.retain(|toast| toast.id != id);
    }

    /// Forgets what has been shown long enough.
    pub fn pass(&mut self, now_secs: f64) {
        self.notices.retain(|toast| toast.ends_secs > now_secs);
        self.floats.retain(|float| float.began_secs + FLOAT_SECS > now_secs);
    }

    /// The notices, the oldest first.
    pub fn notices(&self) -> impl ExactSizeIterator<Item = &Toast> {
        self.notices.iter()
    }

    /// The reactions in the air.
    pub fn floats(&self) -> impl ExactSizeIterator<Item = &Float> {
        self.floats.iter()
    }

    fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

fn left(reason: LeaveReason) -> Key {
    match reason {
        LeaveReason::Left => Key("toast-left"),
        LeaveReason::TimedOut => Key("toast-timed-out"),
        LeaveReason::Removed | LeaveReason::Misbehaved => Key("toast-removed"),
        LeaveReason::Banned => Key("toast-banned"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_few_and_pass() {
        let mut toasts = Toasts::default();
        for number in 0..10 {
            toasts.show(format!("notice {number}"), Tone::Plain, 0.0);
        }
        let texts: Vec<_> = toasts.notices().map(|toast| toast.text.as_str()).collect();
        assert_eq!(texts, ["notice 6", "notice 7", "notice 8", "notice 9"]);
        toasts.show("notice 8".to_owned(), Tone::Plain, 3.0);
        assert_eq!(toasts.notices().len(), 4, "said twice, shown once");
        toasts.pass(6.0);
        assert_eq!(toasts.notices().map(|toast| toast.text.as_str()).collect::<Vec<_>>(), ["notice 8"]);
        let id = toasts.notices().next().unwrap().id;
        toasts.dismiss(id);
        assert_eq!(toasts.notices().len(), 0);
    }

    #[test]
    fn reactions_are_bounded_and_pass() {
        let mut toasts = Toasts::default();
        (0..100).for_each(|_| toasts.float(Reaction::Clap, "Ada".to_owned(), 1.0));
        assert_eq!(toasts.floats().len(), FLOATS);
        assert_eq!(toasts.floats().next().unwrap().progress(1.0), 0.0);
        assert_eq!(toasts.floats().next().unwrap().progress(99.0), 1.0);
        toasts.pass(5.0);
        assert_eq!(toasts.floats().len(), 0);
    }
}
