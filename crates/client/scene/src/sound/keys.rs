use super::HoldsToTalk;
use crate::panels::InputGate;
use bevy::prelude::*;

/// Held to be heard, in push-to-talk mode.
const TALK: KeyCode = KeyCode::KeyB;

/// Also at a board that fills the window: no tool of it is on this key.
pub(super) fn hold(keys: Res<ButtonInput<KeyCode>>, gate: Res<InputGate>, mut holds: ResMut<HoldsToTalk>) {
    holds.set_if_neq(HoldsToTalk(keys.pressed(TALK) && !gate.panel_has_keyboard));
}
