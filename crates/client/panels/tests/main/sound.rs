use crate::app::{App, Place};
use crate::look_up::{focused, has, key, press, shows_text, texts};
use atrium_panels::{
    InputLevel, Intent, Language, PersonVolume, Settings, SettingsIntent, SoundFault, SoundNews, SoundOutput,
    SoundSide, Tab, Talk, Tone, VoiceKind, WhyUnheard, Wish,
};
use atrium_protocol::{ControlDown, ControlUp, ParticipantId, PersonChange, PersonId, Role};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

const ADA: ParticipantId = ParticipantId(2);
const TALL: (f32, f32) = (1280.0, 1800.0);
const VOICE: InputLevel = InputLevel { level_dbov: 22, is_voice: true, is_clipped: false, is_sent: true };

fn settings_in_room(role: Role) -> App {
    let mut room = App::in_room(role);
    room.state.tab = Some(Tab::Settings);
    room
}

fn people(role: Role) -> App {
    let mut room = App::in_room(role);
    room.hear(ControlDown::Joined { person: Box::new(crate::app::person(2, "Ada", Role::Guest)) });
    room.state.tab = Some(Tab::People);
    room
}

fn told(room: &mut App, news: &SoundNews) {
    room.state.take_sound(news, &room.meeting, &room.words, 1.0);
}

/// How full the meter says that it is, in percent.
fn meter(room: &Harness<'_, App>) -> f64 {
    room.get_by_label("Microphone level").accesskit_node().numeric_value().unwrap()
}

/// Where Tab goes, from where it is until it has gone round.
fn reached(harness: &mut Harness<'_, App>) -> Vec<String> {
    let mut reached = Vec::new();
    for _ in 0..60 {
        key(harness, Key::Tab);
        reached.extend(focused(harness));
    }
    reached
}

#[test]
fn every_choice_of_sound_is_made_by_a_press() {
    let mut room = settings_in_room(Role::Guest).shown(TALL, 100);
    let presses = ["Push to talk", "One speaker", "Remove noise", "Remove the echo of the speakers"];
    presses.iter().for_each(|label| press(&mut room, label));
    press(&mut room, "Level my voice automatically");
    press(&mut room, "Quick speech");
    let voice = &room.state().settings.voice;
    assert_eq!((voice.talk, voice.output, voice.kind), (Talk::PushToTalk, SoundOutput::Mono, VoiceKind::LowDelay));
    assert!(!voice.suppresses_noise && !voice.cancels_echo && !voice.gains);
    assert_eq!(room.state().wishes, vec![Wish::SettingsChanged; 6]);
    press(&mut room, "Music");
    assert!(!has(&room, "Remove noise"), "music goes without it");
    assert!(has(&room, "Remove the echo of the speakers"));
}

#[test]
fn every_control_of_sound_is_reached_by_keyboard() {
    let mut room = settings_in_room(Role::Guest).in_window();
    let reached = reached(&mut room);
    for label in ["Test my voice", "When I speak", "Push to talk", "Headphones", "Music", "Remove noise"] {
        assert!(reached.iter().any(|name| name == label), "{label} is not among {reached:?}");
    }
    let mut room = people(Role::Guest);
    room.state.person = Some(ADA);
    let mut room = room.in_window();
    for _ in 0..40 {
        key(&mut room, Key::Tab);
        match focused(&room).as_deref() {
            Some("How loud you hear them") => key(&mut room, Key::ArrowLeft),
            Some("Do not hear them") => {
                key(&mut room, Key::Space);
                break;
            }
            _ => {}
        }
    }
    let person = PersonId([2; 32]);
    let volume = PersonVolume { person, volume: 0.95, is_muted: true };
    assert_eq!(room.state().settings.voice.volumes.of(person), volume);
    let asked = SettingsIntent::MutePerson { person, is_muted: true };
    assert!(room.state().intents.contains(&Intent::Settings(asked)));
}

#[test]
fn the_meter_takes_every_level() {
    for (level_dbov, percent) in [(0, 100.0), (36, 50.0), (127, 0.0), (255, 0.0)] {
        let mut room = settings_in_room(Role::Guest);
        room.sound.input = Some(InputLevel { level_dbov, ..VOICE });
        let room = room.in_window();
        assert_eq!(meter(&room), percent, "{level_dbov} dBov");
        let is_finite = |rect: egui::Rect| rect.min.is_finite() && rect.max.is_finite();
        for shape in &room.output().shapes {
            let rect = shape.shape.visual_bounding_rect();
            assert!(rect == egui::Rect::NOTHING || is_finite(rect), "{level_dbov} dBov: {:?}", shape.shape);
        }
    }
    assert_eq!(meter(&settings_in_room(Role::Guest).in_window()), 0.0, "nothing is heard");
}

#[test]
fn who_hears_one_is_always_told() {
    let said = |change: fn(&mut App)| {
        let mut room = settings_in_room(Role::Guest);
        room.sound.input = Some(InputLevel { is_sent: false, ..VOICE });
        change(&mut room);
        room.in_window()
    };
    let muted = PersonChange { muted: Some(true), ..PersonChange::default() };
    assert!(shows_text(&said(|room| room.sound.input = None), "The microphone is not open."));
    assert!(shows_text(&said(|room| room.sound.input = Some(VOICE)), "Others hear you."));
    assert!(shows_text(&said(|_| {}), "Speak, and others hear you."));
    let room = said(|room| room.settings.voice.talk = Talk::PushToTalk);
    assert!(shows_text(&room, "Hold B, and others hear you."));
    let mut room = said(|_| {});
    room.state_mut().hear(ControlDown::Changed { id: crate::app::ME, change: muted });
    room.run_steps(2);
    assert!(shows_text(&room, "You are muted: others hear nothing."));
    let room = said(|room| room.sound.input = Some(InputLevel { is_clipped: true, ..VOICE }));
    assert!(shows_text(&room, "Too loud: your voice is distorted."), "not by colour alone");
    let mut home = App::new(Place::Home);
    home.sound.input = Some(InputLevel { is_voice: false, is_sent: false, level_dbov: 80, is_clipped: false });
    assert!(shows_text(&home.in_window(), "Speak: the bar should pass the mark."));
}

#[test]
fn one_hears_oneself_and_nobody_else_does_meanwhile() {
    let mut home = App::new(Place::Home).in_window();
    assert!(shows_text(&home, "Others hear nothing meanwhile."));
    press(&mut home, "Test my voice");
    assert_eq!(home.state().wishes, [Wish::TestVoice(true)]);
    home.state_mut().sound.is_testing = true;
    home.run_steps(2);
    assert!(shows_text(&home, "You hear yourself; others hear nothing."));
    press(&mut home, "Stop the test");
    assert_eq!(home.state().wishes.last(), Some(&Wish::TestVoice(false)));
    let mut room = App::in_room(Role::Guest);
    room.sound.is_testing = true;
    let mut room = room.in_window();
    press(&mut room, "Voice test: others hear nothing. Stop the test");
    assert_eq!(room.state().wishes, [Wish::TestVoice(false)], "the bar ends it too");
}

#[test]
fn the_bar_tells_of_a_key_to_hold() {
    let mut room = App::in_room(Role::Guest);
    room.settings.voice.talk = Talk::PushToTalk;
    let mut room = room.in_window();
    assert!(texts(&room).iter().any(|drawn| drawn.text == "B"), "a key's top");
    press(&mut room, "Microphone: hold B to talk. Mute (M)");
    assert_eq!(room.state().wishes, [Wish::Control(ControlUp::SetMuted { muted: true })]);
    room.state_mut().sound.is_holding_to_talk = true;
    room.run_steps(2);
    assert!(has(&room, "Microphone: on while you hold B. Mute (M)") && shows_text(&room, "Talking"));
}

#[test]
fn a_microphone_that_does_not_work_is_told_until_it_does() {
    let side = SoundSide::Microphone;
    let mut room = settings_in_room(Role::Guest);
    told(&mut room, &SoundNews::DeviceProblem { side, fault: SoundFault::Gone });
    let sentence = "Microphone: it is gone. Plug it in again";
    assert!(room.state.toasts.notices().all(|toast| toast.tone == Tone::Warning && toast.text.contains(sentence)));
    room.state.toasts.pass(100.0);
    let mut room = room.in_window();
    assert!(shows_text(&room, "No mic") && shows_text(&room, sentence), "in the bar and in the settings");
    assert!(room.query_all_by_label_contains(sentence).next().is_some());
    let back = SoundNews::DeviceBack { side, name: "Headset".to_owned() };
    told(room.state_mut(), &back);
    room.run_steps(2);
    assert!(shows_text(&room, "Mic on") && shows_text(&room, "The microphone works: Headset"));
    let fault = SoundFault::WrongRate { claimed_hz: 48_000, measured_hz: 44_100 };
    told(room.state_mut(), &SoundNews::DeviceProblem { side, fault });
    room.run_steps(2);
    assert!(shows_text(&room, "it says 48000 Hz and runs at 44100 Hz"));
    assert!(shows_text(&room, "Mic on"), "there is sound all the same");
}

#[test]
fn whom_one_cannot_hear_is_told_until_one_does() {
    let mut room = people(Role::Guest);
    told(&mut room, &SoundNews::CannotHear { id: ADA, why: WhyUnheard::Stopped });
    told(&mut room, &SoundNews::CannotHear { id: ParticipantId(77), why: WhyUnheard::Stopped });
    assert_eq!(room.state.toasts.notices().len(), 1, "of somebody who left nothing is told");
    let mut room = room.in_window();
    assert!(shows_text(&room, "You cannot hear Ada: their sound does not arrive."));
    assert!(has(&room, "Ada — Guest · cannot be heard"));
    told(room.state_mut(), &SoundNews::HearAgain { id: ADA });
    room.run_steps(2);
    assert!(has(&room, "Ada — Guest") && shows_text(&room, "You hear Ada again"));
    told(room.state_mut(), &SoundNews::CannotHear { id: ADA, why: WhyUnheard::Undecodable });
    let left = ControlDown::Left { id: ADA, reason: atrium_protocol::LeaveReason::Left };
    room.state_mut().hear(left);
    room.run_steps(2);
    assert_eq!(room.state().state.sound.unheard(ADA), None, "it goes with them");
}

#[test]
fn whom_one_silenced_is_marked_in_every_meeting() {
    let mut room = people(Role::Guest);
    room.settings.apply(SettingsIntent::MutePerson { person: PersonId([2; 32]), is_muted: true });
    assert!(has(&room.in_window(), "Ada — Guest · silenced by you"));
}

#[test]
fn a_device_that_is_not_connected_stays_chosen() {
    let mut home = App::new(Place::Home);
    home.settings.devices.microphone = Some("Studio microphone".to_owned());
    let mut home = home.in_window();
    press(&mut home, "Microphone: Studio microphone (not connected)");
    let offers = home.query_all_by_label("Studio microphone (not connected)").count();
    assert!(offers >= 1, "it stands in the list");
    press(&mut home, "Built-in microphone");
    assert!(has(&home, "Microphone: Built-in microphone"));
}

#[test]
fn every_fault_is_told_in_both_languages() {
    let (reason, path) = ("E_42".to_owned(), "/voice.wav".to_owned());
    let faults = [
        SoundFault::NotFound,
        SoundFault::Gone,
        SoundFault::Busy,
        SoundFault::Denied,
        SoundFault::NoSoundSystem,
        SoundFault::Unusable(reason.clone()),
        SoundFault::Stalled,
        SoundFault::WrongRate { claimed_hz: 48_000, measured_hz: 44_100 },
        SoundFault::File { path, reason },
    ];
    let mut sentences = std::collections::BTreeSet::new();
    for language in Language::ALL {
        let words = atrium_panels::Words::new(language);
        for fault in &faults {
            sentences.insert(fault.sentence(SoundSide::Speaker, &words));
            sentences.insert(fault.sentence(SoundSide::Microphone, &words));
        }
        let whys = [WhyUnheard::Stopped, WhyUnheard::Undecodable];
        sentences.extend(whys.map(|why| why.sentence("Ada", &words)));
    }
    assert_eq!(sentences.len(), 2 * (2 * faults.len() + 2), "each is a sentence of its own");
    let is_a_key = |sentence: &String| sentence.contains("sound-") || sentence.contains("cannot-hear");
    assert!(!sentences.iter().any(is_a_key), "{sentences:?}");
}

#[test]
fn leaving_keeps_what_is_about_devices_and_forgets_what_is_about_people() {
    let mut room = people(Role::Guest);
    told(&mut room, &SoundNews::DeviceProblem { side: SoundSide::Speaker, fault: SoundFault::Busy });
    told(&mut room, &SoundNews::CannotHear { id: ADA, why: WhyUnheard::Stopped });
    told(&mut room, &SoundNews::EchoRisk(true));
    assert!(room.state.sound.has_echo_risk());
    room.state.leave_meeting();
    assert_eq!(room.state.sound.device(SoundSide::Speaker), Some(&SoundFault::Busy));
    assert!(room.state.sound.unheard(ADA).is_none() && !room.state.sound.has_echo_risk());
}

#[test]
fn a_new_user_is_heard_well() {
    let voice = Settings::default().voice;
    assert_eq!((voice.talk, voice.kind), (Talk::Open, VoiceKind::Speech));
    assert!(voice.suppresses_noise && voice.cancels_echo && voice.gains);
}
