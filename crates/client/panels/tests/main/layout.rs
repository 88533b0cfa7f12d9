//! Nothing is cut off and nothing covers another, at any size and in any language.

use crate::app::{App, Place, recent};
use crate::look_up::{Drawn, buttons, texts};
use crate::test_board::TestBoard;
use atrium_easel::{Hindrance, Saving};
use atrium_panels::{
    BoardMenu, EndKind, InputLevel, Language, Question, SettingsIntent, SoundFault, SoundNews, SoundSide, Tab,
};
use atrium_panels::{Talk, Toasts, VoiceKind, WhyUnheard};
use atrium_protocol::{ParticipantId, RefusalCode};
use egui_kittest::Harness;

const WINDOWS: [(f32, f32); 2] = [(1280.0, 720.0), (800.0, 600.0)];
const SCALES: [u16; 3] = [80, 100, 200];
/// Parts of texts of other people and of the system: only these may be shortened.
const FOREIGN: [&str; 4] = ["Rear Admiral", "extraordinarily", "rather long", "rrrr"];

/// Every panel, as full as it gets.
fn panels() -> Vec<(&'static str, App)> {
    let room = |change: fn(&mut App)| {
        let mut room = App::in_full_room();
        room.state.toasts = Toasts::default();
        change(&mut room);
        room
    };
    let mut home = App::new(Place::Home);
    home.settings.devices.microphone = Some("A headset with an extraordinarily long name".to_owned());
    (0..3).for_each(|number| home.settings.recent.remember(recent(&format!("{number} {}", "long-name-".repeat(6)))));
    home.state.link = "nonsense".to_owned();
    home.state.shows_home_settings = true;
    let mut all = vec![
        ("home", home),
        ("loading", App::new(Place::Loading)),
        ("lobby", App::new(Place::Lobby)),
        ("people", room(|room| room.state.tab = Some(Tab::People))),
        ("chat", room(|room| room.state.tab = Some(Tab::Chat))),
        ("invite", room(|room| room.state.tab = Some(Tab::Invite))),
        ("settings", room(|room| room.state.tab = Some(Tab::Settings))),
        ("reactions", room(|room| room.state.shows_reactions = true)),
        ("more", room(|room| room.state.shows_more = true)),
        ("lost", room(|room| room.lost_secs = Some(25))),
        ("help", room(|room| room.state.shows_help = true)),
        ("leave", room(|room| room.state.question = Some(Question::Leave))),
        (
            "ban",
            room(|room| {
                let reason = "r".repeat(120);
                room.state.question = Some(Question::Remove { target: ParticipantId(4), is_ban: true, reason });
            }),
        ),
        (
            "actions",
            room(|room| {
                room.state.tab = Some(Tab::People);
                room.state.person = Some(ParticipantId(4));
            }),
        ),
    ];
    all.extend([
        ("sound settings", room(sound_in_trouble)),
        (
            "hearing",
            room(|room| {
                sound_in_trouble(room);
                (room.state.tab, room.state.person) = (Some(Tab::People), Some(ParticipantId(2)));
            }),
        ),
        ("voice test", room(|room| room.sound.is_testing = true)),
        ("push to talk", room(|room| room.settings.voice.talk = Talk::PushToTalk)),
    ]);
    all.extend(boards());
    all.extend(EndKind::ALL.map(|kind| ("ended", App::new(Place::Ended(kind)))));
    all
}

/// Boards, with whatever opens on them.
fn boards() -> Vec<(&'static str, App)> {
    let room = |board: TestBoard, change: fn(&mut App)| {
        let mut room = App::in_full_room();
        room.state.toasts = Toasts::default();
        room.board = Some(board);
        change(&mut room);
        room
    };
    let hindered = |hindrance| TestBoard { hindrance: Some(hindrance), is_frozen: true, ..TestBoard::full() };
    let kept = Saving::Kept { operations: 12, code: RefusalCode::StorageFailed };
    let mut led = TestBoard::full();
    led.people[0].is_leading = true;
    let following = TestBoard { following: Some(ParticipantId(2)), ..hindered(Hindrance::Frozen) };
    let mut all = vec![
        ("board", room(TestBoard::full(), |_| ())),
        ("board style", room(TestBoard::selected(2), |room| room.state.board.shows_style = true)),
        ("board with people", room(TestBoard::selected(2), |room| room.state.tab = Some(Tab::People))),
        ("board with chat", room(TestBoard::full(), |room| room.state.tab = Some(Tab::Chat))),
        ("board looked at", room(hindered(Hindrance::NotGranted), |_| ())),
        ("board following", room(following, |_| ())),
        ("board led", room(led, |_| ())),
        ("board not saved", room(TestBoard { saving: kept, ..TestBoard::full() }, |room| room.lost_secs = Some(25))),
        ("board loading", room(TestBoard { is_loading: true, ..TestBoard::new() }, |_| ())),
        ("strip", room(TestBoard { is_open: false, ..TestBoard::full() }, |_| ())),
        ("strip hindered", room(TestBoard { is_open: false, ..hindered(Hindrance::NotGranted) }, |_| ())),
        ("help at a board", room(TestBoard::full(), |room| room.state.shows_help = true)),
        (
            "leave: take away",
            room(TestBoard::full(), |room| {
                room.state.question = Some(Question::RemoveBy(room.board.as_ref().unwrap().authors[0].person));
            }),
        ),
    ];
    use BoardMenu::{Export, More, Pages, People, RemoveBy, Selection, Shapes, Templates, Tools, Zoom};
    for menu in [Export, More, Pages, People, RemoveBy, Selection, Shapes, Templates, Tools, Zoom] {
        let mut app = room(TestBoard::selected(2), |_| ());
        app.state.board.menu = Some(menu);
        all.push(("menu of a board", app));
    }
    all
}

/// Everything about sound that can be wrong at a time.
fn sound_in_trouble(room: &mut App) {
    room.state.tab = Some(Tab::Settings);
    room.settings.voice.kind = VoiceKind::Music;
    let person = room.meeting.person(ParticipantId(3)).map(|info| info.person).unwrap();
    room.settings.apply(SettingsIntent::MutePerson { person, is_muted: true });
    room.sound.input = Some(InputLevel { level_dbov: 0, is_voice: true, is_clipped: true, is_sent: true });
    let news = [
        SoundNews::DeviceProblem { side: SoundSide::Microphone, fault: SoundFault::Denied },
        SoundNews::DeviceProblem { side: SoundSide::Speaker, fault: SoundFault::Unusable("no format".to_owned()) },
        SoundNews::CannotHear { id: ParticipantId(2), why: WhyUnheard::Undecodable },
        SoundNews::CannotHear { id: ParticipantId(3), why: WhyUnheard::Stopped },
        SoundNews::EchoRisk(true),
    ];
    for news in &news {
        room.state.take_sound(news, &room.meeting, &room.words, 1.0);
    }
    room.state.toasts = Toasts::default();
}

#[test]
fn nothing_is_cut_off_or_covered_at_any_size_in_any_language() {
    for language in Language::ALL {
        for window in WINDOWS {
            for scale in SCALES {
                for (name, app) in panels() {
                    let shown = app.speaking_in(language).shown(window, scale);
                    let what = format!("{name}, {}, {}×{} at {scale} %", language.tag(), window.0, window.1);
                    no_text_is_cut_off(&what, &shown);
                    no_text_covers_another(&what, &shown);
                    buttons_are_whole(&what, &shown);
                }
            }
        }
    }
}

fn is_foreign(text: &str) -> bool {
    FOREIGN.iter().any(|foreign| text.contains(foreign))
}

fn no_text_is_cut_off(what: &str, shown: &Harness<'_, App>) {
    for Drawn { text, rect, clip, is_elided } in texts(shown) {
        if is_foreign(&text) {
            continue;
        }
        assert!(!is_elided, "{what}: “{text}” is shortened");
        let is_within = rect.left() >= clip.left() - 0.5 && rect.right() <= clip.right() + 0.5;
        assert!(is_within, "{what}: “{text}” at {rect:?} is cut by {clip:?}");
    }
}

fn no_text_covers_another(what: &str, shown: &Harness<'_, App>) {
    // A sheet or a menu covers what is behind it by intent.
    if ["help", "leave", "ban", "menu"].iter().any(|over| what.starts_with(over)) {
        return;
    }
    let seen: Vec<_> = texts(shown).into_iter().map(|drawn| (drawn.rect.intersect(drawn.clip), drawn.text)).collect();
    for (index, (rect, text)) in seen.iter().enumerate() {
        for (other_rect, other) in &seen[index + 1..] {
            let both = rect.intersect(*other_rect);
            let is_apart = both.width() < 1.0 || both.height() < 1.5;
            assert!(is_apart, "{what}: “{text}” and “{other}” overlap at {both:?}");
        }
    }
}

fn buttons_are_whole(what: &str, shown: &Harness<'_, App>) {
    let window = shown.ctx.content_rect();
    let mut all = buttons(shown);
    all.retain(|(_, rect)| window.intersects(*rect));
    let bar: Vec<_> = all.iter().filter(|(_, rect)| rect.height() == 56.0).collect();
    for (index, (label, rect)) in bar.iter().enumerate() {
        assert!(window.expand(0.5).contains_rect(*rect), "{what}: “{label}” leaves the window");
        for (other, other_rect) in &bar[index + 1..] {
            let both = rect.intersect(*other_rect);
            assert!(both.width() < 1.0 || both.height() < 1.0, "{what}: “{label}” covers “{other}”");
        }
    }
    for (label, rect) in &all {
        let is_within = rect.left() >= window.left() - 0.5 && rect.right() <= window.right() + 0.5;
        assert!(is_within, "{what}: “{label}” at {rect:?} leaves the window");
        assert!(rect.width() >= 24.0 && rect.height() >= 24.0, "{what}: “{label}” is too small to hit: {rect:?}");
    }
}

#[test]
fn names_and_texts_of_five_hundred_characters_change_nothing() {
    let mut room = App::in_room(atrium_protocol::Role::Owner);
    let name = "n".repeat(500);
    let person = crate::app::person(2, &name, atrium_protocol::Role::Guest);
    room.hear(atrium_protocol::ControlDown::Joined { person: Box::new(person) });
    room.hear(crate::app::said(1, 2, &"w".repeat(500)));
    for tab in [Tab::People, Tab::Chat] {
        let mut room = App::in_room_with(room.meeting.clone());
        room.state.tab = Some(tab);
        room.state.person = Some(ParticipantId(2));
        let shown = room.shown((800.0, 600.0), 200);
        let window = shown.ctx.content_rect();
        for (label, rect) in buttons(&shown) {
            assert!(rect.right() <= window.right() + 0.5, "{label} at {rect:?}");
        }
    }
}

/// Panels of an open board, by their names.
const BOARD_PANELS: [&str; 7] =
    ["bar", "board top", "board palette", "board undo", "board zoom", "board selection", "board style"];

#[test]
fn panels_of_a_board_leave_each_other_free() {
    for window in [(1280.0, 720.0), (1920.0, 1080.0), (800.0, 600.0), (1024.0, 768.0), (700.0, 900.0)] {
        for scale in [80, 100, 125, 150, 200] {
            for with_side in [false, true] {
                let mut app = App::in_full_room();
                app.state.toasts = Toasts::default();
                app.board = Some(TestBoard::selected(2));
                app.state.board.shows_style = window.1 / f32::from(scale) > 5.0;
                app.state.tab = with_side.then_some(Tab::People);
                let shown = app.shown(window, scale);
                let what = format!("{window:?} at {scale} %, side panel {with_side}");
                apart_and_inside(&what, &shown);
            }
        }
    }
}

fn apart_and_inside(what: &str, shown: &Harness<'_, App>) {
    let window = shown.ctx.content_rect();
    let names = BOARD_PANELS.into_iter().chain(["side"]);
    let place = |name: &'static str| {
        let id = egui::Id::new("panel").with(name);
        let is_shown =
            shown.ctx.memory(|memory| memory.areas().is_visible(&egui::LayerId::new(egui::Order::Middle, id)));
        shown.ctx.memory(|memory| memory.area_rect(id)).filter(|_| is_shown).map(|rect| (name, rect))
    };
    let all: Vec<_> = names.filter_map(place).collect();
    assert!(all.len() >= 2, "{what}: {all:?}");
    for (index, (name, rect)) in all.iter().enumerate() {
        assert!(window.expand(1.0).contains_rect(*rect), "{what}: {name} leaves the window: {rect:?}");
        for (other, other_rect) in &all[index + 1..] {
            let both = rect.shrink(0.5).intersect(other_rect.shrink(0.5));
            assert!(!both.is_positive(), "{what}: {name} {rect:?} and {other} {other_rect:?}");
        }
    }
}
