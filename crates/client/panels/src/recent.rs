use serde::{Deserialize, Serialize};

/// Rooms that are remembered.
const KEPT: usize = 10;

/// A room that one was in, and the way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentRoom {
    /// What the list calls it.
    pub name: String,
    /// How to come back.
    pub way: WayIn,
}

/// How one came into a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayIn {
    /// Hosted on this machine, under that name.
    Host(String),
    /// By that invite link.
    Link(String),
}

/// The latest rooms, the last one first, at most ten.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecentRooms(Vec<RecentRoom>);

impl RecentRooms {
    /// Puts a room in front; the oldest goes when there are too many.
    pub fn remember(&mut self, room: RecentRoom) {
        self.0.retain(|kept| kept.way != room.way);
        self.0.insert(0, room);
        self.0.truncate(KEPT);
    }

    /// Removes the room at a place of the list.
    pub fn forget(&mut self, index: usize) {
        if index < self.0.len() {
            self.0.remove(index);
        }
    }

    /// The room at a place of the list.
    pub fn get(&self, index: usize) -> Option<&RecentRoom> {
        self.0.get(index)
    }

    /// All of them, the last one first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &RecentRoom> {
        self.0.iter()
    }

    pub(crate) fn limit(&mut self) {
        self.0.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosted(name: &str) -> RecentRoom {
        RecentRoom { name: name.to_owned(), way: WayIn::Host(name.to_owned()) }
    }

    #[test]
    fn the_latest_ten_are_kept_once_each() {
        let mut rooms = RecentRooms::default();
        for number in 0..15 {
            rooms.remember(hosted(&format!("room{number}")));
        }
        rooms.remember(hosted("room9"));
        let names: Vec<_> = rooms.iter().map(|room| room.name.as_str()).collect();
        assert_eq!(
            names,
            ["room9", "room14", "room13", "room12", "room11", "room10", "room8", "room7", "room6", "room5"]
        );
        rooms.forget(0);
        rooms.forget(99);
        assert_eq!(rooms.get(0).map(|room| room.name.as_str()), Some("room14"));
    }
}
