//! Pictures for boards: they go up and down over HTTPS, and what is none goes nowhere.

use crate::world::png::{bomb, png};
use crate::world::{Host, Person, invite_request};
use atrium_protocol::{ContentHash, Grants, ModerateAction, Role, limits};
use atrium_session::BulkError;

const RED: [u8; 3] = [200, 30, 30];

async fn refusal(who: &Person, content: Vec<u8>) -> (u16, String) {
    match who.bulk().upload_image(content).await {
        Err(BulkError::Refused { status, message, .. }) => (status, message),
        other => panic!("a refusal expected: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_reaches_everybody() {
    let mut host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Guest).await;
    let picture = png(640, 480, RED);
    let hash = ada.bulk().upload_image(picture.clone()).await.expect("a picture that is taken");
    assert_eq!(hash, ContentHash::of(&picture));
    assert_eq!(ada.bulk().upload_image(picture.clone()).await, Ok(hash), "again is no other");
    // Another folder: Ada's own cache has it already.
    let link = host.invite(Role::Guest).await;
    let far = tempfile::tempdir().expect("a folder");
    let cy = Person::enter(crate::world::PersonPlan::new("Cy", link, far.path())).await;
    assert_eq!(cy.bulk().image(hash).await.as_ref(), Ok(&picture));
    assert_eq!(bo.bulk().image(hash).await.as_ref(), Ok(&picture));
    let missing = ContentHash::of(b"nobody has this");
    assert!(matches!(bo.bulk().image(missing).await, Err(BulkError::Refused { status: 404, .. })));
    host.restart().await;
    let elsewhere = tempfile::tempdir().expect("a folder");
    let link = host.invite(Role::Guest).await;
    let di = Person::enter(crate::world::PersonPlan::new("Di", link, elsewhere.path())).await;
    assert_eq!(di.bulk().image(hash).await.as_ref(), Ok(&picture), "it outlives the server");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_picture_is_refused() {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    let good = png(64, 64, RED);
    let mut torn = good.clone();
    torn.truncate(good.len() / 2);
    let cases = [
        ("nothing", Vec::new()),
        ("words", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("half a picture", torn),
        ("too wide", png(limits::IMAGE_PIXELS + 1, 2, RED)),
        ("a bomb", bomb(60_000, 60_000)),
        ("a small bomb", bomb(limits::IMAGE_PIXELS, limits::IMAGE_PIXELS)),
        ("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
    ];
    for (what, content) in cases {
        let (status, message) = refusal(&bo, content).await;
        println!("{what}: {status} {message}");
        assert!((400..500).contains(&status) && message.len() > 10, "{what}: {status} {message}");
    }
    assert!(matches!(bo.bulk().upload_image(vec![0; limits::IMAGE_BYTES + 1]).await, Err(BulkError::TooLarge { .. })));
    // The same, past a client that looks: the server looks, too.
    let raw = host.https().await;
    let link = host.invite(Role::Member).await;
    let path = format!("/v1/rooms/{}/images", link.room());
    let flood = raw.post_with_token(&path, link.token(), vec![7; limits::IMAGE_BYTES + 1]).await;
    assert!((400..500).contains(&flood), "{flood}");
    let nobody = raw.post_with_token(&path, link.token(), good.clone()).await;
    assert!((400..500).contains(&nobody), "who is not in the room adds nothing: {nobody}");

    let grants = Grants { draw: false, ..Grants::for_role(Role::Member) };
    ada.moderate(bo.id(), ModerateAction::SetGrants { grants }).await;
    let id = bo.id();
    bo.eventually("may not draw", |mirror| mirror.people[&id].grants == grants).await;
    let (status, message) = refusal(&bo, good.clone()).await;
    assert_eq!(status, 403, "{message}");
    ada.bulk().upload_image(good).await.expect("others go on");
    host.is_well_for(&ada, &bo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_rooms_pictures_are_its_own() {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let hash = ada.bulk().upload_image(png(32, 32, RED)).await.expect("a picture that is taken");
    let link = host.invite_as(invite_request("elsewhere", Role::Owner)).await;
    let far = tempfile::tempdir().expect("a folder");
    let eve = Person::enter(crate::world::PersonPlan::new("Eve", link.clone(), far.path())).await;
    assert!(matches!(eve.bulk().image(hash).await, Err(BulkError::Refused { status: 404, .. })));
    let daily = format!("/v1/rooms/{}/images/{hash}", crate::world::ROOM);
    let answered = host.https().await.get_with_token(&daily, link.token()).await;
    assert_eq!(answered.status, 403, "{}", answered.text());
}
