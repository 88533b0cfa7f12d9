//! A board fills the window, or the room is seen again.

use super::board::Boards;
use super::walls::Walls;
use crate::body::MainCamera;
use crate::panels::{InputGate, UserSettings};
use atrium_easel::Sight;
use atrium_panels::Talk;
use atrium_protocol::BoardId;
use bevy::camera::visibility::RenderLayers;
use bevy::prelude::*;

/// Opens the board that is nearest.
const NEAREST: KeyCode = KeyCode::KeyB;

/// Asks for a board to fill the window; `None`: for the room.
#[derive(Message, Clone, Copy, Debug)]
pub struct OpenBoard(pub Option<BoardId>);

/// A board fills the window as soon as it is here.
#[derive(Resource, Clone, Copy, Debug)]
pub struct StartBoard(pub BoardId);

/// A key opens the nearest board. It is not the key that one holds to talk.
pub(super) fn press(
    keys: Res<ButtonInput<KeyCode>>,
    gate: Res<InputGate>,
    settings: Res<UserSettings>,
    walls: Res<Walls>,
    boards: Res<Boards>,
    camera: Option<Single<&Transform, With<MainCamera>>>,
    mut open: MessageWriter<OpenBoard>,
) {
    let is_shortcut = keys.any_pressed([
        KeyCode::ControlLeft,
        KeyCode::ControlRight,
        KeyCode::AltLeft,
        KeyCode::AltRight,
        KeyCode::SuperLeft,
        KeyCode::SuperRight,
    ]);
    let is_free = !gate.keyboard_taken && boards.open.is_none() && settings.voice.talk != Talk::PushToTalk;
    if !is_free || is_shortcut || !keys.just_pressed(NEAREST) {
        return;
    }
    if let Some(wall) = camera.and_then(|camera| walls.nearest(camera.translation)) {
        open.write(OpenBoard(Some(wall.id)));
    }
}

/// Opens at the start what the command line says.
pub(super) fn start(
    start: Res<StartBoard>,
    boards: Res<Boards>,
    mut open: MessageWriter<OpenBoard>,
    mut commands: Commands,
) {
    if boards.easel(start.0).is_some() {
        open.write(OpenBoard(Some(start.0)));
        commands.remove_resource::<StartBoard>();
    }
}

/// Opens and closes.
pub(super) fn open(
    mut asked: MessageReader<OpenBoard>,
    walls: Res<Walls>,
    mut boards: ResMut<Boards>,
    cameras: Query<Entity, With<MainCamera>>,
    mut commands: Commands,
) {
    let Some(OpenBoard(wish)) = asked.read().last().copied() else { return };
    let wish = wish.filter(|board| walls.get(*board).is_some());
    if boards.open == wish {
        return;
    }
    if let Some(easel) = boards.open.and_then(|old| boards.easel_mut(old)) {
        easel.set_sight(Sight::Wall);
    }
    if let Some(easel) = wish.and_then(|new| boards.easel_mut(new)) {
        easel.set_sight(Sight::Window);
    }
    boards.at = None;
    boards.is_to_fit = wish.is_some();
    boards.open = wish;
    for camera in &cameras {
        // Nobody sees the room behind a board.
        if wish.is_some() {
            commands.entity(camera).insert(RenderLayers::none());
        } else {
            commands.entity(camera).remove::<RenderLayers>();
        }
    }
}

/// Back to the room, when one leaves it.
pub(super) fn close(mut open: MessageWriter<OpenBoard>) {
    open.write(OpenBoard(None));
}
