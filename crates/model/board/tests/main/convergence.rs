//! Whatever happens on the way, in the end everybody has the server's board.

use crate::model::Meeting;

/// Seeds that are tried; `ATRIUM_SEEDS` tries others.
fn seeds() -> std::ops::Range<u64> {
    let count = std::env::var("ATRIUM_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_500);
    0..count
}

#[test]
fn everybody_ends_with_the_servers_board() {
    let (mut settled, mut refused, mut elements) = (0, 0, 0);
    for seed in seeds() {
        let mut meeting = Meeting::new(seed);
        for _ in 0..160 {
            meeting.step();
        }
        meeting.come_to_rest();
        let server = &meeting.server;
        for (at, client) in meeting.clients.iter().enumerate() {
            assert_eq!(client.replica.pending(), 0, "seed {seed}, client {at}: something was never answered");
            let document = client.replica.document();
            assert!(*document == server.document, "seed {seed}, client {at}: sees another board");
            assert!(document.is_identical(&server.document), "seed {seed}, client {at}: not the same inside");
        }
        settled += server.settled();
        refused += server.refused;
        elements += server.document.len();
    }
    println!("{settled} operations settled, {refused} refused, {elements} elements in the end");
    assert!(settled > 20 * refused.min(1) && refused > 0 && elements > 0);
}
