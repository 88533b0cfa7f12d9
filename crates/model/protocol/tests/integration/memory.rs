//! Bytes that announce more than they bring must cost no memory.
#![allow(unsafe_code)] // A global allocator is the only way to see what a decoder reserves.

use atrium_protocol::{BoardDown, BoardUp, ControlDown, ControlUp, decode_live_down, decode_message, decode_pose_down};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static RESERVED: Cell<usize> = const { Cell::new(0) };
}

/// Adds up what the current thread reserves, without subtracting what it gives back.
struct Counting;

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        RESERVED.set(RESERVED.get() + layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        RESERVED.set(RESERVED.get() + size);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn reserved_by(work: impl FnOnce()) -> usize {
    let before = RESERVED.get();
    work();
    RESERVED.get() - before
}

fn decode_all(bytes: &[u8]) {
    std::hint::black_box((
        decode_message::<ControlUp>(bytes, 16 * 1024).ok(),
        decode_message::<ControlDown>(bytes, 16 * 1024).ok(),
        decode_message::<BoardUp>(bytes, 16 * 1024).ok(),
        decode_message::<BoardDown>(bytes, 16 * 1024).ok(),
    ));
}

#[test]
fn the_counter_counts() {
    assert!(reserved_by(|| drop(std::hint::black_box(vec![1_u8; 5_000]))) >= 5_000);
}

#[test]
fn announced_lengths_reserve_nothing() {
    for marker in [0xc6, 0xc9, 0xdb, 0xdd, 0xdf] {
        // {"type": "append", "operation": <4 GB>}
        let mut bytes = b"\x82\xa4type\xa6append\xa9operation".to_vec();
        bytes.extend_from_slice(&[marker, 0xff, 0xff, 0xff, 0xff, 1]);
        let reserved = reserved_by(|| decode_all(&bytes));
        assert!(reserved < 4_096, "{marker:x} made us reserve {reserved} bytes");
        let reserved = reserved_by(|| decode_all(&[marker, 0xff, 0xff, 0xff, 0xff, 1]));
        assert!(reserved < 4_096, "{marker:x} made us reserve {reserved} bytes");
    }
}

#[test]
fn a_message_full_of_small_values_costs_a_bounded_multiple() {
    // {"type": "chat", "x": [0, 0, …]}, as long as the lane allows.
    let mut bytes = b"\x82\xa4type\xa4chat\xa1x\xdc\x3f\x00".to_vec();
    bytes.resize(bytes.len() + 0x3f00, 0);
    let reserved = reserved_by(|| decode_all(&bytes));
    assert!(reserved < 4 * 1024 * 1024, "16 KiB made us reserve {reserved} bytes");
}

#[test]
fn a_pose_count_reserves_nothing_without_its_records() {
    let reserved = reserved_by(|| assert!(decode_pose_down(&[2, 0, 0, 0, 0, 0, 0, 255, 1, 2, 3]).is_err()));
    assert!(reserved < 256, "{reserved} bytes reserved");
    let reserved = reserved_by(|| assert!(decode_live_down(&[4, 255, 1, 0, 0, 0, 0, 0, 0, 0, 255, 255]).is_err()));
    assert!(reserved < 256, "{reserved} bytes reserved");
}
