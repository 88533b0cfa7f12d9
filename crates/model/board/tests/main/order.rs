//! There is room between any two, and keys stay short.

use atrium_board::OrderKey;
use atrium_board::limits::ORDER_KEY_BYTES;
use proptest::prelude::*;

#[test]
fn a_hundred_thousand_on_top_of_each_other_have_short_keys() {
    for is_up in [true, false] {
        let mut last = OrderKey::between(None, None);
        for _ in 0..100_000 {
            let next = if is_up { OrderKey::between(Some(&last), None) } else { OrderKey::between(None, Some(&last)) };
            assert!(if is_up { next > last } else { next < last }, "{last:?} then {next:?}");
            last = next;
        }
        assert!(last.as_bytes().len() <= 4, "{last:?}");
    }
}

#[test]
fn two_hundred_fit_between_two_in_the_worst_order() {
    let low = OrderKey::between(None, None);
    let high = OrderKey::between(Some(&low), None);
    for is_up in [true, false] {
        let (mut low, mut high) = (low.clone(), high.clone());
        for _ in 0..200 {
            let middle = OrderKey::between(Some(&low), Some(&high));
            assert!(low < middle && middle < high, "{low:?} {middle:?} {high:?}");
            if is_up { low = middle } else { high = middle }
        }
    }
}

#[test]
fn without_room_there_is_still_a_key() {
    let key = |bytes: &[u8]| OrderKey::from_bytes(bytes).unwrap();
    let highest = key(&[0xff; ORDER_KEY_BYTES]);
    assert_eq!(OrderKey::between(Some(&highest), None), highest);
    let mut lowest = [0; ORDER_KEY_BYTES];
    lowest[ORDER_KEY_BYTES - 1] = 1;
    assert_eq!(OrderKey::between(None, Some(&key(&lowest))), key(&lowest));
    assert_eq!(OrderKey::between(Some(&highest), Some(&highest)), highest);
    assert_eq!(OrderKey::between(Some(&highest), Some(&key(&[5]))), highest);
    assert_eq!(OrderKey::from_bytes(&[]), None);
    assert_eq!(OrderKey::from_bytes(&[5, 0]), None);
    assert_eq!(OrderKey::from_bytes(&[1; ORDER_KEY_BYTES + 1]), None);
}

fn any_key() -> impl Strategy<Value = OrderKey> {
    let bytes = prop_oneof![Just(0_u8), Just(1), Just(0x7f), Just(0x80), Just(0x81), Just(0xff), any::<u8>()];
    (prop::collection::vec(bytes, 0..12), 1_u8..).prop_map(|(mut bytes, last)| {
        bytes.push(last);
        OrderKey::from_bytes(&bytes).unwrap()
    })
}

proptest! {
    #[test]
    fn between_any_two_is_between(a in any_key(), b in any_key()) {
        prop_assume!(a != b);
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        let middle = OrderKey::between(Some(&low), Some(&high));
        prop_assert!(low < middle && middle < high, "{low:?} {middle:?} {high:?}");
        prop_assert!(OrderKey::between(Some(&high), None) > high);
        prop_assert!(OrderKey::between(None, Some(&low)) < low);
    }
}
