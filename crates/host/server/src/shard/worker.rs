//! What takes too long for a thread that forwards voice: reading SDP, reading the store, taking a large room apart.

use super::rooms::OpenRoom;
use crate::boards::{BoardKeeper, SNAPSHOT_EVERY, load_board};
use crate::places::LoadedPlace;
use atrium_link::check_offer;
use atrium_link::rtc_driver::{ServerPeer, ServerSettings};
use atrium_protocol::{BoardId, JoinRefusal, JoinRefusalCode, ParticipantId, RoomId};
use atrium_room::{BoardEntry, SavedRoom, Ticket};
use atrium_store::{Store, StoreError};
use crossbeam_channel::{Receiver, Sender};
use std::sync::Arc;
use std::time::Instant;

/// Tasks that wait for the worker; a shard refuses joins beyond.
pub(super) const TASK_QUEUE: usize = 2_048;
/// Results and commits that wait for the shard; their senders wait beyond.
pub(super) const RESULT_QUEUE: usize = 65_536;

/// What the worker is asked to do.
pub(super) enum Task {
    LoadRoom {
        room: RoomId,
        place: Arc<LoadedPlace>,
    },
    /// Frees the memory of a room that nobody is in.
    Forget(Box<OpenRoom>),
    Negotiate {
        join: u64,
        offer: String,
    },
    LoadBoard {
        room: RoomId,
        id: ParticipantId,
        board: BoardId,
        after: u64,
        up_to: u64,
        limit: u32,
    },
}

/// An offer and its answer.
pub(super) struct Negotiated {
    pub(super) peer: Box<ServerPeer>,
    pub(super) ufrag: String,
    pub(super) answer: String,
}

/// What comes back to the shard, from the worker or from the store.
pub(super) enum Outcome {
    RoomLoaded { room: RoomId, place: Arc<LoadedPlace>, saved: Result<Box<SavedRoom>, String> },
    Negotiated { join: u64, result: Result<Negotiated, JoinRefusal> },
    BoardLoaded { room: RoomId, id: ParticipantId, board: BoardId, entries: Vec<BoardEntry> },
    Stored { room: RoomId, ticket: Ticket, is_stored: bool },
}

pub(super) struct Worker {
    pub(super) shard_index: u8,
    pub(super) settings: ServerSettings,
    pub(super) store: Store,
    pub(super) boards: Arc<BoardKeeper>,
    pub(super) tasks: Receiver<Task>,
    pub(super) outcomes: Sender<Outcome>,
    pub(super) waker: Arc<mio::Waker>,
}

impl Worker {
    /// Works until the shard is gone.
    pub(super) fn run(self) {
        while let Ok(task) = self.tasks.recv() {
            let outcome = match task {
                Task::LoadRoom { room, place } => {
                    let saved = self.load_room(&room, &place).map(Box::new).map_err(|error| error.to_string());
                    Outcome::RoomLoaded { room, place, saved }
                }
                Task::Forget(open) => {
                    drop(open);
                    continue;
                }
                Task::Negotiate { join, offer } => Outcome::Negotiated { join, result: self.negotiate(&offer) },
                Task::LoadBoard { room, id, board, after, up_to, limit } => {
                    let entries = self.store.load_board(&room, board, after, up_to, limit).unwrap_or_else(|error| {
                        tracing::error!(%room, %error, "a board cannot be read");
                        Vec::new()
                    });
                    Outcome::BoardLoaded { room, id, board, entries }
                }
            };
            if self.outcomes.send(outcome).is_err() || self.waker.wake().is_err() {
                return;
            }
        }
    }

    fn load_room(&self, room: &RoomId, place: &LoadedPlace) -> Result<SavedRoom, StoreError> {
        let mut saved = self.store.load_room(room)?;
        let boards = (0..place.place.layout().boards.len()).filter_map(|index| u16::try_from(index).ok()).map(BoardId);
        for board in boards {
            let Some(last) = saved.board_sequences.get(&board).copied() else { continue };
            let loaded = load_board(&self.store, room, board, last)?;
            if loaded.unwritten > SNAPSHOT_EVERY {
                self.boards.request(room, board);
            }
            saved.documents.insert(board, loaded.document);
        }
        Ok(saved)
    }

    fn negotiate(&self, offer: &str) -> Result<Negotiated, JoinRefusal> {
        let refuse = |error, message: String| JoinRefusal { error, message };
        let checked = check_offer(offer).map_err(|error| refuse(JoinRefusalCode::BadOffer, error.to_string()))?;
        let secret = |length| random_text(length).map_err(|message| refuse(JoinRefusalCode::ServerError, message));
        let ufrag = format!("{:02x}{}", self.shard_index, secret(14)?);
        let password = secret(32)?;
        let (peer, answer) = ServerPeer::answer(Instant::now(), &self.settings, &checked, &ufrag, &password)
            .map_err(|error| refuse(JoinRefusalCode::BadOffer, format!("the SDP offer cannot be answered: {error}")))?;
        Ok(Negotiated { peer: Box::new(peer), ufrag, answer })
    }
}

/// Letters and digits that ICE allows (RFC 8839 §5.4), about 6 bits each.
fn random_text(length: usize) -> Result<String, String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect())
}
