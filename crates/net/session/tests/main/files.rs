use crate::fake_server::{FakeServer, session};
use atrium_protocol::{ContentHash, FileEntry, limits};
use atrium_session::FilesError;

const CONTENT: &[u8] = b"Room(title: \"Test\")";

fn entry(hash: ContentHash, size: u64) -> FileEntry {
    FileEntry { path: "room.ron".to_owned(), hash, size }
}

async fn server() -> FakeServer {
    FakeServer::start(|request| {
        let path = format!("GET /v1/rooms/daily/files/{} ", ContentHash::of(CONTENT));
        let is_authorised = request.to_ascii_lowercase().contains("authorization: bearer e30.");
        match request {
            _ if !is_authorised => (401, Vec::new()),
            _ if request.starts_with(&path) => (200, CONTENT.to_vec()),
            _ => (200, b"something else".to_vec()),
        }
    })
    .await
}

#[tokio::test]
async fn a_file_is_fetched_once_and_checked() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let session = session(server.link(), folder.path());
    let entries = [entry(ContentHash::of(CONTENT), CONTENT.len() as u64)];
    let files = session.files().fetch(&entries).await.unwrap();
    let kept = files.path_of("room.ron").unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), CONTENT);
    let before = server.requests();
    assert_eq!(session.files().fetch(&entries).await, Ok(files.clone()));
    assert_eq!(server.requests(), before, "it is in the cache");
    std::fs::write(kept, "damaged on disk").unwrap();
    session.files().fetch(&entries).await.unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), CONTENT);
    assert!(files.path_of("other").is_none());
}

#[tokio::test]
async fn what_is_not_as_announced_is_not_kept() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let session = session(server.link(), folder.path());
    let fetch = async |entry: FileEntry| session.files().fetch(&[entry]).await.unwrap_err();
    let other = ContentHash::of(b"another");
    assert!(matches!(fetch(entry(other, 1_000)).await, FilesError::Damaged { .. }));
    assert!(matches!(fetch(entry(ContentHash::of(CONTENT), 3)).await, FilesError::NotFetched { .. }));
    let too_large = fetch(entry(other, limits::ROOM_BYTES + 1)).await;
    assert_eq!(too_large, FilesError::TooLarge { files: 1, bytes: limits::ROOM_BYTES + 1 });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
