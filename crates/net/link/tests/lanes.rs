//! What shows best on virtual time.

use crate::rigs::{BOTH_ENDS, End, Rig, VirtualRig};
use atrium_link::{ClosedBy, SendError, queue_limit_bytes};
use atrium_protocol::{CHANNELS, Lane};
use std::time::Duration;

#[test]
fn lanes_open_within_a_few_round_trips() {
    let mut rig = VirtualRig::new();
    let start = rig.now;
    rig.until_open();
    let taken = rig.now - start;
    assert!(taken < Duration::from_millis(300), "took {taken:?} at 10 ms round trip");
}

#[test]
fn a_client_that_stops_reading_fills_its_queue_and_no_more() {
    let mut rig = VirtualRig::connected();
    rig.cut();
    let message = vec![1; 1_000];
    let mut taken = 0;
    let refusal = loop {
        match rig.try_send(End::Server, Lane::Board, &message) {
            Ok(()) => taken += message.len(),
            Err(refusal) => break refusal,
        }
        assert!(taken <= queue_limit_bytes(Lane::Board));
    };
    assert_eq!(refusal, SendError::Full);
}

/// A client that heeds neither the lanes' limits nor the server's SDP.
fn unruly() -> VirtualRig {
    let mut rig = VirtualRig::with_answer(|answer| answer.replace("max-message-size:65536", "max-message-size:262144"));
    rig.until_open();
    rig
}

#[test]
fn oversized_messages_are_found_out() {
    for spec in &CHANNELS {
        for size in [spec.max_message_bytes + 1, 64 * 1024] {
            let mut rig = unruly();
            rig.client.send_beyond_limits(rig.now, spec.lane, &vec![7; size]).expect("a message on its way");
            rig.until("a message", |rig| !rig.messages(End::Server, spec.lane).is_empty());
            let heard = rig.messages(End::Server, spec.lane)[0].len();
            assert_eq!(heard, spec.max_message_bytes + 1, "enough to see that it is too large");
        }
    }
}

#[test]
fn what_no_association_takes_harms_only_itself() {
    for spec in &CHANNELS {
        let mut rig = unruly();
        rig.client.send_beyond_limits(rig.now, spec.lane, &vec![7; 100 * 1024]).expect("a message on its way");
        rig.pass(Duration::from_secs(2));
        rig.send(End::Client, spec.lane, b"the lane goes on");
        rig.until("the next", |rig| !rig.messages(End::Server, spec.lane).is_empty());
        assert_eq!(rig.messages(End::Server, spec.lane), [b"the lane goes on"]);
    }
}

#[test]
fn silence_ends_in_a_timeout() {
    let mut rig = VirtualRig::connected();
    rig.cut();
    rig.until("the end", |rig| BOTH_ENDS.iter().all(|end| rig.closed(*end) == Some(ClosedBy::Timeout)));
}

#[test]
fn what_the_server_says_at_once_arrives() {
    for delay_ms in [0, 1, 5, 40] {
        let mut rig = VirtualRig::new();
        rig.delay = Duration::from_millis(delay_ms);
        rig.greeting = Some(b"welcome");
        rig.until_open();
        rig.pass(Duration::from_secs(1));
        assert_eq!(rig.messages(End::Client, Lane::Control), [b"welcome".to_vec()], "at {delay_ms} ms");
    }
}
