use crate::app::{App, Place};
use crate::look_up::{has, press, shows_text};
use atrium_panels::{EndKind, Language, Wish};
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
            assert!(shows_text(&screen, "a moderator removed you: too loud"));
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
    for (place, stop) in [(Place::Loading(Some(0.5)), "Cancel"), (Place::Lobby, "Stop waiting")] {
        let mut screen = App::new(place).in_window();
        press(&mut screen, stop);
        assert_eq!(screen.state().wishes, [Wish::Home]);
    }
    assert!(shows_text(&App::new(Place::Loading(None)).in_window(), "Fetching the room: 3 of 5 MB"));
    assert!(shows_text(&App::new(Place::Lobby).in_window(), "Waiting for 12 seconds"));
}
