//! How one speaks and hears: devices, a meter, and when others hear one.

use crate::theme::GRID;
use crate::widgets::{Action, Reading, Switch, choice, meter, muted, named, section, warning};
use crate::{Icon, InputLevel, Intent, Key, Screen, SettingsIntent, SoundOutput, SoundSide, Talk, View, VoiceKind};
use egui::{ComboBox, Ui};

/// Microphone and speakers, and whether they work.
pub(crate) fn devices(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let devices = &view.settings.devices;
    let microphone =
        device(ui, view, Key("settings-microphone"), &view.machine.microphones, devices.microphone.as_deref());
    intents.extend(microphone.map(|name| SettingsIntent::Microphone(name).into()));
    trouble(ui, view, SoundSide::Microphone);
    microphone_check(ui, view, intents);
    let speaker = device(ui, view, Key("settings-speaker"), &view.machine.speakers, devices.speaker.as_deref());
    intents.extend(speaker.map(|name| SettingsIntent::Speaker(name).into()));
    trouble(ui, view, SoundSide::Speaker);
}

/// When others hear one, what one says, and what is done to it.
pub(crate) fn ways(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let (words, voice) = (view.words, &view.settings.voice);
    let talks = [(Talk::Open, words.say(Key("talk-open"))), (Talk::PushToTalk, words.say(Key("talk-push")))];
    let talk = section(ui, &words.say(Key("settings-talk")), |ui| choice(ui, voice.talk, &talks));
    intents.extend(talk.map(|talk| SettingsIntent::Talk(talk).into()));
    muted(ui, words.say(if voice.talk == Talk::Open { Key("talk-open-about") } else { Key("talk-push-about") }));
    let outputs = [
        (SoundOutput::Headphones, words.say(Key("output-headphones"))),
        (SoundOutput::Stereo, words.say(Key("output-stereo"))),
        (SoundOutput::Mono, words.say(Key("output-mono"))),
    ];
    let output = section(ui, &words.say(Key("settings-output")), |ui| choice(ui, voice.output, &outputs));
    intents.extend(output.map(|output| SettingsIntent::Output(output).into()));
    muted(ui, words.say(output_about(voice.output)));
    let kinds = [
        (VoiceKind::Speech, words.say(Key("voice-speech"))),
        (VoiceKind::LowDelay, words.say(Key("voice-low-delay"))),
        (VoiceKind::Music, words.say(Key("voice-music"))),
    ];
    let kind = section(ui, &words.say(Key("settings-voice-kind")), |ui| choice(ui, voice.kind, &kinds));
    intents.extend(kind.map(|kind| SettingsIntent::VoiceKind(kind).into()));
    muted(ui, words.say(kind_about(voice.kind)));
    cleaning(ui, view, intents);
}

fn output_about(output: SoundOutput) -> Key {
    match output {
        SoundOutput::Headphones => Key("output-headphones-about"),
        SoundOutput::Stereo => Key("output-stereo-about"),
        SoundOutput::Mono => Key("output-mono-about"),
    }
}

fn kind_about(kind: VoiceKind) -> Key {
    match kind {
        VoiceKind::Speech => Key("voice-speech-about"),
        VoiceKind::LowDelay => Key("voice-low-delay-about"),
        VoiceKind::Music => Key("voice-music-about"),
    }
}

fn cleaning(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let (words, voice) = (view.words, &view.settings.voice);
    ui.add_space(GRID);
    let echo = Switch::new(&words.say(Key("settings-echo")), voice.cancels_echo).moved(ui);
    intents.extend(echo.map(|is_on| SettingsIntent::CancelEcho(is_on).into()));
    // Music goes without these two, whatever they say.
    if voice.kind == VoiceKind::Music {
        return;
    }
    let noise = Switch::new(&words.say(Key("settings-noise")), voice.suppresses_noise).moved(ui);
    intents.extend(noise.map(|is_on| SettingsIntent::SuppressNoise(is_on).into()));
    let gain = Switch::new(&words.say(Key("settings-gain")), voice.gains).moved(ui);
    intents.extend(gain.map(|is_on| SettingsIntent::Gain(is_on).into()));
}

/// A list of devices; gives the one that was chosen, where none is the system's.
fn device(ui: &mut Ui, view: &View<'_>, label: Key, names: &[String], current: Option<&str>) -> Option<Option<String>> {
    let label = view.words.say(label);
    let mut offers = vec![(None, view.words.say(Key("as-system")))];
    offers.extend(names.iter().map(|name| (Some(name.as_str()), name.clone())));
    if current.is_some_and(|current| !names.iter().any(|name| name == current)) {
        let missing = view.words.say_with(Key("settings-device-missing"), &[("device", current.into())]);
        offers.push((current, missing));
    }
    let shown = offers.iter().find(|(name, _)| *name == current).map(|(_, text)| text.clone()).unwrap_or_default();
    let mut chosen = None;
    section(ui, &label, |ui| {
        let list = ComboBox::from_id_salt(&label).width(ui.available_width()).selected_text(&shown).truncate();
        let response = list.show_ui(ui, |ui| {
            for (name, text) in &offers {
                if ui.selectable_label(current == *name, text).clicked() {
                    chosen = Some(name.map(str::to_owned));
                }
            }
        });
        named(ui, &response.response, &format!("{label}: {shown}"));
    });
    chosen
}

fn trouble(ui: &mut Ui, view: &View<'_>, side: SoundSide) {
    if let Some(fault) = view.state.sound.device(side) {
        warning(ui, fault.sentence(side, view.words));
    }
}

/// What the microphone hears, who else does, and a way to hear oneself.
fn microphone_check(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let words = view.words;
    let reading = |InputLevel { level_dbov, is_voice, is_clipped, .. }| Reading { level_dbov, is_voice, is_clipped };
    let name = words.say(Key("microphone-level"));
    meter(ui, &name, view.sound.input.map(reading)).on_hover_text(words.say(Key("microphone-level-about")));
    if view.sound.input.is_some_and(|input| input.is_clipped) {
        warning(ui, words.say(Key("microphone-clipped")));
    } else {
        muted(ui, words.say(heard(view)));
    }
    if view.state.sound.has_echo_risk() {
        warning(ui, words.say(Key("echo-risk")));
    }
    let is_testing = view.sound.is_testing;
    let key = if is_testing { Key("test-voice-stop") } else { Key("test-voice") };
    if Action::new(words.say(key)).icon(Icon::Speaker).on(is_testing).wide().clicked(ui) {
        intents.push(Intent::TestVoice(!is_testing));
    }
    if !is_testing {
        muted(ui, words.say(Key("test-voice-about")));
    }
}

/// Whether others hear what the microphone does.
fn heard(view: &View<'_>) -> Key {
    let me = match &view.screen {
        Screen::Room(room) => room.meeting.my_info(),
        _ => None,
    };
    let input = view.sound.input;
    match (input, me) {
        _ if view.sound.is_testing => Key("heard-by-oneself"),
        (None, _) => Key("heard-by-nobody"),
        (Some(input), _) if input.is_sent => Key("heard-by-others"),
        (_, Some(me)) if !me.grants.voice => Key("heard-not-granted"),
        (_, Some(me)) if me.muted || me.muted_by_moderator || view.sound.wants_mute => Key("heard-muted"),
        (_, Some(_)) if view.settings.voice.talk == Talk::PushToTalk && !view.sound.is_holding_to_talk => {
            Key("heard-while-held")
        }
        (_, Some(_)) => Key("heard-when-speaking"),
        (Some(input), None) if input.is_voice => Key("heard-by-microphone"),
        (Some(_), None) => Key("heard-in-test"),
    }
}
