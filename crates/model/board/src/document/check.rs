use super::Document;
use crate::ink::count_points;
use crate::limits::{BOARD_BYTES, ELEMENT_BYTES, ELEMENTS, PAGES, PAGES_KEPT, STROKE_POINTS};
use crate::{Edit, ElementId, Operation, PageId, Props, Shape};
use atrium_protocol::{PersonId, RefusalCode};
use std::collections::{HashMap, HashSet};

/// Who asks for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Whose operation it is.
    pub person: PersonId,
    /// May freeze the board, and clear what somebody made.
    pub may_moderate: bool,
}

/// Why an operation is refused, in a sentence for its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such element.
    #[error("this element is not on the board (any more)")]
    MissingElement,
    /// No such page.
    #[error("this page is not on the board (any more)")]
    MissingPage,
    /// Somebody locked it.
    #[error("this element is locked; unlock it first")]
    Locked,
    /// A moderator froze the board.
    #[error("a moderator has frozen this board")]
    Frozen,
    /// A stroke of somebody else.
    #[error("only the person who draws a stroke can go on with it")]
    NotYours,
    /// Not for everybody.
    #[error("only moderators can do this")]
    ModeratorsOnly,
    /// The id of a new element is taken.
    #[error("an element with this id is on the board already")]
    ElementExists,
    /// Too many elements, or too much ink and text.
    #[error("this board is full")]
    Full,
    /// Too many pages.
    #[error("this board has as many pages as are possible ({PAGES})")]
    PagesFull,
    /// Too many points.
    #[error("this stroke has as many points as are possible ({STROKE_POINTS})")]
    StrokeFull,
    /// The pen was lifted.
    #[error("this stroke is finished")]
    StrokeFinished,
    /// A stroke without text, a text without ends, …
    #[error("this kind of element does not have that property")]
    WrongKind,
    /// A board has at least one page.
    #[error("this is the last page of the board")]
    LastPage,
}

impl Refusal {
    /// The same for programs.
    pub fn code(&self) -> RefusalCode {
        match self {
            Self::MissingElement | Self::MissingPage => RefusalCode::NotFound,
            Self::Locked | Self::Frozen | Self::NotYours | Self::ModeratorsOnly => RefusalCode::NotAllowed,
            Self::ElementExists => RefusalCode::Taken,
            Self::Full
            | Self::PagesFull
            | Self::StrokeFull
            | Self::StrokeFinished
            | Self::WrongKind
            | Self::LastPage => RefusalCode::Invalid,
        }
    }
}

/// What the edits before one in the same operation, and operations on their way, make of the board.
struct Ahead<F> {
    is_known: F,
    made: HashSet<ElementId>,
    added_bytes: usize,
    locked: HashMap<ElementId, bool>,
    /// Pages that are new, removed or brought back, and whether they are removed then.
    pages: HashMap<PageId, bool>,
}

impl<F: Fn(ElementId) -> bool> Ahead<F> {
    fn makes(&self, id: ElementId) -> bool {
        self.made.contains(&id) || (self.is_known)(id)
    }
}

impl Document {
    /// Whether the server takes this operation now. `is_known` says which elements operations on their way to the disk
    /// will make; pages that are not known are taken to be on their way too.
    ///
    /// # Errors
    /// Why not, for the author.
    pub fn check(
        &self,
        operation: &Operation,
        asker: &Asker,
        is_known: impl Fn(ElementId) -> bool,
    ) -> Result<(), Refusal> {
        if self.is_frozen && !asker.may_moderate {
            return Err(Refusal::Frozen);
        }
        let (made, added_bytes, locked, pages) = Default::default();
        let mut ahead = Ahead { is_known, made, added_bytes, locked, pages };
        operation.edits.iter().try_for_each(|edit| self.check_edit(edit, asker, &mut ahead))
    }

    fn check_edit<F: Fn(ElementId) -> bool>(
        &self,
        edit: &Edit,
        asker: &Asker,
        ahead: &mut Ahead<F>,
    ) -> Result<(), Refusal> {
        match edit {
            Edit::Add { id, page, shape, .. } => {
                refuse_if(self.store.get(*id).is_some() || ahead.makes(*id), Refusal::ElementExists)?;
                self.check_page(*page, ahead)?;
                ahead.made.insert(*id);
                refuse_if(self.len() + ahead.made.len() > ELEMENTS, Refusal::Full)?;
                self.check_growth(ELEMENT_BYTES + shape.content_bytes(), ahead)
            }
            Edit::Ink { id, points, .. } => {
                self.check_ink(*id, points, asker, ahead)?;
                self.check_growth(points.len(), ahead)
            }
            Edit::Set { id, props } => self.check_set(*id, props, ahead),
            Edit::Remove { ids, is_removed } => {
                ids.iter().try_for_each(|id| self.check_remove(*id, *is_removed, ahead))
            }
            Edit::Page { id, .. } => self.check_new_page(*id, ahead),
            Edit::RemovePage { id, is_removed } => {
                let is_known = self.pages.contains_key(id) || ahead.pages.contains_key(id);
                refuse_if(!is_known, Refusal::MissingPage)?;
                refuse_if(*is_removed && !self.has_page_beside(*id, ahead), Refusal::LastPage)?;
                ahead.pages.insert(*id, *is_removed);
                Ok(())
            }
            Edit::Show { view } => self.check_page(view.page, ahead),
            Edit::RemoveBy { .. } | Edit::Freeze { .. } => refuse_if(!asker.may_moderate, Refusal::ModeratorsOnly),
            Edit::Paper { .. } | Edit::Unknown => Ok(()),
        }
    }

    /// One that is not known may be on its way.
    fn check_page<F>(&self, page: PageId, ahead: &Ahead<F>) -> Result<(), Refusal> {
        let now = || self.pages.get(&page).is_some_and(|page| page.is_removed);
        refuse_if(ahead.pages.get(&page).copied().unwrap_or_else(now), Refusal::MissingPage)
    }

    fn check_new_page<F>(&self, id: PageId, ahead: &mut Ahead<F>) -> Result<(), Refusal> {
        if self.pages.contains_key(&id) || ahead.pages.contains_key(&id) {
            return Ok(());
        }
        ahead.pages.insert(id, false);
        let new = ahead.pages.keys().filter(|id| !self.pages.contains_key(id)).count();
        let is_full = self.seen_pages().count() + new > PAGES || self.pages.len() + new > PAGES_KEPT;
        refuse_if(is_full, Refusal::PagesFull)
    }

    fn has_page_beside<F>(&self, id: PageId, ahead: &Ahead<F>) -> bool {
        let mut now = self.seen_pages().map(|page| page.id).filter(|page| !ahead.pages.contains_key(page));
        let mut then = ahead.pages.iter().filter(|(_, is_removed)| !**is_removed).map(|(page, _)| *page);
        now.any(|page| page != id) || then.any(|page| page != id)
    }

    fn check_ink<F: Fn(ElementId) -> bool>(
        &self,
        id: ElementId,
        more: &[u8],
        asker: &Asker,
        ahead: &Ahead<F>,
    ) -> Result<(), Refusal> {
        let Some(element) = self.store.get(id) else {
            return refuse_if(!ahead.makes(id), Refusal::MissingElement);
        };
        let Shape::Ink { points, is_finished, .. } = &element.shape else { return Err(Refusal::WrongKind) };
        refuse_if(element.author() != asker.person, Refusal::NotYours)?;
        refuse_if(*is_finished, Refusal::StrokeFinished)?;
        refuse_if(points.len() + count_points(more) > STROKE_POINTS, Refusal::StrokeFull)
    }

    fn check_set<F: Fn(ElementId) -> bool>(
        &self,
        id: ElementId,
        props: &Props,
        ahead: &mut Ahead<F>,
    ) -> Result<(), Refusal> {
        let element = self.store.get(id);
        refuse_if(element.is_none() && !ahead.makes(id), Refusal::MissingElement)?;
        let is_locked = self.is_locked(id, ahead);
        refuse_if(is_locked && !props.is_only_lock(), Refusal::Locked)?;
        props.page.map_or(Ok(()), |page| self.check_page(page, ahead))?;
        refuse_if(element.is_some_and(|element| element.values_of(props).is_none()), Refusal::WrongKind)?;
        if let Some(is_locked) = props.is_locked {
            ahead.locked.insert(id, is_locked);
        }
        let old_bytes = element.map_or(0, |element| element.shape.content_bytes());
        let new_bytes = props.text.as_ref().map_or(0, String::len);
        self.check_growth(new_bytes.saturating_sub(old_bytes), ahead)
    }

    /// What takes nothing, or makes room, is always possible.
    fn check_growth<F>(&self, bytes: usize, ahead: &mut Ahead<F>) -> Result<(), Refusal> {
        ahead.added_bytes += bytes;
        refuse_if(bytes > 0 && self.store.weight_bytes() + ahead.added_bytes > BOARD_BYTES, Refusal::Full)
    }

    fn check_remove<F: Fn(ElementId) -> bool>(
        &self,
        id: ElementId,
        is_removed: bool,
        ahead: &Ahead<F>,
    ) -> Result<(), Refusal> {
        let element = self.store.get(id);
        refuse_if(element.is_none() && !ahead.makes(id), Refusal::MissingElement)?;
        if is_removed {
            return refuse_if(self.is_locked(id, ahead), Refusal::Locked);
        }
        refuse_if(element.is_some_and(|element| !self.pages.contains_key(&element.page)), Refusal::MissingPage)
    }

    fn is_locked<F>(&self, id: ElementId, ahead: &Ahead<F>) -> bool {
        let now = || self.store.get(id).is_some_and(|element| element.is_locked);
        ahead.locked.get(&id).copied().unwrap_or_else(now)
    }
}

fn refuse_if(is_refused: bool, refusal: Refusal) -> Result<(), Refusal> {
    if is_refused { Err(refusal) } else { Ok(()) }
}
