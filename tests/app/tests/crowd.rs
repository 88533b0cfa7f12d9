//! Other people: they come, move, talk and go.

use crate::world::{Server, Visitor};
use atrium_bot::{Movement, Voice};
use atrium_protocol::{ParticipantId, Role};
use atrium_scene::{HeadPositions, TheMeeting};
use bevy::prelude::*;
use std::collections::HashMap;
use std::time::Duration;

/// The speed of bots in a hurry, in metres a second; what is more in a frame is a jump.
const BRISK_WALK: f32 = 2.0;

fn heads(world: &World) -> HashMap<ParticipantId, Vec3> {
    world.resource::<HeadPositions>().0.iter().map(|head| (head.id, head.position)).collect()
}

#[test]
fn bots_are_seen_to_walk_without_jumps() {
    let server = Server::start();
    let bots = server.bots("boardroom", |config| {
        config.count = 4;
        config.movement = Movement::Walk;
        config.voice = Voice::Tone { hz: 440.0 };
    });
    let link = server.link("boardroom", Role::Guest);
    let mut visitor = Visitor::enter(&server.folder().join("visitor"), "Vera", &link, "");
    visitor.until("all four are here", |world| {
        world.resource::<TheMeeting>().others().count() == 4 && heads(world).len() == 4
    });
    visitor.live(Duration::from_secs(2));

    let mut walked: HashMap<ParticipantId, f32> = HashMap::new();
    let mut longest_jump: f32 = 0.0;
    let mut before = heads(visitor.world());
    for _ in 0..200 {
        visitor.frame();
        // The clock of the room goes on in a long frame; the game's own stops at a quarter of a second.
        let secs = visitor.world().resource::<Time<Real>>().delta_secs();
        let now = heads(visitor.world());
        for (id, position) in &now {
            let step = before.get(id).map_or(0.0, |before| before.distance(*position));
            *walked.entry(*id).or_default() += step;
            longest_jump = longest_jump.max(step - BRISK_WALK * secs);
        }
        before = now;
    }
    assert!(walked.values().filter(|distance| **distance > 0.5).count() >= 3, "bots walk: {walked:?}");
    assert!(longest_jump < 0.15, "nobody jumps {longest_jump} m");

    drop(bots);
    visitor
        .until("alone again", |world| world.resource::<TheMeeting>().others().count() == 0 && heads(world).is_empty());
}
