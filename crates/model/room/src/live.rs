//! What people do at boards right now: once a tick everybody gets the newest of each, in the same datagrams. It costs
//! nothing while nobody draws or points.

use crate::Room;
use crate::interest::GROUPS;
use atrium_board::Live;
use atrium_protocol::{
    BoardId, Lane, LiveDownWriter, LiveRecord, LiveUp, Micros, ParticipantId, PoseError, Role, Tick, decode_live_up,
};
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};

/// Datagrams to each receiver a tick; people beyond take turns.
const DATAGRAMS_A_TICK: usize = 2;

/// Who does what.
#[derive(Debug, Default)]
pub(crate) struct LiveLane {
    doers: HashMap<ParticipantId, Doer>,
    /// Those of whom there is something new to tell, whoever waits longest first.
    waiting: VecDeque<ParticipantId>,
    /// What everybody gets in this tick.
    datagrams: Vec<Bytes>,
}

#[derive(Debug)]
struct Doer {
    newest: Tick,
    /// Not yet told.
    news: Option<LiveRecord>,
}

impl LiveLane {
    /// Takes what somebody does now in place of what they did before; false when it is late.
    fn take(&mut self, id: ParticipantId, up: LiveUp) -> bool {
        let LiveUp { board, sequence, payload } = up;
        if self.doers.get(&id).is_some_and(|doer| !Tick(sequence).is_newer_than(doer.newest)) {
            return false;
        }
        let record = LiveRecord { id, board, sequence, payload };
        let doer = Doer { newest: Tick(sequence), news: Some(record) };
        let was_waiting = self.doers.insert(id, doer).is_some_and(|before| before.news.is_some());
        if !was_waiting {
            self.waiting.push_back(id);
        }
        true
    }

    /// Their connection is gone, or a new one counts anew.
    pub(crate) fn remove(&mut self, id: ParticipantId) {
        if self.doers.remove(&id).is_some_and(|doer| doer.news.is_some()) {
            self.waiting.retain(|waiting| *waiting != id);
        }
    }

    /// Begins a tick.
    fn compose(&mut self) {
        self.datagrams.clear();
        while self.datagrams.len() < DATAGRAMS_A_TICK && !self.waiting.is_empty() {
            let mut writer = LiveDownWriter::default();
            while let Some(id) = self.waiting.front() {
                if let Some(doer) = self.doers.get_mut(id) {
                    let is_told = doer.news.as_ref().is_none_or(|record| writer.push(record));
                    if !is_told {
                        break;
                    }
                    doer.news = None;
                }
                self.waiting.pop_front();
            }
            if writer.is_empty() {
                return;
            }
            self.datagrams.push(Bytes::from(writer.finish()));
        }
    }
}

impl Room {
    pub(crate) fn live_received(&mut self, now: Micros, index: usize, datagram: &[u8]) {
        let Some(from) = self.people.at_mut(index) else { return };
        if !from.meters.live.take(now, 1) {
            self.over_limit(now, index, "pose");
            return;
        }
        let read = decode_live_up(datagram);
        let up = match read {
            Ok(up) => up,
            Err(PoseError::UnknownKind(_)) => return,
            Err(error) => return self.malformed(now, index, "pose", &error.to_string()),
        };
        match Live::decode(&up.payload) {
            Ok(live) if self.may_show(index, up.board, &live) => {
                let Some(id) = self.people.at(index).map(|from| from.id()) else { return };
                self.stats.live_accepted += u64::from(self.live.take(id, up));
            }
            // No honest client sends it for long: it knows its grants, and what the board shows.
            Ok(_) => {}
            Err(error) => self.malformed(now, index, "pose", &error.to_string()),
        }
    }

    /// Everybody may point. Ink, laser and view are for those who may draw on this board now.
    fn may_show(&self, index: usize, board: BoardId, live: &Live) -> bool {
        let (Some(from), Some(document)) = (self.people.at(index), self.boards.document(board)) else { return false };
        let is_laser = live.pointing.is_some_and(|pointing| pointing.is_laser);
        let only_points = live.ink.is_none() && live.view.is_none() && !is_laser;
        let may_draw = from.info.grants.draw && (!document.is_frozen() || from.info.role >= Role::Moderator);
        only_points || may_draw
    }

    /// Sends a group of receivers what people do; with the first group a tick begins.
    pub(crate) fn serve_live(&mut self, group: usize) {
        if group == 0 {
            self.live.compose();
        }
        if self.live.datagrams.is_empty() {
            return;
        }
        let in_group = self.people.indexed().filter(|(index, _)| index % GROUPS as usize == group);
        for (_, to) in in_group.filter(|(_, to)| to.is_live() && !to.is_congested) {
            for datagram in &self.live.datagrams {
                self.stats.live_datagrams += 1;
                self.outbox.send(to.id(), Lane::Pose, datagram.clone());
            }
        }
    }
}
