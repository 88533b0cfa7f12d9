use super::ReducedMotion;
use super::ground::Ground;
use super::person::{Detail, Person, Plate, Shown};
use crate::frame::Frame;
use crate::receive::TheMeeting;
use crate::screen::AppScreen;
use atrium_avatar::{Appearance, BodyMotion, PosePlayout};
use atrium_protocol::{ParticipantId, PersonInfo, Presence};
use bevy::prelude::*;
use std::collections::HashMap;

/// People who appear in one frame: two hundred at once, in a full hall that one enters, would be seen as a hitch.
const NEW_A_FRAME: usize = 8;

/// The entities of those who are here.
#[derive(Resource, Debug, Default)]
pub(super) struct Crowd {
    people: HashMap<ParticipantId, Entity>,
}

impl Crowd {
    pub(super) fn get(&self, id: ParticipantId) -> Option<Entity> {
        self.people.get(&id).copied()
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Crowd>()
        .add_systems(Update, follow.in_set(Frame::Sense))
        .add_systems(OnEnter(AppScreen::Home), clear)
        .add_systems(OnEnter(AppScreen::Entering), clear)
        .add_systems(OnEnter(AppScreen::Ended), clear);
}

/// Makes the crowd the same as the meeting's roster. While the roster comes anew, everyone stays.
pub(super) fn follow(
    meeting: Res<TheMeeting>,
    mut crowd: ResMut<Crowd>,
    mut people: Query<&mut Person>,
    reduced: Res<ReducedMotion>,
    mut is_behind: Local<bool>,
    mut commands: Commands,
) {
    if !meeting.is_changed() && !*is_behind {
        return;
    }
    let mut new = 0;
    for info in meeting.others() {
        match crowd.get(info.id).and_then(|entity| people.get_mut(entity).ok()) {
            Some(mut person) => update(&mut person, info, &mut commands),
            // The others come in the next frames.
            None if new == NEW_A_FRAME => {}
            None => {
                new += 1;
                let entity = commands.spawn(person(info, meeting.is_complete() && !reduced.0)).id();
                crowd.people.insert(info.id, entity);
            }
        }
    }
    *is_behind = new == NEW_A_FRAME;
    if !meeting.is_complete() {
        return;
    }
    crowd.people.retain(|id, entity| {
        let is_here = meeting.me() != Some(*id) && meeting.person(*id).is_some();
        if !is_here && let Ok(mut person) = people.get_mut(*entity) {
            person.is_leaving = true;
        }
        is_here
    });
}

/// Those who are here when one comes in are wholly here.
pub(super) fn person(info: &PersonInfo, arrives: bool) -> Person {
    Person {
        id: info.id,
        avatar: info.avatar.clone(),
        appearance: Appearance::read(info.avatar.as_bytes(), &info.person),
        playout: PosePlayout::default(),
        motion: BodyMotion::new(info.id.0),
        seat: info.seat,
        plate: plate(info),
        now: None,
        is_fresh: false,
        idle_secs: 0.0,
        ground: Ground::default(),
        detail: Detail::Far,
        is_in_view: true,
        presence: if arrives { 0.0 } else { 1.0 },
        is_leaving: false,
        is_me: false,
        is_hidden: false,
        shown: Shown::default(),
    }
}

pub(super) fn update(person: &mut Person, info: &PersonInfo, commands: &mut Commands) {
    person.seat = info.seat;
    let plate = plate(info);
    if person.plate != plate {
        person.plate = plate;
    }
    if person.avatar != info.avatar {
        person.avatar = info.avatar.clone();
        person.appearance = Appearance::read(info.avatar.as_bytes(), &info.person);
        undress(&mut person.shown, commands);
    }
}

fn plate(info: &PersonInfo) -> Plate {
    Plate {
        name: info.name.as_str().to_owned(),
        is_muted: info.muted || info.muted_by_moderator,
        has_hand_up: info.hand_raised_at_ms.is_some(),
        is_reconnecting: info.presence == Presence::Reconnecting,
    }
}

/// Removes what shows somebody; it is made anew when it is missing.
pub(super) fn undress(shown: &mut Shown, commands: &mut Commands) {
    let shown = std::mem::take(shown);
    for entity in shown.parts.into_iter().chain(shown.far.into_iter().flatten()) {
        commands.entity(entity).despawn();
    }
}

fn clear(mut crowd: ResMut<Crowd>, mut people: Query<(Entity, &mut Person)>, mut commands: Commands) {
    crowd.people.clear();
    for (entity, mut person) in &mut people {
        undress(&mut person.shown, &mut commands);
        commands.entity(entity).despawn();
    }
}
