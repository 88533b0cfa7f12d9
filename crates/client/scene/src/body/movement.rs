use super::controls::Controls;
use super::entry::Me;
use crate::people::{HeadPositions, ReducedMotion};
use crate::receive::{Link, TheMeeting};
use crate::wire::{LinkState, RoomWire, ToRoom};
use atrium_body::{STANDING_EYES_M, Wish};
use atrium_protocol::ControlUp;
use bevy::prelude::*;

/// Moves the body, round those who are in the way.
pub(super) fn step(
    me: Option<ResMut<Me>>,
    controls: Res<Controls>,
    time: Res<Time>,
    heads: Res<HeadPositions>,
    meeting: Res<TheMeeting>,
    reduced: Res<ReducedMotion>,
    (wire, link): (Res<RoomWire>, Res<Link>),
    mut people: Local<Vec<Vec3>>,
) {
    let Some(mut me) = me else { return };
    let mut input = controls.input;
    input.hand_raised = meeting.my_info().is_some_and(|info| info.hand_raised_at_ms.is_some());
    input.reduced_motion = reduced.0;
    people.clear();
    people.extend(heads.iter().map(|head| head.position - Vec3::Y * STANDING_EYES_M));
    me.unsent_secs += time.delta_secs();
    let word = match me.body.step(time.delta_secs(), &input, &people) {
        Some(Wish::Sit(seat)) => ControlUp::Sit { seat },
        Some(Wish::Stand) => ControlUp::Stand,
        None => return,
    };
    // The body asks again, and again: of what was asked while nobody answered, only the last is still wanted.
    if matches!(**link, Some(LinkState::Connected { .. })) {
        wire.say(ToRoom::Control(word));
    }
}

/// Sends head and hands at the room's rate.
pub(super) fn publish(me: Option<ResMut<Me>>, meeting: Res<TheMeeting>, link: Res<Link>, wire: Res<RoomWire>) {
    let Some(mut me) = me else { return };
    let period_secs = 1.0 / f32::from(meeting.tick_hz());
    if me.unsent_secs < period_secs {
        return;
    }
    // What a slow frame missed is not made up for.
    me.unsent_secs = (me.unsent_secs - period_secs).min(period_secs);
    if matches!(**link, Some(LinkState::Connected { .. })) {
        wire.say(ToRoom::Pose(me.body.pose()));
    }
}
