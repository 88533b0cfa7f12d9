//! Boards and pictures over HTTP.

use super::tests::{Bench, body_of};
use crate::boards::test_boards::rectangle;
use crate::clock;
use crate::token::Claims;
use atrium_board::{Operation, read_snapshot};
use atrium_protocol::{BoardId, ContentHash, Micros, PersonId, ResumeSecret, RoomId, limits};
use atrium_room::Record;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use serde_json::Value;

/// A request of participant `number`, whose secret is made of that byte.
fn of(number: u8, request: Builder, token: &str) -> Builder {
    request
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("Atrium-Participant", number.to_string())
        .header("Atrium-Resume-Secret", String::from(ResumeSecret([number; 32])))
}

async fn get(bench: &Bench, number: u8, path: &str, token: &str) -> Response {
    bench.send(of(number, Request::get(path), token).body(Body::empty()).unwrap()).await
}

async fn post(bench: &Bench, number: u8, token: &str, body: impl Into<Body>) -> Response {
    let request = of(number, Request::post("/v1/rooms/daily/images"), token);
    bench.send(request.body(body.into()).unwrap()).await
}

/// The status and the `error` of a refusal, which has a sentence too.
async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    let body: Value = serde_json::from_slice(&body_of(response).await).unwrap();
    assert!(body["message"].as_str().unwrap().len() > 10, "{body}");
    (status, body["error"].as_str().unwrap().to_owned())
}

fn draw(bench: &Bench, count: u64) {
    let room = RoomId::parse("daily").unwrap();
    let records = (1..=count).map(|sequence| Record::BoardAppended {
        board: BoardId(0),
        sequence,
        author: PersonId([1; 32]),
        nonce: sequence,
        operation: Operation { edits: vec![rectangle(sequence)] }.encode().unwrap(),
        at: Micros(sequence),
    });
    bench.app.store.persist_blocking(&room, records.collect()).unwrap();
}

fn picture(pixels: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let content = vec![7; (pixels * pixels * 3) as usize];
    PngEncoder::new(&mut file).write_image(&content, pixels, pixels, ExtendedColorType::Rgb8).unwrap();
    file
}

#[tokio::test]
async fn a_board_comes_as_a_snapshot_that_says_where_it_ends() {
    let bench = Bench::new();
    let (token, _) = bench.invite("daily");
    let path = "/v1/rooms/daily/boards/0/snapshot";
    let response = get(&bench, 1, path, &token).await;
    assert_eq!((response.status(), &response.headers()["atrium-sequence"]), (StatusCode::OK, &"0".parse().unwrap()));
    assert!(read_snapshot(&body_of(response).await).unwrap().is_empty());

    draw(&bench, 5);
    let response = get(&bench, 2, path, &token).await;
    assert_eq!(response.headers()["atrium-sequence"], "5");
    assert_eq!(response.headers()[header::ETAG], "\"5\"");
    assert!(response.headers()[header::ACCESS_CONTROL_EXPOSE_HEADERS].to_str().unwrap().contains("atrium-sequence"));
    let document = read_snapshot(&body_of(response).await).unwrap();
    assert_eq!((document.sequence(), document.len()), (5, 5));
    let known = of(1, Request::get(path), &token).header(header::IF_NONE_MATCH, "\"5\"");
    assert_eq!(bench.send(known.body(Body::empty()).unwrap()).await.status(), StatusCode::NOT_MODIFIED);

    for board in ["99", "65536", "-1", "x"] {
        let response = get(&bench, 1, &format!("/v1/rooms/daily/boards/{board}/snapshot"), &token).await;
        assert_eq!(refusal(response).await, (404, "no_such_board".into()));
    }
}

#[tokio::test]
async fn boards_and_pictures_are_for_people_inside() {
    let bench = Bench::new();
    let (token, claims) = bench.invite("daily");
    let (other_token, _) = bench.invite("other");
    let hash = ContentHash::of(b"absent").to_string();
    for path in ["boards/0/snapshot".to_owned(), format!("images/{hash}")] {
        let path = format!("/v1/rooms/daily/{path}");
        let bare = Request::get(&path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let response = bench.send(bare.body(Body::empty()).unwrap()).await;
        assert_eq!(refusal(response).await, (403, "not_inside".into()), "a token alone");
        assert_eq!(refusal(get(&bench, 9, &path, &token).await).await, (403, "not_inside".into()));
        assert_eq!(refusal(get(&bench, 3, &path, &token).await).await, (429, "too_fast".into()));
        assert_eq!(refusal(get(&bench, 1, &path, "nonsense").await).await, (401, "bad_token".into()));
        assert_eq!(refusal(get(&bench, 1, &path, &other_token).await).await, (403, "wrong_room".into()));
        let wrong = Request::get(&path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("Atrium-Participant", "1")
            .header("Atrium-Resume-Secret", String::from(ResumeSecret([8; 32])));
        assert_eq!(refusal(bench.send(wrong.body(Body::empty()).unwrap()).await).await, (403, "not_inside".into()));
    }
    // An invite that ran out meanwhile takes nothing away from those inside.
    let over = Claims { exp: clock::now().millis() / 1_000 - 60, ..claims.clone() };
    let token = bench.app.keys.mint(&over).unwrap();
    assert_eq!(get(&bench, 1, "/v1/rooms/daily/boards/0/snapshot", &token).await.status(), StatusCode::OK);
    bench.app.store.delete_room(&claims.room).unwrap();
    let response = get(&bench, 1, "/v1/rooms/daily/boards/0/snapshot", &token).await;
    assert_eq!(refusal(response).await, (404, "no_such_room".into()));
}

#[tokio::test]
async fn a_picture_comes_back_by_its_hash() {
    let bench = Bench::new();
    let (token, _) = bench.invite("daily");
    let file = picture(16);
    let response = post(&bench, 1, &token, file.clone()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer: Value = serde_json::from_slice(&body_of(response).await).unwrap();
    let hash = ContentHash::of(&file).to_string();
    assert_eq!(answer["hash"], hash);
    assert_eq!(post(&bench, 1, &token, file.clone()).await.status(), StatusCode::OK, "again");

    let path = format!("/v1/rooms/daily/images/{hash}");
    let response = get(&bench, 2, &path, &token).await;
    let headers = response.headers();
    assert_eq!(
        (&headers[header::CONTENT_TYPE], &headers[header::X_CONTENT_TYPE_OPTIONS]),
        (&"image/png".parse().unwrap(), &"nosniff".parse().unwrap())
    );
    assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
    assert_eq!(body_of(response).await, file);
    let known = of(1, Request::get(&path), &token).header(header::IF_NONE_MATCH, format!("\"{hash}\""));
    assert_eq!(bench.send(known.body(Body::empty()).unwrap()).await.status(), StatusCode::NOT_MODIFIED);
    let absent = format!("/v1/rooms/daily/images/{}", ContentHash::of(b"absent"));
    assert_eq!(refusal(get(&bench, 1, &absent, &token).await).await, (404, "no_such_image".into()));
    let response = get(&bench, 1, "/v1/rooms/daily/images/..%2f..%2fsigning.key", &token).await;
    assert_eq!(refusal(response).await, (400, "bad_request".into()));
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused() {
    let bench = Bench::new();
    let (token, _) = bench.invite("daily");
    let file = picture(16);
    for (body, expected) in [
        (Vec::new(), (415, "not_a_picture")),
        (b"GIF89a".to_vec(), (415, "not_a_picture")),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), (415, "not_a_picture")),
        (file[..file.len() / 2].to_vec(), (415, "not_a_picture")),
        (vec![0; limits::IMAGE_BYTES + 1], (413, "too_large")),
        (vec![0; 8 << 20], (413, "too_large")),
    ] {
        let (status, error) = refusal(post(&bench, 1, &token, body).await).await;
        assert_eq!((status, error.as_str()), expected);
    }
    assert_eq!(refusal(post(&bench, 2, &token, file.clone()).await).await, (403, "not_allowed".into()));
    assert_eq!(refusal(post(&bench, 3, &token, vec![0; 8 << 20]).await).await, (429, "too_fast".into()));
    let room = RoomId::parse("daily").unwrap();
    assert_eq!(bench.app.store.images(&room).unwrap(), [], "nothing of it is kept");
}

#[tokio::test]
async fn pages_of_any_origin_may_send_the_headers() {
    let bench = Bench::new();
    let preflight = Request::builder().method(Method::OPTIONS).uri("/v1/rooms/daily/images");
    let response = bench.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let allowed = response.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().unwrap();
    for name in ["atrium-participant", "atrium-resume-secret", "authorization"] {
        assert!(allowed.contains(name), "{allowed}");
    }
}
