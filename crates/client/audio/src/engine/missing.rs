use super::{Mouth, SoundEvent, Unheard};
use atrium_protocol::{Micros, ParticipantId};
use std::collections::HashMap;
use std::time::Duration;

/// The server says that somebody speaks, and nothing comes.
const SAID_TO_SPEAK: Duration = Duration::from_millis(1_500);
/// Somebody's packets stopped in the middle of a word.
const MID_SPEECH: Duration = Duration::from_secs(3);
/// So many packets without sense in a row, half a second of them.
const NONSENSE_PACKETS: u32 = 25;
/// People who are watched; the slots are fewer.
const WATCHED: usize = 64;

/// Notices that somebody who speaks is not heard, and tells it once, and once that it is over.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    people: HashMap<ParticipantId, Watch>,
}

#[derive(Clone, Copy, Debug)]
struct Watch {
    /// When something with sense came.
    heard_at: Micros,
    /// The last packet was not the end of what was said.
    is_mid_speech: bool,
    /// Said by the server to speak, without a break, since.
    said_since: Option<Micros>,
    nonsense: u32,
    told: Option<Unheard>,
}

impl Missing {
    /// A packet of `person` that can be decoded; `is_end`: nothing follows until they speak again.
    pub(crate) fn heard(&mut self, now: Micros, person: ParticipantId, is_end: bool) -> Option<SoundEvent> {
        let watch = self.watch(now, person)?;
        watch.heard_at = now;
        watch.is_mid_speech = !is_end;
        watch.nonsense = 0;
        watch.told.take().map(|_| SoundEvent::HearAgain { person })
    }

    /// A packet of `person` without sense.
    pub(crate) fn heard_nonsense(&mut self, now: Micros, person: ParticipantId) -> Option<SoundEvent> {
        let watch = self.watch(now, person)?;
        watch.nonsense = watch.nonsense.saturating_add(1);
        let is_news = watch.nonsense >= NONSENSE_PACKETS && watch.told.is_none();
        if is_news { watch.tell(person, Unheard::Undecodable) } else { None }
    }

    /// The server gave this person's slot to somebody else: it is its choice that they are not heard.
    pub(crate) fn lost_slot(&mut self, person: ParticipantId) {
        if let Some(watch) = self.people.get_mut(&person) {
            watch.is_mid_speech = false;
        }
    }

    /// Looks for people who are not heard; a few times a second. `has_free_slot`: the server could send more voices.
    pub(crate) fn check(&mut self, now: Micros, mouths: &[Mouth], has_free_slot: bool) -> Vec<SoundEvent> {
        let mut news = Vec::new();
        for mouth in mouths.iter().filter(|mouth| mouth.is_speaking) {
            self.watch(now, mouth.person);
        }
        self.people.retain(|person, watch| {
            let mouth = mouths.iter().find(|mouth| mouth.person == *person);
            let expected = mouth.filter(|mouth| !mouth.is_meant_to_be_silent);
            let Some(mouth) = expected else {
                news.extend(watch.told.map(|_| SoundEvent::HearAgain { person: *person }));
                return false;
            };
            news.extend(watch.check(now, mouth, has_free_slot));
            true
        });
        news
    }

    fn watch(&mut self, now: Micros, person: ParticipantId) -> Option<&mut Watch> {
        if self.people.len() >= WATCHED && !self.people.contains_key(&person) {
            return None;
        }
        let new = Watch { heard_at: now, is_mid_speech: false, said_since: None, nonsense: 0, told: None };
        Some(self.people.entry(person).or_insert(new))
    }
}

impl Watch {
    fn check(&mut self, now: Micros, mouth: &Mouth, has_free_slot: bool) -> Option<SoundEvent> {
        self.said_since = if mouth.is_speaking { self.said_since.or(Some(now)) } else { None };
        if self.told.is_some() {
            return None;
        }
        let silent_for = now.since(self.heard_at);
        let said_for = self.said_since.map_or(Duration::ZERO, |since| now.since(since));
        let is_said = has_free_slot && said_for.min(silent_for) >= SAID_TO_SPEAK;
        let has_stopped = is_said || (self.is_mid_speech && silent_for >= MID_SPEECH);
        if has_stopped { self.tell(mouth.person, Unheard::Stopped) } else { None }
    }

    fn tell(&mut self, person: ParticipantId, why: Unheard) -> Option<SoundEvent> {
        self.told = Some(why);
        Some(SoundEvent::CannotHear { person, why })
    }
}
