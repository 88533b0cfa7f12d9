//! What operators look at.

use crate::world::{Host, ROOM, Speech, eventually};
use atrium_protocol::Role;

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_how_it_is() {
    let host = Host::start().await;
    let https = host.https().await;
    let health = https.get("/healthz").await;
    assert_eq!((health.status, &health.json()["status"]), (200, &"ok".into()));
    assert_eq!(health.json()["shards"], serde_json::json!({ "alive": 1, "total": 1 }));

    let before = https.get("/metrics").await;
    assert_eq!(before.metric("atrium_peers"), 0.0);
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    ada.walk().await;
    ada.talk(Speech::Counted).await;
    let ada_id = ada.id();
    bo.eventually("seen and heard", |mirror| mirror.seen(ada_id) > 20 && mirror.heard(ada_id) > 50).await;
    eventually("what happened is counted", async || {
        let now = https.get("/metrics").await;
        let grown = |name: &str| now.metric(name) - before.metric(name);
        now.metric("atrium_peers") == 2.0
            && now.metric("atrium_rooms") == 1.0
            && grown("atrium_joins_total") == 2.0
            && grown("atrium_voice_packets_in_total") > 50.0
            && grown("atrium_voice_packets_out_total") > 50.0
            && grown("atrium_datagrams_in_total") > grown("atrium_voice_packets_in_total")
            && grown("atrium_datagrams_out_total") > 100.0
            && grown("atrium_store_commits_total") > 0.0
    })
    .await;
    bo.leave().await;
    eventually("one is left", async || https.get("/metrics").await.metric("atrium_peers") == 1.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opened_in_a_browser_shows_a_page() {
    let host = Host::start().await;
    let https = host.https().await;
    let page = https.get(&format!("/r/{ROOM}")).await;
    assert_eq!(page.status, 200);
    assert!(page.headers["content-type"].to_str().expect("text").starts_with("text/html"));
    assert!(page.headers["content-security-policy"].to_str().expect("text").starts_with("default-src 'none'"));
    assert!(page.text().contains(ROOM) && page.text().contains("atrium"), "{}", page.text());
    assert_eq!(https.get("/r/no%20room").await.status, 404);
    assert_eq!(https.get("/nothing").await.status, 404);
}
