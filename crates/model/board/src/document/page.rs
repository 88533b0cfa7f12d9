use crate::{OperationId, OrderKey, PageId};

/// A page of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its name for programs.
    pub id: PageId,
    /// Its place among the pages; ties are settled by id.
    pub order: OrderKey,
    /// Its name for people.
    pub name: String,
    /// Gone, but kept for a while so that this can be undone.
    pub is_removed: bool,
    /// Who named it last, and gave it its place; nobody did that to the page that every board begins with.
    pub(crate) named_by: Option<OperationId>,
    /// Who removed it or brought it back last.
    pub(crate) removed_by: Option<OperationId>,
}

impl Page {
    /// The page that a new board has.
    pub(crate) fn first() -> Self {
        Self {
            id: PageId::FIRST,
            order: OrderKey::between(None, None),
            name: String::new(),
            is_removed: false,
            named_by: None,
            removed_by: None,
        }
    }
}
