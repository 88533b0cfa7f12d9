//! Entry points for fuzzers: each takes any bytes and must not panic.

use crate::archive::{read_archive, write_archive};
use crate::token::TokenKeys;
use atrium_protocol::Micros;
use ed25519_dalek::SigningKey;
use std::io::Cursor;

/// Verifies `bytes` against a fixed key: once as a whole token, once as the claims of a token that is signed well.
pub fn token(bytes: &[u8]) {
    let Ok(keys) = TokenKeys::from_key(&SigningKey::from_bytes(&[7; 32])) else { return };
    let _ = keys.verify(&String::from_utf8_lossy(bytes), Micros(0));
    if let Ok(token) = keys.sign_claims_of_any_shape(bytes) {
        let _ = keys.verify(&token, Micros(0));
    }
}

/// Datagrams from the network, as a shard hands them to a connection.
pub fn udp(bytes: &[u8]) {
    atrium_link::fuzzing::udp(bytes);
}

/// An archive of a room, as somebody may have made it.
///
/// # Panics
/// When one that was read is not the same after it was written and read again.
pub fn room_archive(bytes: &[u8]) {
    let Ok(archive) = read_archive(Cursor::new(bytes)) else { return };
    let written = write_archive(&archive, Cursor::new(Vec::new())).expect("what was read can be written");
    assert_eq!(read_archive(Cursor::new(written.into_inner())).as_ref(), Ok(&archive));
}
