use crate::document::Change;
use crate::{Document, Operation, OperationId};

/// One person's undo and redo.
#[derive(Debug, Default)]
pub struct History {}

/// What undoes or redoes a gesture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undone {
    /// To be proposed, in this order.
    pub operations: Vec<Operation>,
    /// Properties that stay as they are, because somebody else has written them since.
    pub skipped: usize,
}

impl History {
    /// Something was done as a part of a gesture.
    pub fn did(&mut self, _gesture: u64, _by: OperationId, _change: &Change) {}

    /// Undoes the last gesture.
    pub fn undo(&mut self, _document: &Document) -> Option<Undone> {
        None
    }

    /// Does again what was undone last.
    pub fn redo(&mut self, _document: &Document) -> Option<Undone> {
        None
    }

    /// An operation of the last [`Undone`] was proposed.
    pub fn sent(&mut self, _by: OperationId, _change: &Change) {}

    /// Whether there is a gesture to undo.
    pub fn can_undo(&self) -> bool {
        false
    }

    /// Whether there is a gesture to redo.
    pub fn can_redo(&self) -> bool {
        false
    }
}
