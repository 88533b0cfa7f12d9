use crate::boards::SNAPSHOT_EVERY;
use crate::shard_api::JoinCommand;
use atrium_protocol::{BoardId, ParticipantId, RoomId};
use atrium_room::{Record, Room, RoomStats, Ticket};
use std::collections::HashMap;
use std::time::Instant;

/// Joins that may wait for a room to be read from the store.
pub(super) const WAITING_JOINS: usize = 1_024;

/// A room of this shard.
pub(super) enum RoomSlot {
    /// The store is being read; these wait for it.
    Loading { id: RoomId, waiting: Vec<JoinCommand> },
    /// People can be in it.
    Open(Box<OpenRoom>),
}

pub(super) struct OpenRoom {
    pub(super) id: RoomId,
    pub(super) room: Room,
    /// Connections, as indices of the peer table.
    pub(super) peers: HashMap<ParticipantId, usize>,
    /// Promises that the store has not kept yet, oldest first.
    pub(super) unstored: Vec<Ticket>,
    pub(super) empty_since: Option<Instant>,
    /// Operations since each board was last asked to be written down.
    pub(super) unwritten: HashMap<BoardId, u64>,
    /// What the metrics know of it.
    pub(super) reported: RoomStats,
}

impl OpenRoom {
    /// Counts what goes to the disk; gives back the boards that should be written down.
    pub(super) fn count_operations(&mut self, records: &[Record]) -> Vec<BoardId> {
        let mut due = Vec::new();
        for record in records {
            let Record::BoardAppended { board, .. } = record else { continue };
            let unwritten = self.unwritten.entry(*board).or_default();
            *unwritten += 1;
            if *unwritten > SNAPSHOT_EVERY {
                *unwritten = 0;
                due.push(*board);
            }
        }
        due
    }
}

#[derive(Default)]
pub(super) struct RoomTable {
    rooms: Vec<Option<RoomSlot>>,
    by_id: HashMap<RoomId, usize>,
}

impl RoomTable {
    pub(super) fn find(&self, id: &RoomId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn insert(&mut self, id: RoomId, slot: RoomSlot) -> usize {
        let index = self.rooms.iter().position(Option::is_none).unwrap_or_else(|| {
            self.rooms.push(None);
            self.rooms.len() - 1
        });
        self.by_id.insert(id, index);
        self.rooms[index] = Some(slot);
        index
    }

    pub(super) fn replace(&mut self, index: usize, slot: RoomSlot) -> Option<RoomSlot> {
        self.rooms.get_mut(index)?.replace(slot)
    }

    pub(super) fn remove(&mut self, index: usize) -> Option<RoomSlot> {
        let slot = self.rooms.get_mut(index)?.take()?;
        let id = match &slot {
            RoomSlot::Loading { id, .. } => id,
            RoomSlot::Open(open) => &open.id,
        };
        self.by_id.remove(id);
        Some(slot)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut RoomSlot> {
        self.rooms.get_mut(index)?.as_mut()
    }

    pub(super) fn open_mut(&mut self, index: usize) -> Option<&mut OpenRoom> {
        match self.rooms.get_mut(index)?.as_mut()? {
            RoomSlot::Open(open) => Some(open),
            RoomSlot::Loading { .. } => None,
        }
    }

    pub(super) fn open_by_id(&mut self, id: &RoomId) -> Option<(usize, &mut OpenRoom)> {
        let index = self.find(id)?;
        self.open_mut(index).map(|open| (index, open))
    }

    pub(super) fn iter_open_mut(&mut self) -> impl Iterator<Item = (usize, &mut OpenRoom)> {
        self.rooms.iter_mut().enumerate().filter_map(|(index, slot)| match slot {
            Some(RoomSlot::Open(open)) => Some((index, &mut **open)),
            _ => None,
        })
    }

    pub(super) fn indices(&self) -> impl Iterator<Item = usize> + use<> {
        0..self.rooms.len()
    }
}
