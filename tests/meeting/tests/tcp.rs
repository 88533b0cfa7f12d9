//! Networks that block UDP.

use crate::world::{Delivery, Host, Person, PersonPlan};
use atrium_protocol::Role;
use atrium_relay::Relay;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Another loopback address, where nothing but the relay listens.
const BLOCKED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
/// UDP is tried for five seconds first.
const JOINS_WITHIN: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_goes_through_tcp_where_udp_is_blocked() {
    let host = Host::with(|config| config.public_addrs = vec![BLOCKED.into()]).await;
    let _relay = Relay::start_tcp_only(BLOCKED, host.address()).await.expect("a free port");
    let link = host.invite(Role::Owner).await;
    assert_eq!(link.server().host_str(), Some("127.0.0.3"), "links carry the public address");
    let [ada, bo] = ["Ada", "Bo"].map(|name| Person::come(PersonPlan::new(name, link.clone(), host.folder())));
    for person in [&ada, &bo] {
        person.find_within(JOINS_WITHIN, "both are in", |mirror| (mirror.people.len() == 2).then_some(())).await;
    }
    let delivery = Delivery::over(&ada, &bo, Duration::from_secs(4)).await;
    // A stream holds poses up and then lets go of several at once, of which the newest counts.
    assert!(delivery.voices() >= 0.99 && delivery.poses() >= 0.8, "{delivery:?}");
    println!("{delivery:?}");
    let nonce = bo.chat("over TCP").await;
    ada.eventually("the chat", |mirror| mirror.chat.iter().any(|message| message.nonce == nonce)).await;
}
