//! The handlers, with a thread that answers in place of a shard.

use super::{App, RemoteAddr, router};
use crate::boards::BoardKeeper;
use crate::config::ServerConfig;
use crate::data_dir::DataDir;
use crate::metrics_handle;
use crate::places::PlaceLibrary;
use crate::shard_api::{COMMAND_QUEUE, JoinCommand, ShardCommand, ShardHandle, ShardStats};
use crate::token::{Claims, TokenKeys};
use crate::{InviteRequest, RateLimit, clock};
use atrium_protocol::{
    ContentHash, DeviceKey, InviteId, JoinAnswer, JoinRefusal, JoinRefusalCode, PROTOCOL_VERSION, ParticipantId,
    RefusalCode, ResumeSecret, Role, RoomId, VIDEO_LINES, VOICE_SLOTS, join_signing_bytes, limits,
};
use atrium_room::BulkRequest;
use atrium_store::Store;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tower::ServiceExt as _;
use url::Url;

const FINGERPRINT_PAIR: &str = "AB";

pub(super) struct Bench {
    _folder: tempfile::TempDir,
    pub(super) app: Arc<App>,
    router: Router,
    closed: Arc<Mutex<Vec<RoomId>>>,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut ServerConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = ServerConfig::new(folder.path());
        change(&mut config);
        let store = Store::open(folder.path()).unwrap();
        let keys = TokenKeys::load(&DataDir::create(folder.path()).unwrap()).unwrap();
        let (places, _) = PlaceLibrary::load([]);
        let boards = BoardKeeper::start(store.clone()).unwrap();
        let closed = Arc::default();
        let shards: Arc<[ShardHandle]> = vec![answering_shard(Arc::clone(&closed))].into();
        let app = Arc::new(App::new(&config, store, keys, Arc::new(places), boards, shards, metrics_handle::handle()));
        Self { _folder: folder, router: router(Arc::clone(&app)), app, closed }
    }

    /// The token of a fresh invite to `room`.
    pub(super) fn invite(&self, room: &str) -> (String, Claims) {
        let inviter = crate::invite::Inviter {
            store: &self.app.store,
            keys: &self.app.keys,
            places: &self.app.places,
            url: &Url::parse("https://localhost").unwrap(),
            fingerprint: None,
        };
        let request = InviteRequest::new(RoomId::parse(room).unwrap(), Role::Member, Duration::from_secs(3_600));
        let link = inviter.invite(&request, clock::now()).unwrap();
        let token = link.split_once("#t=").unwrap().1.to_owned();
        let claims = self.app.keys.verify(&token, clock::now()).unwrap();
        (token, claims)
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Response {
        self.send_from(request, "203.0.113.9:5000").await
    }

    async fn send_from(&self, mut request: Request<Body>, remote: &str) -> Response {
        request.extensions_mut().insert(RemoteAddr(remote.parse().unwrap()));
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn join(&self, room: &str, body: impl Into<Body>) -> Result<JoinAnswer, JoinRefusal> {
        let request = Request::post(format!("/v1/rooms/{room}/join")).body(body.into()).unwrap();
        let response = self.send(request).await;
        let status = response.status();
        assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        let body = body_of(response).await;
        if status == StatusCode::OK {
            return Ok(serde_json::from_slice(&body).unwrap());
        }
        let refusal: JoinRefusal = serde_json::from_slice(&body).unwrap();
        assert_eq!(status.as_u16(), refusal.error.http_status());
        Err(refusal)
    }

    async fn refusal(&self, room: &str, body: impl Into<Body>) -> JoinRefusalCode {
        self.join(room, body).await.unwrap_err().error
    }
}

/// Lets everyone in whose name is not "Banned".
fn answering_shard(closed: Arc<Mutex<Vec<RoomId>>>) -> ShardHandle {
    let mut poll = mio::Poll::new().unwrap();
    let waker = Arc::new(mio::Waker::new(poll.registry(), mio::Token(0)).unwrap());
    let (commands, inbox) = crossbeam_channel::bounded(COMMAND_QUEUE);
    std::thread::spawn(move || {
        let mut events = mio::Events::with_capacity(8);
        loop {
            poll.poll(&mut events, None).unwrap();
            loop {
                match inbox.try_recv() {
                    Ok(ShardCommand::Join(command)) => answer(*command),
                    Ok(ShardCommand::CloseRoom(room)) => {
                        closed.lock().unwrap_or_else(PoisonError::into_inner).push(room);
                    }
                    Ok(ShardCommand::Vouch { participant, secret, request, reply, .. }) => {
                        let _ = reply.send(vouch(participant, &secret, request));
                    }
                    Ok(ShardCommand::Stats(reply)) => drop(reply.send(ShardStats { rooms: 3, peers: 14 })),
                    Ok(_) => {}
                    Err(crossbeam_channel::TryRecvError::Empty) => break,
                    Err(crossbeam_channel::TryRecvError::Disconnected) => return,
                }
            }
        }
    });
    ShardHandle::new(commands, waker)
}

/// Participant 1 may do everything, 2 only look, 3 has done too much; each has a secret of that byte.
fn vouch(participant: ParticipantId, secret: &ResumeSecret, request: BulkRequest) -> Result<(), RefusalCode> {
    match participant.0 {
        1..=3 if secret.0 != [participant.0 as u8; 32] => Err(RefusalCode::NotFound),
        1 => Ok(()),
        2 if request == BulkRequest::Read => Ok(()),
        2 => Err(RefusalCode::NotAllowed),
        3 => Err(RefusalCode::TooFast),
        _ => Err(RefusalCode::NotFound),
    }
}

fn answer(command: JoinCommand) {
    assert_eq!(command.place_name, "boardroom");
    assert!(!command.offer.contains("a=candidate"), "candidates are of no use to an ICE-lite server");
    let result = if command.admission.name.as_str() == "Banned" {
        Err(JoinRefusal { error: JoinRefusalCode::Banned, message: "you are banned".into() })
    } else {
        Ok(JoinAnswer {
            protocol: PROTOCOL_VERSION,
            participant: ParticipantId(1),
            person: command.admission.person,
            role: command.admission.invited_role,
            resume_secret: command.admission.new_secret,
            sdp: "v=0".into(),
            room: command.room,
            lobby: false,
            resumed: false,
            server_us: clock::now(),
        })
    };
    let _ = command.reply.send(result);
}

pub(super) async fn body_of(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

fn fingerprint() -> String {
    [FINGERPRINT_PAIR; 32].join(":")
}

fn offer() -> String {
    let session = format!(
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 {}\r\na=ice-ufrag:abcd\r\n\
         a=ice-pwd:0123456789012345678901\r\n",
        fingerprint()
    );
    let line = |kind: &str, mid: usize, direction: &str| {
        format!("m={kind} 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na={direction}\r\n")
    };
    let mut sdp = session + &line("audio", 0, "sendonly");
    sdp.push_str("a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n");
    (0..VOICE_SLOTS).for_each(|i| sdp.push_str(&line("audio", 1 + i, "recvonly")));
    (0..VIDEO_LINES).for_each(|i| sdp.push_str(&line("video", 20 + i, "recvonly")));
    sdp + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:30\r\n"
}

/// A join that is right in every way; tests spoil it.
struct Joiner {
    key: SigningKey,
    token: String,
    token_id: String,
    room: String,
    signed_at_ms: u64,
    fingerprint: String,
    sdp: String,
    name: String,
}

impl Joiner {
    fn new(token: &str, claims: &Claims) -> Self {
        Self {
            key: SigningKey::from_bytes(&[5; 32]),
            token: token.to_owned(),
            token_id: claims.jti.to_string(),
            room: claims.room.to_string(),
            signed_at_ms: clock::now().millis(),
            fingerprint: fingerprint(),
            sdp: offer(),
            name: "Ada".into(),
        }
    }

    fn json(&self) -> Value {
        let room = RoomId::parse(&self.room).unwrap();
        let signed = join_signing_bytes(&room, &self.token_id, self.signed_at_ms, &self.fingerprint);
        json!({
            "protocol": PROTOCOL_VERSION,
            "token": self.token,
            "name": self.name,
            "device_key": DeviceKey(self.key.verifying_key().to_bytes()),
            "signed_at_ms": self.signed_at_ms,
            "signature": URL_SAFE_NO_PAD.encode(self.key.sign(&signed).to_bytes()),
            "sdp": self.sdp,
        })
    }

    fn body(&self) -> String {
        self.json().to_string()
    }
}

#[tokio::test]
async fn a_good_join_is_answered() {
    let bench = Bench::new();
    let (token, claims) = bench.invite("daily");
    let joiner = Joiner::new(&token, &claims);
    let first = bench.join("daily", joiner.body()).await.unwrap();
    assert_eq!((first.room.as_str(), first.role), ("daily", Role::Member));
    assert_eq!(first.person, DeviceKey(joiner.key.verifying_key().to_bytes()).person());
    let second = bench.join("DAILY", joiner.body()).await.unwrap();
    assert_ne!(first.resume_secret.0, second.resume_secret.0, "every join has a secret of its own");
    let joined: Vec<RoomId> = bench.app.joined_rooms().into_iter().map(|(room, _)| room).collect();
    assert_eq!(joined, [claims.room]);
}

#[tokio::test]
async fn a_new_room_of_an_old_name_begins_empty() {
    let bench = Bench::new();
    let (token, claims) = bench.invite("daily");
    bench.join("daily", Joiner::new(&token, &claims).body()).await.unwrap();
    bench.app.store.delete_room(&claims.room).unwrap();
    let (token, claims) = bench.invite("daily");
    assert!(bench.closed.lock().unwrap().is_empty());
    bench.join("daily", Joiner::new(&token, &claims).body()).await.unwrap();
    assert_eq!(bench.closed.lock().unwrap().as_slice(), std::slice::from_ref(&claims.room));
    bench.join("daily", Joiner::new(&token, &claims).body()).await.unwrap();
    assert_eq!(bench.closed.lock().unwrap().len(), 1, "the new one stays open");
}

#[tokio::test]
async fn the_rooms_refusal_reaches_the_client() {
    let bench = Bench::new();
    let (token, claims) = bench.invite("daily");
    let joiner = Joiner { name: "Banned".into(), ..Joiner::new(&token, &claims) };
    assert_eq!(bench.refusal("daily", joiner.body()).await, JoinRefusalCode::Banned);
}

#[tokio::test]
async fn each_wrong_token_has_its_code() {
    let bench = Bench::new();
    let (token, claims) = bench.invite("daily");
    bench.invite("other");
    let with = |token: &str| Joiner::new(token, &claims).body();
    let mint = |change: &dyn Fn(&mut Claims)| {
        let mut claims = claims.clone();
        change(&mut claims);
        bench.app.keys.mint(&claims).unwrap()
    };
    let now_secs = clock::now().millis() / 1_000;
    let strangers = TokenKeys::from_key(&SigningKey::from_bytes(&[9; 32])).unwrap().mint(&claims).unwrap();
    for (token, expected) in [
        ("nonsense".to_owned(), JoinRefusalCode::BadToken),
        (strangers, JoinRefusalCode::BadToken),
        (mint(&|claims| claims.exp = now_secs - 60), JoinRefusalCode::TokenExpired),
        (mint(&|claims| claims.nbf = Some(now_secs + 60)), JoinRefusalCode::TokenNotYetValid),
        (mint(&|claims| claims.room = RoomId::parse("other").unwrap()), JoinRefusalCode::WrongRoom),
        (mint(&|claims| claims.jti = InviteId::parse("unknown").unwrap()), JoinRefusalCode::TokenRevoked),
    ] {
        assert_eq!(bench.refusal("daily", with(&token)).await, expected);
    }
    assert_eq!(bench.refusal("other", with(&token)).await, JoinRefusalCode::WrongRoom);
    assert_eq!(bench.refusal("no%20room", with(&token)).await, JoinRefusalCode::NoSuchRoom);
    bench.join("daily", with(&token)).await.unwrap();
    bench.app.store.revoke_invite(&claims.jti, clock::now()).unwrap();
    assert_eq!(bench.refusal("daily", with(&token)).await, JoinRefusalCode::TokenRevoked);
    bench.app.store.delete_room(&claims.room).unwrap();
    assert_eq!(bench.refusal("daily", with(&token)).await, JoinRefusalCode::NoSuchRoom);
    bench.invite("daily");
    let code = bench.refusal("daily", with(&token)).await;
    assert_eq!(code, JoinRefusalCode::TokenRevoked, "a new room of the same name has new invites");
}

#[tokio::test]
async fn an_invite_that_ran_out_throws_nobody_out() {
    let bench = Bench::new();
    let (_, claims) = bench.invite("daily");
    let over = Claims { exp: clock::now().millis() / 1_000 - 60, ..claims.clone() };
    let token = bench.app.keys.mint(&over).unwrap();
    let mut body = Joiner::new(&token, &over).json();
    assert_eq!(bench.refusal("daily", body.to_string()).await, JoinRefusalCode::TokenExpired);
    body["resume"] = json!({ "participant": 1, "secret": atrium_protocol::ResumeSecret([3; 32]) });
    bench.join("daily", body.to_string()).await.unwrap();
    bench.app.store.revoke_invite(&claims.jti, clock::now()).unwrap();
    bench.join("daily", body.to_string()).await.unwrap();
    bench.app.store.delete_room(&claims.room).unwrap();
    bench.invite("daily");
    assert_eq!(bench.refusal("daily", body.to_string()).await, JoinRefusalCode::TokenRevoked);
}

#[tokio::test]
async fn signatures_cover_room_invite_time_and_connection() {
    let bench = Bench::new();
    let (token, claims) = bench.invite("daily");
    let now_ms = clock::now().millis();
    let spoilt = |spoil: &dyn Fn(&mut Joiner)| {
        let mut joiner = Joiner::new(&token, &claims);
        spoil(&mut joiner);
        joiner.body()
    };
    for body in [
        spoilt(&|joiner| joiner.room = "other".into()),
        spoilt(&|joiner| joiner.token_id = "other".into()),
        spoilt(&|joiner| joiner.fingerprint = ["CD"; 32].join(":")),
        spoilt(&|joiner| joiner.signed_at_ms = now_ms - 301_000),
        spoilt(&|joiner| joiner.signed_at_ms = now_ms + 310_000),
        spoilt(&|joiner| joiner.signed_at_ms = 0),
        spoilt(&|joiner| joiner.signed_at_ms = u64::MAX),
    ] {
        assert_eq!(bench.refusal("daily", body).await, JoinRefusalCode::BadSignature);
    }
    let mut other_key = Joiner::new(&token, &claims).json();
    other_key["device_key"] = json!(DeviceKey(SigningKey::from_bytes(&[6; 32]).verifying_key().to_bytes()));
    assert_eq!(bench.refusal("daily", other_key.to_string()).await, JoinRefusalCode::BadSignature);
    bench.join("daily", spoilt(&|joiner| joiner.signed_at_ms = now_ms - 290_000)).await.unwrap();
    let late = spoilt(&|joiner| joiner.signed_at_ms = now_ms - 301_000);
    let message = bench.join("daily", late).await.unwrap_err().message;
    assert!(message.contains("clock"), "{message}");
}

#[tokio::test]
async fn malformed_requests_have_their_codes() {
    let bench = Bench::new();
    let (token, claims) = bench.invite("daily");
    let joiner = Joiner::new(&token, &claims);
    let changed = |name: &str, value: Value| {
        let mut json = joiner.json();
        json[name] = value;
        json.to_string()
    };
    for (body, expected) in [
        (String::new(), JoinRefusalCode::BadRequest),
        ("[".repeat(10_000), JoinRefusalCode::BadRequest),
        (changed("name", json!("\u{202e}")), JoinRefusalCode::BadRequest),
        (changed("device_key", json!("short")), JoinRefusalCode::BadRequest),
        (changed("avatar", json!("A".repeat(2_000))), JoinRefusalCode::BadRequest),
        (changed("protocol", json!(PROTOCOL_VERSION + 1)), JoinRefusalCode::Version),
        (json!({ "protocol": 0, "shape": "another" }).to_string(), JoinRefusalCode::Version),
        (changed("sdp", json!("v=1")), JoinRefusalCode::BadOffer),
        (changed("sdp", json!(offer().replace("recvonly", "sendrecv"))), JoinRefusalCode::BadOffer),
        (changed("sdp", json!(offer() + &"a=candidate:1\r\n".repeat(100))), JoinRefusalCode::BadOffer),
        (changed("sdp", json!("x".repeat(limits::JOIN_BODY_BYTES))), JoinRefusalCode::TooLarge),
        (changed("sdp", json!("x".repeat(10 << 20))), JoinRefusalCode::TooLarge),
    ] {
        let start: String = body.chars().take(60).collect();
        assert_eq!(bench.refusal("daily", body).await, expected, "{start}");
    }
    let not_utf8 = Request::post("/v1/rooms/%ff/join").body(Body::from(joiner.body())).unwrap();
    assert_eq!(bench.send(not_utf8).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn joins_are_limited_for_each_address_and_end_with_the_server() {
    let bench = Bench::with(|config| config.join_rate = RateLimit { per_sec: 0.001, burst: 2.0 });
    let (token, claims) = bench.invite("daily");
    let joiner = Joiner::new(&token, &claims);
    bench.join("daily", joiner.body()).await.unwrap();
    bench.join("daily", joiner.body()).await.unwrap();
    assert_eq!(bench.refusal("daily", joiner.body()).await, JoinRefusalCode::TooFast);
    let request = || Request::post("/v1/rooms/daily/join").body(Body::from(joiner.body())).unwrap();
    let response = bench.send(request()).await;
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    assert_eq!(bench.send_from(request(), "203.0.113.10:5000").await.status(), StatusCode::OK);
    bench.app.begin_drain();
    assert_eq!(bench.refusal("daily", joiner.body()).await, JoinRefusalCode::Draining);
}

#[tokio::test]
async fn preflights_of_web_pages_are_answered() {
    let bench = Bench::new();
    for path in ["/v1/rooms/daily/join", "/v1/rooms/daily/files/abc"] {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri(path)
            .header(header::ORIGIN, "https://elsewhere.example")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header("access-control-request-private-network", "true")
            .body(Body::empty())
            .unwrap();
        let response = bench.send(request).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        let value = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(value("access-control-allow-origin"), "*");
        assert!(value("access-control-allow-methods").contains("POST"));
        assert!(value("access-control-allow-headers").contains("content-type"));
        assert!(value("access-control-allow-headers").contains("authorization"));
        assert_eq!(value("access-control-allow-private-network"), "true");
    }
    let health = bench.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
    assert!(!health.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[tokio::test]
async fn files_are_for_those_with_a_token() {
    let bench = Bench::new();
    let (token, _) = bench.invite("daily");
    let (other_token, _) = bench.invite("other");
    let place = bench.app.places.get("boardroom").unwrap();
    let entry = place.files.iter().find(|file| file.path == "room.ron").unwrap();
    let get = async |hash: &str, authorization: Option<String>, known: Option<&str>| {
        let mut request = Request::get(format!("/v1/rooms/daily/files/{hash}"));
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if let Some(known) = known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        bench.send(request.body(Body::empty()).unwrap()).await
    };
    let hash = entry.hash.to_string();
    let bearer = |token: &str| Some(format!("Bearer {token}"));

    let response = get(&hash, bearer(&token), None).await;
    assert_eq!(response.status(), StatusCode::OK);
    let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(etag, format!("\"{hash}\""));
    assert_eq!(response.headers()[header::CACHE_CONTROL], "private, max-age=31536000, immutable");
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let content = body_of(response).await;
    assert_eq!(ContentHash::of(&content), entry.hash);
    assert_eq!(content.len() as u64, entry.size);

    let response = get(&hash, bearer(&token), Some(&format!("W/\"old\", {etag}"))).await;
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert!(body_of(response).await.is_empty());

    assert_eq!(get(&hash, None, None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get(&hash, Some(token.clone()), None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get(&hash, bearer("nonsense"), None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get(&hash, bearer(&other_token), None).await.status(), StatusCode::FORBIDDEN);
    let absent = ContentHash::of(b"absent").to_string();
    let response = get(&absent, bearer(&token), None).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let error: Value = serde_json::from_slice(&body_of(response).await).unwrap();
    assert_eq!(error["error"], "no_such_file");
    assert_eq!(get("..%2fsigning.key", bearer(&token), None).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn health_tells_of_shards_and_draining() {
    let bench = Bench::new();
    let health = async || {
        let response = bench.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK);
        serde_json::from_slice::<Value>(&body_of(response).await).unwrap()
    };
    let before = health().await;
    assert_eq!((&before["status"], &before["shards"]), (&json!("ok"), &json!({ "alive": 1, "total": 1 })));
    bench.app.begin_drain();
    assert_eq!(health().await["status"], "draining");
}

#[tokio::test]
async fn metrics_are_for_this_machine_alone() {
    let bench = Bench::new();
    let get = || Request::get("/metrics").body(Body::empty()).unwrap();
    assert_eq!(bench.send(get()).await.status(), StatusCode::FORBIDDEN);
    let mut forwarded = get();
    forwarded.headers_mut().insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
    assert_eq!(bench.send_from(forwarded, "127.0.0.1:5000").await.status(), StatusCode::FORBIDDEN);
    for local in ["127.0.0.1:5000", "[::1]:5000", "[::ffff:127.0.0.1]:5000"] {
        let response = bench.send_from(get(), local).await;
        assert_eq!(response.status(), StatusCode::OK);
        let text = String::from_utf8(body_of(response).await).unwrap();
        assert!(text.contains("atrium_peers{shard=\"0\"} 14"), "{text}");
    }
    let bench = Bench::with(|config| config.public_metrics = true);
    assert_eq!(bench.send(get()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_page_behind_a_link_is_strict_and_escaped() {
    let bench = Bench::new();
    let response = bench.send(Request::get("/r/Daily").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(response.headers()[header::REFERRER_POLICY], "no-referrer");
    assert!(String::from_utf8(body_of(response).await).unwrap().contains("<h1>daily</h1>"));

    let evil = Request::get("/r/%3Cimg%20src=x%20onerror=alert(1)%3E").body(Body::empty()).unwrap();
    let response = bench.send(evil).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(!String::from_utf8(body_of(response).await).unwrap().contains("<img"));
}
