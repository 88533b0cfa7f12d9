use atrium_board::{Document, ElementId, PageId};
use std::collections::{HashSet, VecDeque};

/// Elements whose triangles are out of date, in an order, each once.
#[derive(Default)]
pub(in crate::boards) struct Dirty {
    order: VecDeque<ElementId>,
    ids: HashSet<ElementId>,
}

impl Dirty {
    /// All of a page, bottom first. Of a large board that takes longer than a frame should.
    pub(in crate::boards) fn all_on(document: &Document, page: PageId) -> Self {
        let order: VecDeque<ElementId> = document.elements_on(page).map(|element| element.id).collect();
        let ids = order.iter().copied().collect();
        Self { order, ids }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub(super) fn mark(&mut self, id: ElementId) {
        if self.ids.insert(id) {
            self.order.push_back(id);
        }
    }

    pub(super) fn take(&mut self) -> Option<ElementId> {
        let id = self.order.pop_front()?;
        self.ids.remove(&id);
        Some(id)
    }
}
