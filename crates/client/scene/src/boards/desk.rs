//! Working on a board that fills the window: mouse, wheel and fingers become what its pen does.

use super::board::Boards;
use super::cost::BoardsCost;
use super::pointing::modifiers;
use crate::body::MainCamera;
use crate::panels::InputGate;
use atrium_board::View;
use atrium_easel::{Action, Easel, Phase, PointerEvent, PointerShape};
use bevy::input::gestures::PinchGesture;
use bevy::input::mouse::{MouseScrollUnit, MouseWheel};
use bevy::prelude::*;
use bevy::window::{CursorIcon, CursorMoved, PrimaryWindow, SystemCursorIcon};

/// A notch of the wheel brings one nearer by so much.
const NOTCH: f32 = 1.2;
/// Pixels of a touchpad that bring one nearer as a notch does.
const PX_PER_NOTCH: f32 = 60.0;

/// What the mouse does at a board that fills the window.
#[derive(Resource, Debug, Default)]
pub(super) struct Desk {
    /// The button that is down, and whether it moves the view.
    down: Option<(MouseButton, bool)>,
    last: Option<Vec2>,
}

/// How points of the window are points of the page.
#[derive(Clone, Copy)]
struct Glass {
    view: View,
    size: Vec2,
}

impl Glass {
    fn mm_per_pixel(&self) -> f32 {
        self.view.width_mm / self.size.x.max(1.0)
    }

    fn page(&self, at: Vec2) -> Vec2 {
        self.view.center + (at - self.size / 2.0) * self.mm_per_pixel()
    }
}

pub(super) fn work(
    buttons: Res<ButtonInput<MouseButton>>,
    keys: Res<ButtonInput<KeyCode>>,
    gate: Res<InputGate>,
    window: Option<Single<&Window, With<PrimaryWindow>>>,
    camera: Option<Single<&Camera, With<MainCamera>>>,
    (mut moved, mut wheel, mut pinch): (
        MessageReader<CursorMoved>,
        MessageReader<MouseWheel>,
        MessageReader<PinchGesture>,
    ),
    (time, cost): (Res<Time<Real>>, Res<BoardsCost>),
    mut desk: ResMut<Desk>,
    mut boards: ResMut<Boards>,
) {
    let _measured = cost.measure();
    let size = camera.and_then(|camera| camera.logical_viewport_size());
    let easel = boards.open.and_then(|open| boards.easel_mut(open));
    let (Some(size), Some(easel), Some(window)) = (size, easel, window) else {
        return moved.clear();
    };
    let now_secs = time.elapsed_secs_f64();
    let at = window.cursor_position();
    easel.hold_hand(keys.pressed(KeyCode::Space) && !gate.panel_has_keyboard);
    let modifiers = modifiers(&keys);
    let event = |phase, at: Vec2, is_pan, easel: &Easel| {
        let glass = Glass { view: easel.view(), size };
        let (at, mm_per_pixel) = (glass.page(at), glass.mm_per_pixel());
        PointerEvent { phase, at, pressure: 0.5, mm_per_pixel, modifiers, is_pan }
    };
    let pan = desk.down.is_some_and(|(_, is_pan)| is_pan);
    for position in moved.read().map(|moved| moved.position).chain(at) {
        if desk.last != Some(position) && (desk.down.is_some() || !gate.panel_has_pointer) {
            desk.last = Some(position);
            let event = event(Phase::Move, position, pan, easel);
            easel.pointer(now_secs, event);
        }
    }
    let here = at.or(desk.last).unwrap_or(size / 2.0);
    if desk.down.is_none() && (gate.panel_has_pointer || at.is_none()) && desk.last.take().is_some() {
        let event = event(Phase::Leave, here, false, easel);
        easel.pointer(now_secs, event);
    }
    match desk.down {
        Some((button, is_pan)) if !buttons.pressed(button) => {
            desk.down = None;
            let event = event(Phase::Release, here, is_pan, easel);
            easel.pointer(now_secs, event);
        }
        Some((_, is_pan)) if !window.focused => {
            desk.down = None;
            let event = event(Phase::Cancel, here, is_pan, easel);
            easel.pointer(now_secs, event);
        }
        Some(_) => {}
        None => {
            let pressed = [MouseButton::Left, MouseButton::Middle, MouseButton::Right]
                .into_iter()
                .find(|button| buttons.just_pressed(*button) && at.is_some() && !gate.panel_has_pointer);
            if let Some(button) = pressed {
                let is_pan = button != MouseButton::Left;
                desk.down = Some((button, is_pan));
                let event = event(Phase::Press, here, is_pan, easel);
                easel.pointer(now_secs, event);
            }
        }
    }
    let over_panel = gate.panel_has_pointer && desk.down.is_none();
    let wheel = wheel.read().filter(|_| !over_panel);
    wheel.for_each(|wheel| roll(wheel, modifiers.command, Glass { view: easel.view(), size }, here, now_secs, easel));
    for PinchGesture(share) in pinch.read().filter(|_| !over_panel) {
        let at = Glass { view: easel.view(), size }.page(here);
        easel.act(now_secs, Action::ZoomAt { at, factor: 1.0 + share });
    }
}

/// A wheel brings one nearer; a touchpad moves the page, and brings nearer with the control key.
fn roll(wheel: &MouseWheel, is_zoom: bool, glass: Glass, at: Vec2, now_secs: f64, easel: &mut Easel) {
    let notches = match wheel.unit {
        MouseScrollUnit::Line => wheel.y,
        MouseScrollUnit::Pixel if is_zoom => wheel.y / PX_PER_NOTCH,
        MouseScrollUnit::Pixel => {
            let by = -Vec2::new(wheel.x, wheel.y) * glass.mm_per_pixel();
            return easel.act(now_secs, Action::Pan(by));
        }
    };
    if notches != 0.0 {
        easel.act(now_secs, Action::ZoomAt { at: glass.page(at), factor: NOTCH.powf(notches.clamp(-5.0, 5.0)) });
    }
}

/// The cursor looks like what it does. Panels say so themselves where they are.
pub(super) fn show_cursor(
    boards: Res<Boards>,
    pen: Res<super::pointing::Pen>,
    gate: Res<InputGate>,
    window: Option<Single<(Entity, Option<&CursorIcon>), With<PrimaryWindow>>>,
    mut was_ours: Local<bool>,
    mut commands: Commands,
) {
    let Some(window) = window else { return };
    let (window, now) = *window;
    let at = boards.open.or(pen.over.map(|hit| hit.board)).filter(|_| !gate.panel_has_pointer);
    let icon = match at.and_then(|board| boards.easel(board)).map(Easel::pointer_shape) {
        Some(shape) => CursorIcon::System(icon(shape)),
        None if *was_ours => CursorIcon::System(SystemCursorIcon::Default),
        None => return,
    };
    *was_ours = at.is_some();
    if now != Some(&icon) {
        commands.entity(window).insert(icon);
    }
}

fn icon(shape: PointerShape) -> SystemCursorIcon {
    match shape {
        PointerShape::Arrow => SystemCursorIcon::Default,
        PointerShape::Cross => SystemCursorIcon::Crosshair,
        PointerShape::Text => SystemCursorIcon::Text,
        PointerShape::Grab => SystemCursorIcon::Grab,
        PointerShape::Grabbing => SystemCursorIcon::Grabbing,
        PointerShape::Move => SystemCursorIcon::Move,
        PointerShape::Resize(0) => SystemCursorIcon::EwResize,
        PointerShape::Resize(1) => SystemCursorIcon::NwseResize,
        PointerShape::Resize(2) => SystemCursorIcon::NsResize,
        PointerShape::Resize(_) => SystemCursorIcon::NeswResize,
        PointerShape::Turn => SystemCursorIcon::AllScroll,
        PointerShape::Forbidden => SystemCursorIcon::NotAllowed,
    }
}

/// In another board, or none.
pub(super) fn forget(mut desk: ResMut<Desk>) {
    *desk = Desk::default();
}
