//! Meetings for tests.

use atrium_panels::Meeting;
use atrium_protocol::{
    AvatarBytes, ControlDown, DisplayName, Grants, Micros, ParticipantId, PersonId, PersonInfo, Placement, PoseEpoch,
    Presence, Role, RoomId, RoomInfo, Welcome,
};

/// Somebody who is heard by all.
pub(super) fn person(id: u32, key: PersonId) -> PersonInfo {
    PersonInfo {
        id: ParticipantId(id),
        person: key,
        name: DisplayName::new("Ada").unwrap(),
        role: Role::Member,
        grants: Grants::for_role(Role::Member),
        muted: false,
        muted_by_moderator: false,
        hand_raised_at_ms: None,
        presenting: false,
        seat: None,
        zone: None,
        presence: Presence::Here,
        avatar: AvatarBytes::default(),
    }
}

/// What a server says to somebody who comes in with that number.
pub(super) fn words(me: u32, people: Vec<PersonInfo>) -> [ControlDown; 2] {
    let welcome = Welcome {
        you: ParticipantId(me),
        room: RoomId::parse("room").unwrap(),
        info: RoomInfo { locked: false, lobby: false, place: "boardroom".to_owned(), capacity: 9 },
        role: Role::Member,
        grants: Grants::for_role(Role::Member),
        placement: Placement { epoch: PoseEpoch(1), position: [0.0; 3], yaw: 0.0, seat: None },
        server_us: Micros(1),
        tick_hz: 30,
        files: Vec::new(),
    };
    [ControlDown::Welcome(Box::new(welcome)), ControlDown::Roster { people, complete: true }]
}

/// A meeting with these people.
pub(super) fn meeting(me: u32, people: Vec<PersonInfo>) -> Meeting {
    let mut meeting = Meeting::default();
    words(me, people).iter().for_each(|word| drop(meeting.apply(word)));
    meeting
}
