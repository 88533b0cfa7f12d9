use crate::document::{Buried, Change};
use crate::limits::FORGOTTEN_AT_ONCE;
use crate::{Document, Edit, ElementId, Operation, OperationId};
use atrium_protocol::PersonId;
use std::collections::{BTreeMap, HashMap, VecDeque};

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
    /// Pending edits that could be about anything.
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
    /// Own operations are on top of something else than before: what they [do](Replica::changes) may be something else.
    pub is_relaid: bool,
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

    /// What the operations that wait for the server do to the board, with their numbers, the oldest first.
    pub fn changes(&self) -> impl Iterator<Item = (u64, &Change)> {
        self.pending.iter().map(|pending| (pending.nonce, &pending.change))
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
        if own == Some(0) && !self.may_forget_pending(sequence, operation) {
            return self.settle_first(sequence, at_ms);
        }
        if own.is_none() && self.is_apart(sequence, operation) {
            let mut settled = Settled::default();
            settled.add(&self.document.settle(sequence, by, at_ms, operation));
            return settled.close();
        }
        let mut settled = Settled::default();
        let mut lifted = self.lift(0, &mut settled);
        if let Some(own) = own {
            self.drop_lifted(&mut lifted, own);
        }
        settled.add(&self.document.settle(sequence, by, at_ms, operation));
        self.lay_back(lifted, &mut settled);
        settled.close()
    }

    /// The server has refused one of its own operations: it is taken back.
    pub fn refuse(&mut self, nonce: u64) -> Settled {
        let own = self.own(OperationId { author: self.me, nonce });
        own.map(|at| self.take_back(at)).unwrap_or_default()
    }

    /// Its own operations have other numbers from now on: the new ones by the old. Nothing looks different.
    pub fn renumber(&mut self, numbers: &BTreeMap<u64, u64>) {
        let mut same = Settled::default();
        let mut lifted = self.lift(0, &mut same);
        for (nonce, _) in &mut lifted {
            *nonce = numbers.get(nonce).copied().unwrap_or(*nonce);
        }
        self.lay_back(lifted, &mut same);
    }

    fn own(&self, by: OperationId) -> Option<usize> {
        (by.author == self.me).then(|| self.pending.iter().position(|pending| pending.nonce == by.nonce)).flatten()
    }

    /// The oldest own operation is what comes next: it stays where it is, and so does everything on top.
    fn settle_first(&mut self, sequence: u64, at_ms: u64) -> Settled {
        if let Some(mut first) = self.pending.pop_front() {
            self.count(&first.operation, false);
            self.document.place(&mut first.change, sequence, at_ms);
        }
        Settled::default()
    }

    fn take_back(&mut self, at: usize) -> Settled {
        let mut settled = Settled::default();
        let mut lifted = self.lift(at, &mut settled);
        self.drop_lifted(&mut lifted, 0);
        self.lay_back(lifted, &mut settled);
        settled.close()
    }

    /// Takes back its own operations from the one at `from` on; they come out oldest first.
    fn lift(&mut self, from: usize, settled: &mut Settled) -> VecDeque<(u64, Operation)> {
        let mut lifted = VecDeque::with_capacity(self.pending.len() - from);
        while self.pending.len() > from {
            let Some(last) = self.pending.pop_back() else { break };
            settled.add(&last.change);
            self.document.revert(last.change);
            lifted.push_front((last.nonce, last.operation));
        }
        lifted
    }

    fn drop_lifted(&mut self, lifted: &mut VecDeque<(u64, Operation)>, at: usize) {
        if let Some((_, operation)) = lifted.remove(at) {
            self.count(&operation, false);
        }
    }

    fn lay_back(&mut self, lifted: VecDeque<(u64, Operation)>, settled: &mut Settled) {
        settled.is_relaid |= !lifted.is_empty();
        for (nonce, operation) in lifted {
            let change = self.document.apply(OperationId { author: self.me, nonce }, 0, &operation);
            settled.add(&change);
            self.pending.push_back(Pending { nonce, operation, change });
        }
    }

    /// Whether an operation of somebody else and the pending ones come to the same in either order.
    fn is_apart(&self, sequence: u64, operation: &Operation) -> bool {
        let is_apart = |edit: &Edit| {
            let targets = targets(edit);
            targets.is_some_and(|ids| ids.iter().all(|id| !self.waiting.contains_key(id)))
        };
        self.pending.is_empty()
            || (self.wide == 0 && operation.edits.iter().all(is_apart) && !self.may_forget_pending(sequence, operation))
    }

    /// Whether something may be forgotten with this operation that pending ones are about.
    fn may_forget_pending(&self, sequence: u64, operation: &Operation) -> bool {
        let graves = &self.document.graves;
        let elements = graves.settled_elements + operation.edits.len();
        let is_waited_for = |what: Buried| match what {
            Buried::Element(id) => self.wide > 0 || self.waiting.contains_key(&id),
            Buried::Page(_) => true,
        };
        // What it removes may be forgotten with it, and in place of what it brings back goes something else.
        let forgets = graves.is_crowded(elements) || graves.due(sequence, elements).next().is_some();
        !self.pending.is_empty()
            && ((forgets && operation.edits.iter().any(buries))
                || graves.due(sequence, elements).take(FORGOTTEN_AT_ONCE).any(is_waited_for))
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

/// Whether an edit changes what is among the removed.
fn buries(edit: &Edit) -> bool {
    matches!(edit, Edit::Remove { .. } | Edit::RemovePage { .. } | Edit::RemoveBy { .. })
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
