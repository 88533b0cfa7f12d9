//! Invites: issued, spent, revoked.

use crate::common::{invite, lab, person, store_with_room};
use atrium_protocol::{Micros, Role, RoomId};
use atrium_room::Record;
use atrium_store::{Invite, InviteStatus, StoreError};

fn issued(number: u8) -> Invite {
    Invite {
        id: invite(number),
        room: lab(),
        role: Role::Member,
        not_before: Micros(10),
        expires_at: Micros(20),
        uses: Some(3),
        created_at: Micros(u64::from(number)),
    }
}

#[test]
fn an_invite_counts_people_and_can_be_revoked() {
    let (_dir, store) = store_with_room();
    store.insert_invite(issued(1)).unwrap();
    store.insert_invite(Invite { uses: None, ..issued(2) }).unwrap();
    let spent = |number| Record::InviteSpent { invite: invite(1), person: person(number), at: Micros(12) };
    store.persist_blocking(&lab(), vec![spent(1), spent(2), spent(1)]).unwrap();

    let status = InviteStatus { invite: issued(1), revoked_at: None, people: 2 };
    assert_eq!(store.invite_status(&invite(1)).unwrap(), Some(status.clone()));
    assert!(store.revoke_invite(&invite(1), Micros(15)).unwrap());
    assert!(store.revoke_invite(&invite(1), Micros(16)).unwrap());
    let revoked = InviteStatus { revoked_at: Some(Micros(15)), ..status };
    let other = InviteStatus { invite: Invite { uses: None, ..issued(2) }, revoked_at: None, people: 0 };
    assert_eq!(store.list_invites(Some(&lab())).unwrap(), [revoked.clone(), other.clone()]);
    assert_eq!(store.list_invites(None).unwrap(), [revoked, other]);
    assert_eq!(store.list_invites(Some(&RoomId::parse("attic").unwrap())).unwrap(), []);
}

#[test]
fn unknown_invites_and_rooms_are_told_apart_from_known_ones() {
    let (_dir, store) = store_with_room();
    assert_eq!(store.invite_status(&invite(1)).unwrap(), None);
    assert!(!store.revoke_invite(&invite(1), Micros(1)).unwrap());
    let attic = RoomId::parse("attic").unwrap();
    let nowhere = store.insert_invite(Invite { room: attic.clone(), ..issued(1) });
    assert_eq!(nowhere, Err(StoreError::NoRoom(attic)));
    store.insert_invite(issued(1)).unwrap();
    assert!(matches!(store.insert_invite(issued(1)), Err(StoreError::Rejected(_))), "an id is used once");
    store.delete_room(&lab()).unwrap();
    assert_eq!(store.invite_status(&invite(1)).unwrap(), None, "it went with its room");
}
