use crate::Room;
use atrium_board::Document;
use atrium_protocol::{BoardId, Micros, ParticipantId, PersonId, PersonInfo, Role, VOICE_SLOTS};
use glam::Vec3;

/// A room in numbers; counters count from its opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoomStats {
    /// People who take part, those included who may come back.
    pub participants: usize,
    /// Visitors in the lobby.
    pub lobby: usize,
    /// People who speak now.
    pub speaking: usize,
    /// Promises to the disk under way.
    pub tickets_under_way: usize,
    /// Voice packets that came in within their limits.
    pub voice_packets: u64,
    /// Voice packets that went out.
    pub voice_forwards: u64,
    /// Poses that came in and were possible.
    pub poses_accepted: u64,
    /// Poses that came in too late, too often, or were impossible.
    pub poses_dropped: u64,
    /// Pose datagrams that went out.
    pub pose_datagrams: u64,
    /// Their bytes.
    pub pose_bytes: u64,
    /// The poses in them.
    pub pose_records: u64,
    /// Board operations that came to be on disk.
    pub operations_settled: u64,
    /// Board operations that were refused.
    pub operations_refused: u64,
    /// Elements of all boards, removed ones that are still kept included.
    pub board_elements: usize,
    /// Live datagrams that came in and were in order.
    pub live_accepted: u64,
    /// Live datagrams that went out.
    pub live_datagrams: u64,
    /// Messages over a rate limit, of any lane.
    pub messages_over_limit: u64,
    /// Messages that could not be decoded.
    pub messages_malformed: u64,
}

impl Room {
    /// The room in numbers.
    pub fn stats(&self, now: Micros) -> RoomStats {
        let counts = self.interest.counts;
        RoomStats {
            participants: self.people.inside_count(),
            lobby: self.people.lobby_count(),
            speaking: self.people.indexed().filter(|(index, _)| self.voices.is_speaking(now, *index)).count(),
            tickets_under_way: self.ledger.under_way(),
            pose_datagrams: counts.datagrams,
            pose_bytes: counts.bytes,
            pose_records: counts.records,
            board_elements: self.boards.documents().map(Document::len).sum(),
            ..self.stats
        }
    }

    /// Everyone whom the others know to be here.
    pub fn roster(&self) -> impl Iterator<Item = &PersonInfo> {
        self.people.iter().filter(|participant| participant.is_announced).map(|participant| &participant.info)
    }

    /// What is on a board, as far as it is on disk; `None`: there is no such board.
    pub fn board(&self, id: BoardId) -> Option<&Document> {
        self.boards.document(id)
    }

    /// Everyone who waits in the lobby.
    pub fn lobby(&self) -> impl Iterator<Item = &PersonInfo> {
        self.people.iter().filter(|participant| !participant.is_inside()).map(|participant| &participant.info)
    }

    /// The role that the room remembers of a person, here or not.
    pub fn role_of(&self, person: PersonId) -> Option<Role> {
        self.roles.of(person)
    }

    /// Where somebody's head is, in metres in the room's space.
    pub fn head_of(&self, id: ParticipantId) -> Option<Vec3> {
        self.people.by_id(id).map(|participant| participant.body.head())
    }

    /// Whose voice is in which slot of a listener; `None` for a listener who is not inside.
    pub fn voice_slots(&self, listener: ParticipantId) -> Option<[Option<ParticipantId>; VOICE_SLOTS]> {
        self.voices.slots(self.people.index_of(listener)?)
    }
}
