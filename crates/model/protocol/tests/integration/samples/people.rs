use atrium_protocol::{
    AvatarBytes, ChatMessage, ContentHash, DeviceKey, DisplayName, Grants, ParticipantId, PersonId, PersonInfo,
    Presence, Role, RoomInfo, SeatId,
};
use ed25519_dalek::SigningKey;

/// Ada's device key: not a secret, it stands in the document.
pub(super) fn adas_signing_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(super) fn adas_device_key() -> DeviceKey {
    DeviceKey(adas_signing_key().verifying_key().to_bytes())
}

pub(super) fn ada() -> PersonId {
    adas_device_key().person()
}

pub(super) fn name(text: &str) -> DisplayName {
    DisplayName::new(text).unwrap()
}

pub(super) fn avatar() -> AvatarBytes {
    AvatarBytes::new(vec![1, 2, 254, 255]).unwrap()
}

pub(super) fn person_info() -> PersonInfo {
    PersonInfo {
        id: ParticipantId(12),
        person: ada(),
        name: name("Ada"),
        role: Role::Member,
        grants: Grants::for_role(Role::Member),
        muted: false,
        muted_by_moderator: true,
        hand_raised_at_ms: Some(1_767_225_600_500),
        presenting: false,
        seat: Some(SeatId(3)),
        zone: None,
        presence: Presence::Here,
        avatar: avatar(),
    }
}

pub(super) fn chat_message() -> ChatMessage {
    ChatMessage {
        sequence: 41,
        at_ms: 1_767_225_600_123,
        author: ada(),
        name: name("Ada"),
        nonce: 7,
        text: atrium_protocol::ChatText::new("Grüße, 世界").unwrap(),
    }
}

pub(super) fn room_info() -> RoomInfo {
    RoomInfo { locked: false, lobby: true, place: "Boardroom".into(), capacity: 300 }
}

pub(super) fn content_hash() -> ContentHash {
    ContentHash::of(b"a file of the place")
}
