use crate::app::{App, Place};
use crate::look_up::{has, press, shows_text};
use atrium_panels::{Approach, EndKind, Language, Wish};
use atrium_protocol::{CloseCode, JoinRefusalCode};

#[test]
fn every_ending_says_what_happened_and_offers_a_way_on() {
    for language in Language::ALL {
        let mut seen = std::collections::BTreeSet::new();
        for kind in EndKind::ALL {
            let mut screen = App::new(Place::Ended(kind)).speaking_in(language).in_window();
            let words = |key| screen.state().words.say(atrium_panels::Key(key));
            let (home, again) = (words("go-home"), words("try-again"));
            assert!(
                seen.insert(crate::look_up::texts(&screen).iter().map(|drawn| drawn.text.clone()).collect::<String>())
            );
            let has_detail = shows_text(&screen, "a moderator removed you: too loud");
            assert_eq!(has_detail, kind != EndKind::Left, "whoever leaves knows why");
            assert_eq!(has(&screen, &again), kind.may_try_again(), "{kind:?}");
            if kind.may_try_again() {
                press(&mut screen, &again);
                assert_eq!(screen.state().wishes, [Wish::TryAgain]);
            }
            press(&mut screen, &home);
            assert_eq!(screen.state().wishes.last(), Some(&Wish::Home));
        }
    }
}

#[test]
fn codes_of_the_server_have_screens() {
    assert_eq!(EndKind::of_refusal(JoinRefusalCode::RoomFull), EndKind::RoomFull);
    assert_eq!(EndKind::of_refusal(JoinRefusalCode::TokenSpent), EndKind::LinkExpired);
    assert_eq!(EndKind::of_refusal(JoinRefusalCode::Unknown), EndKind::Refused);
    assert_eq!(EndKind::of_closing(CloseCode::Denied), EndKind::TurnedAway);
    assert_eq!(EndKind::of_closing(CloseCode::Stalled), EndKind::Unreachable);
}

#[test]
fn the_way_in_can_be_stopped() {
    for (place, stop) in [(Place::Loading, "Cancel"), (Place::Lobby, "Stop waiting")] {
        let mut screen = App::new(place).in_window();
        press(&mut screen, stop);
        assert_eq!(screen.state().wishes, [Wish::Home]);
    }
    assert!(shows_text(&App::new(Place::Loading).in_window(), "Fetching the room: boardroom"));
    assert!(shows_text(&App::new(Place::Lobby).in_window(), "Waiting for 12 seconds"));
}

#[test]
fn what_the_server_says_in_english_is_not_said_to_those_who_wait_in_chinese() {
    let lobby = |language| App::new(Place::Lobby).speaking_in(language).in_window();
    assert!(shows_text(&lobby(Language::English), "you are in the lobby"));
    let chinese = lobby(Language::SimplifiedChinese);
    assert!(shows_text(&chinese, "里面的人会让你进去") && !shows_text(&chinese, "you are in the lobby"));
}

#[test]
fn how_far_one_is_on_the_way_is_said_in_ones_language() {
    let ways = [
        (Approach::Opening, "Opening the room on this machine", "正在本机打开房间"),
        (Approach::Knocking("daily".to_owned()), "Knocking at daily", "正在请求进入 daily"),
        (Approach::Connecting, "Connecting", "正在连接"),
    ];
    for (approach, english, chinese) in ways {
        for (language, sentence) in [(Language::English, english), (Language::SimplifiedChinese, chinese)] {
            let screen = App::new(Place::OnTheWay(approach.clone())).speaking_in(language).in_window();
            assert!(shows_text(&screen, sentence), "{sentence}");
        }
    }
}

#[test]
fn a_host_who_leaves_knows_that_the_meeting_is_over() {
    for (is_host, sentence) in [(true, "The meeting ended with you"), (false, "The meeting goes on without you")] {
        let mut app = App::new(Place::Ended(EndKind::Left));
        app.is_host = is_host;
        assert!(crate::look_up::texts(&app.in_window()).iter().any(|drawn| drawn.text.contains(sentence)));
    }
}
