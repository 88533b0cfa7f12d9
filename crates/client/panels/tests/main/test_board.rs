//! A board to look at in tests: it does what the panels ask of it, without an easel.

use atrium_board::{Align, PageId, Style};
use atrium_easel::{Action, Hindrance, Saving, Tool};
use atrium_panels::{BoardAuthor, BoardIntent, BoardPerson, BoardText, BoardView, PageTab, Selection};
use atrium_protocol::{ParticipantId, PersonId};
use egui::{Rect, pos2, vec2};

pub(crate) struct TestBoard {
    pub(crate) is_open: bool,
    pub(crate) name: String,
    pub(crate) tool: Tool,
    pub(crate) style: Style,
    pub(crate) is_loading: bool,
    pub(crate) hindrance: Option<Hindrance>,
    pub(crate) pages: Vec<PageTab>,
    pub(crate) page: PageId,
    pub(crate) selection: Selection,
    pub(crate) people: Vec<BoardPerson>,
    pub(crate) following: Option<ParticipantId>,
    pub(crate) is_leading: bool,
    pub(crate) text: Option<(String, Rect)>,
    pub(crate) is_note: bool,
    pub(crate) align: Align,
    pub(crate) saving: Saving,
    pub(crate) unsaved_secs: f32,
    pub(crate) is_dark: bool,
    pub(crate) is_frozen: bool,
    pub(crate) may_moderate: bool,
    pub(crate) authors: Vec<BoardAuthor>,
}

impl TestBoard {
    pub(crate) fn new() -> Self {
        Self {
            is_open: true,
            name: "Board 1".to_owned(),
            tool: Tool::Pen,
            style: Style { width_mm: 6.0, letter_mm: 48.0, ..Style::default() },
            is_loading: false,
            hindrance: None,
            pages: vec![page(0, "")],
            page: PageId(0),
            selection: Selection::default(),
            people: Vec::new(),
            following: None,
            is_leading: false,
            text: None,
            is_note: false,
            align: Align::Start,
            saving: Saving::Saved,
            unsaved_secs: 0.0,
            is_dark: false,
            is_frozen: false,
            may_moderate: false,
            authors: Vec::new(),
        }
    }

    /// With pages, people and authors: as full as boards get.
    pub(crate) fn full() -> Self {
        let names = ["Ideas", "路线图", "A page with a rather long name for a tab", "", "Retrospective", "Budget 2026"];
        let colors = [[0xd9, 0x76, 0x06], [0x00, 0x7f, 0x5f], [0xa8, 0x4a, 0x86], [0x00, 0x5c, 0xa8]];
        let people = ["Ada Lovelace", "李小龙", "Grace, Rear Admiral", "Édouard"];
        let person = |(number, (name, color)): (u32, (&&str, [u8; 3]))| BoardPerson {
            id: ParticipantId(number),
            name: (*name).to_owned(),
            color,
            is_leading: false,
        };
        let author = |(number, name): (u8, &str)| BoardAuthor {
            person: PersonId([number; 32]),
            name: (!name.is_empty()).then(|| name.to_owned()),
            count: 100 / usize::from(number),
        };
        Self {
            name: "Board by the window".to_owned(),
            pages: (0..).zip(names).map(|(number, name)| page(number, name)).collect(),
            page: PageId(1),
            people: (2..).zip(people.iter().zip(colors)).map(person).collect(),
            may_moderate: true,
            authors: (2..).zip(["Ada Lovelace", "李小龙", ""]).map(author).collect(),
            ..Self::new()
        }
    }

    pub(crate) fn selected(count: usize) -> Self {
        let selection =
            Selection { count, has_lines: true, has_text: true, has_closed: true, has_dashes: true, is_locked: false };
        Self { tool: Tool::Select, selection, ..Self::full() }
    }

    pub(crate) fn typing(text: &str) -> Self {
        let rect = Rect::from_min_size(pos2(400.0, 260.0), vec2(240.0, 30.0));
        Self { tool: Tool::Text, text: Some((text.to_owned(), rect)), ..Self::full() }
    }

    pub(crate) fn view(&self) -> BoardView<'_> {
        let text = self.text.as_ref().map(|(text, rect)| BoardText {
            text,
            rect: *rect,
            font_points: 24.0,
            color: self.style.color.on_light(),
            align: self.align,
            is_wrapped: self.is_note,
            is_centered: self.is_note,
        });
        BoardView {
            is_open: self.is_open,
            name: &self.name,
            tool: self.tool,
            style: self.style,
            is_loading: self.is_loading,
            hindrance: self.hindrance,
            can_undo: true,
            can_redo: false,
            pages: &self.pages,
            page: self.page,
            wall_page: Some(PageId(0)),
            selection: self.selection,
            zoom_percent: 140,
            people: &self.people,
            following: self.following,
            is_leading: self.is_leading,
            text,
            saving: self.saving,
            unsaved_secs: self.unsaved_secs,
            is_dark: self.is_dark,
            is_frozen: self.is_frozen,
            may_moderate: self.may_moderate,
            authors: &self.authors,
        }
    }

    pub(crate) fn take(&mut self, intent: &BoardIntent) {
        match intent {
            BoardIntent::Open => self.is_open = true,
            BoardIntent::Style(style) => self.style = *style,
            BoardIntent::TextTyped(text) => {
                if let Some((typed, _)) = &mut self.text {
                    typed.clone_from(text);
                }
            }
            BoardIntent::TextDone => self.text = None,
            BoardIntent::Do(action) => self.act(action),
            _ => {}
        }
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::Use(tool) => (self.tool, self.selection) = (*tool, Selection::default()),
            Action::GoTo(page) => self.page = *page,
            Action::Follow(whom) => self.following = *whom,
            Action::Lead(leads) => self.is_leading = *leads,
            Action::Paper { is_dark } => self.is_dark = *is_dark,
            Action::Escape if self.selection.count > 0 => self.selection = Selection::default(),
            Action::Escape => self.tool = Tool::Select,
            Action::RenamePage { page, name } => {
                for tab in self.pages.iter_mut().filter(|tab| tab.id == *page) {
                    tab.name.clone_from(name);
                }
            }
            _ => {}
        }
    }
}

fn page(number: u32, name: &str) -> PageTab {
    PageTab { id: PageId(number), name: name.to_owned() }
}
