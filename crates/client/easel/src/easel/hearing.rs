use super::Easel;
use crate::Notice;
use crate::others::Changed;
use crate::outbox::Verdict;
use atrium_board::ink::unpack;
use atrium_board::{
    Document, Edit, Element, ElementId, Live, NewElement, Operation, OperationId, Property, Props, Replica, Settled,
    Shape,
};
use atrium_protocol::{BoardDown, OperationBytes, ParticipantId, RefusalCode};
use std::collections::HashMap;

impl Easel {
    /// The server says something about this board. The session gives every operation once and in order.
    pub fn hear(&mut self, now_secs: f64, word: &BoardDown) {
        self.advance(now_secs);
        let page = self.page();
        match word {
            BoardDown::Settled { board, sequence, author, nonce, at_ms, operation } if *board == self.board => {
                let by = OperationId { author: *author, nonce: *nonce };
                self.hear_settled(*sequence, by, *at_ms, operation);
            }
            BoardDown::Refused { board, nonce, code, message } if *board == self.board => {
                self.hear_refused(*nonce, *code, message.as_str());
            }
            BoardDown::Stale { board, nonce, last_nonce } if *board == self.board => {
                self.nonces.skip(*last_nonce);
                self.outbox.stale(*nonce);
            }
            _ => {}
        }
        self.keep_off_other_page(page);
    }

    fn hear_settled(&mut self, sequence: u64, by: OperationId, at_ms: u64, bytes: &OperationBytes) {
        let is_mine = by.author == self.me;
        if is_mine {
            self.nonces.skip(by.nonce);
            self.give_way(by.nonce, bytes);
            if self.outbox.settled(by.nonce) {
                self.notice(Notice::Stored);
            }
        }
        // What lies between comes with what is fetched, and this one again.
        if sequence > self.replica.sequence().saturating_add(1) {
            return;
        }
        // One that cannot be read here still has its place in the order.
        let operation = Operation::decode(bytes.as_bytes()).unwrap_or_default();
        let settled = self.replica.settle(sequence, by, at_ms, &operation);
        self.note_settled(&settled);
        if !is_mine {
            self.follow_strokes(&operation);
        }
        self.keep_text_real();
    }

    fn note_settled(&mut self, settled: &Settled) {
        if settled.is_relaid {
            self.note_relaid();
        }
        self.note_touched(&settled.touched, settled.touches_board);
    }

    /// One's own changes that are not confirmed are on top of something else: that is what undo goes back to.
    fn note_relaid(&mut self) {
        let gestures: HashMap<u64, u64> = self.outbox.entries().map(|entry| (entry.nonce, entry.gesture)).collect();
        for (nonce, change) in self.replica.changes() {
            gestures.get(&nonce).into_iter().for_each(|gesture| self.history.relaid(*gesture, change));
        }
    }

    /// Strokes that others draw are shown by themselves as long as they grow.
    fn follow_strokes(&mut self, operation: &Operation) {
        for edit in &operation.edits {
            let id = match edit {
                Edit::Add { id, .. } | Edit::Ink { id, .. } => *id,
                Edit::Remove { ids, .. } => {
                    ids.iter().for_each(|id| self.follow_stroke(*id));
                    continue;
                }
                _ => continue,
            };
            self.follow_stroke(id);
        }
    }

    fn follow_stroke(&mut self, id: ElementId) {
        let changed = self.others.settled(self.now_secs, id, self.replica.document());
        self.take_changed(changed);
    }

    fn hear_refused(&mut self, nonce: u64, code: RefusalCode, message: &str) {
        match self.outbox.refused_by(nonce, code, self.now_secs) {
            Verdict::Kept { is_news: true } => self.notice(Notice::Kept { code }),
            Verdict::Kept { is_news: false } | Verdict::Unknown => {}
            Verdict::TakenBack(entry) => {
                let settled = self.replica.refuse(entry.nonce);
                self.note_settled(&settled);
                self.notice(Notice::Refused { code, message: message.to_owned() });
                self.keep_strokes_real();
                self.keep_text_real();
            }
        }
    }

    /// The board was fetched anew. One's own changes that are not confirmed stay on top; the session sends again what was
    /// under way.
    pub fn replace(&mut self, now_secs: f64, document: Document) {
        self.advance(now_secs);
        let page = self.page();
        let contained = self.contained_in(&document);
        contained.iter().for_each(|nonce| {
            self.outbox.settled(*nonce);
        });
        let kept: Vec<(u64, Operation)> =
            self.outbox.entries().map(|entry| (entry.nonce, entry.operation.clone())).collect();
        self.replica = Replica::new(self.me, document);
        for (nonce, operation) in kept {
            self.replica.propose(nonce, operation);
        }
        self.note_relaid();
        self.others.clear();
        self.damages.everything();
        self.keep_page_real();
        self.keep_strokes_real();
        self.keep_selection_real();
        self.keep_text_real();
        self.keep_off_other_page(page);
    }

    /// Which of one's own operations a document has already: the answer to them may never come.
    fn contained_in(&self, document: &Document) -> Vec<u64> {
        let mut waiting: HashMap<ElementId, usize> = HashMap::new();
        let inks = self.outbox.entries().flat_map(|entry| &entry.operation.edits).filter_map(ink_of);
        inks.for_each(|(id, points, _)| *waiting.entry(id).or_default() += points);
        let mut contained = Vec::new();
        for entry in self.outbox.entries() {
            let by = OperationId { author: self.me, nonce: entry.nonce };
            let has_ink = entry.operation.edits.iter().filter_map(ink_of).any(|(id, points, is_last)| {
                let left = waiting.entry(id).or_default();
                *left = left.saturating_sub(points);
                let (there, is_finished) = points_in(document, id);
                // Where it ends: what is here without what is still to come.
                let end = points_in(self.document(), id).0.saturating_sub(*left);
                if points > 0 { there >= end } else { is_last && is_finished }
            });
            if has_ink || contains(document, by, &entry.operation) {
                contained.push(entry.nonce);
            }
        }
        contained
    }

    /// Somebody else's word on the live lane.
    pub fn hear_live(&mut self, now_secs: f64, from: ParticipantId, live: &Live) {
        self.advance(now_secs);
        let is_mine = live.ink.as_ref().is_some_and(|ink| self.strokes.iter().any(|it| it.element == ink.element));
        if is_mine {
            return;
        }
        let changed = self.others.hear(self.now_secs, from, live, self.replica.document());
        self.take_changed(changed);
    }

    pub(super) fn tick_others(&mut self) {
        let mut changed = self.others.tick(self.now_secs);
        changed.overlay |= self.trail.fade(self.now_secs);
        self.take_changed(changed);
    }

    fn take_changed(&mut self, changed: Changed) {
        if changed.overlay {
            self.damages.overlay();
        }
        if changed.strokes {
            self.damages.strokes();
        }
        self.damages.elements(changed.elements);
        if let Some(who) = changed.view_of {
            self.follow_view_of(who);
        }
    }
}

/// Whether an operation of one's own is in a document already, as far as who wrote what tells. Ink does not.
fn contains(document: &Document, by: OperationId, operation: &Operation) -> bool {
    operation.edits.iter().any(|edit| match edit {
        Edit::Add { id, .. } => document.element(*id).is_some_and(|element| element.made_by == by),
        Edit::Set { id, props } => document.element(*id).is_some_and(|element| wrote(element, props, by)),
        Edit::Remove { ids, .. } => {
            let removed_by = |id: &ElementId| document.element(*id).map(|it| it.writer(Property::Removed));
            ids.iter().any(|id| removed_by(id) == Some(by))
        }
        _ => false,
    })
}

/// How many points of a stroke an edit brings, and whether they are the last.
fn ink_of(edit: &Edit) -> Option<(ElementId, usize, bool)> {
    let (id, points, is_last) = match edit {
        Edit::Add { id, shape: NewElement::Ink { points, is_finished, .. }, .. } => (id, points, is_finished),
        Edit::Ink { id, points, is_last } => (id, points, is_last),
        _ => return None,
    };
    Some((*id, unpack(points).map_or(0, |points| points.len()), *is_last))
}

/// How many points of a stroke there are, and whether they are all.
fn points_in(document: &Document, id: ElementId) -> (usize, bool) {
    match document.element(id).map(|element| &element.shape) {
        Some(Shape::Ink { points, is_finished, .. }) => (points.len(), *is_finished),
        _ => (0, false),
    }
}

fn wrote(element: &Element, props: &Props, by: OperationId) -> bool {
    let written = [
        (Property::Page, props.page.is_some()),
        (Property::Order, props.order.is_some()),
        (Property::Frame, props.frame.is_some()),
        (Property::Style, props.style.is_some()),
        (Property::Size, props.size.is_some() || props.ends.is_some() || props.wrap_mm.is_some()),
        (Property::Text, props.text.is_some()),
        (Property::Locked, props.is_locked.is_some()),
    ];
    written.into_iter().any(|(property, is_written)| is_written && element.writer(property) == by)
}
