//! One test a fuzz target; each runs for `ATRIUM_FUZZ_SECS` seconds (default 5).

use atrium_fuzz_smoke::smoke;

#[test]
fn message() {
    smoke("message", atrium_protocol::fuzzing::message);
}

#[test]
fn pose() {
    smoke("pose", atrium_protocol::fuzzing::pose);
}

#[test]
fn sdp() {
    smoke("sdp", atrium_link::fuzzing::sdp);
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
