use crate::rigs::{BOTH_ENDS, End, Rig};
use atrium_link::{LinkEvent, SendError};
use atrium_protocol::{CHANNELS, Lane};
use std::collections::BTreeSet;
use std::time::Duration;

const RELIABLE: [Lane; 2] = [Lane::Control, Lane::Board];

pub(crate) fn all_open_on_both_ends(rig: &mut impl Rig) {
    for end in BOTH_ENDS {
        let open: BTreeSet<u16> = rig.open_lanes(end).iter().map(|lane| lane.spec().id).collect();
        assert_eq!(open, CHANNELS.iter().map(|spec| spec.id).collect(), "{end:?}");
        assert!(rig.heard(end).iter().all(|event| matches!(event, LinkEvent::LaneOpen(_))), "nothing else was said");
    }
}

pub(crate) fn messages_of_every_size_arrive_whole(rig: &mut impl Rig) {
    for spec in &CHANNELS {
        for from in BOTH_ENDS {
            let sizes = [1, 2, 1_000, spec.max_message_bytes];
            for (index, size) in sizes.into_iter().enumerate() {
                let message: Vec<u8> = (0..size).map(|n| (n + index) as u8).collect();
                rig.send(from, spec.lane, &message);
                let to = from.other();
                rig.until("a message", |rig| rig.messages(to, spec.lane).len() > index);
                assert!(rig.messages(to, spec.lane)[index] == message, "{size} bytes from {from:?} on {:?}", spec.lane);
            }
        }
    }
}

pub(crate) fn reliable_lanes_lose_nothing_and_keep_their_order(rig: &mut impl Rig) {
    rig.lose_every(10);
    let sent: Vec<Vec<u8>> = (0..100u32).map(|n| n.to_be_bytes().repeat(20)).collect();
    for (index, message) in sent.iter().enumerate() {
        for lane in RELIABLE {
            rig.send(End::Client, lane, message);
            rig.send(End::Server, lane, message);
        }
        if index % 10 == 0 {
            rig.pass(Duration::from_millis(5));
        }
    }
    for to in BOTH_ENDS {
        for lane in RELIABLE {
            rig.until("all messages", |rig| rig.messages(to, lane).len() >= sent.len());
            assert_eq!(rig.messages(to, lane), sent, "to {to:?} on {lane:?}");
        }
    }
}

pub(crate) fn poses_are_never_sent_again(rig: &mut impl Rig) {
    const POSES: u32 = 100;
    rig.lose_every(4);
    for n in 0..POSES {
        for from in BOTH_ENDS {
            let sent = rig.try_send(from, Lane::Pose, &n.to_be_bytes());
            assert!(matches!(sent, Ok(()) | Err(SendError::Full)), "{sent:?}");
        }
        rig.pass(Duration::from_millis(10));
    }
    rig.lose_every(usize::MAX);
    for from in BOTH_ENDS {
        rig.send(from, Lane::Pose, b"last");
        let to = from.other();
        rig.until("the last pose", |rig| rig.messages(to, Lane::Pose).iter().any(|pose| pose == b"last"));
        let heard = rig.messages(to, Lane::Pose);
        assert!((20..POSES as usize).contains(&heard.len()), "{} of {POSES} from {from:?}", heard.len());
        assert_eq!(heard.iter().collect::<BTreeSet<_>>().len(), heard.len(), "none came twice");
    }
}
