#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_board::fuzzing::live(bytes));
