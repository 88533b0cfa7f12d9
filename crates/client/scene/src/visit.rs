//! The way into a meeting and out of it, from screen to screen.

use crate::frame::Frame;
use crate::receive::Link;
use crate::room::RoomShown;
use crate::screen::AppScreen;
use crate::wire::{Approach, Entrance, LinkState, RoomWire, ToRoom};
use bevy::prelude::*;

/// Asks to enter a meeting, from any screen.
#[derive(Message, Clone, Debug, Deref)]
pub struct EnterRoom(pub Entrance);

/// Asks to leave; the ended screen follows when the server knows.
#[derive(Message, Clone, Copy, Debug, Default)]
pub struct LeaveRoom;

/// Asks for the home screen; leaves first where one is in a meeting.
#[derive(Message, Clone, Copy, Debug, Default)]
pub struct GoHome;

/// Enters a meeting as soon as the app is up.
#[derive(Resource, Clone, Debug, Deref)]
pub struct StartEntrance(pub Entrance);

/// The way by which one came in last: to try again.
#[derive(Resource, Clone, Debug, Default, Deref)]
pub struct LastEntrance(pub Option<Entrance>);

pub(crate) fn plugin(app: &mut App) {
    app.add_message::<EnterRoom>()
        .add_message::<LeaveRoom>()
        .add_message::<GoHome>()
        .init_resource::<LastEntrance>()
        .add_systems(Startup, enter_at_once.run_if(resource_exists::<StartEntrance>))
        .add_systems(Update, (enter, leave, go_home).in_set(Frame::Publish))
        .add_systems(Update, arrive.in_set(Frame::Present).run_if(in_state(AppScreen::Entering)));
}

fn enter_at_once(start: Res<StartEntrance>, mut enter: MessageWriter<EnterRoom>) {
    enter.write(EnterRoom((**start).clone()));
}

fn enter(
    mut asked: MessageReader<EnterRoom>,
    screen: Res<State<AppScreen>>,
    wire: Res<RoomWire>,
    mut link: ResMut<Link>,
    mut last: ResMut<LastEntrance>,
    mut next: ResMut<NextState<AppScreen>>,
) {
    let Some(EnterRoom(entrance)) = asked.read().last() else { return };
    if matches!(**screen, AppScreen::Entering | AppScreen::InRoom) {
        wire.say(ToRoom::Leave);
    }
    **link = Some(LinkState::Connecting(Approach::Connecting));
    last.0 = Some(entrance.clone());
    wire.say(ToRoom::Enter(entrance.clone()));
    next.set(AppScreen::Entering);
}

fn leave(mut asked: MessageReader<LeaveRoom>, wire: Res<RoomWire>) {
    if asked.read().count() > 0 {
        wire.say(ToRoom::Leave);
    }
}

fn go_home(
    mut asked: MessageReader<GoHome>,
    screen: Res<State<AppScreen>>,
    wire: Res<RoomWire>,
    mut link: ResMut<Link>,
    mut next: ResMut<NextState<AppScreen>>,
) {
    if asked.read().count() == 0 {
        return;
    }
    if matches!(**screen, AppScreen::Entering | AppScreen::InRoom) {
        wire.say(ToRoom::Leave);
    }
    **link = None;
    next.set(AppScreen::Home);
}

/// One is in the room when the server says so and there is something to see.
fn arrive(link: Res<Link>, shown: Option<Res<RoomShown>>, mut next: ResMut<NextState<AppScreen>>) {
    if matches!(**link, Some(LinkState::Connected { .. })) && shown.is_some() {
        next.set(AppScreen::InRoom);
    }
}
