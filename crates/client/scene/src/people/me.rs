use super::person::{Detail, Person};
use super::roster::{person, undress, update};
use crate::body::OwnBody;
use crate::receive::TheMeeting;
use crate::room::CurrentPlace;
use atrium_avatar::PlayedPose;
use bevy::prelude::*;

/// Time over which one's velocity is smoothed.
const VELOCITY_SECS: f32 = 0.06;
/// Nobody walks so fast: one was put elsewhere.
const JUMP_M_PER_SEC: f32 = 20.0;

/// Where one was, and how fast.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    position: Option<Vec3>,
    velocity: Vec3,
}

/// One's own body is like others', but without delay, and seen only from behind.
pub(super) fn follow(
    own: Option<Res<OwnBody>>,
    meeting: Res<TheMeeting>,
    place: Option<Res<CurrentPlace>>,
    time: Res<Time>,
    mut people: Query<(Entity, &mut Person)>,
    mut before: Local<Before>,
    mut commands: Commands,
) {
    let mine = people.iter_mut().find(|(_, person)| person.is_me);
    let (Some(own), Some(info)) = (own, meeting.my_info()) else {
        if let Some((entity, mut me)) = mine {
            undress(&mut me.shown, &mut commands);
            commands.entity(entity).despawn();
        }
        return;
    };
    let Some((_, mut me)) = mine else {
        if own.is_third_person {
            commands.spawn(Person { is_me: true, detail: Detail::Near, ..person(info, false) });
        }
        return;
    };
    if meeting.is_changed() {
        update(&mut me, info, &mut commands);
    }
    let Some(pose) = before.played(&own, time.delta_secs()) else { return };
    me.is_hidden = !own.is_third_person;
    me.detail = Detail::Near;
    me.seat = own.placement.seat;
    me.embody(time.delta_secs(), &pose, place.as_ref().map(|place| &*place.0));
}

impl Before {
    fn played(&mut self, own: &OwnBody, dt_secs: f32) -> Option<PlayedPose> {
        let head = own.pose.head?;
        let moved = head.position - self.position.unwrap_or(head.position);
        let has_jumped = self.position.is_none() || moved.length() > JUMP_M_PER_SEC * dt_secs.max(0.005);
        self.position = Some(head.position);
        if has_jumped || dt_secs <= 0.0 {
            self.velocity = Vec3::ZERO;
        } else {
            self.velocity += (moved / dt_secs - self.velocity) * (1.0 - (-dt_secs / VELOCITY_SECS).exp());
        }
        Some(PlayedPose { head, hands: [own.pose.left, own.pose.right], velocity: self.velocity, has_jumped })
    }
}
