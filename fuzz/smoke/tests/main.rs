//! One test a fuzz target; each runs for `ATRIUM_FUZZ_SECS` seconds (default 5).

use atrium_fuzz_smoke::smoke;

#[test]
fn live() {
    smoke("live", atrium_board::fuzzing::live);
}

#[test]
fn message() {
    smoke("message", atrium_protocol::fuzzing::message);
}

#[test]
fn operation() {
    smoke("operation", atrium_board::fuzzing::operation);
}

#[test]
fn pose() {
    smoke("pose", atrium_protocol::fuzzing::pose);
}

#[test]
fn room_archive() {
    smoke("room_archive", atrium_server::fuzzing::room_archive);
}

#[test]
fn sdp() {
    smoke("sdp", atrium_link::fuzzing::sdp);
}

#[test]
fn snapshot() {
    smoke("snapshot", atrium_board::fuzzing::snapshot);
}

#[test]
fn token() {
    smoke("token", atrium_server::fuzzing::token);
}

#[test]
fn udp() {
    smoke("udp", atrium_server::fuzzing::udp);
}

#[test]
fn voice() {
    smoke("voice", atrium_voice::fuzzing::receiver);
}
