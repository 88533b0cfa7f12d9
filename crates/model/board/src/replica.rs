use crate::document::{Buried, Change};
use crate::{Document, Edit, ElementId, Operation, OperationId};
use atrium_protocol::PersonId;
use std::collections::{HashMap, VecDeque};

/// A client's document: what is settled, with its own operations of which the server has not heard yet on top.
///
/// Operations of others go underneath its own. Where they are about different elements the order between them makes
/// no difference, and they are just applied; otherwise its own are taken back and applied again.
#[derive(Debug)]
pub struct Replica {
    me: PersonId,
    document: Document,
    pending: VecDeque<Pending>,
    /// How many of the pending operations are about an element.
    waiting: HashMap<ElementId, u32>,
    /// Pending operations that could be about anything.
    wide: usize,
}

#[derive(Debug)]
struct Pending {
    nonce: u64,
    operation: Operation,
    change: Change,
}

/// What is not what it was after the server has spoken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Elements, each once.
    pub touched: Vec<ElementId>,
    /// Pages, what is shown, the paper, or whether the board is frozen.
    pub touches_board: bool,
}

impl Settled {
    fn add(&mut self, change: &Change) {
        self.touched.extend_from_slice(change.touched());
        self.touches_board |= change.touches_board();
    }

    fn close(mut self) -> Self {
        self.touched.sort_unstable();
        self.touched.dedup();
        self
    }
}

impl Replica {
    /// Begins with what the server has settled.
    pub fn new(me: PersonId, settled: Document) -> Self {
        Self { me, document: settled, pending: VecDeque::new(), waiting: HashMap::new(), wide: 0 }
    }

    /// The board with its own operations on top.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// How many of its own operations wait for the server.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The operations that wait for the server, the oldest first: to be sent again after a reconnection.
    pub fn unsettled(&self) -> impl Iterator<Item = (u64, &Operation)> {
        self.pending.iter().map(|pending| (pending.nonce, &pending.operation))
    }

    /// The last settled operation that it knows.
    pub fn sequence(&self) -> u64 {
        self.document.sequence()
    }

    /// Whose it is.
    pub fn me(&self) -> PersonId {
        self.me
    }

    /// Does something at once that is on its way to the server. One that no server takes has no effect, and does not
    /// wait for an answer.
    pub fn propose(&mut self, nonce: u64, operation: Operation) -> Change {
        let by = OperationId { author: self.me, nonce };
        let Ok(operation) = operation.cleaned() else { return Change::new(by) };
        let change = self.document.apply(by, 0, &operation);
        let answer = change.clone();
        self.count(&operation, true);
        self.pending.push_back(Pending { nonce, operation, change });
        answer
    }

    /// The server has given an operation its place, whoever it is of.
    pub fn settle(&mut self, sequence: u64, by: OperationId, at_ms: u64, operation: &Operation) -> Settled {
        let own = self.own(by);
        if sequence <= self.document.sequence() {
            // It is in what this replica began with.
            return own.map(|at| self.take_back(at)).unwrap_or_default();
        }
        match own {
            Some(0) if !self.would_forget_pending(sequence, operation) => self.settle_own(sequence, at_ms),
            None if self.is_apart(sequence, operation) => {
                let mut settled = Settled::default();
                settled.add(&self.document.settle(sequence, by, at_ms, operation));
                settled.close()
            }
            own => self.settle_beneath(own, |document| document.settle(sequence, by, at_ms, operation)),
        }
    }

    /// The server has refused one of its own operations: it is taken back.
    pub fn refuse(&mut self, nonce: u64) -> Settled {
        let own = self.own(OperationId { author: self.me, nonce });
        own.map(|at| self.take_back(at)).unwrap_or_default()
    }

    fn own(&self, by: OperationId) -> Option<usize> {
        (by.author == self.me).then(|| self.pending.iter().position(|pending| pending.nonce == by.nonce)).flatten()
    }

    /// The oldest own operation is what comes next: it stays where it is, and so does everything on top.
    fn settle_own(&mut self, sequence: u64, at_ms: u64) -> Settled {
        let Some(mut settled) = self.pending.pop_front() else { return Settled::default() };
        self.count(&settled.operation, false);
        self.document.place(&mut settled.change, sequence, at_ms);
        Settled::default()
    }

    fn take_back(&mut self, at: usize) -> Settled {
        self.settle_beneath(Some(at), |document| {
            Change::new(OperationId { author: PersonId([0; 32]), nonce: document.sequence() })
        })
    }

    /// Takes its own operations back, changes what is underneath, and applies them again without the one at `gone`.
    fn settle_beneath(&mut self, gone: Option<usize>, change: impl FnOnce(&mut Document) -> Change) -> Settled {
        let mut settled = Settled::default();
        let mut again = Vec::with_capacity(self.pending.len());
        while let Some(pending) = self.pending.pop_back() {
            settled.add(&pending.change);
            self.document.revert(pending.change);
            again.push((pending.nonce, pending.operation));
        }
        settled.add(&change(&mut self.document));
        let gone = gone.map(|at| again.len() - 1 - at);
        if let Some((_, operation)) = gone.map(|at| again.remove(at)) {
            self.count(&operation, false);
        }
        while let Some((nonce, operation)) = again.pop() {
            let by = OperationId { author: self.me, nonce };
            let change = self.document.apply(by, 0, &operation);
            settled.add(&change);
            self.pending.push_back(Pending { nonce, operation, change });
        }
        settled.close()
    }

    /// Whether an operation of somebody else and the pending ones are the same in either order.
    fn is_apart(&self, sequence: u64, operation: &Operation) -> bool {
        if self.pending.is_empty() {
            return true;
        }
        self.wide == 0
            && operation
                .edits
                .iter()
                .all(|edit| targets(edit).is_some_and(|ids| !ids.iter().any(|id| self.is_waiting(*id))))
            && !self.would_forget_pending(sequence, operation)
    }

    fn is_waiting(&self, id: ElementId) -> bool {
        self.waiting.contains_key(&id)
    }

    /// Whether something is forgotten with this operation that pending ones may be about.
    fn would_forget_pending(&self, sequence: u64, operation: &Operation) -> bool {
        if self.pending.is_empty() {
            return false;
        }
        let graves = &self.document.graves;
        let due = graves.due(sequence, graves.settled_elements + operation.edits.len());
        due.is_some_and(|due| self.wide > 0 || matches!(due, Buried::Page(_)) || true)
    }

    fn count(&mut self, operation: &Operation, is_new: bool) {
        for edit in &operation.edits {
            let Some(ids) = targets(edit) else {
                self.wide = if is_new { self.wide + 1 } else { self.wide.saturating_sub(1) };
                continue;
            };
            for id in ids {
                let count = self.waiting.entry(*id).or_default();
                *count = if is_new { *count + 1 } else { count.saturating_sub(1) };
                if *count == 0 {
                    self.waiting.remove(id);
                }
            }
        }
    }
}

/// The elements that an edit is about; `None`: it may be about anything, or about the board.
fn targets(edit: &Edit) -> Option<&[ElementId]> {
    match edit {
        Edit::Add { id, .. } | Edit::Ink { id, .. } | Edit::Set { id, .. } => Some(std::slice::from_ref(id)),
        Edit::Remove { ids, .. } => Some(ids),
        Edit::Unknown => Some(&[]),
        _ => None,
    }
}
