use super::artist::Artist;
use crate::random::Random;
use anyhow::{Context as _, Result};
use atrium_board::{Document, Live, read_snapshot};
use atrium_easel::{Easel, Notice, Numbers, Output};
use atrium_place::Place;
use atrium_protocol::{BoardDown, BoardId, BoardUp, Grants, LiveRecord, ParticipantId, PersonId, Role};
use atrium_session::{Bulk, LiveWord, SessionCommand, SessionHandle};
use glam::{Vec2, Vec3};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::oneshot::{self, error::TryRecvError};

/// Pause before a board that did not come is asked for again.
const AGAIN_AFTER: Duration = Duration::from_secs(3);

/// A bot's place at a whiteboard: chosen, fetched, drawn on.
pub(crate) struct Desk {
    wish: Option<BoardId>,
    began: Instant,
    random: Random,
    board: Option<(BoardId, Vec2)>,
    me: Option<(ParticipantId, PersonId)>,
    rights: (bool, bool),
    state: State,
    /// What the session had no room for.
    waiting: VecDeque<SessionCommand>,
}

enum State {
    Away { until: Instant },
    Fetching(oneshot::Receiver<Result<Document>>),
    There(Box<Artist>),
}

/// What a bot did at its board since it was last asked.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// Operations that were sent.
    pub(crate) sent: u64,
    /// What is worth a line.
    pub(crate) tells: Vec<String>,
}

impl Desk {
    /// `wish`: which board; else the nearest.
    pub(crate) fn new(wish: Option<BoardId>, random: Random, now: Instant) -> Self {
        Self {
            wish,
            began: now,
            random,
            board: None,
            me: None,
            rights: (false, false),
            state: State::Away { until: now },
            waiting: VecDeque::new(),
        }
    }

    /// Gets to know the place, and goes to a board of it.
    ///
    /// # Errors
    /// When it has no such board.
    pub(crate) fn enter(&mut self, place: &Place, feet: Vec3) -> Result<()> {
        let boards = &place.layout().boards;
        let nearest = || {
            let distance = |index: &usize| boards[*index].position.with_y(0.0).distance(feet.with_y(0.0));
            (0..boards.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
        };
        let chosen = self.wish.map_or_else(nearest, |wish| Some(usize::from(wish.0)));
        let index = chosen.context("this place has no whiteboard")?;
        let surface = boards.get(index).with_context(|| format!("this place has no whiteboard {index}"))?;
        let id = BoardId(u16::try_from(index).context("too many whiteboards")?);
        self.board = Some((id, Vec2::from(surface.size) * 1_000.0));
        Ok(())
    }

    pub(crate) fn on_connected(&mut self, id: ParticipantId, person: PersonId) {
        self.me = Some((id, person));
    }

    pub(crate) fn set_rights(&mut self, grants: Grants, role: Role) {
        self.rights = (grants.draw, role >= Role::Moderator);
        if let State::There(artist) = &mut self.state {
            artist.easel().set_rights(self.rights.0, self.rights.1);
        }
    }

    pub(crate) fn hear(&mut self, word: &BoardDown) {
        let now_secs = self.now_secs();
        if let State::There(artist) = &mut self.state {
            artist.easel().hear(now_secs, word);
        }
    }

    pub(crate) fn hear_live(&mut self, records: &[LiveRecord]) {
        let now_secs = self.now_secs();
        let State::There(artist) = &mut self.state else { return };
        let (board, me) = (artist.easel().board(), self.me.map(|(id, _)| id));
        for record in records.iter().filter(|record| record.board == board && Some(record.id) != me) {
            if let Ok(live) = Live::decode(&record.payload) {
                artist.easel().hear_live(now_secs, record.id, &live);
            }
        }
    }

    /// Draws on; to be called sixty times a second.
    pub(crate) fn tick(&mut self, session: &SessionHandle) -> Done {
        let (mut done, now) = (Done::default(), Instant::now());
        let (Some((board, size_mm)), Some((_, person))) = (self.board, self.me) else { return done };
        match &mut self.state {
            State::Away { until } if now < *until => {}
            State::Away { .. } => {
                let (send, fetched) = oneshot::channel();
                let bulk = session.bulk().clone();
                tokio::spawn(async move { send.send(fetch(bulk, board).await) });
                self.state = State::Fetching(fetched);
            }
            State::Fetching(fetched) => match fetched.try_recv() {
                Err(TryRecvError::Empty) => {}
                Ok(Ok(document)) => {
                    done.tells.push(format!("draws on board {}", board.0));
                    let numbers = Numbers { ids: self.random.next_u64(), nonce: session.next_nonce() };
                    self.sit_down(Easel::new(board, person, document, numbers), person, size_mm);
                }
                failed => {
                    let why = failed.map_or_else(|_| "its reader failed".to_owned(), |failed| reason(&failed));
                    done.tells.push(format!("cannot see the board: {why}"));
                    self.state = State::Away { until: now + AGAIN_AFTER };
                }
            },
            State::There(artist) => {
                let outputs = artist.tick(now.saturating_duration_since(self.began).as_secs_f64());
                self.take(board, outputs, &mut done);
            }
        }
        self.send(session, &mut done);
        done
    }

    fn sit_down(&mut self, mut easel: Easel, me: PersonId, size_mm: Vec2) {
        easel.set_rights(self.rights.0, self.rights.1);
        let fetch = BoardUp::Fetch { board: easel.board(), after: easel.sequence() };
        self.waiting.push_back(SessionCommand::Board(fetch));
        self.state = State::There(Box::new(Artist::new(easel, me, size_mm, self.random.next_u64())));
    }

    fn take(&mut self, board: BoardId, outputs: Vec<Output>, done: &mut Done) {
        for output in outputs {
            match output {
                // The easel has no more under way than it should.
                Output::Append { nonce, operation } => {
                    self.waiting.push_back(SessionCommand::Board(BoardUp::Append { board, nonce, operation }));
                }
                Output::Live(live) => {
                    self.waiting.retain(|command| !matches!(command, SessionCommand::Live(_)));
                    self.waiting.push_back(SessionCommand::Live(LiveWord { board, payload: live.encode() }));
                }
                Output::Notice(notice) => done.tells.extend(sentence(&notice)),
            }
        }
    }

    fn send(&mut self, session: &SessionHandle, done: &mut Done) {
        while let Some(command) = self.waiting.front() {
            let (is_fresh, is_append) = match command {
                SessionCommand::Live(_) => (true, false),
                SessionCommand::Board(BoardUp::Append { .. }) => (false, true),
                _ => (false, false),
            };
            let is_sent = session.try_send(command.clone()).is_ok();
            if !is_sent && !is_fresh {
                return;
            }
            done.sent += u64::from(is_sent && is_append);
            self.waiting.pop_front();
        }
    }

    fn now_secs(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
}

async fn fetch(bulk: Bulk, board: BoardId) -> Result<Document> {
    let snapshot = bulk.board_snapshot(board).await?;
    let read = tokio::task::spawn_blocking(move || read_snapshot(&snapshot.bytes));
    Ok(read.await.context("a board could not be read")??)
}

fn reason<T>(failed: &Result<T>) -> String {
    failed.as_ref().err().map_or_else(String::new, |error| format!("{error:#}"))
}

/// What is worth a line of what an easel says.
fn sentence(notice: &Notice) -> Option<String> {
    match notice {
        Notice::Impossible(refusal) => Some(format!("cannot draw that: {refusal}")),
        Notice::Refused { message, .. } => Some(format!("was refused: {message}")),
        Notice::Kept { .. } => Some("cannot have it stored at the moment".to_owned()),
        Notice::Stored => Some("has it stored again".to_owned()),
        Notice::Hindered(hindrance) => Some(format!("does not draw: {hindrance}")),
        _ => None,
    }
}
