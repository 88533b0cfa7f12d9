use serde::{Deserialize, Serialize};

/// An element of a board; chosen by its author, never used again on that board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ElementId(pub u64);

/// A page of a board; chosen by its author. The first one is [`PageId::FIRST`] and always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageId(pub u32);

impl PageId {
    /// The page that every board has.
    pub const FIRST: Self = Self(0);
}

/// Gives out ids that nobody else gives out: it starts at a random number and counts on, so that neighbours in time are
/// neighbours in number, which packs well.
#[derive(Clone, Debug)]
pub struct IdSource {
    next: u64,
}

impl IdSource {
    /// `seed` must be random.
    pub fn new(seed: u64) -> Self {
        Self { next: seed }
    }

    /// A new element.
    pub fn element(&mut self) -> ElementId {
        let id = ElementId(self.next);
        self.next = self.next.wrapping_add(1);
        id
    }

    /// A new page; never the first.
    pub fn page(&mut self) -> PageId {
        let mixed = self.element().0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        PageId(((mixed >> 32) as u32).max(1))
    }
}
