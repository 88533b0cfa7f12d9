use super::Easel;
use super::proposing::Proposed;
use crate::{Figure, Notice, PointerEvent, TextEdit};
use atrium_board::limits::{SIZE_MM, TEXT_BYTES};
use atrium_board::{Edit, Element, ElementId, Frame, NewElement, OrderKey, Props, Shape, Style, hit};
use atrium_lettering::{LINE_EM, Lettering};
use glam::Vec2;

/// Text that is typed becomes an operation so often, so that others see it grow.
const COMMIT_SECS: f64 = 0.5;
/// A note is so many heights of its letters wide and high.
const STICKY_LETTERS: f32 = 7.0;
/// Room that text gets to grow before it is wrapped, as a share of what is seen.
const WRAP_SHARE: f32 = 0.5;
/// How wide letters are, roughly, in heights: for whoever has no fonts.
const LATIN_EM: f32 = 0.55;
/// Texts that wait to be measured.
const UNMEASURED: usize = 1_024;

/// Text that is being typed, and how far others know it.
#[derive(Clone, Debug)]
pub(super) struct Typing {
    pub(super) edit: TextEdit,
    gesture: u64,
    /// It is on the board.
    is_added: bool,
    /// What others know.
    committed: (String, Style),
    committed_secs: f64,
    is_measured: bool,
}

impl Easel {
    /// The text that is being typed: a field is shown over it.
    pub fn text(&self) -> Option<&TextEdit> {
        self.typing.as_ref().map(|typing| &typing.edit)
    }

    /// The text that is being typed is this now.
    pub fn edit_text(&mut self, text: String) {
        let Some(typing) = &mut self.typing else { return };
        let (text, is_cut) = cut(text);
        if typing.edit.text != text {
            typing.edit.text = text;
            typing.is_measured = false;
            typing.guess_size();
        }
        if is_cut {
            self.notice(Notice::TextCut);
        }
    }

    /// The text is complete. Returns whether one was being typed. While too much waits for the server it stays open, and
    /// what cannot be put on the board any more is kept for pasting.
    pub fn end_text(&mut self) -> bool {
        if self.typing.is_none() {
            return false;
        }
        let committed = self.commit_text(true);
        if committed == Proposed::NoRoom {
            self.notice(Notice::TooMuchWaits);
            return true;
        }
        if committed == Proposed::Impossible {
            self.set_text_aside();
        }
        let Some(typing) = self.typing.take() else { return true };
        self.damages.element(typing.edit.element);
        self.damages.overlay();
        if typing.is_added && !typing.edit.is_sticky && typing.edit.text.trim().is_empty() {
            let edit = Edit::Remove { ids: vec![typing.edit.element], is_removed: true };
            self.propose(typing.gesture, vec![edit]);
        } else if typing.is_added && !typing.is_measured && !typing.edit.is_sticky {
            self.unmeasured.push((typing.gesture, typing.edit.element));
        }
        self.keep_selection_real();
        true
    }

    /// What is typed cannot be on the board any more: it is kept for pasting.
    pub(super) fn set_text_aside(&mut self) {
        let Some(typing) = self.typing.take() else { return };
        if !typing.edit.text.trim().is_empty() {
            (self.clipboard, self.pastes) = (vec![typing.edit.figure()], 0);
        }
        self.damages.element(typing.edit.element);
        self.damages.overlay();
        self.keep_selection_real();
    }

    /// Text from here on: in what is under the pointer, or a new one.
    pub(super) fn begin_text(&mut self, event: &PointerEvent) {
        if self.edit_text_at(event) {
            return;
        }
        let style = *self.styles.of(self.tool);
        // The middle of the first line is where one clicked.
        let corner = event.at - Vec2::Y * style.letter_mm * LINE_EM / 2.0;
        let wrap_mm = (self.seen().size().x * WRAP_SHARE).clamp(style.letter_mm, SIZE_MM);
        let edit = TextEdit {
            element: self.ids.element(),
            page: self.page(),
            frame: Frame::at(corner),
            style,
            text: String::new(),
            wrap_mm: Some(wrap_mm),
            size: Vec2::ZERO,
            is_sticky: false,
        };
        self.begin_typing(edit, false);
    }

    fn begin_typing(&mut self, edit: TextEdit, is_added: bool) {
        let committed = (edit.text.clone(), edit.style);
        let gesture = self.new_gesture();
        let mut typing =
            Typing { edit, gesture, is_added, committed, committed_secs: self.now_secs, is_measured: is_added };
        if !is_added {
            typing.guess_size();
        }
        self.damages.element(typing.edit.element);
        self.damages.overlay();
        self.typing = Some(typing);
    }

    /// Types in the text or note at a place; returns whether there is one that can be changed.
    pub(super) fn edit_text_at(&mut self, event: &PointerEvent) -> bool {
        let found = hit(self.document(), self.page(), event.at, event.pixels(2.0));
        found.is_some_and(|id| self.edit_text_of(id))
    }

    pub(super) fn edit_text_of(&mut self, id: ElementId) -> bool {
        let Some(edit) = self.document().element(id).and_then(edit_of) else { return false };
        if !self.may_change() {
            return false;
        }
        self.finish_gesture();
        self.select(vec![id]);
        self.begin_typing(edit, true);
        true
    }

    /// A new note with its middle at the pointer, to be written on at once.
    pub(super) fn put_up_sticky(&mut self, event: &PointerEvent) {
        if self.edit_text_at(event) {
            return;
        }
        let style = *self.styles.of(self.tool);
        let size = Vec2::splat((style.letter_mm * STICKY_LETTERS).clamp(1.0, SIZE_MM));
        let shape = Shape::Sticky { text: String::new(), size };
        let figure = Figure { frame: Frame::at(event.at - size / 2.0), style, shape };
        if self.put_up(vec![figure])
            && let Some(id) = self.selection.first().copied()
        {
            self.edit_text_of(id);
        }
    }

    /// Text from elsewhere.
    pub(super) fn paste_text(&mut self, text: String, at: Option<Vec2>) {
        let (text, is_cut) = cut(text);
        if text.trim().is_empty() || !self.may_change() {
            return;
        }
        let style = *self.styles.of(crate::Tool::Text);
        let seen = self.seen();
        let wrap_mm = (seen.size().x * WRAP_SHARE).clamp(style.letter_mm, SIZE_MM);
        let size = guessed(&text, &style, Some(wrap_mm));
        let corner = at.unwrap_or(seen.center()) - size / 2.0;
        let shape = Shape::Text { text, wrap_mm: Some(wrap_mm), size };
        if self.put_up(vec![Figure { frame: Frame::at(corner), style, shape }]) {
            let gesture = self.next_gesture;
            self.unmeasured.extend(self.selection.first().map(|id| (gesture, *id)));
        }
        if is_cut {
            self.notice(Notice::TextCut);
        }
    }

    /// What is typed becomes an operation: now and then, and at the end.
    pub(super) fn commit_text(&mut self, is_last: bool) -> Proposed {
        let Some(typing) = &self.typing else { return Proposed::Done };
        let now = (typing.edit.text.clone(), typing.edit.style);
        let is_news = now != typing.committed;
        let is_due =
            self.now_secs - typing.committed_secs >= COMMIT_SECS && !self.outbox.waits_with(typing.edit.element);
        // A new text is only worth an operation when something is written.
        let has_words = typing.is_added || !typing.edit.text.trim().is_empty();
        if !is_news || !has_words || !(is_due || is_last) {
            return Proposed::Done;
        }
        let order = OrderKey::between(self.document().top(typing.edit.page), None);
        let (edits, gesture) = (typing.edits(order), typing.gesture);
        let now_secs = self.now_secs;
        let proposed = self.propose_one(gesture, edits);
        if let Some(typing) = self.typing.as_mut() {
            typing.committed_secs = now_secs;
            if proposed == Proposed::Done {
                (typing.is_added, typing.committed) = (true, now);
            }
        }
        proposed
    }

    /// How the text that is typed will look.
    pub(super) fn restyle_text(&mut self, old: &Style, new: &Style) {
        let Some(typing) = &mut self.typing else { return };
        typing.edit.style = crate::styles::changed(&typing.edit.style, old, new);
        typing.is_measured = false;
        typing.guess_size();
    }

    /// If what one types in was taken away by somebody else, what is written is kept as a new text.
    pub(super) fn keep_text_real(&mut self) {
        let Some(typing) = &self.typing else { return };
        let element = self.document().element(typing.edit.element);
        let is_there = element.is_some_and(|element| !element.is_removed && element.page == typing.edit.page);
        if !typing.is_added || is_there {
            return;
        }
        let new = self.ids.element();
        let gesture = self.new_gesture();
        if let Some(typing) = &mut self.typing {
            typing.edit.element = new;
            (typing.is_added, typing.gesture) = (false, gesture);
            typing.committed = (String::new(), typing.edit.style);
        }
        self.damages.overlay();
        self.notice(Notice::TextKept);
    }

    /// Gives texts the size that they have.
    pub(super) fn measure(&mut self, lettering: &mut Lettering) {
        if let Some(typing) = self.typing.as_mut().filter(|typing| !typing.is_measured && !typing.edit.is_sticky) {
            let edit = &mut typing.edit;
            edit.size = measured(lettering, &edit.text, &edit.style, edit.wrap_mm);
            typing.is_measured = true;
        }
        let excess = self.unmeasured.len().saturating_sub(UNMEASURED);
        self.unmeasured.drain(..excess);
        if self.unmeasured.is_empty() || self.hindrance().is_some() {
            return;
        }
        for (gesture, id) in std::mem::take(&mut self.unmeasured) {
            let Some(element) = self.document().element(id).filter(|it| !it.is_removed && !it.is_locked) else {
                continue;
            };
            let Shape::Text { text, wrap_mm, size } = &element.shape else { continue };
            let right = measured(lettering, text, &element.style, *wrap_mm);
            if size.distance(right) > 0.01 * right.max_element() {
                let props = Props { size: Some(right.into()), ..Props::default() };
                self.propose(gesture, vec![Edit::Set { id, props }]);
            }
        }
    }
}

impl Typing {
    fn guess_size(&mut self) {
        if !self.edit.is_sticky {
            self.edit.size = guessed(&self.edit.text, &self.edit.style, self.edit.wrap_mm);
        }
    }

    /// What makes the text, or makes it as it is now.
    fn edits(&self, order: OrderKey) -> Vec<Edit> {
        let TextEdit { element, page, frame, style, text, wrap_mm, size, is_sticky } = self.edit.clone();
        if self.is_added {
            let size = (!is_sticky).then_some(size.into());
            let style = (style != self.committed.1).then_some(style);
            let text = (text != self.committed.0).then_some(text);
            return vec![Edit::Set { id: element, props: Props { text, size, style, ..Props::default() } }];
        }
        let shape =
            if is_sticky { NewElement::Sticky { text, size } } else { NewElement::Text { text, wrap_mm, size } };
        vec![Edit::Add { id: element, page, order, frame, style, shape }]
    }
}

fn edit_of(element: &Element) -> Option<TextEdit> {
    let (text, wrap_mm, size, is_sticky) = match &element.shape {
        Shape::Text { text, wrap_mm, size } => (text.clone(), *wrap_mm, *size, false),
        Shape::Sticky { text, size } => (text.clone(), None, *size, true),
        _ => return None,
    };
    let Element { id, page, frame, style, is_locked, is_removed, .. } = element;
    let edit = TextEdit { element: *id, page: *page, frame: *frame, style: *style, text, wrap_mm, size, is_sticky };
    (!is_locked && !is_removed).then_some(edit)
}

/// The beginning of a text that is as long as one may be, and whether there was more.
fn cut(mut text: String) -> (String, bool) {
    let end = text.floor_char_boundary(TEXT_BYTES);
    let is_cut = end < text.len();
    text.truncate(end);
    (text, is_cut)
}

fn measured(lettering: &mut Lettering, text: &str, style: &Style, wrap_mm: Option<f32>) -> Vec2 {
    lettering.lay_out(text, style.letter_mm, wrap_mm).size.clamp(Vec2::splat(0.1), Vec2::splat(SIZE_MM))
}

/// A size without fonts.
fn guessed(text: &str, style: &Style, wrap_mm: Option<f32>) -> Vec2 {
    let wide = |line: &str| line.chars().map(|it| if it.is_ascii() { LATIN_EM } else { 1.0 }).sum::<f32>();
    let (mut lines, mut widest) = (0.0, 0.0_f32);
    for line in text.split('\n') {
        let width_mm = wide(line) * style.letter_mm;
        let rows = wrap_mm.map_or(1.0, |wrap_mm| (width_mm / wrap_mm).ceil().max(1.0));
        lines += rows;
        widest = widest.max(width_mm);
    }
    let size = Vec2::new(wrap_mm.unwrap_or(widest), lines * style.letter_mm * LINE_EM);
    size.clamp(Vec2::splat(0.1), Vec2::splat(SIZE_MM))
}
