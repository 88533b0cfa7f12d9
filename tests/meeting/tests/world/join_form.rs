use atrium_link::rtc_driver::ClientPeer;
use atrium_protocol::{DeviceKey, PROTOCOL_VERSION, RoomId, join_signing_bytes};
use atrium_session::JoinLink;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A join request by hand: right in every way until a test spoils it.
#[derive(Clone)]
pub(crate) struct JoinForm {
    pub(crate) key: SigningKey,
    pub(crate) token: String,
    pub(crate) name: String,
    pub(crate) protocol: u32,
    pub(crate) sdp: String,
    pub(crate) signed_room: RoomId,
    pub(crate) signed_token_id: String,
    pub(crate) signed_at_ms: u64,
    pub(crate) signed_fingerprint: String,
}

impl JoinForm {
    pub(crate) fn new(link: &JoinLink, sdp: &str) -> Self {
        let fingerprint = sdp.lines().find_map(|line| line.strip_prefix("a=fingerprint:sha-256 "));
        Self {
            key: super::device_key(),
            token: link.token().to_owned(),
            name: "Ada".to_owned(),
            protocol: PROTOCOL_VERSION,
            sdp: sdp.to_owned(),
            signed_room: link.room().clone(),
            signed_token_id: link.token_id().as_str().to_owned(),
            signed_at_ms: now_ms(),
            signed_fingerprint: fingerprint.expect("a fingerprint in the offer").trim().to_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        let signed =
            join_signing_bytes(&self.signed_room, &self.signed_token_id, self.signed_at_ms, &self.signed_fingerprint);
        json!({
            "protocol": self.protocol,
            "token": self.token,
            "name": self.name,
            "device_key": DeviceKey(self.key.verifying_key().to_bytes()),
            "signed_at_ms": self.signed_at_ms,
            "signature": URL_SAFE_NO_PAD.encode(self.key.sign(&signed).to_bytes()),
            "sdp": self.sdp,
        })
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        self.json().to_string().into_bytes()
    }
}

/// An offer that the server answers; nobody is behind it.
pub(crate) fn offer() -> String {
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    ClientPeer::offer(Instant::now(), nowhere, 77).expect("an offer").1
}

pub(crate) fn now_ms() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    u64::try_from(since_epoch.as_millis()).expect("a clock before the year 500,000,000")
}
