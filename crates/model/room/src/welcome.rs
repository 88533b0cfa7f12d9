//! What somebody who comes in is sent first: the room, its people, and what was said.

use crate::Room;
use atrium_protocol::{ChatMessage, ControlDown, FileEntry, Micros, ParticipantId, PersonInfo, Role, Welcome};

/// Bytes of the lists in one message, well below the lane's limit.
const PIECE_BYTES: usize = 14 * 1024;
/// Bytes of the files in the welcome itself.
const WELCOME_FILES_BYTES: usize = 8 * 1024;

impl Room {
    pub(crate) fn welcome(&mut self, now: Micros, index: usize) {
        let Some(participant) = self.people.at(index) else { return };
        let id = participant.id();
        let (role, grants, placement) = (participant.info.role, participant.info.grants, participant.body.placement());
        let mut files = pieces(self.config.files.clone(), WELCOME_FILES_BYTES, file_bytes).into_iter();
        let welcome = Welcome {
            you: id,
            room: self.config.room.clone(),
            info: self.room_info(),
            role,
            grants,
            placement,
            server_us: now,
            tick_hz: self.config.tick_hz,
            files: files.next().unwrap_or_default(),
        };
        self.outbox.control(id, &ControlDown::Welcome(Box::new(welcome)));
        for files in files {
            self.outbox.control(id, &ControlDown::MoreFiles { files });
        }
        self.send_roster(id);
        let recent = self.chat.recent().cloned().collect();
        for messages in pieces(recent, PIECE_BYTES, chat_bytes) {
            self.outbox.control(id, &ControlDown::ChatHistory { messages });
        }
        if role >= Role::Moderator {
            self.send_knocks(id);
        }
    }

    fn send_roster(&mut self, to: ParticipantId) {
        let people: Vec<PersonInfo> = self.roster().cloned().collect();
        let mut pieces = pieces(people, PIECE_BYTES, person_bytes).into_iter().peekable();
        while let Some(people) = pieces.next() {
            let complete = pieces.peek().is_none();
            self.outbox.control(to, &ControlDown::Roster { people, complete });
        }
    }
}

/// Cuts a list so that no piece has more than `max_bytes`, by an upper bound of each item's bytes.
fn pieces<T>(items: Vec<T>, max_bytes: usize, bytes_of: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut pieces: Vec<Vec<T>> = Vec::new();
    let mut room = 0;
    for item in items {
        let needed = bytes_of(&item);
        if needed > room || pieces.is_empty() {
            pieces.push(Vec::new());
            room = max_bytes;
        }
        room = room.saturating_sub(needed);
        if let Some(piece) = pieces.last_mut() {
            piece.push(item);
        }
    }
    pieces
}

/// At most so many bytes has a person in a message: names of fields and numbers, then what varies.
fn person_bytes(person: &PersonInfo) -> usize {
    400 + person.name.as_str().len() + person.avatar.as_bytes().len()
}

fn chat_bytes(message: &ChatMessage) -> usize {
    180 + message.name.as_str().len() + message.text.as_str().len()
}

fn file_bytes(file: &FileEntry) -> usize {
    110 + file.path.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{
        AvatarBytes, ChatText, ContentHash, DisplayName, Grants, PersonId, Presence, SeatId, ZoneId, encode_message,
    };

    fn encoded_bytes<T: serde::Serialize>(item: &T) -> usize {
        encode_message(item, usize::MAX).unwrap().len()
    }

    #[test]
    fn the_bounds_on_items_hold_for_the_largest() {
        let name = DisplayName::new("\u{1f9d1}".repeat(64)).unwrap();
        let person = PersonInfo {
            id: ParticipantId(u32::MAX),
            person: PersonId([255; 32]),
            name: name.clone(),
            role: Role::Moderator,
            grants: Grants::for_role(Role::Owner),
            muted: true,
            muted_by_moderator: true,
            hand_raised_at_ms: Some(u64::MAX),
            presenting: true,
            seat: Some(SeatId(u16::MAX)),
            zone: Some(ZoneId(u16::MAX)),
            presence: Presence::Reconnecting,
            avatar: AvatarBytes::new(vec![255; 1_024]).unwrap(),
        };
        assert!(encoded_bytes(&person) <= person_bytes(&person));
        let text = ChatText::new("x".repeat(4_096)).unwrap();
        let author = PersonId([255; 32]);
        let message = ChatMessage { sequence: u64::MAX, at_ms: u64::MAX, author, name, nonce: u64::MAX, text };
        assert!(encoded_bytes(&message) <= chat_bytes(&message));
        let file = FileEntry { path: "x".repeat(800), hash: ContentHash([255; 32]), size: u64::MAX };
        assert!(encoded_bytes(&file) <= file_bytes(&file));
    }

    #[test]
    fn pieces_keep_the_order_and_the_bound() {
        let cut = pieces(vec![5, 5, 1, 20, 3, 3, 3, 3], 10, |size| *size);
        assert_eq!(cut, [vec![5, 5], vec![1], vec![20], vec![3, 3, 3], vec![3]]);
        assert!(pieces(Vec::<usize>::new(), 10, |size| *size).is_empty());
    }
}
