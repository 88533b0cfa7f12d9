use super::change::{Change, Step};
use super::value::Value;
use super::{Buried, Document, Page, View};
use crate::{Edit, Element, ElementId, Operation, OperationId, OrderKey, PageId, Props, Shape};
use atrium_protocol::PersonId;

impl Document {
    /// Applies an operation. What makes no sense (any more) has no effect, the same way everywhere.
    pub fn apply(&mut self, by: OperationId, at_ms: u64, operation: &Operation) -> Change {
        let mut change = Change::new(by);
        let before_bytes = self.store.weight_bytes();
        for edit in &operation.edits {
            self.apply_edit(edit, at_ms, &mut change);
        }
        change.growth_bytes = self.store.weight_bytes() as i64 - before_bytes as i64;
        change.close();
        change
    }

    fn apply_edit(&mut self, edit: &Edit, at_ms: u64, change: &mut Change) {
        match edit {
            Edit::Add { id, page, order, frame, style, shape } => {
                if self.store.get(*id).is_some() || !self.pages.contains_key(page) {
                    return;
                }
                let Ok(shape) = Shape::try_from(shape) else { return };
                let made = (change.by, at_ms);
                self.store.insert(Element::new(*id, (*page, order.clone()), *frame, *style, shape, made));
                change.push(Step::Added(*id));
            }
            Edit::Ink { id, points, is_last } => self.grow(*id, points, *is_last, change),
            Edit::Set { id, props } => self.set(*id, props, change),
            Edit::Remove { ids, is_removed } => {
                for id in ids {
                    self.remove(*id, *is_removed, change);
                }
            }
            Edit::Page { id, order, name } => self.name_page(*id, order, name, change),
            Edit::RemovePage { id, is_removed } => self.remove_page(*id, *is_removed, change),
            Edit::Show { view } => self.show(*view, change),
            Edit::RemoveBy { person } => self.remove_by(*person, change),
            Edit::Freeze { is_frozen } => {
                let before = std::mem::replace(&mut self.is_frozen, *is_frozen);
                change.push(Step::Froze(before));
            }
            Edit::Paper { is_dark } => {
                let was_dark = std::mem::replace(&mut self.is_dark, *is_dark);
                change.push(Step::Paper { was_dark, writer: self.paper_by.replace(change.by) });
            }
            Edit::Unknown => {}
        }
    }

    fn grow(&mut self, id: ElementId, more: &[u8], is_last: bool, change: &mut Change) {
        let author = change.by.author;
        let is_unfinished = |element: &Element| {
            matches!(element.shape, Shape::Ink { is_finished: false, .. }) && element.author() == author
        };
        if !self.store.get(id).is_some_and(is_unfinished) || (more.is_empty() && !is_last) {
            return;
        }
        let grown = self.store.change(id, |element| {
            let Shape::Ink { points, is_finished, .. } = &mut element.shape else { return None };
            let mark = points.mark();
            points.push_packed(more).ok()?;
            *is_finished = is_last;
            Some(Step::Grew { id, mark, was_finished: false })
        });
        if let Some(step) = grown.flatten() {
            change.push(step);
        }
    }

    /// All of it or nothing.
    fn set(&mut self, id: ElementId, props: &Props, change: &mut Change) {
        let Some(element) = self.store.get(id) else { return };
        let is_page_there = props.page.is_none_or(|page| self.pages.contains_key(&page));
        if !is_page_there || (element.is_locked && !props.is_only_lock()) {
            return;
        }
        let Some(values) = element.values_of(props) else { return };
        for value in values {
            self.write(id, value, change);
        }
    }

    fn write(&mut self, id: ElementId, value: Value, change: &mut Change) {
        let by = change.by;
        let step = self.store.change(id, |element| {
            let writer = element.writer(value.property());
            element.set_writer(value.property(), by);
            Step::Wrote { id, old: element.swap_value(value), writer }
        });
        if let Some(step) = step {
            change.push(step);
        }
    }

    fn remove(&mut self, id: ElementId, is_removed: bool, change: &mut Change) {
        let Some(element) = self.store.get(id) else { return };
        let is_possible = if is_removed { !element.is_locked } else { self.pages.contains_key(&element.page) };
        if is_possible && element.is_removed != is_removed {
            self.write(id, Value::Removed(is_removed), change);
        }
    }

    /// Locked ones too.
    fn remove_by(&mut self, person: PersonId, change: &mut Change) {
        let theirs = self.store.all().filter(|element| element.author() == person && !element.is_removed);
        let mut ids: Vec<ElementId> = theirs.map(|element| element.id).collect();
        ids.sort_unstable();
        for id in ids {
            self.write(id, Value::Removed(true), change);
        }
    }

    fn name_page(&mut self, id: PageId, order: &OrderKey, name: &str, change: &mut Change) {
        let by = Some(change.by);
        if let Some(page) = self.pages.get_mut(&id) {
            change.push(Step::NamedPage {
                id,
                order: std::mem::replace(&mut page.order, order.clone()),
                name: std::mem::replace(&mut page.name, name.to_owned()),
                writer: std::mem::replace(&mut page.named_by, by),
            });
        } else if self.graves.removed_at(Buried::Page(id)).is_none() {
            let (order, name) = (order.clone(), name.to_owned());
            self.pages.insert(id, Page { id, order, name, is_removed: false, named_by: by, removed_by: by });
            change.push(Step::NewPage(id));
        }
    }

    fn remove_page(&mut self, id: PageId, is_removed: bool, change: &mut Change) {
        let pages_left = self.seen_pages().count();
        let Some(page) = self.pages.get_mut(&id) else { return };
        if page.is_removed == is_removed || (is_removed && pages_left <= 1) {
            return;
        }
        (page.is_removed, page.removed_by) = {
            let writer = page.removed_by;
            change.push(Step::RemovedPage { id, was_removed: page.is_removed, writer });
            (is_removed, Some(change.by))
        };
    }

    fn show(&mut self, view: View, change: &mut Change) {
        if self.pages.contains_key(&view.page) {
            let before = self.shown.replace(view);
            change.push(Step::Shown(before));
        }
    }
}
