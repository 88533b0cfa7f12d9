//! What one does at boards goes out, and what went otherwise than one might think is told.

use super::board::{Board, Boards, Ruler};
use super::cost::BoardsCost;
use super::mesher::lettering;
use crate::wire::{RoomWire, ToRoom};
use atrium_easel::{Notice, Output};
use atrium_protocol::BoardUp;
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, block_on, poll_once};

/// Something about a board that a person should know.
#[derive(Message, Clone, Debug)]
pub(super) struct BoardTold {
    /// What.
    pub(super) notice: Notice,
}

/// Lets time pass at the boards, and sends what comes of it.
pub(super) fn send(
    mut boards: ResMut<Boards>,
    mut ruler: ResMut<Ruler>,
    wire: Res<RoomWire>,
    mut told: MessageWriter<BoardTold>,
    (time, cost): (Res<Time<Real>>, Res<BoardsCost>),
) {
    if boards.boards.is_empty() {
        return;
    }
    let _measured = cost.measure();
    let now_secs = time.elapsed_secs_f64();
    ruler.come();
    if let Some(id) = boards.in_work() {
        boards.follow_tool(id);
    }
    for Board { id, easel, .. } in &mut boards.boards {
        let Some(easel) = easel else { continue };
        if easel.text().is_some() {
            ruler.need();
        }
        easel.tick(now_secs, ruler.lettering());
        for output in easel.drain() {
            match output {
                Output::Append { nonce, operation } => {
                    wire.say(ToRoom::Board(BoardUp::Append { board: *id, nonce, operation }));
                }
                Output::Live(live) => wire.say(ToRoom::Live { board: *id, payload: live.encode() }),
                Output::Notice(notice) => drop(told.write(BoardTold { notice })),
            }
        }
    }
}

impl Ruler {
    /// Somebody writes: fonts are looked for, away from the frame.
    pub(super) fn need(&mut self) {
        if matches!(self, Self::Unneeded) {
            *self = Self::Coming(AsyncComputeTaskPool::get().spawn(async { lettering() }));
        }
    }

    fn come(&mut self) {
        if let Self::Coming(task) = self
            && let Some(lettering) = block_on(poll_once(task))
        {
            *self = Self::Here(Box::new(lettering));
        }
    }

    fn lettering(&mut self) -> Option<&mut atrium_lettering::Lettering> {
        match self {
            Self::Here(lettering) => Some(lettering),
            _ => None,
        }
    }
}
