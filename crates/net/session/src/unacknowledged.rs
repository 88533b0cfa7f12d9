use atrium_protocol::{BoardDown, BoardId, BoardUp, ControlDown, ControlUp, PersonId};
use std::collections::{BTreeSet, VecDeque};

/// Most words of each kind that wait for the server's word; more are not taken from the user.
const LIMIT: usize = 64;

/// What was said but is not yet on the server's disk: kept, in order, to be said again after a resume. The server
/// knows each by its nonce, so saying it twice does no harm.
#[derive(Debug, Default)]
pub(crate) struct Unacknowledged {
    chats: VecDeque<(u64, ControlUp)>,
    appends: VecDeque<(BoardId, BoardUp)>,
    /// Boards of which the missed operations are being fetched. What waits may be among them, so until they are here nothing
    /// is said: the server may have forgotten that it has it.
    behind: BTreeSet<BoardId>,
}

impl Unacknowledged {
    pub(crate) fn has_room_for_chat(&self) -> bool {
        self.chats.len() < LIMIT
    }

    pub(crate) fn has_room_for_append(&self) -> bool {
        self.appends.len() < LIMIT
    }

    pub(crate) fn on_control_up(&mut self, message: &ControlUp) {
        if let ControlUp::Chat { nonce, .. } = message {
            self.chats.push_back((*nonce, message.clone()));
        }
    }

    /// Returns whether it may be said now; else it will be when its board has [caught up](Self::caught_up).
    pub(crate) fn on_board_up(&mut self, message: &BoardUp) -> bool {
        let BoardUp::Append { board, .. } = message else { return true };
        self.appends.push_back((*board, message.clone()));
        !self.behind.contains(board)
    }

    /// A new connection begins by fetching what was missed on these boards.
    pub(crate) fn on_fetches(&mut self, fetches: &[BoardUp]) {
        let board = |fetch: &BoardUp| if let BoardUp::Fetch { board, .. } = fetch { Some(*board) } else { None };
        self.behind = fetches.iter().filter_map(board).collect();
    }

    /// All that was missed on a board is here: what is still not known to be stored, and is to be said again now.
    pub(crate) fn caught_up(&mut self, on: BoardId) -> impl Iterator<Item = &BoardUp> {
        let was_behind = self.behind.remove(&on);
        self.appends.iter().filter(move |(board, _)| was_behind && *board == on).map(|(_, message)| message)
    }

    /// Boards that are still behind.
    pub(crate) fn behind(&self) -> Vec<BoardId> {
        self.behind.iter().copied().collect()
    }

    pub(crate) fn on_control_down(&mut self, me: PersonId, message: &ControlDown) {
        match message {
            ControlDown::Chat { message } if message.author == me => self.forget_chat(message.nonce),
            ControlDown::ChatHistory { messages } => {
                messages
                    .iter()
                    .filter(|message| message.author == me)
                    .for_each(|message| self.forget_chat(message.nonce));
            }
            ControlDown::Refused { what, nonce: Some(nonce), .. } if what == "chat" => self.forget_chat(*nonce),
            _ => {}
        }
    }

    /// Returns whether the message answers an operation that waited for it.
    pub(crate) fn on_board_down(&mut self, me: PersonId, message: &BoardDown) -> bool {
        let before = self.appends.len();
        self.appends.retain(|(_, append)| !is_answer(append, me, message));
        self.appends.len() < before
    }

    pub(crate) fn chats(&self) -> impl Iterator<Item = &ControlUp> {
        self.chats.iter().map(|(_, message)| message)
    }

    /// Operations on boards that are not behind.
    pub(crate) fn appends(&self) -> impl Iterator<Item = &BoardUp> {
        self.appends.iter().filter(|(board, _)| !self.behind.contains(board)).map(|(_, message)| message)
    }

    fn forget_chat(&mut self, nonce: u64) {
        self.chats.retain(|(number, _)| *number != nonce);
    }
}

/// Whether a word of the server is about this operation. Another attendance of the same person may have given the same number
/// to something else.
fn is_answer(append: &BoardUp, me: PersonId, word: &BoardDown) -> bool {
    let BoardUp::Append { board, nonce, operation } = append else { return false };
    match word {
        BoardDown::Settled { board: on, author, nonce: number, operation: stored, .. } => {
            (on, *author, number, stored) == (board, me, nonce, operation)
        }
        BoardDown::Refused { board: on, nonce: number, .. } | BoardDown::Stale { board: on, nonce: number, .. } => {
            (on, number) == (board, nonce)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{ChatMessage, ChatText, DisplayName, OperationBytes, ReasonText, RefusalCode};

    const ME: PersonId = PersonId([1; 32]);
    const OTHER: PersonId = PersonId([2; 32]);

    fn chat(nonce: u64) -> ControlUp {
        ControlUp::Chat { nonce, text: ChatText::new("hello").unwrap() }
    }

    fn said(author: PersonId, nonce: u64) -> ChatMessage {
        let (name, text) = (DisplayName::new("A").unwrap(), ChatText::new("hello").unwrap());
        ChatMessage { sequence: 1, at_ms: 0, author, name, nonce, text }
    }

    fn append(board: u16, nonce: u64) -> BoardUp {
        let operation = OperationBytes::new(vec![7]).unwrap();
        BoardUp::Append { board: BoardId(board), nonce, operation }
    }

    fn settled(board: u16, author: PersonId, nonce: u64) -> BoardDown {
        let operation = OperationBytes::new(vec![7]).unwrap();
        BoardDown::Settled { board: BoardId(board), sequence: 9, author, nonce, at_ms: 0, operation }
    }

    #[test]
    fn only_what_is_not_on_disk_is_said_again_in_order() {
        let mut waiting = Unacknowledged::default();
        for nonce in 1..=3 {
            waiting.on_board_up(&append(0, nonce));
            waiting.on_control_up(&chat(nonce));
        }
        waiting.on_board_up(&append(1, 2));
        waiting.on_board_up(&BoardUp::Fetch { board: BoardId(0), after: 0 });
        waiting.on_control_up(&ControlUp::Stand);

        assert!(waiting.on_board_down(ME, &settled(0, ME, 2)));
        assert!(!waiting.on_board_down(ME, &settled(0, ME, 2)), "an answer that came before");
        assert!(!waiting.on_board_down(ME, &settled(0, OTHER, 3)));
        let operation = OperationBytes::new(vec![8]).unwrap();
        let elsewhere =
            BoardDown::Settled { board: BoardId(0), sequence: 9, author: ME, nonce: 3, at_ms: 0, operation };
        assert!(!waiting.on_board_down(ME, &elsewhere), "of another window, with the same number");
        assert!(waiting.appends().eq([append(0, 1), append(0, 3), append(1, 2)].iter()));
        let (code, message) = (RefusalCode::NotAllowed, ReasonText::default());
        assert!(waiting.on_board_down(ME, &BoardDown::Refused { board: BoardId(0), nonce: 1, code, message }));
        assert!(waiting.appends().eq([append(0, 3), append(1, 2)].iter()));

        waiting.on_control_down(ME, &ControlDown::Chat { message: said(OTHER, 1) });
        waiting.on_control_down(ME, &ControlDown::ChatHistory { messages: vec![said(ME, 2)] });
        assert!(waiting.chats().eq([chat(1), chat(3)].iter()));
        let refused = |nonce| ControlDown::Refused { what: "chat".into(), nonce, code, message: ReasonText::default() };
        waiting.on_control_down(ME, &refused(None));
        waiting.on_control_down(ME, &refused(Some(3)));
        assert!(waiting.chats().eq([chat(1)].iter()), "the one that was refused, though it is not the oldest");
    }

    #[test]
    fn what_may_be_among_what_was_missed_waits_until_that_is_here() {
        let mut waiting = Unacknowledged::default();
        [append(0, 1), append(1, 1), append(0, 2)].iter().for_each(|append| assert!(waiting.on_board_up(append)));
        let on = BoardId(0);
        waiting.on_fetches(&[BoardUp::Fetch { board: on, after: 5 }]);
        assert!(waiting.appends().eq([append(1, 1)].iter()), "nobody fetches that one");
        assert!(!waiting.on_board_up(&append(0, 3)), "not before the others");
        assert!(waiting.on_board_down(ME, &settled(0, ME, 1)));
        assert!(waiting.caught_up(on).eq([append(0, 2), append(0, 3)].iter()));
        assert_eq!(waiting.caught_up(on).count(), 0, "the end of a later fetch");
        assert!(waiting.on_board_up(&append(0, 4)));
        assert!(waiting.on_board_down(ME, &BoardDown::Stale { board: on, nonce: 4, last_nonce: 9 }));
        assert!(waiting.appends().eq([append(1, 1), append(0, 2), append(0, 3)].iter()));
    }

    #[test]
    fn it_is_bounded() {
        let mut waiting = Unacknowledged::default();
        for nonce in 0..LIMIT as u64 {
            assert!(waiting.has_room_for_append() && waiting.has_room_for_chat());
            waiting.on_board_up(&append(0, nonce));
            waiting.on_control_up(&chat(nonce));
        }
        assert!(!waiting.has_room_for_append() && !waiting.has_room_for_chat());
    }
}
