use atrium_board::{Element, ElementId, OrderKey};

/// An element's place between the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) order: OrderKey,
    pub(super) id: ElementId,
}

impl Key {
    pub(super) fn of(element: &Element) -> Self {
        Self { order: element.order.clone(), id: element.id }
    }
}
