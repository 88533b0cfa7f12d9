//! What one does at boards goes out, and what went otherwise than one might think is told.

use super::board::{Board, Boards, Ruler};
use super::cost::BoardsCost;
use super::mesher::lettering;
use crate::wire::{RoomWire, ToRoom};
use atrium_easel::{Notice, Output};
use atrium_protocol::BoardUp;
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, block_on, poll_once};
use std::collections::VecDeque;

/// Something about a board that a person should know.
#[derive(Message, Clone, Debug)]
pub(super) struct BoardTold {
    /// What.
    pub(super) notice: Notice,
}

/// What the network had no room for yet: no more than the easels have under way at once.
#[derive(Default)]
pub(super) struct Unsent {
    generation: u64,
    words: VecDeque<ToRoom>,
}

impl Unsent {
    /// Says it, after what waits.
    fn say(&mut self, word: ToRoom, wire: &RoomWire) {
        self.words.push_back(word);
        self.flush(wire);
    }

    fn flush(&mut self, wire: &RoomWire) {
        while let Some(word) = self.words.pop_front() {
            if let Some(word) = wire.offer(word) {
                return self.words.push_front(word);
            }
        }
    }

    /// What was for another place is for nobody.
    fn follow(&mut self, generation: u64) {
        if self.generation != generation {
            *self = Self { generation, words: VecDeque::new() };
        }
    }
}

/// Lets time pass at the boards, and sends what comes of it.
pub(super) fn send(
    mut boards: ResMut<Boards>,
    mut ruler: ResMut<Ruler>,
    wire: Res<RoomWire>,
    mut told: MessageWriter<BoardTold>,
    mut unsent: Local<Unsent>,
    (time, cost): (Res<Time<Real>>, Res<BoardsCost>),
) {
    if boards.boards.is_empty() {
        return;
    }
    let _measured = cost.measure();
    let now_secs = time.elapsed_secs_f64();
    unsent.follow(boards.generation);
    unsent.flush(&wire);
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
                    unsent.say(ToRoom::Board(BoardUp::Append { board: *id, nonce, operation }), &wire);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::wire;
    use atrium_protocol::{BoardId, OperationBytes};

    fn append(nonce: u64) -> ToRoom {
        let operation = OperationBytes::new(vec![1]).unwrap();
        ToRoom::Board(BoardUp::Append { board: BoardId(0), nonce, operation })
    }

    #[test]
    fn a_busy_network_loses_no_stroke_and_keeps_their_order() {
        let (scene, network) = wire();
        let mut unsent = Unsent::default();
        (0..2_000).for_each(|nonce| unsent.say(append(nonce), &scene));
        assert!(!unsent.words.is_empty(), "there is not that much room");
        let mut next = 0;
        while next < 2_000 {
            unsent.flush(&scene);
            while let Ok(ToRoom::Board(BoardUp::Append { nonce, .. })) = network.from_scene.try_recv() {
                assert_eq!(nonce, next);
                next += 1;
            }
        }
        unsent.say(append(0), &scene);
        (0..2_000).for_each(|nonce| unsent.say(append(nonce), &scene));
        unsent.follow(1);
        assert!(unsent.words.is_empty(), "another place has other boards");
    }
}
