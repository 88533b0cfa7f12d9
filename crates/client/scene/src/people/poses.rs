use super::person::Person;
use super::roster::Crowd;
use crate::frame::Frame;
use crate::receive::{Jumped, PosesArrived};
use crate::wire::RoomClock;
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, (take_jumps, take_poses).chain().in_set(Frame::Sense).after(super::roster::follow));
}

fn take_jumps(mut jumps: MessageReader<Jumped>, crowd: Res<Crowd>, mut people: Query<&mut Person>) {
    for Jumped { id, epoch } in jumps.read() {
        if let Some(mut person) = crowd.get(*id).and_then(|entity| people.get_mut(entity).ok()) {
            person.playout.jumped(*epoch);
        }
    }
}

fn take_poses(
    mut arrived: MessageReader<PosesArrived>,
    clock: Res<RoomClock>,
    crowd: Res<Crowd>,
    mut people: Query<&mut Person>,
) {
    for PosesArrived { poses, arrived } in arrived.read() {
        let arrived = clock.at(*arrived);
        for record in &poses.records {
            if let Some(mut person) = crowd.get(record.id).and_then(|entity| people.get_mut(entity).ok()) {
                person.playout.receive(record, poses.sent_ms, arrived);
            }
        }
    }
}
