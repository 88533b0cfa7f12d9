//! A place that only the host has comes over HTTPS, by the hash of its content.

use crate::world::{Host, Https, Person, PersonPlan, ROOM, invite_request};
use atrium_protocol::{ContentHash, FileEntry, Role, limits};
use atrium_session::{FilesError, RoomFiles};
use std::path::Path;

const PLACE: &str = "atelier";
const TEXTURE: &str = "textures/floor.bin";

const ROOM_RON: &str = r#"
Room(
    title: "Atelier",
    bounds: (min: (-3, 0, -3), max: (3, 3, 3)),
    spawns: [(position: (0, 0, 2), yaw_degrees: 0)],
    boards: [(name: "Board", position: (0, 1.5, -2.9), yaw_degrees: 180, size: (2.0, 1.0))],
)
"#;

/// Bytes that look like nothing else.
fn texture() -> Vec<u8> {
    (0..300_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

async fn host_with_atelier() -> Host {
    Host::with(|config| {
        let place = config.data_dir.join("places").join(PLACE);
        std::fs::create_dir_all(place.join("textures")).expect("a folder");
        std::fs::write(place.join("room.ron"), ROOM_RON).expect("a file");
        std::fs::write(place.join(TEXTURE), texture()).expect("a file");
    })
    .await
}

async fn plan(host: &Host, name: &str) -> PersonPlan {
    let mut request = invite_request(ROOM, Role::Member);
    request.place = Some(PLACE.to_owned());
    let link = host.invite_as(request).await;
    PersonPlan { fetches_files: true, ..PersonPlan::new(name, link, host.folder()) }
}

async fn files_of(person: &Person) -> RoomFiles {
    person.find("the place's files", |mirror| mirror.files.clone()).await.expect("files that came")
}

fn content<'a>(files: &'a RoomFiles, path: &str) -> (Vec<u8>, &'a Path) {
    let kept = files.path_of(path).expect("a file of the place");
    (std::fs::read(kept).expect("a kept file"), kept)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joiner_gets_what_only_the_host_has() {
    let mut host = host_with_atelier().await;
    let ada = Person::enter(plan(&host, "Ada").await).await;
    let files = files_of(&ada).await;
    let welcome = ada.look(|mirror| mirror.welcome.clone()).expect("a welcome");
    assert_eq!(welcome.info.place, "Atelier");
    assert_eq!(content(&files, "room.ron").0, ROOM_RON.as_bytes());
    let (bytes, kept) = content(&files, TEXTURE);
    assert!(bytes == texture(), "the texture came as it is");
    assert!(kept.ends_with(ContentHash::of(&texture()).to_string()), "kept under its hash: {}", kept.display());

    std::fs::write(kept, b"damaged on disk").expect("a kept file");
    let repaired = ada.files().fetch(&welcome.files).await.expect("fetched again");
    assert!(content(&repaired, TEXTURE).0 == texture(), "a damaged file is fetched again");

    host.stop().await;
    let from_cache = ada.files().fetch(&welcome.files).await.expect("no request is needed");
    assert_eq!(from_cache, files);
    std::fs::remove_file(kept).expect("a kept file");
    let missing = ada.files().fetch(&welcome.files).await;
    assert!(matches!(missing, Err(FilesError::NotFetched { path, .. }) if path == TEXTURE), "nobody is there to ask");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_for_those_with_a_token_of_the_room() {
    let host = host_with_atelier().await;
    let plan = plan(&host, "Ada").await;
    let https = Https::to(&plan.link);
    let path = format!("/v1/rooms/{ROOM}/files/{}", ContentHash::of(&texture()));
    let got = https.get_with_token(&path, plan.link.token()).await;
    assert_eq!(got.status, 200);
    assert!(got.body == texture());
    assert!(got.headers["cache-control"].to_str().expect("text").contains("immutable"));

    let elsewhere = host.invite_as(invite_request("other", Role::Owner)).await;
    assert_eq!(https.get(&path).await.status, 401);
    assert_eq!(https.get_with_token(&path, "nonsense").await.status, 401);
    assert_eq!(https.get_with_token(&path, elsewhere.token()).await.status, 403);
    let other_room = path.replace(ROOM, "other");
    assert_eq!(https.get_with_token(&other_room, elsewhere.token()).await.status, 404, "files of that place only");
    let unknown = format!("/v1/rooms/{ROOM}/files/{}", ContentHash::of(b"unknown"));
    assert_eq!(https.get_with_token(&unknown, plan.link.token()).await.status, 404);
    for escape in ["..%2f..%2fsigning.key", "signing.key", "%00"] {
        let path = format!("/v1/rooms/{ROOM}/files/{escape}");
        assert_eq!(https.get_with_token(&path, plan.link.token()).await.status, 400, "{escape}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_refuses_more_than_a_place_may_have() {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Member).await;
    let entry = |index: usize, size| FileEntry { path: format!("{index}"), hash: ContentHash::of(b"x"), size };
    let huge = [entry(0, limits::ROOM_BYTES), entry(1, 1)];
    assert!(matches!(ada.files().fetch(&huge).await, Err(FilesError::TooLarge { .. })));
    let many: Vec<_> = (0..=limits::ROOM_FILES).map(|index| entry(index, 1)).collect();
    assert!(matches!(ada.files().fetch(&many).await, Err(FilesError::TooLarge { .. })));
}
