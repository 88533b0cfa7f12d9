use atrium_protocol::{Micros, Tick};
use proptest::prelude::*;
use std::time::Duration;

#[test]
fn ticks_wrap() {
    assert_eq!(Tick(u16::MAX).next(), Tick(0));
    assert!(Tick(0).is_newer_than(Tick(u16::MAX)));
    assert!(!Tick(u16::MAX).is_newer_than(Tick(0)));
    assert!(Tick(0x7fff).is_newer_than(Tick(0)));
    assert!(!Tick(0x8000).is_newer_than(Tick(0)), "half the space apart: neither is newer");
    assert!(!Tick(0).is_newer_than(Tick(0x8000)));
}

proptest! {
    #[test]
    fn of_two_ticks_at_most_one_is_newer(a: u16, b: u16) {
        let newer = [Tick(a).is_newer_than(Tick(b)), Tick(b).is_newer_than(Tick(a))];
        let undecided = a == b || a.wrapping_sub(b) == 0x8000;
        prop_assert_eq!(newer.iter().filter(|newer| **newer).count(), usize::from(!undecided));
    }

    #[test]
    fn a_later_tick_is_newer(from: u16, ahead in 1_u16..0x8000) {
        prop_assert!(Tick(from.wrapping_add(ahead)).is_newer_than(Tick(from)));
    }

    #[test]
    fn wrapped_millis_are_found_again(now_ms in 0_u64..1 << 44, offset_ms in -(1_i64 << 31)..1 << 31) {
        let now = Micros::from_millis(now_ms);
        prop_assume!(now_ms.checked_add_signed(offset_ms).is_some());
        let then = Micros::from_millis(now_ms.saturating_add_signed(offset_ms));
        prop_assert_eq!(now.unwrap_millis(then.wrapped_millis()), then);
    }

    #[test]
    fn any_clock_is_total(now: u64, wrapped: u32, delay_secs: u64) {
        let _ = Micros(now).unwrap_millis(wrapped);
        let delay = Duration::from_secs(delay_secs);
        prop_assert!(Micros(now) + delay >= Micros(now));
        prop_assert!(Micros(now) - delay <= Micros(now));
        prop_assert_eq!(Micros(now).since(Micros(now) + delay), Duration::ZERO);
    }
}

#[test]
fn adding_an_endless_delay_stops_at_the_end_of_time() {
    assert_eq!(Micros(5) + Duration::MAX, Micros(u64::MAX));
    assert_eq!(Micros(5) - Duration::MAX, Micros(0));
}
