use super::controls::Controls;
use super::pointer::PointedAt;
use crate::boards::{Boards, WallHit};
use crate::panels::{InputGate, PanelMemory, UserSettings};
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
    /// The left button is held on a board: where it went down, and how far the mouse went since.
    pen: Option<(WallHit, f32)>,
    /// The view follows the mouse without a button, until Escape.
    is_captured: bool,
}

/// What the mouse pointed at a frame ago, and whether one may draw there.
#[derive(Clone, Copy, Debug, Default)]
struct Below {
    board: Option<WallHit>,
    may_draw: bool,
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
    (settings, memory): (Res<UserSettings>, Res<PanelMemory>),
    (pointed, boards): (Res<PointedAt>, Res<Boards>),
    window: Option<Single<(&Window, &mut CursorOptions), With<PrimaryWindow>>>,
    mut grip: ResMut<Grip>,
    mut controls: ResMut<Controls>,
) {
    let Some(window) = window else { return };
    let (window, mut cursor) = window.into_inner();
    // What fills the window needs the mouse, however it came up.
    let is_covered = boards.is_open() || memory.is_modal();
    if keys.just_pressed(KeyCode::Escape) || !window.focused || is_covered {
        *grip = Grip::default();
    }
    let is_free = grip.is_captured || !gate.pointer_taken;
    let below =
        Below { board: pointed.board, may_draw: pointed.board.is_some_and(|hit| boards.takes_the_pen(hit.board)) };
    press_and_release(&mut grip, &mut controls, &buttons, motion.delta, is_free.then_some(below));
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

/// Left: a click goes there, a drag looks about; on a board a click opens it, and a drag draws. Right: a click captures or
/// frees the mouse, a drag looks about. `below` is what is pointed at, or `None` when the mouse is a panel's.
fn press_and_release(
    grip: &mut Grip,
    controls: &mut Controls,
    buttons: &ButtonInput<MouseButton>,
    motion_px: Vec2,
    below: Option<Below>,
) {
    if let Some((_, travel_px)) = &mut grip.held {
        *travel_px += motion_px.length();
    }
    if let Some((hit, travel_px)) = &mut grip.pen {
        *travel_px += motion_px.length();
        let is_drag = *travel_px > CLICK_PX;
        if buttons.pressed(MouseButton::Left) {
            controls.pen = is_drag.then_some(*hit);
        } else {
            controls.clicked_board = (!is_drag && buttons.just_released(MouseButton::Left)).then_some(*hit);
            grip.pen = None;
        }
    }
    for button in [MouseButton::Left, MouseButton::Right] {
        let Some(below) = below.filter(|_| buttons.just_pressed(button)) else { continue };
        if grip.held.is_some() || grip.pen.is_some() {
            continue;
        }
        match below.board.filter(|_| button == MouseButton::Left && below.may_draw) {
            Some(hit) => grip.pen = Some((hit, 0.0)),
            None => grip.held = Some((button, 0.0)),
        }
    }
    let Some((button, travel_px)) = grip.held.filter(|(button, _)| !buttons.pressed(*button)) else { return };
    grip.held = None;
    if travel_px <= CLICK_PX && buttons.just_released(button) {
        match (button, below.and_then(|below| below.board)) {
            (MouseButton::Left, Some(hit)) => controls.clicked_board = Some(hit),
            (MouseButton::Left, None) => controls.is_clicked = true,
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
        press_and_release(grip, &mut controls, buttons, Vec2::X * motion_px, Some(Below::default()));
        buttons.clear();
        controls.is_clicked
    }

    fn on_a_board(may_draw: bool) -> Below {
        let hit = WallHit { board: atrium_protocol::BoardId(2), distance_m: 1.5, face_mm: Vec2::splat(300.0) };
        Below { board: Some(hit), may_draw }
    }

    #[test]
    fn a_drag_on_a_board_draws_and_a_click_opens_it() {
        for (way_px, may_draw, draws, opens) in [
            (30.0, true, true, false),
            (2.0, true, false, true),
            (30.0, false, false, false),
            (2.0, false, false, true),
        ] {
            let (mut grip, mut buttons) = (Grip::default(), ButtonInput::default());
            let mut frame = |buttons: &mut ButtonInput<MouseButton>, motion_px: f32| {
                let mut controls = Controls::default();
                let below = Some(on_a_board(may_draw));
                press_and_release(&mut grip, &mut controls, buttons, Vec2::X * motion_px, below);
                buttons.clear();
                assert!(!controls.is_clicked);
                (controls.pen.is_some(), controls.clicked_board.is_some())
            };
            buttons.press(MouseButton::Left);
            assert_eq!(frame(&mut buttons, 0.0), (false, false));
            assert_eq!(frame(&mut buttons, way_px), (draws, false), "{way_px} {may_draw}");
            buttons.release(MouseButton::Left);
            assert_eq!(frame(&mut buttons, 0.0), (false, opens), "{way_px} {may_draw}");
            assert!(grip.pen.is_none() && grip.held.is_none());
        }
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
