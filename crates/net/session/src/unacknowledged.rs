use atrium_protocol::{BoardDown, BoardId, BoardUp, ControlDown, ControlUp, PersonId};
use std::collections::VecDeque;

/// Most words of each kind that wait for the server's word; more are not taken from the user.
const LIMIT: usize = 64;

/// What was said but is not yet on the server's disk: kept, in order, to be said again after a resume. The server
/// knows each by its nonce, so saying it twice does no harm.
#[derive(Debug, Default)]
pub(crate) struct Unacknowledged {
    chats: VecDeque<(u64, ControlUp)>,
    appends: VecDeque<(BoardId, u64, BoardUp)>,
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

    pub(crate) fn on_board_up(&mut self, message: &BoardUp) {
        if let BoardUp::Append { board, nonce, .. } = message {
            self.appends.push_back((*board, *nonce, message.clone()));
        }
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
        let (board, nonce) = match message {
            BoardDown::Settled { board, author, nonce, .. } if *author == me => (board, nonce),
            BoardDown::Refused { board, nonce, .. } => (board, nonce),
            _ => return false,
        };
        let before = self.appends.len();
        self.appends.retain(|(on, number, _)| (on, number) != (board, nonce));
        self.appends.len() < before
    }

    pub(crate) fn chats(&self) -> impl Iterator<Item = &ControlUp> {
        self.chats.iter().map(|(_, message)| message)
    }

    pub(crate) fn appends(&self) -> impl Iterator<Item = &BoardUp> {
        self.appends.iter().map(|(_, _, message)| message)
    }

    fn forget_chat(&mut self, nonce: u64) {
        self.chats.retain(|(number, _)| *number != nonce);
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
