//! How one's body comes into a place and out of it.

use crate::people::ReducedMotion;
use crate::receive::Placed;
use crate::room::CurrentPlace;
use crate::wire::{RoomWire, ToRoom};
use atrium_body::{Body, Obstacles, WalkGrid};
use atrium_place::Place;
use atrium_protocol::{ControlUp, PlacedReason, Placement, SeatId};
use bevy::prelude::*;
use bevy::tasks::futures_lite::future;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on};
use std::sync::Arc;

/// Where one stands and looks first, or sits.
#[derive(Resource, Clone, Debug, Default)]
pub struct StartView {
    /// Eyes in metres, yaw and pitch in radians. The camera stays exactly there until one walks, the body stands on the
    /// floor below.
    pub at: Option<(Vec3, f32, f32)>,
    /// A seat to take.
    pub seat: Option<SeatId>,
}

/// One's own body, while one is in a place.
#[derive(Resource)]
pub(super) struct Me {
    pub(super) body: Body,
    pub(super) place: Arc<Place>,
    pub(super) obstacles: Arc<Obstacles>,
    pub(super) grid: Option<Arc<WalkGrid>>,
    learning: Option<Task<WalkGrid>>,
    /// Time since the last pose went out.
    pub(super) unsent_secs: f32,
}

/// Where the room put one last.
#[derive(Resource, Debug, Default)]
pub(super) struct LastPlacement(Option<Placement>);

pub(super) fn forget(mut last: ResMut<LastPlacement>) {
    last.0 = None;
}

/// Follows the room's words about where one is, and makes a body as soon as the place is known.
pub(super) fn come_and_go(
    mut placed: MessageReader<Placed>,
    place: Option<Res<CurrentPlace>>,
    me: Option<ResMut<Me>>,
    reduced: Res<ReducedMotion>,
    wire: Res<RoomWire>,
    mut last: ResMut<LastPlacement>,
    mut start: ResMut<StartView>,
    mut commands: Commands,
) {
    let news: Vec<_> = placed.read().map(|placed| (placed.placement, placed.reason)).collect();
    last.0 = news.last().map(|(placement, _)| *placement).or(last.0);
    let Some(place) = place else {
        return commands.remove_resource::<Me>();
    };
    match me {
        Some(mut me) if Arc::ptr_eq(&me.place, &place.0) => {
            for (placement, reason) in news {
                // A welcome to somebody who is here already follows a lost connection.
                let reason = if reason == PlacedReason::Spawn { PlacedReason::Correction } else { reason };
                me.body.place(&placement, reason, reduced.0);
            }
        }
        _ => {
            if let Some(placement) = last.0 {
                let mut me = Me::new(Arc::clone(&place.0), placement);
                start_there(&mut me.body, &mut start, &wire);
                commands.insert_resource(me);
            }
        }
    }
}

fn start_there(body: &mut Body, start: &mut StartView, wire: &RoomWire) {
    if let Some((eyes, yaw, pitch)) = start.at.take() {
        body.start_at(eyes, yaw, pitch);
    }
    if let Some(seat) = start.seat.take() {
        wire.say(ToRoom::Control(ControlUp::Sit { seat }));
    }
}

impl Me {
    fn new(place: Arc<Place>, placement: Placement) -> Self {
        let obstacles = Arc::new(Obstacles::new(&place));
        let body = Body::new(Arc::clone(&place), Arc::clone(&obstacles), placement);
        let learning = {
            let (place, obstacles) = (Arc::clone(&place), Arc::clone(&obstacles));
            AsyncComputeTaskPool::get().spawn(async move { WalkGrid::new(&place, &obstacles) })
        };
        Self { body, place, obstacles, grid: None, learning: Some(learning), unsent_secs: 0.0 }
    }
}

/// Takes over where one can walk to, once that is found out.
pub(super) fn learn_the_way(me: Option<ResMut<Me>>) {
    let Some(mut me) = me.filter(|me| me.learning.is_some()) else { return };
    if let Some(grid) = me.learning.as_mut().and_then(|task| block_on(future::poll_once(task))) {
        let grid = Arc::new(grid);
        me.body.set_walk_grid(Arc::clone(&grid));
        me.grid = Some(grid);
        me.learning = None;
    }
}
