use atrium_session::{CommandError, SessionCommand, SessionHandle};
use std::collections::VecDeque;

/// Reliable words that may wait for one lane. Boards offer no more than some dozens each before they are answered.
const WAITING: usize = 1_024;

/// Words for the server. A reliable word that finds its lane full waits, and those behind it on that lane wait with it;
/// whatever else the scene says is not held up.
#[derive(Default)]
pub(crate) struct Outgoing {
    control: VecDeque<SessionCommand>,
    board: VecDeque<SessionCommand>,
}

impl Outgoing {
    pub(crate) fn is_empty(&self) -> bool {
        self.control.is_empty() && self.board.is_empty()
    }

    /// Says a word, now or later. A pose, a voice, a live word are only worth something now.
    pub(crate) fn send(&mut self, command: SessionCommand, session: &SessionHandle) {
        let lane = match command {
            SessionCommand::Control(_) => &mut self.control,
            SessionCommand::Board(_) => &mut self.board,
            _ => {
                let _ = session.try_send(command);
                return;
            }
        };
        if lane.len() >= WAITING {
            return tracing::warn!("too much waits for the server: dropped {command:?}");
        }
        lane.push_back(command);
        send_in_turn(lane, session);
    }

    /// Tries again what waits.
    pub(crate) fn send_waiting(&mut self, session: &SessionHandle) {
        send_in_turn(&mut self.control, session);
        send_in_turn(&mut self.board, session);
    }
}

fn send_in_turn(lane: &mut VecDeque<SessionCommand>, session: &SessionHandle) {
    while let Some(command) = lane.front() {
        if session.try_send(command.clone()) == Err(CommandError::Full) {
            return;
        }
        lane.pop_front();
    }
}
