use crate::rigs::{End, Rig, UFRAG, VirtualRig};
use atrium_link::rtc_driver::Path;
use atrium_protocol::Lane;
use std::net::SocketAddr;
use std::time::Duration;

#[test]
fn a_client_that_changes_its_address_keeps_its_connection() {
    let mut rig = VirtualRig::connected();
    rig.client_seen_as = SocketAddr::from(([203, 0, 113, 9], 61_000));
    rig.server.send(rig.now, Lane::Control, b"after the change").expect("room in the queue");
    rig.until("a message", |rig| !rig.messages(End::Client, Lane::Control).is_empty());
    assert_eq!(rig.server.send_path(), Some(Path::Udp { socket: 0, remote: rig.client_seen_as }));
}

#[test]
fn datagrams_from_unproven_addresses_do_nothing() {
    let mut rig = VirtualRig::connected();
    let stranger = Path::Udp { socket: 0, remote: SocketAddr::from(([198, 51, 100, 1], 1)) };
    let before = rig.server.send_path();
    for length in [0, 1, 12, 13, 20, 200, 1_400] {
        for first in [0u8, 1, 20, 22, 23, 64, 128, 144, 200, 255] {
            let mut datagram = vec![0x5a; length];
            if let Some(byte) = datagram.first_mut() {
                *byte = first;
            }
            rig.server.handle_datagram(rig.now, stranger, &datagram);
        }
    }
    rig.pass(Duration::from_millis(200));
    assert!(!rig.server.knows(stranger));
    assert_eq!(rig.server.send_path(), before);
    assert!(!rig.server.is_closed());
}

#[test]
fn a_forged_check_proves_nothing() {
    let mut rig = VirtualRig::connected();
    let stranger = Path::Udp { socket: 0, remote: SocketAddr::from(([198, 51, 100, 1], 1)) };
    let mut check = vec![0, 1, 0, 24, 0x21, 0x12, 0xa4, 0x42];
    check.extend([9; 12]);
    check.extend([0, 6, 0, 16]);
    check.extend(format!("{UFRAG}:abcd").as_bytes());
    check.extend([0, 0x25, 0, 0]);
    rig.server.handle_datagram(rig.now, stranger, &check);
    rig.pass(Duration::from_millis(100));
    assert!(!rig.server.knows(stranger));
}
