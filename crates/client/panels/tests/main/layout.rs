//! Nothing is cut off and nothing covers another, at any size and in any language.

use crate::app::{App, Place, recent};
use crate::look_up::{Drawn, buttons, texts};
use atrium_panels::{EndKind, InputLevel, Language, Question, SettingsIntent, SoundFault, SoundNews, SoundSide, Tab};
use atrium_panels::{Talk, Toasts, VoiceKind, WhyUnheard};
use atrium_protocol::ParticipantId;
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
        ("loading", App::new(Place::Loading(Some(0.3)))),
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
    all.extend(EndKind::ALL.map(|kind| ("ended", App::new(Place::Ended(kind)))));
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
    // A sheet covers what is behind it by intent.
    if ["help", "leave", "ban"].iter().any(|over| what.starts_with(over)) {
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
