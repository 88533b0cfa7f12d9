//! What panels show of the board that one works on, and what they ask of it.

use super::board::{Board, Boards, Copied, Ruler};
use super::export::{self, ExportBoard};
use super::inserting::{InsertPicture, Source};
use super::marks::color_of;
use super::opening::OpenBoard;
use super::target::bounds_of;
use super::walls::{Wall, Walls};
use crate::receive::TheMeeting;
use atrium_board::{PageId, Shape};
use atrium_easel::{Action, Easel, Saving, Sight, TextEdit, Tool};
use atrium_panels::{BoardAuthor, BoardIntent, BoardPerson, BoardText, BoardView, PageTab, Selection};
use atrium_protocol::{BoardId, PersonId, Role};
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use bevy_egui::egui;
use std::collections::{BTreeMap, BTreeSet};

/// Letters on a note, whose paper is pale on every board.
const ON_NOTE: [u8; 3] = [0x2e, 0x31, 0x36];
/// Who drew what is counted so often.
const COUNT_SECS: f64 = 1.0;
/// What is on the clipboard when things without words were copied.
const COPIED: &str = "Atrium board";

/// Where the facts about boards are.
#[derive(SystemParam)]
pub(crate) struct BoardFacts<'w, 's> {
    boards: ResMut<'w, Boards>,
    ruler: ResMut<'w, Ruler>,
    walls: Res<'w, Walls>,
    time: Res<'w, Time<Real>>,
    unsaved_since_secs: Local<'s, Option<f64>>,
    counted: Local<'s, Counted>,
}

/// Who drew how much, as it was counted last.
#[derive(Default)]
pub(crate) struct Counted {
    at_secs: f64,
    board: Option<BoardId>,
    authors: Vec<BoardAuthor>,
}

/// What the view of a board borrows.
#[derive(Debug, Default)]
pub(crate) struct BoardKept {
    board: Option<BoardId>,
    name: String,
    pages: Vec<PageTab>,
    people: Vec<BoardPerson>,
    authors: Vec<BoardAuthor>,
    text: Option<Typed>,
    unsaved_secs: f32,
}

#[derive(Debug)]
struct Typed {
    text: String,
    rect: egui::Rect,
    font_points: f32,
    color: [u8; 3],
    align: atrium_board::Align,
    is_wrapped: bool,
    is_centered: bool,
}

impl BoardFacts<'_, '_> {
    /// What changes with every frame. `counts`: it matters who drew how much.
    pub(crate) fn keep(&mut self, surface: egui::Vec2, meeting: &TheMeeting, counts: bool) -> BoardKept {
        let Some(id) = self.boards.in_work() else { return BoardKept::default() };
        let name = self.walls.get(id).map(|wall| wall.name.clone()).unwrap_or_default();
        let now_secs = self.time.elapsed_secs_f64();
        let Some(easel) = self.boards.easel(id) else {
            let first = PageTab { id: PageId::FIRST, name: String::new() };
            return BoardKept { board: Some(id), name, pages: vec![first], ..BoardKept::default() };
        };
        let is_saved = easel.saving() == Saving::Saved;
        *self.unsaved_since_secs = (!is_saved).then(|| self.unsaved_since_secs.unwrap_or(now_secs));
        if counts && (self.counted.board != Some(id) || now_secs - self.counted.at_secs > COUNT_SECS) {
            *self.counted = Counted { at_secs: now_secs, board: Some(id), authors: authors(easel, meeting) };
        }
        BoardKept {
            board: Some(id),
            name,
            pages: easel.document().pages().map(|page| PageTab { id: page.id, name: page.name.clone() }).collect(),
            people: people(easel, meeting),
            authors: if counts { self.counted.authors.clone() } else { Vec::new() },
            text: easel.text().map(|edit| typed(edit, easel, surface, &mut self.ruler)),
            unsaved_secs: self.unsaved_since_secs.map_or(0.0, |since_secs| (now_secs - since_secs) as f32),
        }
    }

    /// What panels show.
    pub(crate) fn view<'a>(&'a self, kept: &'a BoardKept, meeting: &TheMeeting) -> Option<BoardView<'a>> {
        let id = kept.board?;
        let is_open = self.boards.open == Some(id);
        let may_moderate = matches!(meeting.my_role(), Role::Owner | Role::Moderator);
        let Board { easel, .. } = self.boards.get(id)?;
        let blank = BoardView {
            is_open,
            name: &kept.name,
            tool: self.boards.tool,
            style: atrium_board::Style::default(),
            is_loading: true,
            hindrance: None,
            can_undo: false,
            can_redo: false,
            pages: &kept.pages,
            page: PageId::FIRST,
            wall_page: None,
            selection: Selection::default(),
            zoom_percent: 100,
            people: &kept.people,
            following: None,
            is_leading: false,
            text: None,
            saving: Saving::Saved,
            unsaved_secs: kept.unsaved_secs,
            is_dark: false,
            is_frozen: false,
            may_moderate,
            authors: &kept.authors,
        };
        let Some(easel) = easel else { return Some(blank) };
        let document = easel.document();
        let info = easel.selection_info();
        let selection = Selection {
            count: info.count,
            has_lines: info.has_lines,
            has_text: info.has_text,
            has_closed: info.has_closed,
            has_dashes: info.has_dashes,
            is_locked: info.is_locked,
        };
        Some(BoardView {
            tool: easel.tool(),
            style: *easel.style(),
            is_loading: false,
            hindrance: easel.hindrance(),
            can_undo: easel.can_undo(),
            can_redo: easel.can_redo(),
            page: easel.page(),
            wall_page: Some(easel.wall_view().page),
            selection,
            zoom_percent: easel.zoom_percent(),
            following: easel.following(),
            is_leading: easel.is_leading(),
            text: kept.text.as_ref().map(Typed::view),
            saving: easel.saving(),
            is_dark: document.is_dark(),
            is_frozen: document.is_frozen(),
            ..blank
        })
    }

    /// Shows all of the board on the wall between the panels, when it was just opened.
    pub(crate) fn fit(&mut self, canvas: egui::Rect, surface: egui::Vec2) {
        let now_secs = self.time.elapsed_secs_f64();
        let Some(id) = self.boards.open.filter(|_| self.boards.is_to_fit) else { return };
        let size_mm = self.walls.get(id).map(Wall::size_mm);
        let Some((easel, size_mm)) = self.boards.easel_mut(id).zip(size_mm) else { return };
        if easel.sight() != Sight::Window || canvas.width() < 1.0 || canvas.height() < 1.0 {
            return;
        }
        let view = easel.view();
        let height_mm = view.width_mm * size_mm.y / size_mm.x.max(1.0);
        let points_per_mm = (canvas.width() / view.width_mm).min(canvas.height() / height_mm);
        let factor = view.width_mm * points_per_mm / surface.x;
        let aside = surface / 2.0 - canvas.center().to_vec2();
        easel.act(now_secs, Action::ZoomAt { at: view.center, factor });
        easel.act(now_secs, Action::Pan(Vec2::new(aside.x, aside.y) / points_per_mm));
        self.boards.is_to_fit = false;
    }

    /// What the clipboard gets when something on the board is copied.
    pub(crate) fn copied(&mut self) -> Option<String> {
        let id = self.boards.in_work()?;
        let easel = self.boards.easel(id).filter(|easel| !easel.selection().is_empty())?;
        let elements = easel.selection().iter().filter_map(|id| easel.document().element(*id));
        let texts = elements.filter_map(|element| match &element.shape {
            Shape::Text { text, .. } | Shape::Sticky { text, .. } if !text.is_empty() => Some(text.as_str()),
            _ => None,
        });
        let texts: Vec<&str> = texts.collect();
        let text = if texts.is_empty() { COPIED.to_owned() } else { texts.join("\n") };
        self.boards.copied = Some(Copied { text: text.clone(), from: id });
        Some(text)
    }
}

impl Typed {
    fn view(&self) -> BoardText<'_> {
        BoardText {
            text: &self.text,
            rect: self.rect,
            font_points: self.font_points,
            color: self.color,
            align: self.align,
            is_wrapped: self.is_wrapped,
            is_centered: self.is_centered,
        }
    }
}

/// Where text that is typed is on a board that fills a surface.
fn typed(edit: &TextEdit, easel: &Easel, surface: egui::Vec2, ruler: &mut Ruler) -> Typed {
    let shown = bounds_of(&easel.view(), Vec2::new(surface.x, surface.y));
    let points_per_mm = surface.x / shown.size().x.max(f32::MIN_POSITIVE);
    let corner = (edit.frame.position - shown.min) * points_per_mm;
    let size = edit.size * edit.frame.scale.abs() * points_per_mm;
    let letter_mm = match ruler {
        Ruler::Here(lettering) if edit.is_sticky => {
            lettering.lay_out_note(&edit.text, edit.style.letter_mm, edit.size).letter_mm
        }
        _ => edit.style.letter_mm,
    };
    let is_dark = easel.document().is_dark();
    let color = match (edit.is_sticky, is_dark) {
        (true, _) => ON_NOTE,
        (false, true) => edit.style.color.on_dark(),
        (false, false) => edit.style.color.on_light(),
    };
    Typed {
        text: edit.text.clone(),
        rect: egui::Rect::from_min_size(egui::pos2(corner.x, corner.y), egui::vec2(size.x, size.y)),
        font_points: letter_mm * edit.frame.scale.y.abs() * points_per_mm,
        color,
        align: if edit.is_sticky { atrium_board::Align::Middle } else { edit.style.align },
        is_wrapped: edit.is_sticky || edit.wrap_mm.is_some(),
        is_centered: edit.is_sticky,
    }
}

fn people(easel: &Easel, meeting: &TheMeeting) -> Vec<BoardPerson> {
    let leaders: BTreeSet<_> = easel.leaders().collect();
    let here: BTreeSet<_> = easel.cursors().map(|cursor| cursor.who).chain(leaders.iter().copied()).collect();
    let known = here.into_iter().filter_map(|id| meeting.person(id));
    let person = known.map(|person| BoardPerson {
        id: person.id,
        name: person.name.as_str().to_owned(),
        color: color_of(person.id),
        is_leading: leaders.contains(&person.id),
    });
    person.collect()
}

fn authors(easel: &Easel, meeting: &TheMeeting) -> Vec<BoardAuthor> {
    let document = easel.document();
    let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
    for page in document.pages() {
        for element in document.elements_on(page.id) {
            *counts.entry(element.author()).or_default() += 1;
        }
    }
    let name = |person: PersonId| {
        let here = meeting.people().find(|here| here.person == person);
        here.map(|here| here.name.as_str().to_owned())
    };
    counts.into_iter().map(|(person, count)| BoardAuthor { person, name: name(person), count }).collect()
}

/// Who does what panels ask of a board.
#[derive(SystemParam)]
pub(crate) struct BoardDoers<'w> {
    open: MessageWriter<'w, OpenBoard>,
    insert: MessageWriter<'w, InsertPicture>,
    export: MessageWriter<'w, ExportBoard>,
}

impl BoardDoers<'_> {
    /// Does what was asked of the board that one works on.
    pub(crate) fn obey(&mut self, intent: BoardIntent, facts: &mut BoardFacts<'_, '_>) {
        let now_secs = facts.time.elapsed_secs_f64();
        let boards = &mut facts.boards;
        let Some(id) = boards.in_work() else {
            if intent == BoardIntent::Open {
                self.open.write(OpenBoard(facts.walls.walls.first().map(|wall| wall.id)));
            }
            return;
        };
        match intent {
            BoardIntent::Open => {
                self.open.write(OpenBoard(Some(id)));
            }
            BoardIntent::Close if boards.open.is_some() => {
                self.open.write(OpenBoard(None));
            }
            BoardIntent::Close => boards.put_away = boards.at.take(),
            BoardIntent::Do(Action::Use(tool)) => boards.set_tool(tool),
            BoardIntent::Do(action) => boards.act(id, now_secs, action),
            BoardIntent::Style(style) => boards.set_style(style),
            BoardIntent::TextTyped(text) => {
                if let Some(easel) = boards.easel_mut(id) {
                    easel.edit_text(text);
                }
            }
            BoardIntent::TextDone => {
                if let Some(easel) = boards.easel_mut(id) {
                    easel.end_text();
                }
                // Who has written goes on to move and to look.
                if boards.tool == Tool::Text {
                    boards.set_tool(Tool::Select);
                }
            }
            BoardIntent::Paste(text) => self.paste(id, text, now_secs, boards),
            BoardIntent::InsertImage => {
                let from = Source::Clipboard { is_paste: false };
                self.insert.write(InsertPicture { board: id, from, at: None });
            }
            BoardIntent::Export(file) => {
                let name = facts.walls.get(id).map(|wall| wall.name.as_str()).unwrap_or_default();
                if let Some(wish) = export::wish(boards, id, name, file) {
                    self.export.write(wish);
                }
            }
        }
    }

    /// What was copied last counts: on the board, text, or a picture.
    fn paste(&mut self, id: BoardId, text: Option<String>, now_secs: f64, boards: &mut Boards) {
        let is_copied = |text: &String| boards.copied.as_ref().is_some_and(|copied| copied.text == *text);
        // Of what was copied in an earlier meeting only that mark is left.
        let text = text.filter(|text| !text.is_empty() && (text != COPIED || is_copied(text)));
        match text {
            Some(text) if is_copied(&text) => boards.paste_copied(id, now_secs, None),
            Some(text) => boards.act(id, now_secs, Action::PasteText(text, None)),
            None => {
                let from = Source::Clipboard { is_paste: true };
                self.insert.write(InsertPicture { board: id, from, at: None });
            }
        }
    }
}
