mod apply;
mod change;
mod check;
mod graves;
mod page;
mod store;
mod value;
mod view;

pub use change::Change;
pub use check::{Asker, Refusal};
pub use page::Page;
pub use view::View;

pub(crate) use change::Step;
pub(crate) use graves::{Buried, Graves};
pub(crate) use store::Store;
pub(crate) use value::Value;

use crate::{Bounds, Element, ElementId, OperationId, OrderKey, PageId};
use std::collections::BTreeMap;

/// What is on a board.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) store: Store,
    pub(crate) pages: BTreeMap<PageId, Page>,
    pub(crate) shown: Option<View>,
    pub(crate) is_frozen: bool,
    pub(crate) is_dark: bool,
    pub(crate) paper_by: Option<OperationId>,
    pub(crate) graves: Graves,
    pub(crate) sequence: u64,
}

impl Default for Document {
    /// An empty board: one page.
    fn default() -> Self {
        Self {
            store: Store::default(),
            pages: BTreeMap::from([(PageId::FIRST, Page::first())]),
            shown: None,
            is_frozen: false,
            is_dark: false,
            paper_by: None,
            graves: Graves::default(),
            sequence: 0,
        }
    }
}

impl Document {
    /// The last settled operation that it contains.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// An element, also a removed one that is still kept.
    pub fn element(&self, id: ElementId) -> Option<&Element> {
        self.store.get(id)
    }

    /// What is on a page, from the bottom up.
    pub fn elements_on(&self, page: PageId) -> impl DoubleEndedIterator<Item = &Element> {
        self.store.on(page)
    }

    /// What is on a page and may reach into `area`, from the bottom up.
    pub fn elements_in(&self, page: PageId, area: Bounds) -> impl DoubleEndedIterator<Item = &Element> {
        self.store.touching(page, area).into_iter()
    }

    /// The pages in order.
    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        let mut pages: Vec<&Page> = self.seen_pages().collect();
        pages.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        pages.into_iter()
    }

    /// The same in no particular order.
    pub(crate) fn seen_pages(&self) -> impl Iterator<Item = &Page> {
        self.pages.values().filter(|page| !page.is_removed)
    }

    /// A page, also a removed one that is still kept.
    pub fn page(&self, id: PageId) -> Option<&Page> {
        self.pages.get(&id)
    }

    /// What the board on the wall shows, if somebody has said so.
    pub fn shown(&self) -> Option<View> {
        self.shown
    }

    /// Only moderators may change it.
    pub fn is_frozen(&self) -> bool {
        self.is_frozen
    }

    /// It has dark paper.
    pub fn is_dark(&self) -> bool {
        self.is_dark
    }

    /// How many elements it has, removed ones that are still kept included.
    pub fn len(&self) -> usize {
        self.store.len()
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.store.len() == 0
    }

    /// Roughly how much memory it takes.
    pub fn memory_bytes(&self) -> usize {
        self.store.memory_bytes() + self.pages.len() * (size_of::<Page>() + 64)
    }

    /// The smallest rectangle around everything on a page.
    pub fn bounds(&self, page: PageId) -> Bounds {
        self.store.bounds(page)
    }

    /// The place of what lies on top of a page.
    pub fn top(&self, page: PageId) -> Option<&OrderKey> {
        Some(self.store.ends(page)?.1)
    }

    /// The place of what lies at the bottom of a page.
    pub fn bottom(&self, page: PageId) -> Option<&OrderKey> {
        Some(self.store.ends(page)?.0)
    }

    /// Whether both are the same to the last detail: what was removed, who wrote what, and the indexes too. Slow.
    #[doc(hidden)]
    pub fn is_identical(&self, other: &Self) -> bool {
        let rest = |document: &Self| {
            (document.shown, document.is_frozen, document.is_dark, document.paper_by, document.sequence)
        };
        self.store.is_identical(&other.store)
            && self.pages == other.pages
            && self.graves == other.graves
            && rest(self) == rest(other)
    }
}

/// Compares what can be seen: pages, elements, paper, the view, and whether it is frozen.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        let is_same_page = |a: &Page, b: &Page| (a.id, &a.order, &a.name) == (b.id, &b.order, &b.name);
        (self.shown, self.is_frozen, self.is_dark) == (other.shown, other.is_frozen, other.is_dark)
            && self.seen_pages().count() == other.seen_pages().count()
            && self.pages().zip(other.pages()).all(|(a, b)| {
                is_same_page(a, b)
                    && self.store.count_on(a.id) == other.store.count_on(b.id)
                    && self.store.on(a.id).zip(other.store.on(b.id)).all(|(a, b)| a.looks_like(b))
            })
    }
}
