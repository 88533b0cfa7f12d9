use crate::chromium::Chromium;
use crate::{page, sound};
use anyhow::{Context, Result};
use atrium_bot::{BotConfig, Movement, Voice, run_bots};
use atrium_protocol::{Role, RoomId};
use atrium_server::{InviteRequest, ServerConfig};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use std::time::Duration;

const BOT_HZ: f32 = 660.0;
const BROWSER_HZ: f32 = 523.0;
const MEETING_SECS: u64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn chromium_and_a_bot_see_and_hear_each_other_over_udp() -> Result<()> {
    meet("udp").await
}

#[tokio::test(flavor = "multi_thread")]
async fn chromium_and_a_bot_see_and_hear_each_other_where_udp_is_blocked() -> Result<()> {
    meet("tcp").await
}

async fn meet(transport: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut config = ServerConfig::new(folder.path().join("server"));
    config.listen = "127.0.0.1:0".parse()?;
    let server = atrium_server::start(config).await?;
    let room = RoomId::parse("boardroom").map_err(anyhow::Error::msg)?;
    let link = server.invite(InviteRequest::new(room, Role::Member, Duration::from_secs(3600))).await?;

    let heard_by_bot = folder.path().join("heard.wav");
    let bot = BotConfig {
        name: "Tone".to_owned(),
        voice: Voice::Tone { hz: BOT_HZ },
        movement: Movement::Walk,
        listen: Some(heard_by_bot.clone()),
        stay: Some(Duration::from_secs(MEETING_SECS + 8)),
        cache: folder.path().join("cache"),
        ..BotConfig::new(link.parse().map_err(|error| anyhow::anyhow!("{error}"))?)
    };
    let (_stop, is_stopped) = tokio::sync::watch::channel(false);
    let bot = tokio::spawn(async move { run_bots(&bot, is_stopped).await });

    let microphone = folder.path().join("microphone.wav");
    sound::write_tone(&microphone, BROWSER_HZ, 30)?;
    let trusted = URL_SAFE_NO_PAD.decode(server.fingerprint().context("a self-signed server")?)?;
    let chromium = Chromium::start(&microphone, &STANDARD.encode(trusted)).await?;
    let page = page::serve().await?;
    chromium.client.goto(&format!("http://{page}/?seconds={MEETING_SECS}&transport={transport}#{link}")).await?;
    let report = chromium.report(Duration::from_secs(60)).await?;
    chromium.close().await?;
    let bots = bot.await??;
    server.shutdown().await;

    println!("{report:#}");
    check_lanes(&report);
    check_bot_in_browser(&report);
    let share = sound::tone_share(&heard_by_bot, BROWSER_HZ)?;
    println!("the bot heard {} Hz with {:.0} % of the energy", BROWSER_HZ, share * 100.0);
    assert!(share > 0.3, "the bot does not hear the browser: {share}");
    assert_eq!(bots.summary.joined, 1);
    assert!(bots.summary.people_seen_min >= 1, "the bot does not see the browser");
    Ok(())
}

fn check_lanes(report: &Value) {
    let mut opened: Vec<&str> = report["opened"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    opened.sort_unstable();
    assert_eq!(opened, ["board", "control", "pose"]);
    assert_eq!(report["connection"], "connected");
    let messages: Vec<&str> = report["messages"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(messages.contains(&"welcome") && messages.contains(&"roster"), "{messages:?}");
    assert_eq!(report["chats"], serde_json::json!(["你好 from a browser"]));
}

fn check_bot_in_browser(report: &Value) {
    let people = report["people"].as_object().expect("people");
    let (bot, _) = people.iter().find(|(_, name)| *name == "Tone").expect("the bot is in the roster");
    let track = &report["tracks"][bot];
    assert!(track["count"].as_u64() > Some(MEETING_SECS * 20), "poses of the bot: {track}");
    assert!(track["path"].as_f64() > Some(2.0), "the bot walks: {track}");
    assert!(track["hands"].as_u64() > Some(MEETING_SECS * 10), "the bot has hands: {track}");
    let height = track["last"]["y"].as_f64().unwrap_or_default();
    assert!((1.0..2.2).contains(&height), "the bot's head is at {height} m");
    let heard: Vec<&Value> = report["heard"].as_array().into_iter().flatten().collect();
    let bot_id: u64 = bot.parse().expect("a participant's number");
    let slot = heard
        .iter()
        .find(|slot| slot["speakers"].as_array().is_some_and(|ids| ids.iter().any(|id| id.as_u64() == Some(bot_id))))
        .expect("a slot whose CSRC is the bot");
    let hz = slot["hz"].as_f64().unwrap_or_default();
    assert!((hz - f64::from(BOT_HZ)).abs() < 15.0, "the browser hears {hz} Hz");
    assert!(slot["db"].as_f64() > Some(-60.0), "the browser hears the bot at {} dB", slot["db"]);
    assert!(slot["captures"].as_u64() > Some(0), "packets carry their capture time");
}
