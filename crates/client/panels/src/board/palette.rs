//! The palette: the tools, and the way to their colours.

use super::layout::{Layout, MARGIN, PaletteForm, TOOL_GAP};
use super::tools::{self, SHAPES, Uses, face, is_offered};
use super::{BoardIntent, BoardMenu, BoardPanelIntent, BoardView, menu, swatch};
use crate::room::panel;
use crate::theme::{GRID, Palette, TOUCH};
use crate::widgets::{Action, Kind, card};
use crate::{Icon, Intent, Key, View};
use atrium_easel::{Action as Deed, Tool};
use egui::{Margin, Rect, Sense, Ui, Vec2, pos2, vec2};

/// Shows the palette and what opens beside it.
pub(super) fn draw(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let mut intents = Vec::new();
    panel(ui, "board palette", used(view, board, layout), |ui| {
        card(ui).inner_margin(Margin::same(MARGIN as i8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(TOOL_GAP);
            match layout.form {
                PaletteForm::Columns(1) => intents.extend(column(ui, view, board, layout.rule)),
                PaletteForm::Columns(columns) => intents.extend(grid(ui, view, board, columns)),
                PaletteForm::Folded => intents.extend(folded(ui, view, board)),
            }
        });
    });
    intents.extend(shapes(ui, view, board, layout));
    if layout.form == PaletteForm::Folded {
        intents.extend(all(ui, view, board, layout));
    }
    intents
}

/// The part of the palette's place that the tools of now take.
fn used(view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Rect {
    let groups = groups(view, board);
    let has_style = !Uses::of(board).is_empty();
    let count = groups.iter().flatten().count() + usize::from(has_style);
    let rows = |count: usize| count as f32 * (TOUCH + TOOL_GAP) - TOOL_GAP + 2.0 * MARGIN;
    let height = match layout.form {
        PaletteForm::Columns(1) => {
            let parts = groups.iter().filter(|group| !group.is_empty()).count() + usize::from(has_style);
            rows(count) + (parts.max(1) - 1) as f32 * (layout.rule - TOOL_GAP)
        }
        PaletteForm::Columns(columns) => rows(count.div_ceil(columns)),
        PaletteForm::Folded => rows(1),
    };
    let width = if layout.form == PaletteForm::Folded && !has_style { rows(1) } else { layout.palette.width() };
    Rect::from_min_size(layout.palette.min, vec2(width, height))
}

/// The tools that are of use now.
fn groups(view: &View<'_>, board: &BoardView<'_>) -> [Vec<Tool>; 3] {
    let eraser = if matches!(board.tool, Tool::Eraser { .. }) { board.tool } else { Tool::Eraser { parts: false } };
    let groups = tools::palette(view.state.board.last_shape, eraser);
    groups.map(|group| group.into_iter().filter(|tool| is_offered(*tool, board)).collect())
}

fn column(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, height: f32) -> Vec<Intent> {
    let mut intents = Vec::new();
    let mut is_first = true;
    for group in groups(view, board).iter().filter(|group| !group.is_empty()) {
        if !is_first {
            rule(ui, height);
        }
        is_first = false;
        for tool in group {
            intents.extend(button(ui, view, board, *tool));
        }
    }
    if !Uses::of(board).is_empty() {
        rule(ui, height);
        intents.extend(style_button(ui, view, board));
    }
    intents
}

fn grid(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, columns: usize) -> Vec<Intent> {
    let mut intents = Vec::new();
    let has_style = !Uses::of(board).is_empty();
    let tools = groups(view, board).concat().into_iter().map(Some);
    let all: Vec<Option<Tool>> = tools.chain(has_style.then_some(None)).collect();
    for row in all.chunks(columns) {
        ui.horizontal(|ui| {
            for place in row {
                match place {
                    Some(tool) => intents.extend(button(ui, view, board, *tool)),
                    None => intents.extend(style_button(ui, view, board)),
                }
            }
        });
    }
    intents
}

/// The tool in hand, which opens the others, and its colours.
fn folded(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    ui.horizontal(|ui| {
        let (icon, name, _) = face(board.tool);
        let parts = [("tool", view.words.say(name).into())];
        let action = Action::new(view.words.say_with(Key("board-tools"), &parts)).icon(icon).icon_only();
        let is_open = view.state.board.menu == Some(BoardMenu::Tools);
        if action.kind(Kind::Primary).on(is_open).clicked(ui) {
            intents.push(BoardPanelIntent::Toggle(BoardMenu::Tools).into());
        }
        if !Uses::of(board).is_empty() {
            intents.extend(style_button(ui, view, board));
        }
    });
    intents
}

fn rule(ui: &mut Ui, height: f32) {
    // In place of the gap between two tools.
    ui.add_space(-TOOL_GAP);
    ui.spacing_mut().item_spacing.y = 0.0;
    let (rect, _) = ui.allocate_exact_size(vec2(TOUCH, height), Sense::hover());
    ui.spacing_mut().item_spacing.y = TOOL_GAP;
    let line = egui::Stroke::new(1.0, Palette::of(ui).hovered);
    ui.painter().hline(rect.shrink2(vec2(GRID, 0.0)).x_range(), rect.center().y, line);
}

/// A tool's name with its key.
pub(super) fn hint(view: &View<'_>, tool: Tool) -> String {
    let (_, name, key) = face(tool);
    with_key(view, view.words.say(name), key)
}

/// A name with the key that does the same.
pub(super) fn with_key(view: &View<'_>, name: String, key: &str) -> String {
    if key.is_empty() {
        return name;
    }
    view.words.say_with(Key("board-with-key"), &[("name", name.into()), ("key", key.into())])
}

fn button(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, tool: Tool) -> Vec<Intent> {
    let is_shape = super::state::is_shape(tool);
    let is_held = board.tool == tool;
    let kind = if is_held { Kind::Primary } else { Kind::Quiet };
    let action = Action::new(if is_shape { shapes_hint(view, tool) } else { hint(view, tool) });
    let shown = action.icon(face(tool).0).icon_only().kind(kind).on(is_held).show(ui);
    if is_shape {
        corner(ui, shown.rect, is_held);
    }
    if !shown.clicked() {
        return Vec::new();
    }
    let opens_shapes = || BoardPanelIntent::Toggle(BoardMenu::Shapes).into();
    match is_held {
        true if is_shape => vec![opens_shapes()],
        true => vec![BoardPanelIntent::ToggleStyle.into()],
        false if is_shape => vec![use_tool(tool), opens_shapes()],
        false => vec![use_tool(tool)],
    }
}

fn use_tool(tool: Tool) -> Intent {
    BoardIntent::from(Deed::Use(tool)).into()
}

fn shapes_hint(view: &View<'_>, tool: Tool) -> String {
    view.words.say_with(Key("board-shapes"), &[("tool", hint(view, tool).into())])
}

/// The small triangle of something that opens.
fn corner(ui: &Ui, rect: Rect, is_held: bool) {
    let palette = Palette::of(ui);
    let at = rect.right_bottom() - vec2(5.0, 5.0);
    let points = vec![at, pos2(at.x - 5.0, at.y), pos2(at.x, at.y - 5.0)];
    let color = if is_held { palette.on_accent } else { palette.text_muted };
    ui.painter().add(egui::Shape::convex_polygon(points, color, egui::Stroke::NONE));
}

/// The colour in hand, which opens all that can be chosen.
fn style_button(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Option<Intent> {
    let uses = Uses::of(board);
    let name = with_key(view, view.words.say(Key("board-style")), "S");
    let is_open = view.state.board.shows_style;
    let response = swatch::opener(ui, &name, is_open, |painter, rect, ink| match uses.color {
        Some(of) => swatch::paint(painter, rect, board.style.color, of, board.is_dark, false),
        None => Icon::More.paint(painter, rect.shrink(4.0), ink),
    });
    response.clicked().then(|| BoardPanelIntent::ToggleStyle.into())
}

/// The four shapes, beside the palette.
fn shapes(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let rect = layout.palette;
    let place = match layout.form {
        PaletteForm::Columns(1) => {
            let row = 8.0 * (TOUCH + TOOL_GAP) + 2.0 * (layout.rule - TOOL_GAP);
            pos2(rect.right() + GRID, rect.top() + row)
        }
        PaletteForm::Columns(_) => pos2(rect.right() + GRID, rect.top()),
        PaletteForm::Folded => pos2(rect.left(), rect.bottom() + GRID),
    };
    menu::small(ui, view, (BoardMenu::Shapes, Key("board-shapes-all")), place, |ui| {
        let mut intents = Vec::new();
        ui.horizontal(|ui| {
            for tool in SHAPES.into_iter().filter(|tool| is_offered(*tool, board)) {
                intents.extend(choice(ui, view, board, tool));
            }
        });
        intents
    })
}

/// A tool in a menu: it is taken, and the menu closes.
fn choice(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, tool: Tool) -> Option<Intent> {
    let is_held = board.tool == tool;
    let kind = if is_held { Kind::Primary } else { Kind::Quiet };
    let action = Action::new(hint(view, tool)).icon(face(tool).0).icon_only().kind(kind).on(is_held);
    action.clicked(ui).then(|| use_tool(tool))
}

/// All tools, where the palette is folded.
fn all(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let place = pos2(layout.palette.right() + GRID, layout.palette.top());
    menu::small(ui, view, (BoardMenu::Tools, Key("board-tools-all")), place, |ui| {
        let mut intents = Vec::new();
        let mut tools = groups(view, board);
        tools[2].retain(|tool| !super::state::is_shape(*tool));
        tools[2].extend(SHAPES.into_iter().filter(|tool| is_offered(*tool, board)));
        for row in tools.concat().chunks(4) {
            ui.horizontal(|ui| {
                for tool in row {
                    intents.extend(choice(ui, view, board, *tool));
                }
            });
        }
        intents
    })
}
