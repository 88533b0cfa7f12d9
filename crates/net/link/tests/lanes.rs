use crate::support::{Rig, messages};
use atrium_link::{ClosedBy, LinkEvent, SendError, queue_limit_bytes};
use atrium_protocol::Lane;
use std::time::Duration;

#[test]
fn lanes_open_within_a_few_round_trips() {
    let mut rig = Rig::new();
    let start = rig.now;
    rig.run_until(Duration::from_secs(5), |rig| rig.open_lanes() == (3, 3));
    let taken = rig.now - start;
    assert!(taken < Duration::from_millis(300), "took {taken:?} at 10 ms round trip");
}

#[test]
fn reliable_lanes_lose_nothing_at_ten_percent_loss() {
    let mut rig = Rig::connected();
    rig.lose_every = 10;
    let sent: Vec<Vec<u8>> = (0..300u32).map(|n| n.to_be_bytes().repeat(20)).collect();
    for (index, message) in sent.iter().enumerate() {
        rig.client.send(rig.now, Lane::Control, message).expect("room in the queue");
        rig.server.send(rig.now, Lane::Board, message).expect("room in the queue");
        if index % 10 == 0 {
            rig.run_for(Duration::from_millis(5));
        }
    }
    rig.run_until(Duration::from_secs(60), |rig| {
        messages(&rig.server_events, Lane::Control).len() == sent.len()
            && messages(&rig.client_events, Lane::Board).len() == sent.len()
    });
    assert_eq!(messages(&rig.server_events, Lane::Control), sent);
    assert_eq!(messages(&rig.client_events, Lane::Board), sent);
}

#[test]
fn poses_are_never_sent_again() {
    let mut rig = Rig::connected();
    rig.lose_every = 4;
    for n in 0..200u32 {
        let _ = rig.server.send(rig.now, Lane::Pose, &n.to_be_bytes());
        rig.run_for(Duration::from_millis(33));
    }
    let got = messages(&rig.client_events, Lane::Pose).len();
    assert!((100..200).contains(&got), "{got} of 200 arrived at 25 % loss");
}

#[test]
fn a_client_that_stops_reading_fills_its_queue_and_no_more() {
    let mut rig = Rig::connected();
    rig.is_cut = true;
    let message = vec![1; 1_000];
    let mut taken = 0;
    let refusal = loop {
        match rig.server.send(rig.now, Lane::Board, &message) {
            Ok(()) => taken += message.len(),
            Err(refusal) => break refusal,
        }
        assert!(taken <= queue_limit_bytes(Lane::Board));
    };
    assert_eq!(refusal, SendError::Full);
}

#[test]
fn oversized_messages_are_refused_before_they_are_sent() {
    let mut rig = Rig::connected();
    let message = vec![0; Lane::Pose.spec().max_message_bytes + 1];
    assert_eq!(rig.client.send(rig.now, Lane::Pose, &message), Err(SendError::TooLarge));
}

#[test]
fn closing_tells_the_other_side_at_once() {
    let mut rig = Rig::connected();
    rig.client.close();
    rig.run_until(Duration::from_secs(1), |rig| rig.server_events.contains(&LinkEvent::Closed(ClosedBy::Peer)));
}

#[test]
fn silence_ends_in_a_timeout() {
    let mut rig = Rig::connected();
    rig.is_cut = true;
    rig.run_until(Duration::from_secs(30), |rig| rig.server_events.contains(&LinkEvent::Closed(ClosedBy::Timeout)));
}

#[test]
fn what_the_server_says_at_once_arrives() {
    for delay_ms in [0, 1, 5, 40] {
        let mut rig = Rig::new();
        rig.delay = Duration::from_millis(delay_ms);
        rig.greeting = Some(b"welcome");
        rig.run_until(Duration::from_secs(5), |rig| rig.open_lanes() == (3, 3));
        rig.run_for(Duration::from_secs(1));
        assert_eq!(messages(&rig.client_events, Lane::Control), [b"welcome".to_vec()], "at {delay_ms} ms");
    }
}
