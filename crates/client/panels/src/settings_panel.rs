//! What a person decides once.

use crate::theme::{GRID, Palette};
use crate::widgets::{Action, Kind, Switch, choice, lead, muted, named, section, text};
use crate::{Icon, Intent, Key, Language, Quality, Settings, SettingsIntent, ThemeChoice, View, sound_panel};
use egui::{RichText, Slider, Ui};

/// How far one step changes the size of panels, in percent.
const TEXT_STEP: u16 = 10;

/// All settings.
pub(crate) fn draw(ui: &mut Ui, view: &View<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    lead(ui, view.words.say(Key("settings-sound")));
    sound_panel::devices(ui, view, &mut intents);
    sound_panel::ways(ui, view, &mut intents);
    ui.add_space(GRID);
    lead(ui, view.words.say(Key("settings-display")));
    picture(ui, view, &mut intents);
    reading(ui, view, &mut intents);
    intents
}

/// What is worth a look before a meeting: sound, picture, language.
pub(crate) fn essentials(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    sound_panel::devices(ui, view, intents);
    picture(ui, view, intents);
}

fn picture(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let (words, settings) = (view.words, view.settings);
    let qualities = [
        (Quality::Low, words.say(Key("quality-low"))),
        (Quality::Medium, words.say(Key("quality-medium"))),
        (Quality::High, words.say(Key("quality-high"))),
    ];
    let quality = section(ui, &words.say(Key("settings-quality")), |ui| choice(ui, settings.quality, &qualities));
    intents.extend(quality.map(|quality| SettingsIntent::Quality(quality).into()));
    let language = section(ui, &words.say(Key("settings-language")), |ui| language(ui, view));
    intents.extend(language.map(|language| SettingsIntent::Language(language).into()));
    if view.machine.lacks_chinese_font {
        let color = Palette::of(ui).text_warning;
        ui.label(RichText::new(words.say(Key("settings-no-chinese-font"))).small().color(color));
    }
}

fn language(ui: &mut Ui, view: &View<'_>) -> Option<Option<Language>> {
    let name = |language: Language| match language {
        // Boxes would not say which language they are of.
        Language::SimplifiedChinese if view.machine.lacks_chinese_font => "Chinese".to_owned(),
        _ => language.own_name().to_owned(),
    };
    let mut offers = vec![(None, view.words.say(Key("as-system")))];
    offers.extend(Language::ALL.map(|language| (Some(language), name(language))));
    choice(ui, view.settings.language, &offers)
}

/// The rest.
pub(crate) fn others(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    sound_panel::ways(ui, view, intents);
    reading(ui, view, intents);
}

/// Size of text, brightness, motion, mouse.
fn reading(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let (words, settings) = (view.words, view.settings);
    section(ui, &words.say(Key("settings-text-scale")), |ui| text_scale(ui, view, intents));
    let themes = [
        (ThemeChoice::Automatic, words.say(Key("theme-automatic"))),
        (ThemeChoice::Dark, words.say(Key("theme-dark"))),
        (ThemeChoice::Light, words.say(Key("theme-light"))),
        (ThemeChoice::System, words.say(Key("as-system"))),
    ];
    let theme = section(ui, &words.say(Key("settings-theme")), |ui| choice(ui, settings.theme, &themes));
    intents.extend(theme.map(|theme| SettingsIntent::Theme(theme).into()));
    let motion = Switch::new(&words.say(Key("settings-reduced-motion")), settings.reduced_motion).moved(ui);
    intents.extend(motion.map(|is_reduced| SettingsIntent::ReducedMotion(is_reduced).into()));
    section(ui, &words.say(Key("settings-mouse")), |ui| mouse(ui, view, intents));
}

fn text_scale(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let percent = view.settings.text_scale_percent;
    let smaller = percent.saturating_sub(TEXT_STEP).max(Settings::TEXT_SCALE_MIN);
    let larger = percent.saturating_add(TEXT_STEP).min(Settings::TEXT_SCALE_MAX);
    ui.horizontal(|ui| {
        for (key, icon, wanted) in
            [(Key("settings-text-smaller"), Icon::Minus, smaller), (Key("settings-text-larger"), Icon::Plus, larger)]
        {
            let button = Action::new(view.words.say(key)).icon(icon).icon_only().enabled(wanted != percent);
            if button.clicked(ui) {
                intents.push(SettingsIntent::TextScale(wanted).into());
            }
        }
        text(ui, view.words.say_with(Key("percent"), &[("number", percent.into())]));
        if percent != 100 {
            let usual = view.words.say(Key("settings-text-usual"));
            if Action::new(usual).kind(Kind::Quiet).clicked(ui) {
                intents.push(SettingsIntent::TextScale(100).into());
            }
        }
    });
}

fn mouse(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let mouse = view.settings.mouse;
    let label = view.words.say(Key("settings-sensitivity"));
    let mut sensitivity = mouse.sensitivity;
    ui.horizontal(|ui| {
        ui.spacing_mut().slider_width = (ui.available_width() - 64.0).clamp(80.0, 240.0);
        let slider = ui.add(Slider::new(&mut sensitivity, 0.2..=3.0).step_by(0.1).show_value(false));
        named(ui, &slider, &label);
        muted(ui, format!("{sensitivity:.1}"));
    });
    if sensitivity != mouse.sensitivity {
        intents.push(SettingsIntent::MouseSensitivity(sensitivity).into());
    }
    let inverted = Switch::new(&view.words.say(Key("settings-invert")), mouse.is_inverted).moved(ui);
    intents.extend(inverted.map(|is_inverted| SettingsIntent::MouseInverted(is_inverted).into()));
}
