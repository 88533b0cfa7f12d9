mod edits;
mod entry;

use crate::document::Change;
use crate::{Document, Operation, OperationId};
use edits::edits_of;
use entry::{Entry, Key, Openings, State, changed, is_foreign};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Most gestures that can be undone.
const GESTURES: usize = 200;
/// Most properties that are remembered, of all gestures together.
const ENTRIES: usize = 100_000;

/// One person's undo and redo: what properties were before a gesture, by whoever has written them.
///
/// A property that another person has written since stays as it is. Undoing writes too; to tell that from anything
/// else, each state of a property has a name: the operation that made it, also where undo has made it again.
#[derive(Debug, Default)]
pub struct History {
    undo: VecDeque<Gesture>,
    redo: VecDeque<Gesture>,
    /// The last operation of undo or redo on a property, and the state that it made again.
    restored: HashMap<Key, (OperationId, State)>,
    /// States that the operations of the last [`Undone`] will make again.
    awaited: HashMap<Key, State>,
}

/// What was done with one movement.
#[derive(Debug, Default)]
struct Gesture {
    id: u64,
    entries: BTreeMap<Key, Entry>,
}

/// What undoes or redoes a gesture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undone {
    /// Which gesture it was.
    pub gesture: u64,
    /// To be proposed, in this order.
    pub operations: Vec<Operation>,
    /// Properties that stay as they are, because somebody else has written them since, or has locked the element.
    pub skipped: usize,
}

impl History {
    /// Something was done as a part of a gesture. Of the same gesture again with another operation: it counts as this one
    /// from now on.
    pub fn did(&mut self, gesture: u64, by: OperationId, change: &Change) {
        let steps: Vec<_> = change.steps.iter().filter_map(changed).collect();
        if steps.is_empty() {
            return;
        }
        let at = self.place_of(gesture).unwrap_or_else(|| {
            self.redo.clear();
            self.undo.push_back(Gesture { id: gesture, entries: BTreeMap::new() });
            self.undo.len() - 1
        });
        for (key, value, writer) in steps {
            let entry = Entry { value, before: self.state(key, writer), after: Some(by), first: Some(by) };
            match self.undo[at].entries.get_mut(&key) {
                // Between two operations of the gesture somebody else has written: theirs is what was before.
                Some(old) if is_foreign(writer, by) => *old = entry,
                Some(old) => {
                    let replaced = old.after.replace(by);
                    self.rename(key, replaced, Some(by));
                }
                None => drop(self.undo[at].entries.insert(key, entry)),
            }
        }
        self.bound();
    }

    /// An operation of a gesture is on top of something else than before, since other operations were settled or refused:
    /// what it wrote over now is what undo gives back.
    pub fn relaid(&mut self, gesture: u64, change: &Change) {
        let Some(at) = self.place_of(gesture) else { return };
        for (key, value, writer) in change.steps.iter().filter_map(changed) {
            let before = self.state(key, writer);
            let Some(entry) = self.undo[at].entries.get_mut(&key) else { continue };
            if entry.first == Some(change.by) || is_foreign(writer, change.by) {
                (entry.value, entry.before, entry.first) = (value, before, Some(change.by));
            }
        }
    }

    /// What takes the last gesture back. Operations that are proposed for it are told to [`Self::sent`].
    pub fn undo(&mut self, document: &Document) -> Option<Undone> {
        let gesture = self.undo.pop_back()?;
        let (undone, opposite) = self.turn(gesture, document);
        if !opposite.entries.is_empty() {
            self.redo.push_back(opposite);
        }
        Some(undone)
    }

    /// What does again what was undone last.
    pub fn redo(&mut self, document: &Document) -> Option<Undone> {
        let gesture = self.redo.pop_back()?;
        let (undone, opposite) = self.turn(gesture, document);
        if !opposite.entries.is_empty() {
            self.undo.push_back(opposite);
        }
        Some(undone)
    }

    /// An operation of the last [`Undone`] was proposed.
    pub fn sent(&mut self, by: OperationId, change: &Change) {
        for (key, ..) in change.steps.iter().filter_map(changed) {
            if let Some(state) = self.awaited.get(&key) {
                self.restored.insert(key, (by, *state));
            }
        }
    }

    /// Operations have other numbers now: the new ones by the old.
    pub fn renumbered(&mut self, numbers: &BTreeMap<OperationId, OperationId>) {
        let rename = |by: &mut OperationId| *by = numbers.get(by).copied().unwrap_or(*by);
        for entry in self.undo.iter_mut().chain(&mut self.redo).flat_map(|gesture| gesture.entries.values_mut()) {
            entry.before.iter_mut().chain(&mut entry.after).chain(&mut entry.first).for_each(rename);
        }
        for (by, state) in self.restored.values_mut() {
            rename(by);
            state.iter_mut().for_each(rename);
        }
    }

    /// Whether there is a gesture to undo.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is a gesture to redo.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    fn place_of(&self, gesture: u64) -> Option<usize> {
        self.undo.iter().rposition(|known| known.id == gesture)
    }

    fn gestures(&self) -> impl Iterator<Item = &Gesture> {
        self.undo.iter().chain(&self.redo)
    }

    /// The state that a property has, by who wrote it last.
    fn state(&self, key: Key, writer: State) -> State {
        match self.restored.get(&key) {
            Some((by, state)) if writer == Some(*by) => *state,
            _ => writer,
        }
    }

    /// What brings properties back to where they were before `gesture`, and the gesture that does it again.
    fn turn(&mut self, gesture: Gesture, document: &Document) -> (Undone, Gesture) {
        self.awaited.clear();
        let mut opposite = Gesture { id: gesture.id, entries: BTreeMap::new() };
        let (mut wanted, mut skipped) = (BTreeMap::new(), 0);
        let openings = self.openings(&gesture, document);
        for (key, entry) in gesture.entries {
            let Some((now, writer)) = key.now(document) else { continue };
            let is_barred = !entry.value.is_possible(key, document, &openings);
            if self.state(key, writer) != entry.after || is_barred {
                skipped += 1;
                continue;
            }
            if now == entry.value {
                // Nothing to do, but from now on it counts as what it was.
                self.restored.extend(writer.map(|writer| (key, (writer, entry.before))));
            } else {
                self.awaited.insert(key, entry.before);
                wanted.insert(key, entry.value);
            }
            let entry = Entry { value: now, before: entry.after, after: entry.before, first: None };
            opposite.entries.insert(key, entry);
        }
        let operations = Operation::split(edits_of(&wanted));
        (Undone { gesture: gesture.id, operations, skipped }, opposite)
    }

    /// What turning this gesture makes possible.
    fn openings(&self, gesture: &Gesture, document: &Document) -> Openings {
        let mut openings = Openings::default();
        for (key, entry) in &gesture.entries {
            if key.now(document).is_some_and(|(_, writer)| self.state(*key, writer) == entry.after) {
                openings.add(*key, &entry.value);
            }
        }
        openings
    }

    fn rename(&mut self, key: Key, from: State, to: State) {
        for entry in self.undo.iter_mut().chain(&mut self.redo).filter_map(|gesture| gesture.entries.get_mut(&key)) {
            for state in [&mut entry.before, &mut entry.after] {
                *state = if *state == from { to } else { *state };
            }
        }
    }

    fn bound(&mut self) {
        let mut entries: usize = self.gestures().map(|gesture| gesture.entries.len()).sum();
        while self.undo.len() > 1 && (self.undo.len() > GESTURES || entries > ENTRIES) {
            entries -= self.undo.pop_front().map_or(0, |oldest| oldest.entries.len());
        }
        if self.restored.len() > 2 * entries + 64 {
            let used: std::collections::HashSet<Key> =
                self.gestures().flat_map(|gesture| gesture.entries.keys().copied()).collect();
            self.restored.retain(|key, _| used.contains(key));
        }
    }
}
