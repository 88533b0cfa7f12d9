use atrium_protocol::{ContentHash, InviteId, PersonId, PoseEpoch, RoomId};
use proptest::prelude::*;

#[test]
fn room_names() {
    assert_eq!(RoomId::parse("Stand-Up_2").unwrap().as_str(), "stand-up_2");
    assert!(RoomId::parse(&"a".repeat(64)).is_ok());
    for bad in ["", "a b", "../etc", "raum/1", "größe", "İ", "a\0", &"a".repeat(65)] {
        assert!(RoomId::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn invite_ids() {
    assert_eq!(InviteId::parse("k3Jx-_0").unwrap().as_str(), "k3Jx-_0");
    for bad in ["", "a.b", "ä", &"a".repeat(65)] {
        assert!(InviteId::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn epochs_stay_within_six_bits() {
    assert_eq!(PoseEpoch(63).next(), PoseEpoch(0));
    assert_eq!(PoseEpoch(255).next(), PoseEpoch(0));
    assert_eq!(serde_json::from_str::<PoseEpoch>("63").unwrap(), PoseEpoch(63));
    assert!(serde_json::from_str::<PoseEpoch>("64").is_err());
}

#[test]
fn a_content_hash_is_the_sha256_of_fips_180() {
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(ContentHash::of(b"abc").to_string(), expected);
}

proptest! {
    #[test]
    fn a_room_name_is_safe_in_a_path(name in ".{0,80}") {
        if let Ok(room) = RoomId::parse(&name) {
            prop_assert!(room.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b)));
            prop_assert!((1..=64).contains(&room.as_str().len()));
            prop_assert_eq!(RoomId::parse(room.as_str()), Ok(room.clone()));
        }
    }

    #[test]
    fn hashes_survive_their_text(bytes: [u8; 32], text in ".{0,70}") {
        prop_assert_eq!(PersonId::parse(&PersonId(bytes).to_string()), Ok(PersonId(bytes)));
        prop_assert_eq!(ContentHash::parse(&ContentHash(bytes).to_string().to_uppercase()), Ok(ContentHash(bytes)));
        let is_hex = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        prop_assert_eq!(PersonId::parse(&text).is_ok(), is_hex);
    }
}
