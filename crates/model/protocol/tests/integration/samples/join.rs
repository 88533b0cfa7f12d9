use super::people::{ada, adas_device_key, adas_signing_key, name};
use atrium_protocol::{
    AvatarBytes, JoinAnswer, JoinRefusal, JoinRefusalCode, JoinRequest, Micros, PROTOCOL_VERSION, ParticipantId,
    ResumeClaim, ResumeSecret, Role, RoomId, join_signing_bytes,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signer;
use serde::Serialize;

const SIGNED_AT_MS: u64 = 1_767_225_600_000;
const TOKEN_ID: &str = "k3Jx0aQ";
const FINGERPRINT: &str =
    "0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9";

fn room() -> RoomId {
    RoomId::parse("standup").unwrap()
}

fn signing_bytes() -> Vec<u8> {
    join_signing_bytes(&room(), TOKEN_ID, SIGNED_AT_MS, FINGERPRINT)
}

fn request() -> JoinRequest {
    JoinRequest {
        protocol: PROTOCOL_VERSION,
        token: "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.…".into(),
        name: name("Ada"),
        device_key: adas_device_key(),
        signed_at_ms: SIGNED_AT_MS,
        signature: URL_SAFE_NO_PAD.encode(adas_signing_key().sign(&signing_bytes()).to_bytes()),
        sdp: format!("v=0\r\n…a=fingerprint:sha-256 {FINGERPRINT}\r\n…"),
        avatar: AvatarBytes::new(vec![1, 2, 254, 255]).unwrap(),
        resume: Some(ResumeClaim { participant: ParticipantId(12), secret: ResumeSecret([9; 32]) }),
    }
}

fn answer() -> JoinAnswer {
    JoinAnswer {
        protocol: PROTOCOL_VERSION,
        participant: ParticipantId(12),
        person: ada(),
        role: Role::Member,
        resume_secret: ResumeSecret([9; 32]),
        sdp: "v=0\r\n…".into(),
        room: room(),
        lobby: false,
        resumed: true,
        server_us: Micros(1_767_225_600_000_000),
    }
}

fn refusal() -> JoinRefusal {
    JoinRefusal { error: JoinRefusalCode::TokenExpired, message: "This invite has expired: ask for a new link.".into() }
}

fn signing_example() -> String {
    let signed = String::from_utf8(signing_bytes()).unwrap();
    let seed = URL_SAFE_NO_PAD.encode(adas_signing_key().to_bytes());
    let request = request();
    format!(
        "secret key (seed)  {seed}\ndevice_key         {:?}\nperson             {}\nsignature          {}\nsigned bytes, {} of them, in quotes with \\n for the byte 0a\n{signed:?}\n",
        request.device_key,
        ada(),
        request.signature,
        signed.len(),
    )
}

pub(super) fn document_examples() -> Vec<(String, String)> {
    fn pretty(body: &impl Serialize) -> String {
        serde_json::to_string_pretty(body).unwrap() + "\n"
    }
    vec![
        ("join.request".into(), pretty(&request())),
        ("join.answer".into(), pretty(&answer())),
        ("join.refusal".into(), pretty(&refusal())),
        ("join.signing".into(), signing_example()),
    ]
}

pub(super) fn json_bodies() -> Vec<(String, Vec<u8>)> {
    document_examples()
        .into_iter()
        .filter(|(name, _)| name != "join.signing")
        .map(|(name, json)| (name, json.into_bytes()))
        .collect()
}
