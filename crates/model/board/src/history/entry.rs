use crate::document::{Step, Value};
use crate::{Document, ElementId, OperationId, OrderKey, PageId, Property};

/// Something that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// Name and place of a page.
    PageName(PageId),
    PageRemoved(PageId),
    Paper,
    Element(ElementId, Property),
}

/// Its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Worth {
    Value(Value),
    PageName(OrderKey, String),
    PageRemoved(bool),
    Paper(bool),
}

/// The name of a state of a property: the operation that made it; `None`: it was not there, or as a new board has it.
pub(super) type State = Option<OperationId>;

/// What a gesture did to a property.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The value before.
    pub(super) value: Worth,
    /// The state before.
    pub(super) before: State,
    /// The state after.
    pub(super) after: State,
    /// The operation that found it so; `None`: one of redo.
    pub(super) first: Option<OperationId>,
}

/// Whether a property was somebody else's when an operation wrote it.
pub(super) fn is_foreign(writer: State, by: OperationId) -> bool {
    writer.is_some_and(|writer| writer.author != by.author)
}

/// What a step changed: the value before, and whose it was.
pub(super) fn changed(step: &Step) -> Option<(Key, Worth, State)> {
    Some(match step {
        Step::Added(id) => (Key::Element(*id, Property::Removed), Worth::Value(Value::Removed(true)), None),
        Step::Wrote { id, old, writer } => {
            (Key::Element(*id, old.property()), Worth::Value(old.clone()), Some(*writer))
        }
        Step::NewPage(id) => (Key::PageRemoved(*id), Worth::PageRemoved(true), None),
        Step::NamedPage { id, order, name, writer } => {
            (Key::PageName(*id), Worth::PageName(order.clone(), name.clone()), *writer)
        }
        Step::RemovedPage { id, was_removed, writer } => {
            (Key::PageRemoved(*id), Worth::PageRemoved(*was_removed), *writer)
        }
        Step::Paper { was_dark, writer } => (Key::Paper, Worth::Paper(*was_dark), *writer),
        // A stroke is undone as a whole; what the wall shows and a frozen board concern everybody.
        Step::Grew { .. } | Step::Shown(_) | Step::Froze(_) | Step::Order(_) => return None,
    })
}

impl Key {
    /// Its value, and who wrote it.
    pub(super) fn now(self, document: &Document) -> Option<(Worth, State)> {
        Some(match self {
            Self::Element(id, property) => {
                let element = document.element(id)?;
                (Worth::Value(element.value(property)?), Some(element.writer(property)))
            }
            Self::PageName(id) => {
                let page = document.page(id)?;
                (Worth::PageName(page.order.clone(), page.name.clone()), page.named_by)
            }
            Self::PageRemoved(id) => {
                let page = document.page(id)?;
                (Worth::PageRemoved(page.is_removed), page.removed_by)
            }
            Self::Paper => (Worth::Paper(document.is_dark()), document.paper_by),
        })
    }
}

/// What a gesture makes possible for the rest of itself.
#[derive(Debug, Default)]
pub(super) struct Openings {
    unlocked: Vec<ElementId>,
    pages: Vec<PageId>,
}

impl Openings {
    pub(super) fn add(&mut self, key: Key, value: &Worth) {
        match (key, value) {
            (Key::Element(id, _), Worth::Value(Value::Locked(false))) => self.unlocked.push(id),
            (Key::PageRemoved(id), Worth::PageRemoved(false)) => self.pages.push(id),
            _ => {}
        }
    }
}

impl Worth {
    /// Whether it can be written: the server would refuse an operation as a whole.
    pub(super) fn is_possible(&self, key: Key, document: &Document, openings: &Openings) -> bool {
        let is_there =
            |page: PageId| openings.pages.contains(&page) || document.page(page).is_some_and(|page| !page.is_removed);
        match (key, self) {
            (Key::Element(id, _), Self::Value(value)) => {
                let Some(element) = document.element(id) else { return false };
                match value {
                    Value::Locked(_) => true,
                    Value::Removed(false) => document.page(element.page).is_some(),
                    value => {
                        let is_in_place = !matches!(value, Value::Page(page) if !is_there(*page));
                        is_in_place && (!element.is_locked || openings.unlocked.contains(&id))
                    }
                }
            }
            (Key::PageRemoved(id), Self::PageRemoved(true)) => {
                document.pages().any(|page| page.id != id) || openings.pages.iter().any(|page| *page != id)
            }
            _ => true,
        }
    }
}
