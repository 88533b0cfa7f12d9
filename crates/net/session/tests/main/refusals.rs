use crate::fake_server::{FakeServer, link, session};
use atrium_protocol::JoinRefusalCode;
use atrium_session::{ClosedCode, JoinLink, SessionEvent, SessionState};
use std::net::SocketAddr;

/// What ends a session with this link.
async fn end_of(link: JoinLink) -> (ClosedCode, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut session = session(link, folder.path());
    loop {
        match session.next().await {
            Some(SessionEvent::State(SessionState::Closed { code, message })) => return (code, message),
            Some(SessionEvent::State(SessionState::Connecting)) => {}
            other => panic!("unexpected {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_servers_sentence_reaches_the_user() {
    let server = FakeServer::start(|request| {
        assert!(request.starts_with("POST /v1/rooms/daily/join "), "{request}");
        assert!(request.contains(r#""protocol":1"#) && request.contains("m=audio"), "{request}");
        (403, br#"{"error":"banned","message":"you may not come in again"}"#.to_vec())
    })
    .await;
    let refused = ClosedCode::Refused(JoinRefusalCode::Banned);
    assert_eq!(end_of(server.link()).await, (refused, "you may not come in again".to_owned()));
}

#[tokio::test]
async fn another_servers_key_is_not_trusted() {
    let server = FakeServer::start(|_| (200, Vec::new())).await;
    let (code, message) = end_of(link(server.address, &[9; 32])).await;
    assert_eq!(code, ClosedCode::Unreachable);
    assert!(message.contains("its key has another fingerprint. Ask for a new link"), "{message}");
    assert_eq!(server.requests(), 0, "the token must not reach a stranger");
}

#[tokio::test]
async fn nobody_there_is_said() {
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    let (code, message) = end_of(link(nobody, &[9; 32])).await;
    assert_eq!(code, ClosedCode::Unreachable);
    assert!(message.starts_with("no answer from 127.0.0.1:1: "), "{message}");
    assert!(message.contains("refused"), "{message}");
}

#[tokio::test]
async fn nonsense_and_floods_are_survived() {
    let nonsense = FakeServer::start(|_| (200, b"<html>".to_vec())).await;
    let (_, message) = end_of(nonsense.link()).await;
    assert!(message.contains("does not answer like an Atrium server"), "{message}");
    let flood = FakeServer::start(|_| (200, vec![b' '; 10_000_000])).await;
    let (_, message) = end_of(flood.link()).await;
    assert!(message.contains("its answer has more than 98304 bytes"), "{message}");
}

#[tokio::test]
async fn who_leaves_while_joining_is_out_at_once() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut session = session(link(silent.local_addr().unwrap(), &[9; 32]), folder.path());
    assert!(matches!(session.next().await, Some(SessionEvent::State(SessionState::Connecting))));
    session.leave();
    let end = session.next().await;
    assert!(matches!(end, Some(SessionEvent::State(SessionState::Closed { code: ClosedCode::Left, .. }))), "{end:?}");
    assert!(session.next().await.is_none());
}
