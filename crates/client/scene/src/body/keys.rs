use super::controls::Controls;
use crate::panels::InputGate;
use bevy::prelude::*;

/// Keys of a shortcut, which is nobody's step.
const SHORTCUT_KEYS: [KeyCode; 6] = [
    KeyCode::ControlLeft,
    KeyCode::ControlRight,
    KeyCode::AltLeft,
    KeyCode::AltRight,
    KeyCode::SuperLeft,
    KeyCode::SuperRight,
];

pub(super) fn read(keys: Res<ButtonInput<KeyCode>>, gate: Res<InputGate>, mut controls: ResMut<Controls>) {
    if gate.keyboard_taken || keys.any_pressed(SHORTCUT_KEYS) {
        return;
    }
    let axis = |more: [KeyCode; 2], less: [KeyCode; 2]| {
        f32::from(i8::from(keys.any_pressed(more)) - i8::from(keys.any_pressed(less)))
    };
    let input = &mut controls.input;
    // Keys by their place, so that they lie together on every keyboard.
    input.walk.x = f32::from(i8::from(keys.pressed(KeyCode::KeyD)) - i8::from(keys.pressed(KeyCode::KeyA)));
    input.walk.y = axis([KeyCode::KeyW, KeyCode::ArrowUp], [KeyCode::KeyS, KeyCode::ArrowDown]);
    input.turn = axis([KeyCode::KeyQ, KeyCode::ArrowLeft], [KeyCode::KeyE, KeyCode::ArrowRight]);
    input.run = keys.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
    input.stand = keys.just_pressed(KeyCode::KeyC);
    input.toggle_third_person = keys.just_pressed(KeyCode::KeyV);
    input.wave = keys.just_pressed(KeyCode::KeyG);
    input.point = keys.pressed(KeyCode::KeyF);
}
