use super::Document;
use super::change::{Change, OrderStep, Step};
use super::value::Value;
use crate::limits::{BOARD_BYTES_CROWDED, ELEMENTS_CROWDED, FORGOTTEN_AT_ONCE, REMOVED_FOR_OPERATIONS};
use crate::{ElementId, Operation, OperationId, PageId};
use std::collections::{BTreeMap, BTreeSet};

/// Something that was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Buried {
    Element(ElementId),
    Page(PageId),
}

/// What was removed and is kept for a while, by the settled operation that removed it. Only settled operations count:
/// it is the same everywhere, whatever a client has on top of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Graves {
    in_order: BTreeSet<(u64, Buried)>,
    removed_at: BTreeMap<Buried, u64>,
    /// Elements that settled operations made and that are not forgotten.
    pub(crate) settled_elements: usize,
    /// What they weigh, as settled operations have left them.
    pub(crate) settled_bytes: i64,
}

impl Graves {
    /// Of something that is not among them.
    pub(crate) fn bury(&mut self, what: Buried, sequence: u64) {
        self.in_order.insert((sequence, what));
        self.removed_at.insert(what, sequence);
    }

    /// When it was removed, if it was.
    pub(crate) fn unbury(&mut self, what: Buried) -> Option<u64> {
        let sequence = self.removed_at.remove(&what)?;
        self.in_order.remove(&(sequence, what));
        Some(sequence)
    }

    pub(crate) fn removed_at(&self, what: Buried) -> Option<u64> {
        self.removed_at.get(&what).copied()
    }

    /// Everything, and since when.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Buried, u64)> {
        self.removed_at.iter().map(|(what, since)| (*what, *since))
    }

    /// Whether what is removed is forgotten at once when there are so many elements. What an operation adds to their bytes
    /// counts from the next one on, so that this can be told before it is applied.
    pub(crate) fn is_crowded(&self, elements: usize) -> bool {
        elements > ELEMENTS_CROWDED || self.settled_bytes > BOARD_BYTES_CROWDED as i64
    }

    /// What is forgotten when `sequence` is settled and there are so many elements, the next one first.
    pub(crate) fn due(&self, sequence: u64, elements: usize) -> impl Iterator<Item = Buried> {
        let is_crowded = self.is_crowded(elements);
        let is_due = move |since: u64| is_crowded || since.saturating_add(REMOVED_FOR_OPERATIONS) <= sequence;
        self.in_order.iter().take_while(move |(since, _)| is_due(*since)).map(|(_, what)| *what)
    }
}

impl Document {
    /// Applies an operation that the server has given its place; what was removed long ago is forgotten.
    pub fn settle(&mut self, sequence: u64, by: OperationId, at_ms: u64, operation: &Operation) -> Change {
        let mut change = self.apply(by, at_ms, operation);
        self.place(&mut change, sequence, at_ms);
        change
    }

    /// Gives a change that was applied its place in the settled order; what came on top of it may stay there.
    pub(crate) fn place(&mut self, change: &mut Change, sequence: u64, at_ms: u64) {
        let (elements, bytes) = (self.graves.settled_elements, self.graves.settled_bytes);
        let mut steps = vec![OrderStep::Sequence { sequence: self.sequence, elements, bytes }];
        self.sequence = sequence;
        for step in &change.steps {
            match step {
                Step::Added(id) => {
                    self.graves.settled_elements += 1;
                    let dated = |element: &mut crate::Element| std::mem::replace(&mut element.made_at_ms, at_ms);
                    if let Some(before) = self.store.change(*id, dated).filter(|before| *before != at_ms) {
                        steps.push(OrderStep::Dated(*id, before));
                    }
                }
                Step::Wrote { id, old: Value::Removed(was_removed), .. } => {
                    self.bury_or_not(Buried::Element(*id), *was_removed, &mut steps);
                }
                Step::RemovedPage { id, was_removed, .. } => {
                    self.bury_or_not(Buried::Page(*id), *was_removed, &mut steps);
                }
                _ => {}
            }
        }
        self.forget(&mut steps);
        self.graves.settled_bytes += change.growth_bytes;
        change.steps.extend(steps.into_iter().map(Step::Order));
    }

    fn bury_or_not(&mut self, what: Buried, was_removed: bool, steps: &mut Vec<OrderStep>) {
        steps.extend(self.graves.unbury(what).map(|since| OrderStep::Unburied(what, since)));
        if !was_removed {
            self.graves.bury(what, self.sequence);
            steps.push(OrderStep::Buried(what));
        }
    }

    fn forget(&mut self, steps: &mut Vec<OrderStep>) {
        for _ in 0..FORGOTTEN_AT_ONCE {
            let next = self.graves.due(self.sequence, self.graves.settled_elements).next();
            let Some(what) = next else { return };
            match what {
                Buried::Element(id) => self.forget_element(id, steps),
                Buried::Page(id) => self.forget_some_of_page(id, steps),
            }
        }
    }

    fn forget_element(&mut self, id: ElementId, steps: &mut Vec<OrderStep>) {
        self.bury_or_not(Buried::Element(id), true, steps);
        if let Some(element) = self.store.take(id) {
            self.graves.settled_elements = self.graves.settled_elements.saturating_sub(1);
            self.graves.settled_bytes -= element.weight_bytes() as i64;
            steps.push(OrderStep::Forgot(element));
        }
    }

    /// The page goes at once, so that nobody brings it back half empty; then what is on it, one by one.
    fn forget_some_of_page(&mut self, id: PageId, steps: &mut Vec<OrderStep>) {
        if let Some(page) = self.pages.remove(&id) {
            steps.push(OrderStep::ForgotPage(page));
        }
        let lowest = self.store.on(id).next().map(|element| element.id);
        match lowest {
            Some(element) => self.forget_element(element, steps),
            None => self.bury_or_not(Buried::Page(id), true, steps),
        }
    }
}
