use super::SoundEngine;
use crate::body::{MainCamera, OwnBody};
use crate::people::{HeadPosition, HeadPositions, Speaking};
use crate::receive::TheMeeting;
use crate::room::CurrentPlace;
use atrium_audio::{Listener, Mouth, Reach, SoundScene, occlusion};
use atrium_place::Place;
use atrium_protocol::{PersonInfo, ZoneId};
use bevy::prelude::*;

/// A mouth is below the eyes and before the head's middle.
const MOUTH_FROM_EYES: Vec3 = Vec3::new(0.0, -0.07, -0.02);

/// Says where ears and mouths are, as they are shown in this frame.
pub(super) fn place(
    mut engine: ResMut<SoundEngine>,
    own: Option<Res<OwnBody>>,
    camera: Option<Single<&Transform, With<MainCamera>>>,
    heads: Res<HeadPositions>,
    meeting: Res<TheMeeting>,
    speaking: Res<Speaking>,
    room: Option<Res<CurrentPlace>>,
) {
    let (Some(own), Some(camera)) = (own, camera) else { return };
    let Some(head) = own.pose.head else { return };
    // Who looks from behind still hears from where they stand, turned the way they look.
    let ears = Listener { position: head.position, room_from_head: camera.rotation };
    let my_zone = meeting.my_info().and_then(|me| me.zone);
    let room: Option<&Place> = room.as_deref().map(|room| &***room);
    let mouth = |head: &HeadPosition| {
        let person = meeting.person(head.id)?;
        let is_speaking = speaking.level(head.id).is_some();
        let position = head.position + head.rotation * MOUTH_FROM_EYES;
        Some(Mouth {
            facing: head.rotation * Vec3::NEG_Z,
            // A line of sight costs something: it is only drawn from those who speak.
            occlusion: room.filter(|_| is_speaking).map_or(0.0, |room| occlusion(room, position, ears.position)),
            reach: reach(person, room),
            is_presenter: person.presenting,
            is_speaking,
            is_meant_to_be_silent: is_silent(person, my_zone, room),
            ..Mouth::new(head.id, position)
        })
    };
    let mouths = heads.iter().filter_map(mouth).collect();
    engine.sound().place(SoundScene { ears, mouths });
}

/// Whoever presents or stands on a stage speaks to all.
fn reach(person: &PersonInfo, room: Option<&Place>) -> Reach {
    let is_on_stage = || person.zone.and_then(|zone| room?.zone(zone)).is_some_and(|zone| zone.stage);
    if person.presenting || is_on_stage() { Reach::Everyone } else { Reach::Near }
}

/// Nobody misses the voice of somebody who is muted, gone, or behind the border of a private zone.
fn is_silent(person: &PersonInfo, my_zone: Option<ZoneId>, room: Option<&Place>) -> bool {
    let is_private = |zone: Option<ZoneId>| zone.and_then(|zone| room?.zone(zone)).is_some_and(|zone| zone.private);
    let is_apart = person.zone != my_zone && (is_private(person.zone) || is_private(my_zone));
    person.muted || person.muted_by_moderator || !person.grants.voice || is_apart
}
