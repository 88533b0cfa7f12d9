//! Lists for people who look after rooms.

use crate::common::{appended, audited, invite, lab, person, said, store_with_room};
use atrium_protocol::{Micros, ReasonText, Role, RoomId};
use atrium_room::Record;
use atrium_store::{Ban, PersonRow, RoomRow, StoreError};
use rusqlite::Connection;

#[test]
fn rooms_are_created_once_listed_and_deleted_with_their_content() {
    let (dir, store) = store_with_room();
    let attic = RoomId::parse("attic").unwrap();
    assert!(!store.create_room(&lab(), "Elsewhere", Micros(9)).unwrap(), "it exists");
    assert!(store.create_room(&attic, "Boardroom", Micros(2)).unwrap());
    let row = |room, created_at| RoomRow { room, place: "Boardroom".into(), created_at: Micros(created_at) };
    assert_eq!(store.list_rooms().unwrap(), [row(attic.clone(), 2), row(lab(), 1)]);
    assert_eq!(store.room(&lab()).unwrap(), row(lab(), 1));

    let seen = Record::PersonSeen { person: person(1), name: "Ada".into(), at: Micros(3) };
    store.persist_blocking(&lab(), vec![seen, said(1), appended(0, 1), audited("join")]).unwrap();
    assert!(store.delete_room(&lab()).unwrap());
    assert!(!store.delete_room(&lab()).unwrap(), "it is gone");
    assert!(!store.room_exists(&lab()).unwrap());
    assert!(store.room_exists(&attic).unwrap());
    let missing = store.load_room(&lab()).unwrap_err();
    assert_eq!(missing, StoreError::NoRoom(lab()));
    assert!(missing.to_string().contains("`atrium-server invite lab` creates it"), "{missing}");

    let audit = store.audit(&lab(), 10).unwrap();
    assert_eq!(audit.len(), 1, "the audit log outlives the room");
    assert_eq!((audit[0].event.as_str(), audit[0].actor, audit[0].at), ("join", Some(person(1)), Micros(5)));
    let raw = Connection::open(dir.path().join("atrium.sqlite3")).unwrap();
    for table in ["people", "chat", "board_log"] {
        let left: u32 = raw.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
    store.create_room(&lab(), "Boardroom", Micros(10)).unwrap();
    assert_eq!(store.load_room(&lab()).unwrap().last_chat_sequence, 0, "a new room of that name starts empty");
}

#[test]
fn nothing_changes_or_deletes_the_audit_log() {
    let (dir, store) = store_with_room();
    store.persist_blocking(&lab(), vec![audited("join"), audited("ban")]).unwrap();
    let raw = Connection::open(dir.path().join("atrium.sqlite3")).unwrap();
    for attempt in [
        "UPDATE audit SET event = 'leave'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (id, room, at_us, event, detail) VALUES (1, 'lab', 0, 'leave', '')",
    ] {
        let refused = raw.execute(attempt, []).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{attempt}: {refused}");
    }
    let events: Vec<_> = store.audit(&lab(), 10).unwrap().into_iter().map(|line| line.event).collect();
    assert_eq!(events, ["join", "ban"]);
    assert_eq!(store.audit(&lab(), 1).unwrap()[0].event, "ban", "the latest lines");
}

#[test]
fn a_long_chat_is_loaded_from_its_end_and_paged_backwards() {
    let (_dir, store) = store_with_room();
    store.persist_blocking(&lab(), (1..=250).map(said).collect()).unwrap();
    let saved = store.load_room(&lab()).unwrap();
    let numbers: Vec<u64> = saved.chat.iter().map(|message| message.sequence).collect();
    assert_eq!(numbers, (151..=250).collect::<Vec<u64>>());
    assert_eq!((saved.last_chat_sequence, saved.chat_nonces[&person(1)]), (250, 250));
    let page = store.chat(&lab(), Some(151), 2).unwrap();
    assert_eq!(page.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["number 149", "number 150"]);
}

#[test]
fn people_and_bans_are_listed() {
    let (_dir, store) = store_with_room();
    let seen = |name: &str, at| Record::PersonSeen { person: person(1), name: name.into(), at: Micros(at) };
    let reason = ReasonText::new("Too loud.").unwrap();
    let banned = |number| Record::Banned {
        person: person(number),
        by: person(2),
        invite: Some(invite(number)),
        reason: reason.clone(),
        at: Micros(7),
    };
    let records = vec![
        seen("Ada", 3),
        Record::RoleGiven { person: person(2), role: Role::Owner },
        seen("Countess", 6),
        banned(1),
        banned(3),
        Record::Unbanned { person: person(3), by: person(2), at: Micros(8) },
    ];
    store.persist_blocking(&lab(), records).unwrap();
    let ada = PersonRow {
        person: person(1),
        name: Some("Countess".into()),
        role: None,
        first_seen: Some(Micros(3)),
        last_seen: Some(Micros(6)),
    };
    let owner = PersonRow { person: person(2), name: None, role: Some(Role::Owner), first_seen: None, last_seen: None };
    assert_eq!(store.people(&lab()).unwrap(), [ada, owner]);
    let ban = Ban { person: person(1), by: person(2), invite: Some(invite(1)), reason, at: Micros(7) };
    assert_eq!(store.bans(&lab()).unwrap(), [ban]);
    let saved = store.load_room(&lab()).unwrap();
    assert_eq!(saved.known_people, [person(1)].into(), "the owner never came in");
    assert_eq!(saved.tainted_invites, [invite(1), invite(3)].into(), "an invite stays tainted");
}
