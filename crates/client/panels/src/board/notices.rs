//! What one should know while it is so: why one cannot draw, what is not stored, whom one follows.

use super::layout::Layout;
use super::news::hindered;
use super::{BoardIntent, BoardPanelIntent, BoardPerson, BoardView, people, saving};
use crate::theme::{GRID, Palette, TOUCH, Type};
use crate::widgets::{Action, Kind, card};
use crate::{Icon, Intent, Key, View};
use atrium_easel::{Action as Deed, Hindrance, Saving};
use egui::{Align2, Area, Id, Label, LayerId, Margin, Order, Rect, RichText, Sense, Stroke, StrokeKind, Ui};
use egui::{CornerRadius, pos2, vec2};

/// A notice, and what can be done about it.
struct Notice {
    icon: Icon,
    text: String,
    is_warning: bool,
    answers: Vec<(String, Option<Icon>, Intent)>,
}

impl Notice {
    fn new(icon: Icon, text: String) -> Self {
        Self { icon, text, is_warning: false, answers: Vec::new() }
    }

    fn answer(mut self, text: String, icon: Option<Icon>, intent: impl Into<Intent>) -> Self {
        self.answers.push((text, icon, intent.into()));
        self
    }
}

/// Shows at most two of them below the bar at the top, where every line counts one.
pub(super) fn draw(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout, is_lost: bool) -> Vec<Intent> {
    let mut intents = Vec::new();
    frame_of_followed(ui, view, board);
    let is_short = view.surface.is_short();
    let most = match (is_short, is_lost) {
        (true, true) => 0,
        (true, false) => 1,
        (false, _) => 2,
    };
    let all = [hindrance(view, board), about_leading(view, board)].into_iter().flatten();
    let notices: Vec<Notice> = all.take(most).collect();
    if notices.is_empty() {
        return intents;
    }
    let below_banner = if is_lost { 8.0 * GRID } else { 0.0 };
    let (top, left) = (layout.palette.top() + below_banner, layout.palette.right() + GRID);
    let free = Rect::from_min_max(pos2(left, top), pos2(layout.canvas.right(), layout.canvas.bottom().max(top)));
    let place = free.center_top();
    let area = Area::new(Id::new("board notices")).fixed_pos(place).pivot(Align2::CENTER_TOP).order(Order::Middle);
    area.constrain_to(view.surface.rect().shrink(GRID)).show(ui.ctx(), |ui| {
        for notice in &notices {
            ui.vertical_centered(|ui| intents.extend(shown(ui, notice, free.width().min(640.0))));
        }
    });
    intents
}

/// Why one cannot draw, or what is not stored.
fn hindrance(view: &View<'_>, board: &BoardView<'_>) -> Option<Notice> {
    let say = |key| view.words.say(key);
    if board.is_loading {
        return Some(Notice::new(Icon::Recent, say(Key("board-loading"))));
    }
    if let Saving::Kept { operations, .. } = board.saving {
        let notice = Notice::new(Icon::Warning, saving::kept(view, operations));
        return Some(Notice { is_warning: true, ..notice });
    }
    match board.hindrance? {
        why @ Hindrance::NotGranted => Some(Notice::new(Icon::Lock, say(hindered(why)))),
        why @ Hindrance::Waiting => Some(Notice::new(Icon::Recent, say(hindered(why)))),
        why @ Hindrance::Frozen => {
            let notice = Notice::new(Icon::Freeze, say(hindered(why)));
            let thaw = || BoardIntent::from(Deed::Freeze(false));
            Some(if board.may_moderate { notice.answer(say(Key("board-thaw")), None, thaw()) } else { notice })
        }
    }
}

/// Whom one follows, who follows, or whom one might follow.
fn about_leading(view: &View<'_>, board: &BoardView<'_>) -> Option<Notice> {
    let say = |key, person: &BoardPerson| view.words.say_with(key, &[("name", person.name.as_str().into())]);
    let stop = || view.words.say(Key("board-stop"));
    if board.is_leading {
        let notice = Notice::new(Icon::Lead, view.words.say(Key("board-leading")));
        return Some(notice.answer(stop(), None, BoardIntent::from(Deed::Lead(false))));
    }
    let of = |id| board.people.iter().find(|person| person.id == id);
    if let Some(person) = board.following.and_then(of) {
        let notice = Notice::new(Icon::Follow, say(Key("board-following"), person));
        return Some(notice.answer(stop(), None, BoardIntent::from(Deed::Follow(None))));
    }
    let leader = board.people.iter().find(|person| person.is_leading)?;
    if view.state.board.ignored_leader == Some(leader.id) {
        return None;
    }
    let notice = Notice::new(Icon::Lead, say(Key("board-led-by"), leader));
    let follow = BoardIntent::from(Deed::Follow(Some(leader.id)));
    let ignore = BoardPanelIntent::IgnoreLeader(leader.id);
    Some(notice.answer(view.words.say(Key("board-do-follow")), None, follow).answer(
        view.words.say(Key("dismiss")),
        Some(Icon::Close),
        ignore,
    ))
}

fn shown(ui: &mut Ui, notice: &Notice, most_width: f32) -> Option<Intent> {
    let mut intent = None;
    let palette = Palette::of(ui);
    let color = if notice.is_warning { palette.text_warning } else { palette.text };
    card(ui).inner_margin(Margin::symmetric(8, 4)).show(ui, |ui| {
        let text = egui::WidgetText::from(RichText::new(&notice.text).color(color));
        let free = most_width - 24.0 - 4.0 * GRID - answers_width(ui, notice);
        let wrap = Some(egui::TextWrapMode::Wrap);
        let galley = text.into_galley(ui, wrap, free.max(96.0), Type::Body.font());
        ui.horizontal(|ui| {
            let height = galley.size().y.max(TOUCH);
            ui.add_space(4.0);
            let (rect, _) = ui.allocate_exact_size(vec2(20.0, height), Sense::hover());
            let sign = Rect::from_center_size(rect.center(), vec2(18.0, 18.0));
            notice.icon.paint(ui.painter(), sign, color);
            let label = ui.add(Label::new(galley).selectable(false));
            ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(egui::accesskit::Live::Polite));
            ui.add_space(4.0);
            for (text, icon, answer) in &notice.answers {
                let action = match icon {
                    Some(icon) => Action::new(text.as_str()).icon(*icon).icon_only().kind(Kind::Quiet),
                    None => Action::new(text.as_str()),
                };
                if action.clicked(ui) {
                    intent = Some(answer.clone());
                }
            }
        });
    });
    intent
}

fn answers_width(ui: &Ui, notice: &Notice) -> f32 {
    let width = |(text, icon, _): &(String, Option<Icon>, Intent)| {
        let galley = ui.painter().layout_no_wrap(text.clone(), Type::Body.font(), Palette::of(ui).text);
        if icon.is_some() { TOUCH + GRID } else { galley.size().x + 4.0 * GRID }
    };
    notice.answers.iter().map(width).sum()
}

/// A frame in the colour of whom one follows, so that nobody wonders why the view moves.
fn frame_of_followed(ui: &Ui, view: &View<'_>, board: &BoardView<'_>) {
    let followed = board.following.and_then(|id| board.people.iter().find(|person| person.id == id));
    let Some(person) = followed else { return };
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Middle, Id::new("board followed")));
    let edge = Stroke::new(3.0, people::color_of(person));
    painter.rect_stroke(view.surface.rect(), CornerRadius::ZERO, edge, StrokeKind::Inside);
}
