//! The bar at the bottom: one's own microphone and hand, and the way to everything else.

use super::{BAR_HEIGHT, microphone, panel, reactions};
use crate::theme::GRID;
use crate::widgets::{Action, Kind, card};
use crate::{Icon, Intent, Key, MeetingIntent, PanelIntent, RoomView, Surface, Tab, View};
use egui::{Rect, Ui, pos2, vec2};

const GAP: f32 = 4.0;
const WIDEST: f32 = 84.0;

/// Things of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Microphone,
    Hand,
    Reactions,
    Chat,
    People,
    Invite,
    Settings,
    More,
    Leave,
}

const ALL: [Item; 8] = [
    Item::Microphone,
    Item::Hand,
    Item::Reactions,
    Item::Chat,
    Item::People,
    Item::Invite,
    Item::Settings,
    Item::Leave,
];
const FEW: [Item; 6] = [Item::Microphone, Item::Hand, Item::Chat, Item::People, Item::More, Item::Leave];
const BEHIND_MORE: [Item; 3] = [Item::Reactions, Item::Invite, Item::Settings];

fn items(surface: &Surface) -> &'static [Item] {
    if surface.is_narrow() { &FEW } else { &ALL }
}

fn item_width(surface: &Surface) -> f32 {
    let count = items(surface).len() as f32;
    ((surface.rect().width() - 4.0 * GRID - GAP * (count - 1.0)) / count).min(WIDEST)
}

/// Where the bar is.
pub(crate) fn rect(surface: &Surface) -> Rect {
    let (all, count) = (surface.rect(), items(surface).len() as f32);
    let size = vec2(item_width(surface) * count + GAP * (count - 1.0) + 2.0 * GRID, BAR_HEIGHT);
    Rect::from_min_size(pos2(all.center().x - size.x / 2.0, all.bottom() - size.y - GRID / 2.0), size)
}

/// Shows the bar and what opens above it.
pub(super) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let items = items(&view.surface);
    let width = item_width(&view.surface);
    let rect = rect(&view.surface);
    panel(ui, "bar", rect, |ui| {
        card(ui).inner_margin(egui::Margin::same(8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            ui.horizontal(|ui| {
                for item in items {
                    intents.extend(button(ui, view, room, *item, width));
                }
            });
        });
    });
    if view.state.shows_more && view.surface.is_narrow() {
        intents.extend(more(ui, view, room, rect, width));
    }
    if view.state.shows_reactions {
        intents.extend(reactions::offer(ui, view, rect));
    }
    intents
}

/// What a narrow bar has no room for, above it.
fn more(ui: &Ui, view: &View<'_>, room: &RoomView<'_>, bar: Rect, width: f32) -> Vec<Intent> {
    let mut intents = Vec::new();
    let size = vec2(width * 3.0 + 2.0 * GAP + 2.0 * GRID, BAR_HEIGHT);
    let rect = Rect::from_min_size(pos2(bar.right() - size.x, bar.top() - size.y - GRID), size);
    panel(ui, "more", rect, |ui| {
        card(ui).inner_margin(egui::Margin::same(8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            ui.horizontal(|ui| {
                for item in BEHIND_MORE {
                    intents.extend(button(ui, view, room, item, width));
                }
            });
        });
    });
    intents
}

fn button(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>, item: Item, width: f32) -> Option<Intent> {
    match item {
        Item::Microphone => microphone::button(ui, view, room, width),
        Item::Hand => {
            let is_up = room.meeting.my_info().is_some_and(|me| me.hand_raised_at_ms.is_some());
            let key = if is_up { Key("bar-hand-up") } else { Key("bar-hand") };
            let hint = view.words.say_with(Key("bar-hand-hint"), &[("key", cap(room, "H").into())]);
            let text = view.words.say(key);
            pressed(ui, Action::new(text).icon(Icon::Hand).on(is_up), width, &hint, MeetingIntent::RaiseHand(!is_up))
        }
        Item::Reactions => {
            let action = Action::new(view.words.say(Key("bar-reactions"))).icon(Icon::Smile);
            let hint = view.words.say(Key("bar-reactions-hint"));
            pressed(ui, action.on(view.state.shows_reactions), width, &hint, PanelIntent::ToggleReactions)
        }
        Item::Chat => tab(ui, (view, room), width, (Tab::Chat, Icon::Chat, Key("bar-chat")), unread(view, room)),
        Item::People => {
            let waiting = room.meeting.knocks().len();
            tab(ui, (view, room), width, (Tab::People, Icon::People, Key("bar-people")), waiting)
        }
        Item::Invite => tab(ui, (view, room), width, (Tab::Invite, Icon::Invite, Key("bar-invite")), 0),
        Item::Settings => tab(ui, (view, room), width, (Tab::Settings, Icon::Settings, Key("bar-settings")), 0),
        Item::More => {
            let action = Action::new(view.words.say(Key("bar-more"))).icon(Icon::More).on(view.state.shows_more);
            pressed(ui, action, width, &view.words.say(Key("bar-more-hint")), PanelIntent::ToggleMore)
        }
        Item::Leave => {
            let action = Action::new(view.words.say(Key("bar-leave"))).icon(Icon::Leave).kind(Kind::Danger);
            let hint = view.words.say(Key("bar-leave-hint"));
            pressed(ui, action, width, &hint, MeetingIntent::Leave { is_sure: false })
        }
    }
}

fn unread(view: &View<'_>, room: &RoomView<'_>) -> usize {
    if view.state.tab == Some(Tab::Chat) { 0 } else { room.meeting.unread() }
}

/// The key of a letter; at a board letters are the board's.
fn cap(room: &RoomView<'_>, letter: &'static str) -> String {
    if crate::shortcuts::is_at_board(room) { format!("Shift+{letter}") } else { letter.to_owned() }
}

fn tab(
    ui: &mut Ui,
    (view, room): (&View<'_>, &RoomView<'_>),
    width: f32,
    (tab, icon, name): (Tab, Icon, Key),
    count: usize,
) -> Option<Intent> {
    let hint =
        |key: Key, letter| view.words.say_with(key, &[("count", count.into()), ("key", cap(room, letter).into())]);
    let hint = match tab {
        Tab::Chat => hint(Key("bar-chat-hint"), "T"),
        Tab::People => hint(Key("bar-people-hint"), "P"),
        Tab::Invite => hint(Key("bar-invite-hint"), "I"),
        Tab::Settings => view.words.say(Key("bar-settings-hint")),
    };
    let action = Action::new(view.words.say(name)).icon(icon).on(view.state.tab == Some(tab)).mark(count);
    pressed(ui, action.spoken(&hint), width, &hint, PanelIntent::Toggle(tab))
}

fn pressed(ui: &mut Ui, action: Action<'_>, width: f32, hint: &str, intent: impl Into<Intent>) -> Option<Intent> {
    let button = action.stacked(width).show(ui).on_hover_text(hint);
    button.clicked().then(|| intent.into())
}
