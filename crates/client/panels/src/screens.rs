//! Between home and room: one card in the middle.

use crate::theme::{GRID, Palette, Type};
use crate::widgets::{Action, Kind, card, muted, text};
use crate::{Approach, EndKind, EndedView, Icon, Intent, Key, Language, LoadingView, LobbyView, ScreenIntent, View};
use egui::{Align, Label, Layout, RichText, ScrollArea, Ui, UiBuilder, vec2};

const CARD: f32 = 480.0;

/// On the way in.
pub(crate) fn loading(ui: &mut Ui, view: &View<'_>, loading: &LoadingView<'_>) -> Vec<Intent> {
    let words = view.words;
    let mut intents = Vec::new();
    centered_card(ui, view, Icon::Door, &words.say(Key("loading-title")), |ui| {
        let (sentence, share) = match loading {
            LoadingView::OnTheWay(Approach::Opening) => (words.say(Key("loading-opening")), None),
            LoadingView::OnTheWay(Approach::Knocking(room)) => {
                (words.say_with(Key("loading-knocking"), &[("room", room.as_str().into())]), None)
            }
            LoadingView::OnTheWay(Approach::Connecting) => (words.say(Key("loading-connecting")), None),
            LoadingView::Place { name, progress } => {
                (words.say_with(Key("loading-place"), &[("place", (*name).into())]), Some(*progress))
            }
        };
        text(ui, sentence);
        progress(ui, share, view);
        if Action::new(words.say(Key("cancel"))).icon(Icon::Close).clicked(ui) {
            intents.push(ScreenIntent::Cancel.into());
        }
    });
    intents
}

/// In the lobby.
pub(crate) fn lobby(ui: &mut Ui, view: &View<'_>, lobby: &LobbyView<'_>) -> Vec<Intent> {
    let words = view.words;
    let mut intents = Vec::new();
    centered_card(ui, view, Icon::Door, &words.say(Key("lobby-title")), |ui| {
        text(ui, words.say(Key("lobby-sentence")));
        // The server's own words are English.
        if words.language() == Language::English {
            muted(ui, lobby.sentence);
        }
        muted(ui, words.say_with(Key("lobby-waited"), &[("seconds", lobby.waited_secs.into())]));
        progress(ui, None, view);
        if Action::new(words.say(Key("lobby-stop"))).icon(Icon::Leave).clicked(ui) {
            intents.push(ScreenIntent::Cancel.into());
        }
    });
    intents
}

/// After a room.
pub(crate) fn ended(ui: &mut Ui, view: &View<'_>, ended: &EndedView<'_>) -> Vec<Intent> {
    let words = view.words;
    let mut intents = Vec::new();
    let has_left = ended.kind == EndKind::Left;
    let (happened, mut to_do) = ended.kind.keys();
    if has_left && ended.was_host {
        to_do = Key("ended-left-host-do");
    }
    centered_card(ui, view, ended.kind.icon(), &words.say(happened), |ui| {
        text(ui, words.say(to_do));
        // Whoever leaves knows why.
        if !ended.detail.is_empty() && !has_left {
            muted(ui, ended.detail);
        }
        ui.add_space(GRID);
        ui.horizontal_wrapped(|ui| {
            let may_try = ended.kind.may_try_again();
            if may_try {
                let again = Action::new(words.say(Key("try-again"))).icon(Icon::Reconnect).kind(Kind::Primary);
                if again.clicked(ui) {
                    intents.push(ScreenIntent::TryAgain.into());
                }
            }
            let kind = if may_try { Kind::Plain } else { Kind::Primary };
            if Action::new(words.say(Key("go-home"))).icon(Icon::Home).kind(kind).clicked(ui) {
                intents.push(ScreenIntent::Home.into());
            }
        });
    });
    intents
}

fn centered_card(ui: &mut Ui, view: &View<'_>, icon: Icon, title: &str, contents: impl FnOnce(&mut Ui)) {
    let rect = view.surface.rect();
    let width = CARD.min(rect.width() - 4.0 * GRID);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Center)));
    ScrollArea::vertical().auto_shrink(false).show(&mut ui, |ui| {
        ui.add_space((rect.height() * 0.22).min(160.0) - if view.surface.is_short() { 40.0 } else { 0.0 });
        ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
            card(ui).show(ui, |ui| {
                ui.set_width(ui.available_width());
                let (place, _) = ui.allocate_exact_size(vec2(32.0, 32.0), egui::Sense::hover());
                icon.paint(ui.painter(), place, Palette::of(ui).text);
                let title = RichText::new(title).font(Type::Heading.font()).color(Palette::of(ui).text);
                ui.add(Label::new(title).wrap());
                contents(ui);
            });
        });
    });
}

/// A bar that fills, or one that shows that something is under way.
fn progress(ui: &mut Ui, progress: Option<f32>, view: &View<'_>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), GRID), egui::Sense::hover());
    let palette = Palette::of(ui);
    let radius = egui::CornerRadius::same(4);
    ui.painter().rect_filled(rect, radius, palette.raised);
    let mut filled = rect;
    match progress {
        Some(share) => filled.set_width(rect.width() * share.clamp(0.0, 1.0)),
        None if view.settings.reduced_motion => filled.set_width(rect.width() / 3.0),
        None => {
            ui.ctx().request_repaint_after_secs(0.05);
            let way = 0.5 - 0.5 * (view.now_secs * 1.6).cos() as f32;
            filled = filled.translate(vec2(rect.width() * 0.7 * way, 0.0));
            filled.set_width(rect.width() * 0.3);
        }
    }
    ui.painter().rect_filled(filled, radius, palette.accent);
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::new(egui::WidgetType::ProgressIndicator);
        info.value = progress.map(|share| f64::from(share * 100.0).round());
        info
    });
}
