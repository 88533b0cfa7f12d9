//! One's own body: keys and mouse in, the camera and the pose stream out.

mod camera;
mod controls;
mod entry;
mod glow;
mod keys;
mod mouse;
mod movement;
mod pointer;

pub use camera::{MainCamera, OwnBody};
pub(crate) use controls::Controls;
pub use entry::StartView;
pub(crate) use pointer::PointedAt;

use crate::frame::Frame;
use crate::screen::AppScreen;
use bevy::prelude::*;

/// Finds out what keys and mouse ask for.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asked;

pub(crate) fn plugin(app: &mut App) {
    let sense = (keys::read, mouse::read, pointer::point).chain().in_set(Asked).run_if(in_state(AppScreen::InRoom));
    let simulate = (entry::come_and_go, entry::learn_the_way, movement::step, camera::follow).chain();
    app.init_resource::<StartView>()
        .init_resource::<controls::Controls>()
        .init_resource::<mouse::Grip>()
        .init_resource::<pointer::PointedAt>()
        .init_resource::<entry::LastPlacement>()
        .add_systems(Startup, (camera::spawn, glow::spawn))
        .add_systems(OnEnter(AppScreen::Entering), entry::forget)
        .add_systems(OnExit(AppScreen::InRoom), (mouse::let_go, pointer::forget))
        .add_systems(Update, (controls::clear.before(keys::read), sense).in_set(Frame::Sense))
        .add_systems(Update, simulate.in_set(Frame::Simulate))
        .add_systems(Update, movement::publish.in_set(Frame::Publish))
        .add_systems(Update, (glow::show_seat, glow::show_goal).in_set(Frame::Present));
}
