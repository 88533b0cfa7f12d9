use super::voice::packet;
use crate::rigs::{End, Rig};
use atrium_link::{ClosedBy, SendError};
use atrium_protocol::CHANNELS;

pub(crate) fn the_server_learns_that_the_client_left(rig: &mut impl Rig) {
    rig.close(End::Client);
    rig.until("the end", |rig| rig.closed(End::Client).is_some() && rig.closed(End::Server).is_some());
    assert_eq!(rig.closed(End::Client), Some(ClosedBy::Us));
    assert_eq!(rig.closed(End::Server), Some(ClosedBy::Peer));
}

pub(crate) fn the_client_learns_that_the_server_left(rig: &mut impl Rig) {
    rig.close(End::Server);
    rig.until("the end", |rig| rig.closed(End::Client).is_some() && rig.closed(End::Server).is_some());
    assert_eq!(rig.closed(End::Client), Some(ClosedBy::Peer));
    assert_eq!(rig.closed(End::Server), Some(ClosedBy::Us));
}

pub(crate) fn nothing_is_sent_after_the_end(rig: &mut impl Rig) {
    rig.close(End::Client);
    for spec in &CHANNELS {
        assert_eq!(rig.try_send(End::Client, spec.lane, b"too late"), Err(SendError::NotOpen), "{:?}", spec.lane);
    }
    assert_eq!(rig.client_voice(&packet(0)), Err(SendError::NotOpen));
    rig.until("the end", |rig| rig.closed(End::Server).is_some());
    for spec in &CHANNELS {
        assert!(rig.messages(End::Server, spec.lane).is_empty());
        assert_eq!(rig.try_send(End::Server, spec.lane, b"too late"), Err(SendError::NotOpen), "{:?}", spec.lane);
    }
}

pub(crate) fn the_client_notices_that_the_network_is_gone(rig: &mut impl Rig) {
    rig.cut();
    rig.until("the end", |rig| rig.closed(End::Client).is_some());
    assert_eq!(rig.closed(End::Client), Some(ClosedBy::Timeout));
}
