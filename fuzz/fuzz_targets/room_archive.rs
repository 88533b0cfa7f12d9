#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::room_archive(bytes));
