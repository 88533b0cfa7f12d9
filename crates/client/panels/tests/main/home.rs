use crate::app::{App, Place, recent};
use crate::look_up::{has, press, shows_text, write};
use atrium_panels::{HomeIntent, Intent, Language, Quality, SettingsIntent, WayIn, Wish};
use egui_kittest::kittest::Queryable;

fn named() -> App {
    let mut app = App::new(Place::Home);
    app.settings.name = "Ada".to_owned();
    app
}

#[test]
fn a_room_is_hosted_by_name() {
    let mut home = named().in_window();
    press(&mut home, "Studio");
    assert!(shows_text(&home, "Four boards"));
    press(&mut home, "Host and enter");
    assert_eq!(home.state().wishes, [Wish::Enter(WayIn::Host("studio".to_owned()))]);
}

#[test]
fn without_a_name_nobody_enters() {
    let mut home = App::new(Place::Home);
    home.state.link = "https://h:1/r/x#t=y".to_owned();
    let mut home = home.in_window();
    home.get_by_label("Host and enter").click();
    home.run_steps(3);
    home.get_by_label("Join").click();
    home.run_steps(3);
    assert_eq!(home.state().wishes, []);
    assert!(shows_text(&home, "Give your name first."));
    home.get_by_role_and_label(egui::accesskit::Role::TextInput, "Your name").click();
    home.run_steps(2);
    write(&mut home, "李小龙");
    assert_eq!(home.state().settings.name, "李小龙");
    press(&mut home, "Join");
    assert!(matches!(home.state().wishes.last(), Some(Wish::Enter(WayIn::Link(_)))));
}

#[test]
fn what_is_no_link_is_said_to_be_none() {
    let mut home = named();
    home.state.link = "boardroom".to_owned();
    let mut home = home.in_window();
    assert!(shows_text(&home, "This is not an invite link"));
    home.get_by_label("Join").click();
    home.run_steps(3);
    assert_eq!(home.state().wishes, []);
}

#[test]
fn recent_rooms_are_entered_and_forgotten() {
    let mut home = named();
    home.settings.recent.remember(recent("studio"));
    home.settings.recent.remember(recent("boardroom"));
    let mut home = home.in_window();
    press(&mut home, "Enter studio");
    assert_eq!(home.state().wishes, [Wish::Enter(WayIn::Host("studio".to_owned()))]);
    press(&mut home, "Forget boardroom");
    assert_eq!(home.state().settings.recent.iter().len(), 1);
    assert!(!has(&home, "Enter boardroom"));
}

#[test]
fn settings_change_at_once_and_are_kept() {
    let mut home = named().in_window();
    press(&mut home, "Beautiful");
    assert_eq!(home.state().settings.quality, Quality::High);
    assert_eq!(home.state().wishes, [Wish::SettingsChanged]);
    press(&mut home, "Colour 2");
    assert_eq!(home.state().settings.avatar, [0x5e, 0x7a, 0x68]);
    press(&mut home, "Microphone: As the system");
    press(&mut home, "Built-in microphone");
    assert_eq!(home.state().settings.devices.microphone.as_deref(), Some("Built-in microphone"));
    assert!(home.state().intents.contains(&Intent::Settings(SettingsIntent::Quality(Quality::High))));
}

#[test]
fn the_language_switches_while_running() {
    let mut home = named().in_window();
    let chinese =
        if home.state().machine.lacks_chinese_font { "Chinese" } else { Language::SimplifiedChinese.own_name() };
    press(&mut home, chinese);
    assert!(has(&home, "开房间并进入") && !has(&home, "Host and enter"));
    press(&mut home, "English");
    assert!(has(&home, "Host and enter"));
}

#[test]
fn more_settings_open_and_close() {
    let mut home = named().shown((1280.0, 1600.0), 100);
    assert!(!has(&home, "Less motion"));
    press(&mut home, "More settings");
    assert!(home.state().intents.contains(&Intent::Home(HomeIntent::ToggleSettings)));
    press(&mut home, "Larger");
    assert_eq!(home.state().settings.text_scale_percent, 110);
    press(&mut home, "Usual size");
    assert_eq!(home.state().settings.text_scale_percent, 100);
    press(&mut home, "Fewer settings");
    assert!(!has(&home, "Less motion"));
}

#[test]
fn a_name_of_five_hundred_characters_is_cut() {
    let mut home = App::new(Place::Home).in_window();
    home.get_by_role_and_label(egui::accesskit::Role::TextInput, "Your name").click();
    home.run_steps(2);
    write(&mut home, &"Wolfeschlegelsteinhausen".repeat(21));
    assert_eq!(home.state().settings.name.chars().count(), 64);
}
