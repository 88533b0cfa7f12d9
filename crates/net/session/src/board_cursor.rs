use atrium_protocol::{BoardDown, BoardId, BoardUp};
use std::collections::{BTreeMap, HashMap};

/// Most operations of a board that wait for one before them.
const HELD: usize = 256;

/// How far each board has been read, so that the reader gets every operation once and in order, although what
/// happens now and what was missed come at the same time after a resume.
///
/// A board that was never fetched is passed on as it comes. A reader who has a snapshot fetches what came after it, and
/// gets from then on what is next, whatever was passed on before.
#[derive(Debug, Default)]
pub(crate) struct BoardCursors {
    boards: HashMap<BoardId, Cursor>,
}

#[derive(Debug, Default)]
struct Cursor {
    /// What the last fetch of the user was after: the reader has that from elsewhere.
    from: u64,
    last: u64,
    held: BTreeMap<u64, BoardDown>,
    has_dropped: bool,
}

/// What comes of a message of the board lane.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Delivery {
    /// What the reader gets now.
    pub(crate) ready: Vec<BoardDown>,
    /// What to ask the server for.
    pub(crate) fetch: Option<BoardUp>,
}

impl From<BoardDown> for Delivery {
    fn from(message: BoardDown) -> Self {
        Self { ready: vec![message], fetch: None }
    }
}

impl BoardCursors {
    /// The user asks for a board.
    pub(crate) fn on_board_up(&mut self, message: &BoardUp) {
        if let BoardUp::Fetch { board, after } = message {
            let cursor = self.boards.entry(*board).or_default();
            // A fetch that is under way is not begun anew by the server: what is ahead stays of use.
            let held = cursor.held.split_off(&after.saturating_add(1));
            *cursor = Cursor { from: *after, last: *after, held, has_dropped: cursor.has_dropped };
        }
    }

    /// What comes of a message of the server. `is_answer`: it answers an operation of one's own, which its reader
    /// gets to know even if a snapshot had it before.
    pub(crate) fn on_board_down(&mut self, message: BoardDown, is_answer: bool) -> Delivery {
        match message {
            BoardDown::Settled { board, sequence, .. } => match self.boards.get_mut(&board) {
                Some(cursor) if sequence > cursor.last => {
                    Delivery { ready: cursor.take(sequence, message), fetch: None }
                }
                Some(cursor) if !is_answer || sequence > cursor.from => Delivery::default(),
                _ => message.into(),
            },
            BoardDown::UpToDate { board, .. } => {
                let mut delivery = Delivery::from(message);
                if let Some(cursor) = self.boards.get_mut(&board)
                    && (std::mem::take(&mut cursor.has_dropped) || !cursor.held.is_empty())
                {
                    delivery.fetch = Some(BoardUp::Fetch { board, after: cursor.last });
                }
                delivery
            }
            _ => message.into(),
        }
    }

    /// What to ask for after a resume.
    pub(crate) fn fetches(&self) -> Vec<BoardUp> {
        self.boards.iter().map(|(board, cursor)| BoardUp::Fetch { board: *board, after: cursor.last }).collect()
    }
}

impl Cursor {
    /// Takes what is ahead of [`Self::last`].
    fn take(&mut self, sequence: u64, message: BoardDown) -> Vec<BoardDown> {
        self.held.insert(sequence, message);
        if self.held.len() > HELD {
            // The newest can be asked for again when what is missing before it has come.
            self.held.pop_last();
            self.has_dropped = true;
        }
        let mut ready = Vec::new();
        while let Some(next) = self.held.remove(&(self.last + 1)) {
            self.last += 1;
            ready.push(next);
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{OperationBytes, PersonId};

    const BOARD: BoardId = BoardId(3);

    fn settled(sequence: u64) -> BoardDown {
        let operation = OperationBytes::new(vec![1]).unwrap();
        BoardDown::Settled { board: BOARD, sequence, author: PersonId([0; 32]), nonce: sequence, at_ms: 0, operation }
    }

    fn sequences(messages: &[BoardDown]) -> Vec<u64> {
        let sequence = |message: &BoardDown| match message {
            BoardDown::Settled { sequence, .. } => *sequence,
            _ => panic!("only settled operations here"),
        };
        messages.iter().map(sequence).collect()
    }

    #[test]
    fn missed_and_new_operations_come_once_and_in_order() {
        let mut cursors = BoardCursors::default();
        cursors.on_board_up(&BoardUp::Fetch { board: BOARD, after: 4 });
        let mut got = Vec::new();
        for sequence in [8, 5, 6, 5, 9, 7, 8, 10] {
            got.extend(sequences(&cursors.on_board_down(settled(sequence), false).ready));
        }
        assert_eq!(got, [5, 6, 7, 8, 9, 10]);
        assert_eq!(cursors.fetches(), [BoardUp::Fetch { board: BOARD, after: 10 }]);
    }

    #[test]
    fn a_board_nobody_asked_for_passes() {
        let mut cursors = BoardCursors::default();
        assert_eq!(sequences(&cursors.on_board_down(settled(9), false).ready), [9]);
        assert!(cursors.fetches().is_empty());
    }

    #[test]
    fn a_snapshot_read_while_others_draw_misses_nothing() {
        let mut cursors = BoardCursors::default();
        // The snapshot ends with 5; before its reader could say so, 6 and 7 came, and 8 while the rest is fetched.
        let mut got = Vec::new();
        for sequence in [6, 7] {
            got.extend(sequences(&cursors.on_board_down(settled(sequence), false).ready));
        }
        cursors.on_board_up(&BoardUp::Fetch { board: BOARD, after: 5 });
        for sequence in [8, 6, 7, 9] {
            got.extend(sequences(&cursors.on_board_down(settled(sequence), false).ready));
        }
        assert_eq!(got, [6, 7, 6, 7, 8, 9], "whoever takes only what is next has all of it");
    }

    #[test]
    fn another_fetch_while_one_is_under_way_leaves_no_gap() {
        let mut cursors = BoardCursors::default();
        cursors.on_board_up(&BoardUp::Fetch { board: BOARD, after: 0 });
        assert_eq!(cursors.on_board_down(settled(9), false), Delivery::default());
        cursors.on_board_up(&BoardUp::Fetch { board: BOARD, after: 6 });
        let old = cursors.on_board_down(settled(3), false);
        assert_eq!(old, Delivery::default(), "the first fetch goes on");
        assert_eq!(sequences(&cursors.on_board_down(settled(7), false).ready), [7]);
        let end = cursors.on_board_down(BoardDown::UpToDate { board: BOARD, sequence: 7 }, false);
        assert_eq!(end.fetch, Some(BoardUp::Fetch { board: BOARD, after: 7 }), "8 is missing");
        assert_eq!(sequences(&cursors.on_board_down(settled(8), false).ready), [8, 9]);
    }

    #[test]
    fn ones_own_operation_is_answered_although_a_snapshot_had_it() {
        let mut cursors = BoardCursors::default();
        cursors.on_board_up(&BoardUp::Fetch { board: BOARD, after: 6 });
        assert_eq!(cursors.on_board_down(settled(4), false), Delivery::default());
        assert_eq!(sequences(&cursors.on_board_down(settled(4), true).ready), [4]);
        assert_eq!(sequences(&cursors.on_board_down(settled(7), true).ready), [7]);
        assert_eq!(cursors.on_board_down(settled(7), true), Delivery::default(), "it was given before");
    }

    #[test]
    fn a_gap_does_not_cost_unbounded_memory() {
        let mut cursors = BoardCursors::default();
        cursors.on_board_up(&BoardUp::Fetch { board: BOARD, after: 0 });
        for sequence in 2..5_000 {
            assert_eq!(cursors.on_board_down(settled(sequence), false), Delivery::default());
        }
        assert!(cursors.boards[&BOARD].held.len() <= HELD);
        let ready = cursors.on_board_down(settled(1), false).ready;
        assert_eq!(sequences(&ready), (1..=HELD as u64).collect::<Vec<_>>());
        let end = cursors.on_board_down(BoardDown::UpToDate { board: BOARD, sequence: 1 }, false);
        assert_eq!(
            end.fetch,
            Some(BoardUp::Fetch { board: BOARD, after: HELD as u64 }),
            "what was dropped comes again"
        );
        assert_eq!(cursors.on_board_down(BoardDown::UpToDate { board: BOARD, sequence: 9 }, false).fetch, None);
    }
}
