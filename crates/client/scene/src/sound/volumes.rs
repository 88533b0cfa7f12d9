use super::SoundEngine;
use crate::panels::UserSettings;
use crate::receive::TheMeeting;
use atrium_audio::SoundCommand;
use atrium_panels::{Meeting, PersonVolume, PersonVolumes};
use atrium_protocol::ParticipantId;
use bevy::prelude::*;
use std::collections::HashMap;

/// How loud each person is to oneself. It is kept with the person, and said for this attendance of theirs.
pub(super) fn turn_up(
    mut engine: ResMut<SoundEngine>,
    settings: Res<UserSettings>,
    meeting: Res<TheMeeting>,
    mut said: Local<Said>,
    mut is_behind: Local<bool>,
) {
    if !settings.is_changed() && !meeting.is_changed() && !*is_behind {
        return;
    }
    let is_said = said.follow(&meeting, &settings.voice.volumes, |person, wanted| {
        engine.tell(SoundCommand::Volume { person, gain: wanted.volume })
            && engine.tell(SoundCommand::MutePerson { person, is_muted: wanted.is_muted })
    });
    *is_behind = !is_said;
}

/// What the engine was told of each attendance.
#[derive(Default)]
pub(super) struct Said(HashMap<ParticipantId, PersonVolume>);

impl Said {
    /// Tells what is new, as long as `tell` is heard; whether all was.
    fn follow(
        &mut self,
        meeting: &Meeting,
        volumes: &PersonVolumes,
        mut tell: impl FnMut(ParticipantId, &PersonVolume) -> bool,
    ) -> bool {
        let mut is_all_said = true;
        // In the next room the numbers of those who are gone are other people's.
        self.0.retain(|id, last| {
            let usual = PersonVolume::usual(last.person);
            let is_owed = meeting.person(*id).is_none() && *last != usual && !tell(*id, &usual);
            is_all_said &= !is_owed;
            is_owed || meeting.person(*id).is_some()
        });
        for info in meeting.others() {
            let wanted = volumes.of(info.person);
            let last = self.0.entry(info.id).or_insert(PersonVolume::usual(info.person));
            if *last == wanted {
                continue;
            }
            if tell(info.id, &wanted) {
                *last = wanted;
            } else {
                is_all_said = false;
            }
        }
        is_all_said
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{meeting, person};
    use super::*;
    use atrium_panels::{Settings, SettingsIntent};
    use atrium_protocol::PersonId;

    const BOB: PersonId = PersonId([2; 32]);
    const CAROL: PersonId = PersonId([3; 32]);

    #[test]
    fn whoever_gets_the_number_of_somebody_silenced_is_heard() {
        let mut settings = Settings::default();
        settings.apply(SettingsIntent::MutePerson { person: BOB, is_muted: true });
        let volumes = settings.voice.volumes;
        let (mut said, mut told) = (Said::default(), Vec::new());
        let mut follow = |meeting: &Meeting, is_heard: bool| {
            told.clear();
            let is_said = said.follow(meeting, &volumes, |id, wanted| {
                told.extend(is_heard.then_some((id.0, wanted.is_muted)));
                is_heard
            });
            (is_said, told.clone())
        };
        let with = |people: &[(u32, PersonId)]| meeting(1, people.iter().map(|(id, key)| person(*id, *key)).collect());
        assert_eq!(follow(&with(&[(2, BOB)]), true), (true, vec![(2, true)]));
        assert_eq!(follow(&with(&[(2, BOB)]), true), (true, vec![]), "once");
        // On the way to the next room nobody is there, and the engine is busy at first.
        assert_eq!(follow(&Meeting::default(), false), (false, vec![]));
        assert_eq!(follow(&Meeting::default(), true), (true, vec![(2, false)]));
        assert_eq!(follow(&with(&[(2, CAROL), (7, BOB)]), true), (true, vec![(7, true)]));
    }
}
