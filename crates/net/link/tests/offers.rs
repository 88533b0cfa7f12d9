use atrium_link::rtc_driver::ClientPeer;
use atrium_link::{OfferError, check_offer};
use proptest::prelude::*;
use std::net::SocketAddr;
use std::time::Instant;

fn good_offer() -> String {
    let local = SocketAddr::from(([127, 0, 0, 1], 5000));
    ClientPeer::offer(Instant::now(), local, 1).expect("an offer").1
}

#[test]
fn our_own_offer_passes_without_its_candidates() {
    let offer = good_offer();
    assert!(offer.contains("a=candidate"));
    let checked = check_offer(&offer).expect("it passes");
    assert!(!checked.sdp.contains("a=candidate"));
    assert_eq!(checked.fingerprint.len(), 95);
    assert!(offer.contains(&checked.ufrag));
}

#[test]
fn hostile_offers_get_a_sentence() {
    let offer = good_offer();
    assert_eq!(check_offer(&"v=0\r\n".repeat(2_000_000)), Err(OfferError::TooMuch("bytes")));
    assert_eq!(check_offer(&format!("v=0\r\n{}", "a=x\r\n".repeat(9_000))), Err(OfferError::TooMuch("lines")));
    let candidates = "a=candidate:1 1 udp 1 10.0.0.1 1 typ host\r\n".repeat(100);
    assert_eq!(check_offer(&format!("{offer}{candidates}")), Err(OfferError::TooMuch("candidates")));
    assert!(matches!(check_offer("hello"), Err(OfferError::NotSdp(_))));
    assert!(matches!(check_offer("v=0\r\nthis is no line"), Err(OfferError::NotSdp(_))));
    let fewer = offer.split("m=video").next().unwrap_or_default();
    assert!(matches!(check_offer(fewer), Err(OfferError::WrongLines { .. })));
    let more = format!("{offer}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:99\r\n");
    assert!(matches!(check_offer(&more), Err(OfferError::WrongLines { .. })));
    let no_fingerprint = offer.replace("a=fingerprint", "a=fingerprinz");
    assert!(matches!(check_offer(&no_fingerprint), Err(OfferError::Missing(_))));
}

proptest! {
    #[test]
    fn mutated_offers_never_panic(position in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = good_offer().into_bytes();
        let at = position.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        atrium_link::fuzzing::sdp(&bytes);
    }
}
