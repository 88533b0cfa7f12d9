//! What only the `webrtc` driver does.

use crate::rigs::{End, Rig, SocketRig};
use atrium_link::webrtc_driver::Transport;
use std::time::{Duration, Instant};

#[test]
fn the_lanes_open_soon() {
    // A driver that sleeps between DTLS and SCTP needs more than 200 ms even on an idle machine.
    let once = || {
        let started = Instant::now();
        SocketRig::connected(Transport::Udp);
        started.elapsed()
    };
    let fastest = (0..5).map(|_| once()).min().expect("five times");
    assert!(fastest < Duration::from_millis(150), "lanes opened after {fastest:?}");
}

#[test]
fn an_abandoned_connection_says_nothing() {
    let mut rig = SocketRig::connected(Transport::Udp);
    rig.abandon();
    let heard = rig.heard(End::Server).len();
    rig.pass(Duration::from_secs(1));
    assert_eq!(rig.heard(End::Server).len(), heard, "{:?}", rig.heard(End::Server).last());
}
