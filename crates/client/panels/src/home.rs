//! The home screen: who one is, and where to.

use crate::theme::{GRID, Palette, RADIUS, Type};
use crate::widgets::{Action, Kind, card, choice, field, focus_ring, lead, muted, named, section};
use crate::{HomeIntent, Icon, Intent, Key, RoomChoice, SettingsIntent, View, settings_panel};
use egui::{Align, Color32, CornerRadius, Label, Layout, RichText, ScrollArea, Sense, Ui, UiBuilder, vec2};

const COLUMN: f32 = 440.0;

/// Shows the home screen.
pub(crate) fn draw(ui: &mut Ui, view: &View<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let rect = view.surface.rect();
    let is_wide = rect.width() >= 2.0 * COLUMN + 5.0 * GRID;
    let columns = if is_wide { 2.0 } else { 1.0 };
    let width = (COLUMN * columns + GRID * 2.0 * (columns - 1.0)).min(rect.width() - 4.0 * GRID);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Center)));
    ScrollArea::vertical().auto_shrink(false).show(&mut ui, |ui| {
        ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(width);
            title(ui, view);
            if is_wide {
                ui.spacing_mut().item_spacing.x = 2.0 * GRID;
                ui.columns(2, |columns| {
                    doors(&mut columns[0], view, &mut intents);
                    aside(&mut columns[1], view, &mut intents);
                });
            } else {
                doors(ui, view, &mut intents);
                aside(ui, view, &mut intents);
            }
            ui.add_space(3.0 * GRID);
        });
    });
    intents
}

fn title(ui: &mut Ui, view: &View<'_>) {
    ui.add_space(if view.surface.is_short() { GRID } else { 6.0 * GRID });
    let name = RichText::new(view.words.say(Key("app-name"))).font(Type::Title.font()).color(Palette::of(ui).text);
    ui.add(Label::new(name));
    lead(ui, view.words.say(Key("home-question")));
    ui.add_space(GRID);
}

fn doors(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        who(ui, view, intents);
    });
    ui.add_space(GRID);
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        host(ui, view, intents);
        join(ui, view, intents);
    });
}

/// Whether a name is there to enter with.
pub(crate) fn has_name(view: &View<'_>) -> bool {
    atrium_protocol::DisplayName::new(&view.settings.name).is_ok()
}

fn who(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let label = view.words.say(Key("home-name"));
    muted(ui, &*label);
    let (max, hint) = (atrium_protocol::limits::NAME_CHARS, view.words.say(Key("home-name-hint")));
    let (_, typed) = field(ui, &label, &view.settings.name, &hint, max);
    intents.extend(typed.map(|name| SettingsIntent::Name(name).into()));
    if !view.machine.looks.is_empty() {
        section(ui, &view.words.say(Key("home-colour")), |ui| looks(ui, view, intents));
    }
}

/// Colours to be known by.
pub(crate) fn looks(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let number_of = |index: usize| view.words.say_with(Key("home-colour-number"), &[("number", (index + 1).into())]);
    ui.horizontal_wrapped(|ui| {
        for (index, look) in view.machine.looks.iter().enumerate() {
            let (rect, response) = ui.allocate_exact_size(vec2(40.0, 40.0), Sense::click());
            let is_chosen = look.avatar == view.settings.avatar;
            let name = number_of(index);
            response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, is_chosen, &name));
            let [red, green, blue] = look.color;
            let radius = CornerRadius::same(RADIUS);
            ui.painter().rect_filled(rect.shrink(4.0), radius, Color32::from_rgb(red, green, blue));
            if is_chosen {
                let ring = egui::Stroke::new(2.0, Palette::of(ui).text);
                ui.painter().rect_stroke(rect.shrink(1.0), radius, ring, egui::StrokeKind::Inside);
            }
            focus_ring(ui, &response, rect);
            if response.clicked() {
                intents.push(SettingsIntent::Look(look.avatar.clone()).into());
            }
        }
    });
}

fn host(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let words = view.words;
    lead(ui, words.say(Key("home-host-title")));
    let offers = [
        (RoomChoice::Boardroom, words.say(Key("room-boardroom"))),
        (RoomChoice::Studio, words.say(Key("room-studio"))),
        (RoomChoice::Auditorium, words.say(Key("room-auditorium"))),
    ];
    let chosen = choice(ui, view.state.room_choice, &offers);
    intents.extend(chosen.map(|place| HomeIntent::Choose(place).into()));
    muted(ui, words.say(description(view.state.room_choice)));
    let button = Action::new(words.say(Key("home-host"))).icon(Icon::Home).kind(Kind::Primary).wide();
    if button.enabled(has_name(view)).clicked(ui) {
        intents.push(HomeIntent::Host.into());
    }
    if !has_name(view) {
        muted(ui, words.say(Key("home-name-first")));
    }
}

fn description(place: RoomChoice) -> Key {
    match place {
        RoomChoice::Boardroom => Key("room-boardroom-about"),
        RoomChoice::Studio => Key("room-studio-about"),
        RoomChoice::Auditorium => Key("room-auditorium-about"),
    }
}

fn join(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    let words = view.words;
    let link = view.state.link.as_str();
    ui.add_space(GRID);
    let label = words.say(Key("home-join-title"));
    lead(ui, &*label);
    let (response, typed) = field(ui, &label, link, &words.say(Key("home-link-hint")), 4_096);
    intents.extend(typed.map(|link| HomeIntent::LinkTyped(link).into()));
    let may_join = has_name(view) && looks_like_link(link);
    if !link.is_empty() && !looks_like_link(link) {
        let color = Palette::of(ui).text_danger;
        ui.label(RichText::new(words.say(Key("home-link-wrong"))).font(Type::Small.font()).color(color));
    }
    let has_entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let button = Action::new(words.say(Key("home-join"))).icon(Icon::Link).wide().enabled(may_join);
    if button.clicked(ui) || (has_entered && may_join) {
        intents.push(HomeIntent::Join.into());
    }
}

/// Whether a text can be an invite link; whether it is one, only its server knows.
fn looks_like_link(text: &str) -> bool {
    let has_scheme = text.starts_with("https://") || text.starts_with("atrium://");
    has_scheme && text.contains("/r/") && text.contains("t=")
}

fn aside(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    if view.settings.recent.iter().len() > 0 {
        card(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            recent(ui, view, intents);
        });
        ui.add_space(GRID);
    }
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        lead(ui, view.words.say(Key("settings-title")));
        settings_panel::essentials(ui, view, intents);
        let shows_all = view.state.shows_home_settings;
        if shows_all {
            settings_panel::others(ui, view, intents);
        }
        let (key, icon) =
            if shows_all { (Key("settings-fewer"), Icon::Up) } else { (Key("settings-more"), Icon::Down) };
        if Action::new(view.words.say(key)).icon(icon).kind(Kind::Quiet).clicked(ui) {
            intents.push(HomeIntent::ToggleSettings.into());
        }
    });
}

fn recent(ui: &mut Ui, view: &View<'_>, intents: &mut Vec<Intent>) {
    lead(ui, view.words.say(Key("home-recent")));
    for (index, room) in view.settings.recent.iter().enumerate() {
        ui.allocate_ui_with_layout(vec2(ui.available_width(), 40.0), Layout::right_to_left(Align::Center), |ui| {
            let forget = view.words.say_with(Key("home-forget"), &[("room", room.name.as_str().into())]);
            if Action::new(forget).icon(Icon::Close).kind(Kind::Quiet).icon_only().clicked(ui) {
                intents.push(HomeIntent::Forget(index).into());
            }
            let name = shortened(&room.name, 40);
            let button = Action::new(name).icon(Icon::Recent).wide().at_left().enabled(has_name(view)).show(ui);
            named(ui, &button, &view.words.say_with(Key("home-enter"), &[("room", room.name.as_str().into())]));
            if button.clicked() {
                intents.push(HomeIntent::Recent(index).into());
            }
        });
    }
}

/// The first characters of a text.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_from_other_text() {
        assert!(looks_like_link("https://192.168.1.4:7443/r/boardroom#t=abc&fp=def"));
        assert!(looks_like_link("atrium://host:1/r/x#t=y"));
        for other in ["", "boardroom", "https://example.org", "http://h/r/x#t=y", "https://h/r/x"] {
            assert!(!looks_like_link(other), "{other}");
        }
    }

    #[test]
    fn long_names_are_shortened_by_characters() {
        assert_eq!(shortened("会议室会议室", 4), "会议室…");
        assert_eq!(shortened("short", 5), "short");
    }
}
