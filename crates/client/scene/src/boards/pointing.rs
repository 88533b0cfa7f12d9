//! Drawing in the room: the pen is where the mouse's ray meets a board.

use super::board::Boards;
use super::cost::BoardsCost;
use super::opening::OpenBoard;
use super::walls::{WallHit, Walls, page_of};
use crate::body::{Controls, MainCamera, PointedAt};
use crate::panels::InputGate;
use atrium_easel::{Modifiers, Phase, PointerEvent};
use atrium_protocol::BoardId;
use bevy::prelude::*;
use bevy::window::{CursorMoved, PrimaryWindow};

/// Who points at a board from so near has its tools at hand; who goes so far away puts them away.
const AT_HAND_M: f32 = 3.2;
const AWAY_M: f32 = 5.0;

/// What the pen does in the room.
#[derive(Resource, Debug, Default)]
pub(super) struct Pen {
    /// The board at which it is down.
    down: Option<BoardId>,
    /// Where it points, down or not.
    pub(super) over: Option<WallHit>,
}

/// Turns what the mouse does at a board into what its pen does.
pub(super) fn draw(
    controls: Res<Controls>,
    pointed: Res<PointedAt>,
    gate: Res<InputGate>,
    keys: Res<ButtonInput<KeyCode>>,
    walls: Res<Walls>,
    camera: Option<Single<(&Camera, &GlobalTransform), With<MainCamera>>>,
    window: Option<Single<&Window, With<PrimaryWindow>>>,
    mut moved: MessageReader<CursorMoved>,
    (time, cost): (Res<Time<Real>>, Res<BoardsCost>),
    mut pen: ResMut<Pen>,
    mut boards: ResMut<Boards>,
    mut open: MessageWriter<OpenBoard>,
) {
    let is_idle = controls.pen.is_none() && pen.down.is_none() && pointed.board == pen.over;
    if is_idle && controls.clicked_board.is_none() {
        return moved.clear();
    }
    let _measured = cost.measure();
    if let Some(hit) = controls.clicked_board {
        open.write(OpenBoard(Some(hit.board)));
    }
    let Some(camera) = camera else { return };
    let is_captured = window.is_none_or(|window| Some(window.size() / 2.0) == controls.aim);
    // Between two frames a mouse tells several times where it is.
    let aims: Vec<Vec2> = match controls.aim {
        Some(aim) if is_captured => vec![aim],
        aim => moved.read().map(|moved| moved.position).chain(aim).collect(),
    };
    let ray = |aim: Vec2| camera.0.viewport_to_world(camera.1, aim).ok();
    let ways: Vec<(Vec3, Vec3)> = aims.into_iter().filter_map(ray).map(|ray| (ray.origin, *ray.direction)).collect();
    let hand = Hand { modifiers: modifiers(&keys), scale: pixel_rad(camera.0), now_secs: time.elapsed_secs_f64() };
    pen.follow(&controls, (&pointed, &gate), &walls, &ways, &hand, &mut boards);
}

/// What is the same for all events of a frame.
struct Hand {
    modifiers: Modifiers,
    /// The angle of a pixel.
    scale: f32,
    now_secs: f64,
}

impl Pen {
    fn follow(
        &mut self,
        controls: &Controls,
        (pointed, gate): (&PointedAt, &InputGate),
        walls: &Walls,
        ways: &[(Vec3, Vec3)],
        hand: &Hand,
        boards: &mut Boards,
    ) {
        let over = pointed.board.filter(|_| !gate.pointer_taken);
        match (self.down, controls.pen) {
            (None, Some(first)) => {
                self.down = Some(first.board);
                (boards.at, boards.put_away) = (Some(first.board), None);
                self.say(first, Phase::Press, walls, hand, boards);
                self.drag(first.board, walls, ways, hand, boards);
            }
            (Some(board), Some(_)) => self.drag(board, walls, ways, hand, boards),
            (Some(_), None) => {
                if let Some(last) = self.over {
                    self.say(last, Phase::Release, walls, hand, boards);
                }
                self.down = None;
            }
            (None, None) => self.hover(over, walls, hand, boards),
        }
    }

    /// The pen is down: it goes on at that board, also beyond its edge, where it stays on it.
    fn drag(&mut self, board: BoardId, walls: &Walls, ways: &[(Vec3, Vec3)], hand: &Hand, boards: &mut Boards) {
        let Some(wall) = walls.get(board) else { return };
        for (origin, direction) in ways {
            let Some((distance_m, at)) = wall.meet(*origin, *direction) else { continue };
            let face_mm = at.clamp(Vec2::ZERO, wall.size_mm());
            self.say(WallHit { board, distance_m, face_mm }, Phase::Move, walls, hand, boards);
        }
    }

    fn hover(&mut self, over: Option<WallHit>, walls: &Walls, hand: &Hand, boards: &mut Boards) {
        if let Some(left) = self.over.filter(|left| over.is_none_or(|over| over.board != left.board)) {
            self.say(left, Phase::Leave, walls, hand, boards);
            self.over = None;
        }
        if let Some(over) = over {
            if over.distance_m < AT_HAND_M && boards.put_away != Some(over.board) && boards.takes_the_pen(over.board) {
                boards.at = Some(over.board);
            }
            self.say(over, Phase::Move, walls, hand, boards);
        }
    }

    fn say(&mut self, hit: WallHit, phase: Phase, walls: &Walls, hand: &Hand, boards: &mut Boards) {
        self.over = Some(hit);
        let (Some(wall), Some(easel)) = (walls.get(hit.board), boards.easel_mut(hit.board)) else { return };
        let view = easel.wall_view();
        let mm_per_pixel = hit.distance_m * 1_000.0 * hand.scale * view.width_mm / wall.size_mm().x;
        let event = PointerEvent {
            phase,
            at: page_of(hit.face_mm, wall.size_mm(), &view),
            pressure: 0.5,
            mm_per_pixel,
            modifiers: hand.modifiers,
            is_pan: false,
        };
        easel.pointer(hand.now_secs, event);
    }
}

/// The angle of a pixel in the middle of the picture.
pub(super) fn pixel_rad(camera: &Camera) -> f32 {
    let height = camera.logical_viewport_size().map_or(720.0, |size| size.y.max(1.0));
    // The projection has 1 / tan(half of the angle) there.
    2.0 / (camera.clip_from_view().y_axis.y.max(0.1) * height)
}

/// What is held on the keyboard.
pub(super) fn modifiers(keys: &ButtonInput<KeyCode>) -> Modifiers {
    let held = |pair: [KeyCode; 2]| keys.any_pressed(pair);
    Modifiers {
        shift: held([KeyCode::ShiftLeft, KeyCode::ShiftRight]),
        alt: held([KeyCode::AltLeft, KeyCode::AltRight]),
        command: held([KeyCode::ControlLeft, KeyCode::ControlRight])
            || (cfg!(target_os = "macos") && held([KeyCode::SuperLeft, KeyCode::SuperRight])),
    }
}

/// Who goes away from a board puts its tools away.
pub(super) fn go_away(
    camera: Option<Single<&Transform, With<MainCamera>>>,
    walls: Res<Walls>,
    mut boards: ResMut<Boards>,
) {
    let Some(camera) = camera else { return };
    let is_away = |board: BoardId| {
        let distance_m = walls.get(board).and_then(|wall| wall.distance_m(camera.translation));
        distance_m.is_none_or(|distance_m| distance_m > AWAY_M)
    };
    if boards.at.is_some_and(is_away) {
        boards.at = None;
    }
    if boards.put_away.is_some_and(is_away) {
        boards.put_away = None;
    }
}

/// In another room, or none.
pub(super) fn forget(mut pen: ResMut<Pen>) {
    *pen = Pen::default();
}
