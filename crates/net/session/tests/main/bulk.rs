use crate::fake_server::{FakeServer, session};
use atrium_protocol::{BoardId, ContentHash, limits};
use atrium_session::{BoardSnapshot, BulkError};
use std::sync::atomic::{AtomicUsize, Ordering};

const PICTURE: &[u8] = b"as if it were a picture";

fn is_authorised(request: &str) -> bool {
    request.to_ascii_lowercase().contains("authorization: bearer e30.")
}

#[tokio::test]
async fn a_board_comes_whole_and_says_where_it_ends() {
    let server = FakeServer::start(|request| match request {
        _ if !is_authorised(request) => (401, Vec::new()),
        _ if request.starts_with("GET /v1/rooms/daily/boards/3/snapshot ") => {
            (200, b"headers:Atrium-Sequence: 640\nthe board".to_vec())
        }
        _ => (200, b"no number".to_vec()),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let session = session(server.link(), folder.path());
    let bulk = session.bulk().clone();
    // On a task of its own, as an app does it.
    let fetched = tokio::spawn(async move { bulk.board_snapshot(BoardId(3)).await });
    let snapshot = fetched.await.unwrap().unwrap();
    assert_eq!(snapshot, BoardSnapshot { sequence: 640, bytes: b"the board".to_vec() });
    let error = session.bulk().board_snapshot(BoardId(4)).await.unwrap_err();
    assert!(error.to_string().contains("does not say which operations are in it"), "{error}");
}

#[tokio::test]
async fn a_refusal_is_the_servers_sentence_and_is_not_asked_again() {
    let server =
        FakeServer::start(|_| (404, br#"{"error":"no_such_board","message":"this room has no such board"}"#.to_vec()))
            .await;
    let folder = tempfile::tempdir().unwrap();
    let session = session(server.link(), folder.path());
    let before = server.requests();
    let error = session.bulk().board_snapshot(BoardId(9)).await.unwrap_err();
    assert_eq!(error.to_string(), "this room has no such board");
    let code = "no_such_board".to_owned();
    assert_eq!(error, BulkError::Refused { status: 404, code, message: error.to_string() });
    assert!(!error.is_temporary());
    // The join that the session makes meanwhile is another one.
    assert!(server.requests() <= before + 2, "{} requests", server.requests());
}

static TRIES: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = FakeServer::start(|request| match request {
        _ if request.starts_with("POST") => (403, br#"{"error":"banned","message":"no"}"#.to_vec()),
        _ if TRIES.fetch_add(1, Ordering::SeqCst) == 0 => {
            (503, br#"{"error":"draining","message":"the server is stopping"}"#.to_vec())
        }
        _ => (200, b"headers:Atrium-Sequence: 1\nx".to_vec()),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let session = session(server.link(), folder.path());
    assert_eq!(session.bulk().board_snapshot(BoardId(0)).await.unwrap().sequence, 1);
    assert_eq!(TRIES.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_picture_is_fetched_once_and_checked() {
    let server = FakeServer::start(|request| match request {
        _ if !is_authorised(request) => (401, Vec::new()),
        _ if request.starts_with(&format!("GET /v1/rooms/daily/images/{} ", ContentHash::of(PICTURE))) => {
            (200, PICTURE.to_vec())
        }
        _ if request.contains(&ContentHash::of(b"flood").to_string()) => (200, vec![0; limits::IMAGE_BYTES + 1]),
        _ => (200, b"something else".to_vec()),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let session = session(server.link(), folder.path());
    let hash = ContentHash::of(PICTURE);
    let bulk = session.bulk().clone();
    assert_eq!(tokio::spawn(async move { bulk.image(hash).await }).await.unwrap().unwrap(), PICTURE);
    let kept = folder.path().join(hash.to_string());
    assert_eq!(std::fs::read(&kept).unwrap(), PICTURE);
    let before = server.requests();
    assert_eq!(session.bulk().image(hash).await.unwrap(), PICTURE);
    assert_eq!(server.requests(), before, "it is in the cache");
    std::fs::write(&kept, "damaged on disk").unwrap();
    assert_eq!(session.bulk().image(hash).await.unwrap(), PICTURE);
    let other = ContentHash::of(b"another");
    assert_eq!(session.bulk().image(other).await, Err(BulkError::Damaged(other)));
    let flood = session.bulk().image(ContentHash::of(b"flood")).await.unwrap_err();
    assert!(flood.to_string().contains("more than 2097152 bytes"), "{flood}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_before_it_is() {
    let server = FakeServer::start(|_| (403, br#"{"error":"banned","message":"no"}"#.to_vec())).await;
    let folder = tempfile::tempdir().unwrap();
    let session = session(server.link(), folder.path());
    let too_large = session.bulk().upload_image(vec![0; limits::IMAGE_BYTES + 1]).await;
    assert_eq!(too_large, Err(BulkError::TooLarge { bytes: limits::IMAGE_BYTES + 1, most: limits::IMAGE_BYTES }));
    let bulk = session.bulk().clone();
    let sent = tokio::spawn(async move { bulk.upload_image(PICTURE.to_vec()).await });
    assert_eq!(sent.await.unwrap(), Err(BulkError::NotIn));
}
