use atrium_board::{Edit, ElementId, Operation, PageId};
use std::collections::HashMap;

/// Something that operations are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Thing {
    Element(ElementId),
    Page(PageId),
    /// What the wall shows.
    Wall,
    Paper,
}

/// What an operation changes, and what must be there for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    changes: Vec<Thing>,
    needs: Vec<Thing>,
    /// It is about anything: goes alone.
    is_about_all: bool,
}

impl Claims {
    pub(crate) fn of(operation: &Operation) -> Self {
        let mut claims = Self::default();
        operation.edits.iter().for_each(|edit| claims.add(edit));
        claims
    }

    fn add(&mut self, edit: &Edit) {
        match edit {
            Edit::Add { id, page, .. } => {
                self.changes.push(Thing::Element(*id));
                self.needs.push(Thing::Page(*page));
            }
            Edit::Ink { id, .. } => self.changes.push(Thing::Element(*id)),
            Edit::Set { id, props } => {
                self.changes.push(Thing::Element(*id));
                self.needs.extend(props.page.map(Thing::Page));
            }
            Edit::Remove { ids, .. } => self.changes.extend(ids.iter().copied().map(Thing::Element)),
            Edit::Page { id, .. } => self.changes.push(Thing::Page(*id)),
            Edit::Show { view } => {
                self.changes.push(Thing::Wall);
                self.needs.push(Thing::Page(view.page));
            }
            Edit::Paper { .. } => self.changes.push(Thing::Paper),
            Edit::RemovePage { .. } | Edit::RemoveBy { .. } | Edit::Freeze { .. } | Edit::Unknown => {
                self.is_about_all = true;
            }
        }
    }

    /// Whether it changes this element.
    pub(crate) fn is_about(&self, id: ElementId) -> bool {
        self.is_about_all || self.changes.contains(&Thing::Element(id))
    }
}

/// What operations under way are about.
#[derive(Debug, Default)]
pub(crate) struct Claimed {
    changes: HashMap<Thing, u32>,
    needs: HashMap<Thing, u32>,
    about_all: u32,
    operations: u32,
}

impl Claimed {
    pub(crate) fn add(&mut self, claims: &Claims) {
        let count = |things: &[Thing], counts: &mut HashMap<Thing, u32>| {
            things.iter().for_each(|thing| *counts.entry(*thing).or_insert(0) += 1);
        };
        count(&claims.changes, &mut self.changes);
        count(&claims.needs, &mut self.needs);
        self.about_all += u32::from(claims.is_about_all);
        self.operations += 1;
    }

    pub(crate) fn remove(&mut self, claims: &Claims) {
        let uncount = |things: &[Thing], counts: &mut HashMap<Thing, u32>| {
            for thing in things {
                let Some(count) = counts.get_mut(thing) else { continue };
                *count -= 1;
                if *count == 0 {
                    counts.remove(thing);
                }
            }
        };
        uncount(&claims.changes, &mut self.changes);
        uncount(&claims.needs, &mut self.needs);
        self.about_all -= u32::from(claims.is_about_all);
        self.operations -= 1;
    }

    /// Whether an operation with these claims must wait.
    pub(crate) fn contradicts(&self, claims: &Claims) -> bool {
        let is_claimed = |thing: &Thing| self.changes.contains_key(thing);
        self.about_all > 0
            || (claims.is_about_all && self.operations > 0)
            || claims.changes.iter().any(|thing| is_claimed(thing) || self.needs.contains_key(thing))
            || claims.needs.iter().any(is_claimed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_board::{Props, View};
    use glam::Vec2;

    fn set(id: u64) -> Claims {
        Claims::of(&Operation::one(Edit::Set { id: ElementId(id), props: Props::default() }))
    }

    #[test]
    fn the_same_thing_waits_and_another_does_not() {
        let mut claimed = Claimed::default();
        claimed.add(&set(1));
        assert!(claimed.contradicts(&set(1)) && !claimed.contradicts(&set(2)));
        claimed.remove(&set(1));
        assert!(!claimed.contradicts(&set(1)));
    }

    #[test]
    fn what_a_page_is_needed_for_waits_for_the_page() {
        let page = PageId(9);
        let view = View { page, center: Vec2::ZERO, width_mm: 100.0 };
        let show = Claims::of(&Operation::one(Edit::Show { view }));
        let order = atrium_board::OrderKey::between(None, None);
        let make = Claims::of(&Operation::one(Edit::Page { id: page, order, name: String::new() }));
        let mut claimed = Claimed::default();
        claimed.add(&make);
        assert!(claimed.contradicts(&show) && !claimed.contradicts(&set(1)));
        claimed.remove(&make);
        claimed.add(&show);
        assert!(claimed.contradicts(&make));
    }

    #[test]
    fn what_is_about_all_goes_alone() {
        let freeze = Claims::of(&Operation::one(Edit::Freeze { is_frozen: true }));
        let mut claimed = Claimed::default();
        assert!(!claimed.contradicts(&freeze));
        claimed.add(&set(1));
        assert!(claimed.contradicts(&freeze));
        claimed.remove(&set(1));
        claimed.add(&freeze);
        assert!(claimed.contradicts(&set(2)));
    }
}
