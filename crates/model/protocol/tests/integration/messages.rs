use crate::samples;
use atrium_protocol::{
    BoardDown, BoardUp, CloseCode, ControlDown, ControlUp, DecodeError, EncodeError, JoinRefusalCode, OperationBytes,
    decode_message, encode_message, limits,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::fmt::Debug;

const MAX: usize = limits::CONTROL_MESSAGE_BYTES;

trait Message: Serialize + DeserializeOwned + PartialEq + Debug {}
impl<T: Serialize + DeserializeOwned + PartialEq + Debug> Message for T {}

fn decode<T: Message>(bytes: &[u8]) -> Result<T, DecodeError> {
    decode_message(bytes, MAX)
}

/// MessagePack as another language's encoder writes it: other key order, 64-bit floats, bytes as arrays.
fn foreign(value: &Value) -> Vec<u8> {
    encode_message(value, usize::MAX).unwrap()
}

fn for_every_message(check: impl MessageCheck) {
    samples::control_up().iter().for_each(|(name, message)| check.check(name, message));
    samples::control_down().iter().for_each(|(name, message)| check.check(name, message));
    samples::board_up().iter().for_each(|(name, message)| check.check(name, message));
    samples::board_down().iter().for_each(|(name, message)| check.check(name, message));
}

trait MessageCheck {
    fn check<T: Message>(&self, name: &str, message: &T);
}

#[test]
fn every_message_survives_the_wire() {
    struct RoundTrip;
    impl MessageCheck for RoundTrip {
        fn check<T: Message>(&self, name: &str, message: &T) {
            let bytes = encode_message(message, MAX).unwrap();
            assert_eq!(decode::<T>(&bytes).as_ref(), Ok(message), "{name}");
        }
    }
    for_every_message(RoundTrip);
}

#[test]
fn every_message_survives_a_foreign_encoder() {
    struct Foreign;
    impl MessageCheck for Foreign {
        fn check<T: Message>(&self, name: &str, message: &T) {
            let bytes = foreign(&serde_json::to_value(message).unwrap());
            assert_eq!(decode::<T>(&bytes).as_ref(), Ok(message), "{name}");
        }
    }
    for_every_message(Foreign);
}

#[test]
fn unknown_fields_are_ignored_at_every_level() {
    fn with_news(value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let mut fields: serde_json::Map<_, _> =
                    fields.into_iter().map(|(name, value)| (name, with_news(value))).collect();
                fields.insert("a_newer_field".into(), json!({"deep": [1, -2.5, null, "text"]}));
                Value::Object(fields)
            }
            Value::Array(items) => items.into_iter().map(with_news).collect(),
            other => other,
        }
    }
    struct Ignored;
    impl MessageCheck for Ignored {
        fn check<T: Message>(&self, name: &str, message: &T) {
            let bytes = foreign(&with_news(serde_json::to_value(message).unwrap()));
            assert_eq!(decode::<T>(&bytes).as_ref(), Ok(message), "{name}");
        }
    }
    for_every_message(Ignored);
}

#[test]
fn every_truncated_message_is_refused() {
    struct Truncated;
    impl MessageCheck for Truncated {
        fn check<T: Message>(&self, name: &str, message: &T) {
            let bytes = encode_message(message, MAX).unwrap();
            for end in 0..bytes.len() {
                assert!(decode::<T>(&bytes[..end]).is_err(), "{name} cut at {end}");
            }
            assert_eq!(decode::<T>(&[bytes.as_slice(), &[0xc0]].concat()), Err(DecodeError::Trailing), "{name}");
        }
    }
    for_every_message(Truncated);
}

#[test]
fn messages_of_a_newer_protocol_are_unknown() {
    let bytes = foreign(&json!({"type": "teleport_everyone", "to": [1, 2, 3]}));
    assert_eq!(decode(&bytes), Ok(ControlUp::Unknown));
    assert_eq!(decode(&bytes), Ok(ControlDown::Unknown));
    assert_eq!(decode(&bytes), Ok(BoardUp::Unknown));
    assert_eq!(decode(&bytes), Ok(BoardDown::Unknown));
    let closing = foreign(&json!({"type": "closing", "code": "moved_away", "message": ""}));
    assert!(matches!(decode(&closing), Ok(ControlDown::Closing { code: CloseCode::Unknown, .. })));
    assert_eq!(serde_json::from_str::<JoinRefusalCode>("\"too_pretty\"").unwrap(), JoinRefusalCode::Unknown);
}

#[test]
fn what_is_no_message_is_refused() {
    for value in [
        json!({}),
        json!(null),
        json!([]),
        json!("chat"),
        json!({"type": 7}),
        json!({"type": "chat"}),
        json!({"type": "chat", "nonce": -1, "text": "a"}),
        json!({"type": "chat", "nonce": 1, "text": "a".repeat(4_097)}),
        json!({"type": "sit", "seat": 65_536}),
        json!({"type": "sit", "seat": 1.5}),
        json!({"type": "set_name", "name": "\u{200b}"}),
        json!({"type": "set_avatar", "avatar": [256]}),
        json!({"type": "set_avatar", "avatar": vec![0; 1_025]}),
        json!({"type": "moderate", "target": 1, "action": {"do": "explode"}}),
        json!({"type": "unban", "person": "ab"}),
    ] {
        let outcome = decode::<ControlUp>(&foreign(&value));
        assert!(matches!(outcome, Err(DecodeError::Malformed(_))), "{value} became {outcome:?}");
    }
}

#[test]
fn numbers_that_are_not_finite_stop_at_the_decoder() {
    let placed = |yaw: &[u8], x: &[u8]| {
        let mut bytes =
            b"\x83\xa4type\xa6placed\xa6reason\xa5spawn\xa9placement\x83\xa5epoch\x01\xa8position\x93".to_vec();
        bytes.extend_from_slice(x);
        bytes.extend_from_slice(b"\x00\x00\xa3yaw");
        bytes.extend_from_slice(yaw);
        decode::<ControlDown>(&bytes)
    };
    let (zero, one) = (&[0][..], &[0xca, 0x3f, 0x80, 0, 0][..]);
    let not_a_number = &[0xca, 0x7f, 0xc0, 0, 0][..];
    let infinite = &[0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0][..];
    let finite_only_in_64_bits = &[0xcb, 0x7f, 0xe0, 0, 0, 0, 0, 0, 0][..];
    assert!(placed(zero, one).is_ok(), "integers are numbers too");
    for bad in [not_a_number, infinite, finite_only_in_64_bits] {
        assert!(placed(bad, one).is_err());
        assert!(placed(zero, bad).is_err());
    }
}

#[test]
fn bytes_are_written_as_binary() {
    let operation = OperationBytes::new(vec![1, 2, 3]).unwrap();
    let bytes =
        encode_message(&BoardUp::Append { board: atrium_protocol::BoardId(1), nonce: 2, operation }, MAX).unwrap();
    assert!(bytes.windows(5).any(|part| part == [0xc4, 3, 1, 2, 3]), "{bytes:x?}");
}

#[test]
fn oversize_is_refused_both_ways() {
    let large = vec![0xc0; MAX + 1];
    assert_eq!(decode::<ControlUp>(&large), Err(DecodeError::TooLarge { got: MAX + 1, max: MAX }));
    let operation = OperationBytes::new(vec![0; limits::BOARD_OPERATION_BYTES]).unwrap();
    let append = BoardUp::Append { board: atrium_protocol::BoardId(1), nonce: 2, operation };
    assert!(encode_message(&append, limits::BOARD_MESSAGE_BYTES).is_ok(), "the largest operation fits a message");
    assert!(matches!(encode_message(&append, 1_000), Err(EncodeError::TooLarge { max: 1_000, .. })));
    assert!(OperationBytes::new(vec![0; limits::BOARD_OPERATION_BYTES + 1]).is_err());
}

#[test]
fn depth_bombs_are_refused() {
    let too_deep = DecodeError::Malformed("nested too deep".into());
    assert_eq!(decode::<ControlUp>(&[0x91; MAX]), Err(too_deep.clone()));
    assert_eq!(decode::<ControlUp>(&[0x81; MAX]), Err(too_deep.clone()));
    let nested = |depth: usize| {
        let mut bytes = b"\x82\xa4type\xa5stand\xa1x".to_vec();
        bytes.resize(bytes.len() + depth, 0x91);
        bytes.push(0xc0);
        decode::<ControlUp>(&bytes)
    };
    assert_eq!(nested(limits::MESSAGE_DEPTH - 1), Ok(ControlUp::Stand));
    assert_eq!(nested(limits::MESSAGE_DEPTH), Err(too_deep));
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>) {
        atrium_protocol::fuzzing::message(&bytes);
    }

    #[test]
    fn damaged_messages_never_panic(which: usize, changes in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..6)) {
        let seeds = samples::fuzz_seeds();
        let messages: Vec<_> = seeds.iter().filter(|(target, ..)| *target == "message").collect();
        let mut bytes = messages[which % messages.len()].2.clone();
        for (at, byte) in changes {
            let at = usize::from(at) % bytes.len();
            bytes[at] = byte;
        }
        atrium_protocol::fuzzing::message(&bytes);
    }

    #[test]
    fn any_chat_survives(nonce: u64, text in "\\PC{0,300}") {
        if let Ok(text) = atrium_protocol::ChatText::new(text) {
            let chat = ControlUp::Chat { nonce, text };
            prop_assert_eq!(decode(&encode_message(&chat, MAX).unwrap()), Ok(chat));
        }
    }

    #[test]
    fn any_operation_survives(nonce: u64, sequence: u64, at_ms: u64, bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let (board, operation) = (atrium_protocol::BoardId(1), OperationBytes::new(bytes).unwrap());
        let author = atrium_protocol::PersonId([3; 32]);
        let settled = BoardDown::Settled { board, sequence, author, nonce, at_ms, operation };
        prop_assert_eq!(decode(&encode_message(&settled, MAX).unwrap()), Ok(settled));
    }
}
