use super::controls::Controls;
use crate::panels::{InputGate, UserSettings};
use bevy::input::mouse::{AccumulatedMouseMotion, AccumulatedMouseScroll, MouseScrollUnit};
use bevy::prelude::*;
use bevy::window::{CursorGrabMode, CursorOptions, PrimaryWindow};

/// Turn of the view by one pixel.
const RAD_PER_PX: f32 = 0.0025;
/// A press that moves farther than this is a drag and no click.
const CLICK_PX: f32 = 6.0;
/// A notch of the wheel moves the camera by so much.
const ZOOM_M: f32 = 0.4;
const PX_PER_NOTCH: f32 = 100.0;

/// How the mouse has hold of the view.
#[derive(Resource, Debug, Default)]
pub(super) struct Grip {
    /// The button that is held, and how far the mouse went with it, in pixels.
    held: Option<(MouseButton, f32)>,
    /// The view follows the mouse without a button, until Escape.
    is_captured: bool,
}

impl Grip {
    fn turns_the_view(&self) -> bool {
        self.is_captured || self.held.is_some_and(|(_, travel_px)| travel_px > CLICK_PX)
    }
}

pub(super) fn read(
    buttons: Res<ButtonInput<MouseButton>>,
    keys: Res<ButtonInput<KeyCode>>,
    motion: Res<AccumulatedMouseMotion>,
    wheel: Res<AccumulatedMouseScroll>,
    gate: Res<InputGate>,
    settings: Res<UserSettings>,
    window: Option<Single<(&Window, &mut CursorOptions), With<PrimaryWindow>>>,
    mut grip: ResMut<Grip>,
    mut controls: ResMut<Controls>,
) {
    let Some(window) = window else { return };
    let (window, mut cursor) = window.into_inner();
    let is_free = grip.is_captured || !gate.pointer_taken;
    if keys.just_pressed(KeyCode::Escape) || !window.focused {
        *grip = Grip::default();
    }
    press_and_release(&mut grip, &mut controls, &buttons, motion.delta, is_free);
    if grip.turns_the_view() {
        let turn = motion.delta * RAD_PER_PX * settings.mouse.sensitivity;
        controls.input.look = Vec2::new(-turn.x, if settings.mouse.is_inverted { turn.y } else { -turn.y });
    }
    if is_free {
        let notches = match wheel.unit {
            MouseScrollUnit::Line => wheel.delta.y,
            MouseScrollUnit::Pixel => wheel.delta.y / PX_PER_NOTCH,
        };
        controls.input.zoom_m = -notches * ZOOM_M;
        controls.aim = if grip.is_captured { Some(window.size() / 2.0) } else { window.cursor_position() };
    }
    show_cursor(&mut cursor, !grip.turns_the_view());
}

/// Left: a click goes there, a drag looks about. Right: a click captures or frees the mouse, a drag looks about.
fn press_and_release(
    grip: &mut Grip,
    controls: &mut Controls,
    buttons: &ButtonInput<MouseButton>,
    motion_px: Vec2,
    is_free: bool,
) {
    if let Some((_, travel_px)) = &mut grip.held {
        *travel_px += motion_px.length();
    }
    for button in [MouseButton::Left, MouseButton::Right] {
        if buttons.just_pressed(button) && is_free && grip.held.is_none() {
            grip.held = Some((button, 0.0));
        }
    }
    let Some((button, travel_px)) = grip.held.filter(|(button, _)| !buttons.pressed(*button)) else { return };
    grip.held = None;
    if travel_px <= CLICK_PX && buttons.just_released(button) {
        match button {
            MouseButton::Left => controls.is_clicked = true,
            _ => grip.is_captured = !grip.is_captured,
        }
    }
}

/// The mouse belongs to panels again.
pub(super) fn let_go(mut grip: ResMut<Grip>, cursor: Option<Single<&mut CursorOptions, With<PrimaryWindow>>>) {
    *grip = Grip::default();
    if let Some(mut cursor) = cursor {
        show_cursor(&mut cursor, true);
    }
}

fn show_cursor(cursor: &mut Mut<CursorOptions>, is_shown: bool) {
    if cursor.visible != is_shown {
        cursor.visible = is_shown;
        cursor.grab_mode = if is_shown { CursorGrabMode::None } else { CursorGrabMode::Locked };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(grip: &mut Grip, buttons: &mut ButtonInput<MouseButton>, motion_px: f32) -> bool {
        let mut controls = Controls::default();
        press_and_release(grip, &mut controls, buttons, Vec2::X * motion_px, true);
        buttons.clear();
        controls.is_clicked
    }

    #[test]
    fn a_short_press_is_a_click_and_a_long_way_is_a_look() {
        for (way_px, is_click) in [(2.0, true), (30.0, false)] {
            let (mut grip, mut buttons) = (Grip::default(), ButtonInput::default());
            buttons.press(MouseButton::Left);
            assert!(!after(&mut grip, &mut buttons, 0.0));
            assert!(!after(&mut grip, &mut buttons, way_px));
            assert_eq!(grip.turns_the_view(), !is_click);
            buttons.release(MouseButton::Left);
            assert_eq!(after(&mut grip, &mut buttons, 0.0), is_click);
            assert!(!grip.turns_the_view());
        }
    }

    #[test]
    fn a_right_click_captures_the_mouse_and_another_one_frees_it() {
        let (mut grip, mut buttons) = (Grip::default(), ButtonInput::default());
        for is_captured in [true, false] {
            buttons.press(MouseButton::Right);
            after(&mut grip, &mut buttons, 0.0);
            buttons.release(MouseButton::Right);
            after(&mut grip, &mut buttons, 0.0);
            assert_eq!(grip.is_captured, is_captured);
        }
    }
}
