use atrium_protocol::{ControlDown, ParticipantId, PersonInfo};
use glam::Vec3;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Who was silent so long no longer speaks.
const SILENCE: Duration = Duration::from_millis(1_500);
/// A way that is worth a word.
const STEP_WORTH_TELLING_M: f32 = 1.5;
/// Time between two words about the same person's way.
const WAY_INTERVAL: Duration = Duration::from_secs(6);

/// Tells in plain lines what happens in the room.
#[derive(Default)]
pub(crate) struct Narrator {
    me: Option<ParticipantId>,
    people: HashMap<ParticipantId, Person>,
}

#[derive(Default)]
struct Person {
    name: String,
    last_voice: Option<Instant>,
    told_at: Option<(Vec3, Instant)>,
}

impl Narrator {
    pub(crate) fn on_me(&mut self, me: ParticipantId) {
        self.me = Some(me);
    }

    pub(crate) fn on_control(&mut self, message: &ControlDown) -> Vec<String> {
        match message {
            ControlDown::Roster { people, .. } => {
                people.iter().for_each(|person| self.know(person));
                Vec::new()
            }
            ControlDown::Joined { person } => {
                self.know(person);
                vec![format!("{} came in", person.name)]
            }
            ControlDown::Left { id, .. } => {
                self.people.remove(id).map(|person| format!("{} left", person.name)).into_iter().collect()
            }
            ControlDown::Changed { id, change } => {
                let Some(person) = self.people.get_mut(id) else { return Vec::new() };
                if let Some(name) = &change.name {
                    person.name = name.as_str().to_owned();
                }
                let muted = change.muted.map(|muted| if muted { "is muted" } else { "is not muted any more" });
                let raised =
                    change.hand_raised_at_ms.map(|at| if at != 0 { "raised a hand" } else { "lowered the hand" });
                [muted, raised].into_iter().flatten().map(|what| format!("{} {what}", person.name)).collect()
            }
            ControlDown::Chat { message } => vec![format!("{} writes: {}", message.name, message.text)],
            _ => Vec::new(),
        }
    }

    pub(crate) fn on_voice(&mut self, speaker: ParticipantId, now: Instant) -> Option<String> {
        let person = self.people.get_mut(&speaker)?;
        let was_silent = person.last_voice.replace(now).is_none();
        was_silent.then(|| format!("{} speaks", person.name))
    }

    pub(crate) fn on_head(&mut self, id: ParticipantId, head: Vec3, now: Instant) -> Option<String> {
        let person = self.people.get_mut(&id).filter(|_| self.me != Some(id))?;
        let Some((told, at)) = person.told_at else {
            person.told_at = Some((head, now));
            return None;
        };
        if now.saturating_duration_since(at) < WAY_INTERVAL || told.distance(head) < STEP_WORTH_TELLING_M {
            return None;
        }
        person.told_at = Some((head, now));
        Some(format!("{} walks, and is now at {:.1}, {:.1}", person.name, head.x, head.z))
    }

    /// Who has fallen silent.
    pub(crate) fn on_time(&mut self, now: Instant) -> Vec<String> {
        let silent =
            |person: &&mut Person| person.last_voice.is_some_and(|at| now.saturating_duration_since(at) > SILENCE);
        let tell = |person: &mut Person| {
            person.last_voice = None;
            format!("{} is silent", person.name)
        };
        self.people.values_mut().filter(silent).map(tell).collect()
    }

    fn know(&mut self, person: &PersonInfo) {
        self.people.entry(person.id).or_default().name = person.name.as_str().to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{AvatarBytes, DisplayName, Grants, LeaveReason, PersonId, Presence, Role};

    const ADA: ParticipantId = ParticipantId(4);

    fn joined() -> ControlDown {
        let (role, name) = (Role::Guest, DisplayName::new("Ada").unwrap());
        let person = PersonInfo {
            id: ADA,
            person: PersonId([0; 32]),
            name,
            role,
            grants: Grants::for_role(role),
            muted: false,
            muted_by_moderator: false,
            hand_raised_at_ms: None,
            presenting: false,
            seat: None,
            zone: None,
            presence: Presence::Here,
            avatar: AvatarBytes::default(),
        };
        ControlDown::Joined { person: Box::new(person) }
    }

    #[test]
    fn a_visit_is_told() {
        let mut narrator = Narrator::default();
        let start = Instant::now();
        let later = |secs| start + Duration::from_secs(secs);
        assert_eq!(narrator.on_control(&joined()), ["Ada came in"]);
        assert_eq!(narrator.on_voice(ADA, start).as_deref(), Some("Ada speaks"));
        assert_eq!(narrator.on_voice(ADA, later(1)), None);
        assert!(narrator.on_time(later(2)).is_empty());
        assert_eq!(narrator.on_time(later(3)), ["Ada is silent"]);
        assert!(narrator.on_time(later(4)).is_empty());
        assert_eq!(narrator.on_head(ADA, Vec3::ZERO, start), None);
        assert_eq!(narrator.on_head(ADA, Vec3::X * 3.0, later(1)), None);
        let way = narrator.on_head(ADA, Vec3::X * 3.0, later(7));
        assert_eq!(way.as_deref(), Some("Ada walks, and is now at 3.0, 0.0"));
        assert_eq!(narrator.on_control(&ControlDown::Left { id: ADA, reason: LeaveReason::Left }), ["Ada left"]);
        assert_eq!(narrator.on_voice(ADA, later(9)), None);
    }
}
