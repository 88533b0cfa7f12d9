use super::Easel;
use crate::{Action, Figure, Tool};
use atrium_board::limits::{PAGE_NAME_BYTES, SIZE_MM};
use atrium_board::{Edit, Frame, OrderKey, Page, PageId, Shape, Template, TemplateWords, template};
use atrium_protocol::ContentHash;
use glam::Vec2;

/// A picture takes at most this share of what is seen.
const IMAGE_SHARE: f32 = 0.6;

impl Easel {
    /// Does something at once.
    pub fn act(&mut self, now_secs: f64, action: Action) {
        self.advance(now_secs);
        match action {
            Action::Use(tool) => self.set_tool(tool),
            Action::Undo => self.undo(false),
            Action::Redo => self.undo(true),
            Action::Escape => self.escape(),
            Action::Zoom(_) | Action::ZoomAt { .. } | Action::Pan(_) | Action::Show(_) | Action::ShowMine => {
                self.look(action);
            }
            Action::GoTo(_) | Action::NextPage | Action::PreviousPage | Action::Follow(_) | Action::Lead(_) => {
                self.look(action);
            }
            action => {
                self.finish_gesture();
                if !matches!(action, Action::Nudge(_) | Action::NudgePixels(_)) {
                    self.repeats.end();
                }
                self.act_on_selection(action);
            }
        }
    }

    fn act_on_selection(&mut self, action: Action) {
        match action {
            Action::SelectAll => self.select_all(),
            Action::SelectNothing => self.select(Vec::new()),
            Action::Delete => self.delete(),
            Action::Duplicate => self.duplicate(),
            Action::Cut => {
                self.copy();
                self.delete();
            }
            Action::Copy => self.copy(),
            Action::Paste(at) => self.paste(at),
            Action::PasteText(text, at) => self.paste_text(text, at),
            Action::Lock(is_locked) => self.lock(is_locked),
            Action::ToggleLock => self.lock(!self.selection_info().is_locked),
            Action::ToFront => self.reorder(true),
            Action::ToBack => self.reorder(false),
            Action::Nudge(by) => self.nudge(by),
            Action::NudgePixels(by) => self.nudge(by * self.pixels(1.0)),
            Action::EditText => {
                if let [only] = self.selection[..] {
                    self.edit_text_of(only);
                }
            }
            action => self.act_on_board(action),
        }
    }

    fn act_on_board(&mut self, action: Action) {
        self.end_text();
        if !self.may_change() {
            return;
        }
        match action {
            Action::AddPage { name } => self.add_page(name),
            Action::RenamePage { page, name } => self.rename_page(page, name),
            Action::MovePage { page, before } => self.move_page(page, before),
            Action::RemovePage(id) => self.change_board(Edit::RemovePage { id, is_removed: true }),
            Action::Template { template, words } => self.lay_out_template(template, &words),
            Action::InsertImage { hash, pixels, at } => self.insert_image(hash, pixels, at),
            Action::ClearPerson(person) => self.change_board(Edit::RemoveBy { person }),
            Action::Freeze(is_frozen) => self.change_board(Edit::Freeze { is_frozen }),
            Action::Paper { is_dark } => self.change_board(Edit::Paper { is_dark }),
            _ => {}
        }
    }

    /// Out of whatever is under way, one thing at a time.
    fn escape(&mut self) {
        if self.cancel_gesture() || self.end_text() {
            return;
        }
        if self.selection.is_empty() {
            self.set_tool(Tool::Select);
        } else {
            self.select(Vec::new());
        }
    }

    fn change_board(&mut self, edit: Edit) {
        let gesture = self.new_gesture();
        self.propose(gesture, vec![edit]);
    }

    fn add_page(&mut self, name: String) {
        let here = self.page();
        let pages: Vec<&Page> = self.document().pages().collect();
        let place = pages.iter().position(|page| page.id == here);
        let below = place.and_then(|place| pages.get(place)).map(|page| &page.order);
        let above = place.and_then(|place| pages.get(place + 1)).map(|page| &page.order);
        let order = OrderKey::between(below, above);
        let id = self.ids.page();
        let gesture = self.new_gesture();
        if self.propose(gesture, vec![Edit::Page { id, order, name: shortened(name) }]) {
            self.show_page(id);
        }
    }

    fn rename_page(&mut self, id: PageId, name: String) {
        let Some(page) = self.document().page(id) else { return };
        let (order, name) = (page.order.clone(), shortened(name));
        if page.name != name {
            self.change_board(Edit::Page { id, order, name });
        }
    }

    fn move_page(&mut self, id: PageId, before: Option<PageId>) {
        let Some(page) = self.document().page(id) else { return };
        let name = page.name.clone();
        let others: Vec<&Page> = self.document().pages().filter(|page| page.id != id).collect();
        let place = before.and_then(|before| others.iter().position(|page| page.id == before)).unwrap_or(others.len());
        let below = place.checked_sub(1).and_then(|place| others.get(place)).map(|page| &page.order);
        let above = others.get(place).map(|page| &page.order);
        let order = OrderKey::between(below, above);
        self.change_board(Edit::Page { id, order, name });
    }

    fn lay_out_template(&mut self, which: Template, words: &TemplateWords) {
        let (page, center) = (self.page(), self.seen().center());
        let top = self.replica.document().top(page);
        let edits = template(which, page, center, words, &mut self.ids, top);
        let gesture = self.new_gesture();
        self.propose(gesture, edits);
    }

    fn insert_image(&mut self, hash: ContentHash, pixels: Vec2, at: Option<Vec2>) {
        if !pixels.is_finite() || pixels.min_element() < 1.0 {
            return;
        }
        let seen = self.seen();
        // A pixel of the picture is a pixel of the screen, unless it would be too large.
        let natural = pixels * self.pixels(1.0);
        let fits = (seen.size() * IMAGE_SHARE / natural).min_element().min(1.0);
        let size = (natural * fits).clamp(Vec2::ONE, Vec2::splat(SIZE_MM));
        let corner = at.unwrap_or(seen.center()) - size / 2.0;
        let style = *self.styles.of(Tool::Pen);
        self.put_up(vec![Figure { frame: Frame::at(corner), style, shape: Shape::Image { hash, size } }]);
    }
}

/// The beginning of a name that is as long as one may be, in one line.
fn shortened(name: String) -> String {
    let mut name = name.replace(char::is_control, " ");
    name.truncate(name.floor_char_boundary(PAGE_NAME_BYTES));
    name
}
