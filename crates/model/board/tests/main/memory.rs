//! Bytes that announce more than they bring cost no memory.
#![allow(unsafe_code)] // A global allocator is the only way to see what a decoder reserves.

use crate::scribe::{add, by};
use atrium_board::ink::unpack;
use atrium_board::{Document, Live, Operation, read_snapshot, write_snapshot};
use glam::Vec2;
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

fn reserved_by<T>(work: impl FnOnce() -> T) -> usize {
    let before = RESERVED.get();
    drop(std::hint::black_box(work()));
    RESERVED.get() - before
}

#[test]
fn the_counter_counts() {
    assert!(reserved_by(|| vec![1_u8; 5_000]) >= 5_000);
}

#[test]
fn announced_lengths_reserve_nothing() {
    for marker in [0xc6, 0xdb, 0xdd, 0xdf] {
        // {"edits": <4 billion>}
        let mut bytes = b"\x81\xa5edits".to_vec();
        bytes.extend_from_slice(&[marker, 0xff, 0xff, 0xff, 0xff, 1]);
        let reserved = reserved_by(|| Operation::decode(&bytes));
        assert!(reserved < 4_096, "{marker:x} made us reserve {reserved} bytes");
    }
    let reserved = reserved_by(|| unpack(&[4, 0xff, 0x07, 1, 2, 3]));
    assert!(reserved < 4_096, "1,023 points made us reserve {reserved} bytes");
    let reserved = reserved_by(|| Live::decode(&[4, 0, 0, 0]));
    assert!(reserved < 256, "{reserved} bytes");
}

#[test]
fn an_operation_costs_a_bounded_multiple() {
    // {"edits": [{"type": "remove", "ids": [0, 0, …]}]}, and the same with a field that nobody knows.
    for field in [&b"\xa3ids"[..], b"\xa3huh"] {
        let mut bytes = b"\x81\xa5edits\x91\x82\xa4type\xa6remove".to_vec();
        bytes.extend_from_slice(field);
        bytes.extend_from_slice(b"\xdc\x2f\x00");
        bytes.resize(bytes.len() + 0x2f00, 0);
        let reserved = reserved_by(|| Operation::decode(&bytes));
        assert!(reserved < 4 * 1024 * 1024, "12 KiB made us reserve {reserved} bytes");
    }
}

#[test]
fn a_bomb_of_a_snapshot_costs_a_block() {
    let zeros = vec![0; 300_000_000];
    let bomb = zstd::bulk::compress(&zeros, 1).unwrap();
    drop(zeros);
    let reserved = reserved_by(|| read_snapshot(&bomb));
    assert!(reserved < 1024 * 1024, "{reserved} bytes");
    // A block as long as one may be, of the smallest values that there are, in place of the elements.
    let mut document = Document::default();
    document.settle(1, by(1, 1), 1, &Operation::one(add(1, Vec2::ZERO)));
    let unpacked = zstd::stream::decode_all(&write_snapshot(&document).unwrap()[..]).unwrap();
    let header = 4 + u32::from_be_bytes([unpacked[0], unpacked[1], unpacked[2], unpacked[3]]) as usize;
    let length = 4 << 20;
    let mut bytes = unpacked[..header].to_vec();
    bytes.extend_from_slice(&(length as u32).to_be_bytes());
    bytes.extend_from_slice(b"\x81\xa8elements\xdd");
    bytes.extend_from_slice(&(length as u32 - 15).to_be_bytes());
    bytes.resize(header + 4 + length, 0x80);
    let reserved = reserved_by(|| read_snapshot(&zstd::bulk::compress(&bytes, 1).unwrap()));
    assert!(reserved < 64 * 1024 * 1024, "{reserved} bytes");
}
