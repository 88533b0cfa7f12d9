use super::graves::Buried;
use super::value::Value;
use super::{Document, Page, View};
use crate::ink::Mark;
use crate::{Element, ElementId, OperationId, OrderKey, PageId, Shape};

/// What an operation changed, and how it was before.
#[derive(Clone, Debug)]
pub struct Change {
    pub(crate) by: OperationId,
    pub(crate) steps: Vec<Step>,
    touched: Vec<ElementId>,
    touches_board: bool,
    /// By how much the board became heavier.
    pub(crate) growth_bytes: i64,
}

/// One thing that was changed, as it was before.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// There was no such element.
    Added(ElementId),
    /// A stroke was shorter.
    Grew { id: ElementId, mark: Mark, was_finished: bool },
    /// A property was another, and who had written it.
    Wrote { id: ElementId, old: Value, writer: OperationId },
    /// There was no such page.
    NewPage(PageId),
    /// A page was called otherwise.
    NamedPage { id: PageId, order: OrderKey, name: String, writer: Option<OperationId> },
    /// A page was there, or gone.
    RemovedPage { id: PageId, was_removed: bool, writer: Option<OperationId> },
    /// Another view was shown.
    Shown(Option<View>),
    /// The board was frozen, or not.
    Froze(bool),
    /// The paper was another.
    Paper { was_dark: bool, writer: Option<OperationId> },
    /// What only the settled order changes.
    Order(OrderStep),
}

/// What changes with an operation's place in the settled order.
#[derive(Clone, Debug)]
pub(crate) enum OrderStep {
    /// It had fewer operations, and so many elements of so many bytes.
    Sequence { sequence: u64, elements: usize, bytes: i64 },
    /// An element that was made before the server said when.
    Dated(ElementId, u64),
    /// It was not among the removed.
    Buried(Buried),
    /// It was among the removed, since then.
    Unburied(Buried, u64),
    /// It was still kept.
    Forgot(Box<Element>),
    /// It was still kept.
    ForgotPage(Page),
}

impl Change {
    pub(crate) fn new(by: OperationId) -> Self {
        Self { by, steps: Vec::new(), touched: Vec::new(), touches_board: false, growth_bytes: 0 }
    }

    /// The elements that are not what they were, each once.
    pub fn touched(&self) -> &[ElementId] {
        &self.touched
    }

    /// Whether pages, what is shown, the paper or whether the board is frozen are not what they were.
    pub fn touches_board(&self) -> bool {
        self.touches_board
    }

    /// Whether anything is not what it was.
    pub fn has_effect(&self) -> bool {
        self.touches_board || !self.touched.is_empty()
    }

    pub(crate) fn push(&mut self, step: Step) {
        match &step {
            Step::Added(id) | Step::Grew { id, .. } | Step::Wrote { id, .. } => self.touched.push(*id),
            Step::Order(_) => {}
            _ => self.touches_board = true,
        }
        self.steps.push(step);
    }

    /// All steps are there.
    pub(crate) fn close(&mut self) {
        self.touched.sort_unstable();
        self.touched.dedup();
    }
}

impl Document {
    /// Takes a change back: everything is exactly as it was before. Changes are taken back last first.
    pub fn revert(&mut self, change: Change) {
        for step in change.steps.into_iter().rev() {
            self.revert_step(step);
        }
    }

    fn revert_step(&mut self, step: Step) {
        match step {
            Step::Added(id) => drop(self.store.take(id)),
            Step::Grew { id, mark, was_finished } => {
                self.store.change(id, |element| {
                    if let Shape::Ink { points, is_finished, .. } = &mut element.shape {
                        points.truncate_to(mark);
                        *is_finished = was_finished;
                    }
                });
            }
            Step::Wrote { id, old, writer } => {
                self.store.change(id, |element| {
                    element.set_writer(old.property(), writer);
                    element.swap_value(old);
                });
            }
            Step::NewPage(id) => drop(self.pages.remove(&id)),
            Step::NamedPage { id, order, name, writer } => {
                if let Some(page) = self.pages.get_mut(&id) {
                    (page.order, page.name, page.named_by) = (order, name, writer);
                }
            }
            Step::RemovedPage { id, was_removed, writer } => {
                if let Some(page) = self.pages.get_mut(&id) {
                    (page.is_removed, page.removed_by) = (was_removed, writer);
                }
            }
            Step::Shown(view) => self.shown = view,
            Step::Froze(was_frozen) => self.is_frozen = was_frozen,
            Step::Paper { was_dark, writer } => (self.is_dark, self.paper_by) = (was_dark, writer),
            Step::Order(step) => self.revert_order(step),
        }
    }

    fn revert_order(&mut self, step: OrderStep) {
        match step {
            OrderStep::Sequence { sequence, elements, bytes } => {
                self.sequence = sequence;
                (self.graves.settled_elements, self.graves.settled_bytes) = (elements, bytes);
            }
            OrderStep::Dated(id, at_ms) => drop(self.store.change(id, |element| element.made_at_ms = at_ms)),
            OrderStep::Buried(what) => drop(self.graves.unbury(what)),
            OrderStep::Unburied(what, sequence) => self.graves.bury(what, sequence),
            OrderStep::Forgot(element) => self.store.insert(*element),
            OrderStep::ForgotPage(page) => drop(self.pages.insert(page.id, page)),
        }
    }
}
