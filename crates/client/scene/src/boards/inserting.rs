//! Pictures that one pastes or drops onto a board: prepared, given to the room, then put on the page.

use super::board::Boards;
use super::paste::{self, Prepared};
use super::pointing::Pen;
use super::target::bounds_of;
use super::walls::{Walls, page_of};
use crate::body::MainCamera;
use crate::frame::Frame;
use crate::receive::PictureStored;
use crate::screen::AppScreen;
use crate::wire::{RoomWire, ToRoom};
use atrium_easel::Action;
use atrium_protocol::{BoardId, ContentHash};
use bevy::prelude::*;
use bevy::tasks::{Task, block_on, poll_once};
use bevy::window::{FileDragAndDrop, PrimaryWindow};
use std::path::PathBuf;

/// Pictures that may be on their way at a time.
const AT_A_TIME: usize = 8;

/// Asks for a picture to be put on a board.
#[derive(Message, Clone, Debug)]
pub(super) struct InsertPicture {
    /// On which board.
    pub(super) board: BoardId,
    /// Where it comes from.
    pub(super) from: Source,
    /// Its middle on the page; `None`: in the middle of the view.
    pub(super) at: Option<Vec2>,
}

/// Where a picture comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The clipboard. `is_paste`: where there is none, what was copied on the board is placed.
    Clipboard { is_paste: bool },
    /// A file.
    File(PathBuf),
}

/// Why a picture is not on the board.
#[derive(Message, Clone, Debug)]
pub(super) enum PictureTold {
    /// There is none to be placed.
    NoneCopied,
    /// Something is wrong with it, or with the way to the room.
    Failed(String),
    /// Too many at a time.
    TooMany,
}

/// Pictures on their way.
#[derive(Resource, Default)]
struct Inserting {
    preparing: Vec<(InsertPicture, Task<Result<Prepared, String>>)>,
    storing: Vec<Stored>,
    next: u64,
}

/// A picture that the room is given.
struct Stored {
    ticket: u64,
    board: BoardId,
    at: Option<Vec2>,
    pixels: UVec2,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Inserting>()
        .add_message::<InsertPicture>()
        .add_message::<PictureTold>()
        .add_systems(Update, (drop_files, begin, prepared, stored).chain().in_set(Frame::Publish))
        .add_systems(OnExit(AppScreen::InRoom), forget);
}

/// What was on its way to one meeting is nothing for the next.
fn forget(mut inserting: ResMut<Inserting>) {
    inserting.preparing.clear();
    inserting.storing.clear();
}

/// A file is dropped on the board under the mouse.
fn drop_files(
    mut dropped: MessageReader<FileDragAndDrop>,
    window: Option<Single<&Window, With<PrimaryWindow>>>,
    camera: Option<Single<&Camera, With<MainCamera>>>,
    (pen, boards, walls): (Res<Pen>, Res<Boards>, Res<Walls>),
    mut insert: MessageWriter<InsertPicture>,
) {
    for event in dropped.read() {
        let FileDragAndDrop::DroppedFile { path_buf, .. } = event else { continue };
        let size = camera.as_ref().and_then(|camera| camera.logical_viewport_size());
        let cursor = window.as_ref().and_then(|window| window.cursor_position());
        let place = match (boards.open, pen.over) {
            (Some(board), _) => {
                let easel = boards.easel(board);
                let at = easel.zip(size).zip(cursor).map(|((easel, size), cursor)| {
                    let shown = bounds_of(&easel.view(), size);
                    shown.min + cursor / size * shown.size()
                });
                Some((board, at))
            }
            (None, Some(hit)) => walls
                .get(hit.board)
                .zip(boards.easel(hit.board))
                .map(|(wall, easel)| (hit.board, Some(page_of(hit.face_mm, wall.size_mm(), &easel.wall_view())))),
            (None, None) => None,
        };
        if let Some((board, at)) = place {
            insert.write(InsertPicture { board, from: Source::File(path_buf.clone()), at });
        }
    }
}

fn begin(
    mut asked: MessageReader<InsertPicture>,
    mut inserting: ResMut<Inserting>,
    mut told: MessageWriter<PictureTold>,
) {
    for wish in asked.read() {
        if inserting.preparing.len() + inserting.storing.len() >= AT_A_TIME {
            told.write(PictureTold::TooMany);
            continue;
        }
        let task = match &wish.from {
            Source::Clipboard { .. } => paste::from_clipboard(),
            Source::File(path) => paste::from_file(path.clone()),
        };
        inserting.preparing.push((wish.clone(), task));
    }
}

fn prepared(
    mut inserting: ResMut<Inserting>,
    mut boards: ResMut<Boards>,
    mut told: MessageWriter<PictureTold>,
    wire: Res<RoomWire>,
    time: Res<Time<Real>>,
) {
    if inserting.preparing.is_empty() {
        return;
    }
    let mut waiting = Vec::new();
    for (wish, mut task) in std::mem::take(&mut inserting.preparing) {
        match block_on(poll_once(&mut task)) {
            None => waiting.push((wish, task)),
            Some(Ok(Prepared { file, pixels })) => {
                inserting.next += 1;
                let ticket = inserting.next;
                wire.say(ToRoom::StorePicture { ticket, file });
                inserting.storing.push(Stored { ticket, board: wish.board, at: wish.at, pixels });
            }
            Some(Err(why)) => match wish.from {
                Source::Clipboard { is_paste: true } => {
                    boards.paste_copied(wish.board, time.elapsed_secs_f64(), wish.at);
                }
                Source::Clipboard { is_paste: false } => drop(told.write(PictureTold::NoneCopied)),
                Source::File(_) => drop(told.write(PictureTold::Failed(why))),
            },
        }
    }
    inserting.preparing = waiting;
}

fn stored(
    mut answers: MessageReader<PictureStored>,
    mut inserting: ResMut<Inserting>,
    mut boards: ResMut<Boards>,
    mut told: MessageWriter<PictureTold>,
    time: Res<Time<Real>>,
) {
    for PictureStored { ticket, hash } in answers.read() {
        let Some(place) = inserting.storing.iter().position(|stored| stored.ticket == *ticket) else { continue };
        let stored = inserting.storing.swap_remove(place);
        match hash {
            Ok(hash) => put(&stored, *hash, &mut boards, time.elapsed_secs_f64()),
            Err(why) => drop(told.write(PictureTold::Failed(why.clone()))),
        }
    }
}

fn put(stored: &Stored, hash: ContentHash, boards: &mut Boards, now_secs: f64) {
    if let Some(easel) = boards.easel_mut(stored.board) {
        let pixels = stored.pixels.as_vec2();
        easel.act(now_secs, Action::InsertImage { hash, pixels, at: stored.at });
    }
    boards.follow_tool(stored.board);
}
