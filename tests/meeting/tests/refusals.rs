//! Every way not to get in: an HTTP status, a code for programs, and a sentence for people. Whoever is inside notices
//! nothing.

use crate::world::join_form::{now_ms, offer};
use crate::world::{Host, Https, JoinForm, Person, PersonPlan, ROOM, Refused, device_key, invite_request};
use atrium_protocol::{ControlUp, JoinRefusalCode, Micros, ModerateAction, PROTOCOL_VERSION, ReasonText, Role, RoomId};
use atrium_session::{ClosedCode, JoinLink};
use atrium_store::Store;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use std::time::Duration;

/// A room with two people in it, and the door.
struct Door {
    host: Host,
    ada: Person,
    bo: Person,
    link: JoinLink,
    https: Https,
}

impl Door {
    async fn new() -> Self {
        Self::of(Host::start().await).await
    }

    async fn of(host: Host) -> Self {
        let ada = host.welcome("Ada", Role::Owner).await;
        let bo = host.welcome("Bo", Role::Member).await;
        let link = host.invite(Role::Guest).await;
        let https = Https::to(&link);
        Self { host, ada, bo, link, https }
    }

    fn form(&self) -> JoinForm {
        JoinForm::new(&self.link, &offer())
    }

    /// Checks that a request is refused with this code, its status and a sentence; gives the sentence.
    async fn refuses(&self, body: Vec<u8>, expected: JoinRefusalCode) -> String {
        self.refuses_in(ROOM, body, expected).await
    }

    async fn refuses_in(&self, room: &str, body: Vec<u8>, expected: JoinRefusalCode) -> String {
        let Refused { status, code, message } =
            self.https.join(room, body).await.expect_err("a request that must be refused");
        assert_eq!((code, status), (expected, expected.http_status()), "{message}");
        assert!(message.split_whitespace().count() >= 4, "not a sentence: {message}");
        message
    }

    async fn lets_in(&self, form: &JoinForm) {
        if let Err(refused) = self.https.join(ROOM, form.body()).await {
            panic!("an unspoilt request is refused: {refused:?}");
        }
    }

    async fn is_well(&self) {
        self.host.is_well_for(&self.ada, &self.bo).await;
    }
}

/// What a token says.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a token of three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

fn mint(claims: &Value, key: &SigningKey) -> String {
    let encode = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", encode(&json!({ "alg": "EdDSA", "typ": "JWT" })), encode(claims));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).to_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_open_nothing() {
    let door = Door::new().await;
    let pem = std::fs::read_to_string(door.host.data().join("signing.key")).expect("the server's key");
    let servers_key = SigningKey::from_pkcs8_pem(&pem).expect("a key");
    let with_token = |token: String| JoinForm { token, ..door.form() }.body();
    let changed = |name: &str, value: Value| {
        let mut claims = claims(door.link.token());
        claims[name] = value;
        with_token(mint(&claims, &servers_key))
    };
    let now_secs = now_ms() / 1_000;
    door.refuses(with_token("nonsense".to_owned()), JoinRefusalCode::BadToken).await;
    door.refuses(with_token("A".repeat(10_000)), JoinRefusalCode::BadToken).await;
    let strangers = mint(&claims(door.link.token()), &device_key());
    door.refuses(with_token(strangers), JoinRefusalCode::BadToken).await;
    door.refuses(changed("role", json!("emperor")), JoinRefusalCode::BadToken).await;
    door.refuses(changed("exp", json!(now_secs - 60)), JoinRefusalCode::TokenExpired).await;
    door.refuses(changed("nbf", json!(now_secs + 60)), JoinRefusalCode::TokenNotYetValid).await;
    door.refuses(changed("jti", json!("unknown")), JoinRefusalCode::TokenRevoked).await;
    door.lets_in(&door.form()).await;
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invites_that_were_good_once_or_will_be() {
    let door = Door::new().await;
    let tomorrow = Micros::from_millis(now_ms()) + Duration::from_secs(86_400);
    let mut request = invite_request(ROOM, Role::Guest);
    (request.not_before, request.expires_at) = (Some(tomorrow), tomorrow + Duration::from_secs(60));
    let early = door.host.invite_as(request).await;
    door.refuses(JoinForm::new(&early, &offer()).body(), JoinRefusalCode::TokenNotYetValid).await;

    let mut request = invite_request(ROOM, Role::Guest);
    request.uses = Some(1);
    let for_one = door.host.invite_as(request).await;
    let first = JoinForm::new(&for_one, &offer());
    door.lets_in(&first).await;
    door.refuses(JoinForm::new(&for_one, &offer()).body(), JoinRefusalCode::TokenSpent).await;
    door.lets_in(&JoinForm { key: first.key, ..JoinForm::new(&for_one, &offer()) }).await;

    let store = Store::open(door.host.data()).expect("the store");
    store.revoke_invite(door.link.token_id(), Micros::from_millis(now_ms())).expect("revoked");
    door.refuses(door.form().body(), JoinRefusalCode::TokenRevoked).await;
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_that_the_token_is_not_for() {
    let door = Door::new().await;
    door.host.invite_as(invite_request("other", Role::Guest)).await;
    door.refuses_in("other", door.form().body(), JoinRefusalCode::WrongRoom).await;
    door.refuses_in("no%20room", door.form().body(), JoinRefusalCode::NoSuchRoom).await;
    let gone = door.host.invite_as(invite_request("gone", Role::Guest)).await;
    let store = Store::open(door.host.data()).expect("the store");
    store.delete_room(&RoomId::parse("gone").expect("a name")).expect("deleted");
    door.refuses_in("gone", JoinForm::new(&gone, &offer()).body(), JoinRefusalCode::NoSuchRoom).await;
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_that_do_not_fit() {
    let door = Door::new().await;
    let form = door.form();
    let other_room = RoomId::parse("other").expect("a name");
    for spoilt in [
        JoinForm { signed_room: other_room, ..form.clone() },
        JoinForm { signed_token_id: "another".to_owned(), ..form.clone() },
        JoinForm { signed_fingerprint: ["AB"; 32].join(":"), ..form.clone() },
        JoinForm { signed_at_ms: now_ms() - 400_000, ..form.clone() },
        JoinForm { signed_at_ms: now_ms() + 400_000, ..form.clone() },
    ] {
        door.refuses(spoilt.body(), JoinRefusalCode::BadSignature).await;
    }
    let mut of_another = form.json();
    of_another["device_key"] = JoinForm { key: device_key(), ..form.clone() }.json()["device_key"].clone();
    door.refuses(of_another.to_string().into_bytes(), JoinRefusalCode::BadSignature).await;
    door.lets_in(&form).await;
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_room() {
    let door = Door::of(Host::with(|config| config.room_capacity = 2).await).await;
    door.refuses(door.form().body(), JoinRefusalCode::RoomFull).await;
    door.is_well().await;
    let bo_id = door.bo.id();
    door.bo.leave().await;
    door.ada.eventually("Bo left", |mirror| !mirror.people.contains_key(&bo_id)).await;
    door.lets_in(&door.form()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn banned_people_and_a_locked_room() {
    let door = Door::new().await;
    let plan = PersonPlan::new("Mo", door.link.clone(), door.host.folder());
    let mo = Person::enter(plan).await;
    let reason = ReasonText::new("shouting").expect("short");
    door.ada.moderate(mo.id(), ModerateAction::Ban { reason }).await;
    mo.eventually("out", |mirror| mirror.closed().is_some()).await;
    let message = door.refuses(JoinForm { key: mo.key().clone(), ..door.form() }.body(), JoinRefusalCode::Banned).await;
    assert!(message.contains("shouting"), "{message}");
    let again = Person::come(PersonPlan::new("Mo", door.link.clone(), door.host.folder()).with_key(mo.key()));
    let refused = ClosedCode::Refused(JoinRefusalCode::Banned);
    again.eventually("refused", |mirror| mirror.closed() == Some(refused)).await;

    door.ada.say(ControlUp::SetLocked { locked: true }).await;
    door.bo.eventually("locked", |mirror| mirror.info.as_ref().is_some_and(|info| info.locked)).await;
    door.refuses(door.form().body(), JoinRefusalCode::Locked).await;
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_that_no_client_makes() {
    let door = Door::new().await;
    let form = door.form();
    let with_sdp = |sdp: String| JoinForm { sdp, ..form.clone() }.body();
    let without = |start: &str| {
        let kept = form.sdp.lines().filter(|line| !line.starts_with(start));
        with_sdp(kept.collect::<Vec<_>>().join("\r\n") + "\r\n")
    };
    let candidate = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n";
    let candidates = |count: usize| with_sdp(form.sdp.clone() + &candidate.repeat(count));
    for (body, expected) in [
        (with_sdp(String::new()), JoinRefusalCode::BadOffer),
        (with_sdp("v=0".to_owned()), JoinRefusalCode::BadOffer),
        (with_sdp("\u{1f9a6}".repeat(500)), JoinRefusalCode::BadOffer),
        (with_sdp(form.sdp.replace("recvonly", "sendrecv")), JoinRefusalCode::BadOffer),
        (with_sdp(format!("{0}{0}", form.sdp)), JoinRefusalCode::BadOffer),
        (without("m=application"), JoinRefusalCode::BadOffer),
        (without("m=video"), JoinRefusalCode::BadOffer),
        (without("m=audio"), JoinRefusalCode::BadOffer),
        (without("a=fingerprint"), JoinRefusalCode::BadOffer),
        (without("a=ice-ufrag"), JoinRefusalCode::BadOffer),
        (candidates(500), JoinRefusalCode::BadOffer),
        (candidates(10_000), JoinRefusalCode::TooLarge),
        (with_sdp("a".repeat(10 << 20)), JoinRefusalCode::TooLarge),
    ] {
        let start = String::from_utf8_lossy(&body).chars().take(80).collect::<String>();
        let message = door.refuses(body, expected).await;
        println!("{start} -> {message}");
    }
    door.lets_in(&form).await;
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_another_shape_or_time() {
    let door = Door::new().await;
    let form = door.form();
    for body in [Vec::new(), b"{".to_vec(), vec![0xff; 1_000], "[".repeat(50_000).into_bytes(), b"null".to_vec()] {
        door.refuses(body, JoinRefusalCode::BadRequest).await;
    }
    let nameless = JoinForm { name: "\u{202e}\u{200b}\u{7}".to_owned(), ..form.clone() };
    door.refuses(nameless.body(), JoinRefusalCode::BadRequest).await;
    for (protocol, to_upgrade) in [(PROTOCOL_VERSION - 1, "your machine"), (PROTOCOL_VERSION + 1, "the server")] {
        let body = JoinForm { protocol, ..form.clone() }.body();
        let message = door.refuses(body, JoinRefusalCode::Version).await;
        assert!(message.contains("upgrade") && message.contains(to_upgrade), "{message}");
    }
    door.lets_in(&form).await;
    door.is_well().await;
}
