//! The panel beside the palette: whatever can be chosen about the tool in hand or the selection, and nothing else.

use super::layout::{Layout, STYLE_WIDTH};
use super::tools::{ColorOf, Uses};
use super::{BoardIntent, BoardView, swatch};
use crate::room::panel;
use crate::theme::{GRID, TOUCH};
use crate::widgets::{Action, card, muted, named};
use crate::{Intent, Key, View};
use atrium_board::{Align, Color, Dash, Fill, Style};
use atrium_easel::{Action as Deed, LETTER_SIZES_MM, Tool};
use egui::{Frame, Margin, Painter, Rect, Response, ScrollArea, Slider, SliderClamping, Ui, Vec2, pos2, vec2};

/// Shows the panel while it is open and of use.
pub(super) fn draw(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let uses = Uses::of(board);
    if !view.state.board.shows_style || uses.is_empty() {
        return Vec::new();
    }
    let mut intents = Vec::new();
    let place = pos2(layout.palette.right() + GRID, layout.palette.top());
    let room = layout.canvas.bottom() - place.y;
    let rect = Rect::from_min_size(place, vec2(STYLE_WIDTH, room));
    panel(ui, "board style", Rect::from_min_size(rect.min, vec2(STYLE_WIDTH, 0.0)), |ui| {
        ui.set_max_size(rect.size());
        card(ui).inner_margin(Margin::same(8)).show(ui, |ui| {
            ui.set_width(STYLE_WIDTH - 2.0 * GRID);
            let height = room - 2.0 * GRID;
            ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
                // Room for rings round what stands at the edge.
                Frame::new().inner_margin(Margin::same(6)).show(ui, |ui| {
                    ui.set_width(STYLE_WIDTH - 2.0 * GRID - 12.0);
                    ui.spacing_mut().item_spacing = Vec2::splat(4.0);
                    intents.extend(sections(ui, view, board, &uses));
                });
            });
        });
    });
    intents
}

fn sections(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, uses: &Uses) -> Option<Intent> {
    let style = board.style;
    let mut new = style;
    if let Some(of) = uses.color {
        new.color = colors(ui, view, board, of).unwrap_or(style.color);
    }
    if let Some(widths_mm) = uses.widths_mm {
        new.width_mm = widths(ui, view, style.width_mm, widths_mm).unwrap_or(style.width_mm);
    }
    if uses.fill {
        new.fill = fills(ui, view, style.fill).unwrap_or(style.fill);
    }
    if uses.dash {
        new.dash = dashes(ui, view, style.dash).unwrap_or(style.dash);
    }
    if uses.text {
        new.letter_mm = letters(ui, view, style.letter_mm).unwrap_or(style.letter_mm);
        new.align = aligns(ui, view, style.align).unwrap_or(style.align);
    }
    if uses.parts {
        return parts(ui, view, board);
    }
    (new != style).then(|| BoardIntent::Style(new).into())
}

/// The name of a colour.
pub(super) fn color_name(color: Color) -> Key {
    match color {
        Color::Graphite | Color::Unknown => Key("color-graphite"),
        Color::Blue => Key("color-blue"),
        Color::Sky => Key("color-sky"),
        Color::Green => Key("color-green"),
        Color::Yellow => Key("color-yellow"),
        Color::Orange => Key("color-orange"),
        Color::Red => Key("color-red"),
        Color::Purple => Key("color-purple"),
    }
}

fn colors(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, of: ColorOf) -> Option<Color> {
    let current = view.words.say(color_name(board.style.color));
    muted(ui, view.words.say_with(Key("board-color"), &[("name", current.into())]));
    let mut chosen = None;
    for row in Color::ALL.chunks(4) {
        ui.horizontal(|ui| {
            for color in row {
                let name = view.words.say(color_name(*color));
                let is_on = board.style.color == *color;
                if swatch::color(ui, &name, *color, of, board.is_dark, is_on).clicked() {
                    chosen = Some(*color);
                }
            }
        });
    }
    chosen
}

/// A line of things to choose from, each a picture.
fn options<T: Copy + PartialEq>(
    ui: &mut Ui,
    view: &View<'_>,
    title: Key,
    current: T,
    offers: &[(T, Key)],
    paint: impl Fn(&Painter, Rect, usize, T, egui::Color32),
) -> Option<T> {
    muted(ui, view.words.say(title));
    let mut chosen = None;
    ui.horizontal(|ui| {
        for (place, (value, name)) in offers.iter().enumerate() {
            let name = view.words.say(*name);
            let shown: Response = swatch::option(ui, &name, *value == current, |painter, rect, ink| {
                paint(painter, rect, place, *value, ink);
            });
            if shown.clicked() {
                chosen = Some(*value);
            }
        }
    });
    chosen
}

fn widths(ui: &mut Ui, view: &View<'_>, current: f32, widths_mm: [f32; 4]) -> Option<f32> {
    let names = [Key("width-fine"), Key("width-usual"), Key("width-broad"), Key("width-marker")];
    let offers: Vec<(f32, Key)> = widths_mm.into_iter().zip(names).collect();
    let paint = |painter: &Painter, rect: Rect, place, _, ink| swatch::width(painter, rect, place, ink);
    let chosen = options(ui, view, Key("board-width"), current, &offers, paint);
    let mut width_mm = current;
    ui.spacing_mut().slider_width = ui.available_width();
    let range = widths_mm[0] / 3.0..=widths_mm[3] * 1.25;
    let slider = Slider::new(&mut width_mm, range).logarithmic(true).show_value(false).clamping(SliderClamping::Never);
    let shown = ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = 24.0;
        ui.add(slider)
    });
    named(ui, &shown.inner, &view.words.say(Key("width-exact")));
    chosen.or((width_mm != current).then_some(width_mm))
}

fn fills(ui: &mut Ui, view: &View<'_>, current: Fill) -> Option<Fill> {
    let offers = [(Fill::None, Key("fill-none")), (Fill::Tint, Key("fill-tint")), (Fill::Solid, Key("fill-solid"))];
    options(ui, view, Key("board-fill"), current, &offers, |painter, rect, _, fill, ink| {
        swatch::fill(painter, rect, fill, ink);
    })
}

fn dashes(ui: &mut Ui, view: &View<'_>, current: Dash) -> Option<Dash> {
    let offers =
        [(Dash::Solid, Key("dash-solid")), (Dash::Dashed, Key("dash-dashed")), (Dash::Dotted, Key("dash-dotted"))];
    options(ui, view, Key("board-dash"), current, &offers, |painter, rect, _, dash, ink| {
        swatch::dash(painter, rect, dash, ink);
    })
}

fn letters(ui: &mut Ui, view: &View<'_>, current: f32) -> Option<f32> {
    let names = [Key("letters-small"), Key("letters-medium"), Key("letters-large"), Key("letters-huge")];
    let offers: Vec<(f32, Key)> = LETTER_SIZES_MM.into_iter().zip(names).collect();
    options(ui, view, Key("board-letters"), current, &offers, |painter, rect, place, _, ink| {
        swatch::letter(painter, rect, place, ink);
    })
}

fn aligns(ui: &mut Ui, view: &View<'_>, current: Align) -> Option<Align> {
    let offers =
        [(Align::Start, Key("align-start")), (Align::Middle, Key("align-middle")), (Align::End, Key("align-end"))];
    options(ui, view, Key("board-align"), current, &offers, |painter, rect, _, align, ink| {
        swatch::align(painter, rect, align, ink);
    })
}

/// Whether the eraser takes whole strokes.
fn parts(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Option<Intent> {
    let mut chosen = None;
    muted(ui, view.words.say(Key("board-eraser")));
    for (parts, name) in [(false, Key("eraser-whole")), (true, Key("eraser-parts"))] {
        let is_on = board.tool == Tool::Eraser { parts };
        ui.spacing_mut().interact_size.y = TOUCH;
        if Action::new(view.words.say(name)).on(is_on).wide().clicked(ui) && !is_on {
            chosen = Some(BoardIntent::from(Deed::Use(Tool::Eraser { parts })).into());
        }
    }
    chosen
}

/// A style that differs in nothing but its colour.
pub(super) fn with_color(style: Style, color: Color) -> Style {
    Style { color, ..style }
}
