use super::cut::{Cut, Damage};
use atrium_board::{Bounds, ElementId, OrderKey, PageId};
use atrium_easel::mesh::Paper;
use atrium_protocol::{BoardId, ContentHash};
use bevy::prelude::*;

/// Bytes of a vertex: where it is on the page (two numbers), and its colour (sRGB and opacity, a byte each). Of a picture's
/// corners the colour says which they are, in red and green.
pub(in crate::boards) const VERTEX_BYTES: usize = 12;

/// Things that are painted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::boards) enum SheetId {
    /// What lies on a page of a board.
    Page(BoardId, PageId),
    /// What is above a page on one texture: frames, handles, pointers.
    Above(u64),
}

/// A thing on a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::boards) enum ItemId {
    /// An element of the document.
    Element(ElementId),
    /// A stroke in the making.
    Stroke(ElementId),
    /// What is being moved or dragged out.
    Lifted(usize),
    /// Text that is being typed, without its words.
    Typed,
    /// All of what is above a page.
    Marks,
}

/// What lies above and below: the largest is on top.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::boards) enum Rank {
    /// Among the elements.
    Element(OrderKey, ElementId),
    /// Above them all, in this order.
    Above(u32),
}

/// A thing on a sheet as triangles.
#[derive(Clone, Debug)]
pub(in crate::boards) struct Item {
    pub(in crate::boards) id: ItemId,
    pub(in crate::boards) rank: Rank,
    /// Holds all of it.
    pub(in crate::boards) bounds: Bounds,
    /// [`VERTEX_BYTES`] each.
    pub(in crate::boards) vertices: Vec<u8>,
    /// Three a triangle.
    pub(in crate::boards) indices: Vec<u32>,
    pub(in crate::boards) coat: Coat,
}

/// What triangles are covered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::boards) enum Coat {
    /// Ink that covers what is below.
    Ink,
    /// Ink that what is below shines through: what was dark on a light page stays as dark, and what was light on a dark
    /// one as light.
    Highlighter,
    /// This picture.
    Picture(ContentHash),
}

impl Coat {
    /// Of a stroke.
    pub(in crate::boards) fn of_stroke(is_highlighter: bool) -> Self {
        if is_highlighter { Self::Highlighter } else { Self::Ink }
    }

    /// The picture that has to be here for it.
    pub(in crate::boards) fn picture(self) -> Option<ContentHash> {
        match self {
            Self::Picture(hash) => Some(hash),
            Self::Ink | Self::Highlighter => None,
        }
    }
}

/// Something is different on the sheets.
#[derive(Debug)]
pub(in crate::boards) enum Change {
    /// These are there now, in place of what they were before.
    Put(SheetId, Vec<Item>),
    /// These are gone.
    Take(SheetId, Vec<ItemId>),
    /// Nothing is left of that sheet.
    Forget(SheetId),
    /// That picture is here.
    Picture(ContentHash, Handle<Image>),
    /// No picture is needed any more.
    ForgetPictures,
}

/// A texture has to be painted anew.
#[derive(Debug)]
pub(in crate::boards) struct Repaint {
    /// The texture; [`super::texture`] makes such ones.
    pub(in crate::boards) target: AssetId<Image>,
    pub(in crate::boards) sheet: SheetId,
    /// Painted over it.
    pub(in crate::boards) above: SheetId,
    pub(in crate::boards) cut: Cut,
    pub(in crate::boards) paper: Paper,
    pub(in crate::boards) damage: Damage,
}

/// What is to be done on the graphics card, in both worlds. Nothing waits here longer than until the painter is ready.
#[derive(Resource, Debug, Default)]
pub(in crate::boards) struct PaintOrders {
    /// Paints everything twice as fine, which is more than a processor that draws has time for.
    pub(in crate::boards) is_fine: bool,
    /// In this order.
    pub(in crate::boards) changes: Vec<Change>,
    /// Then these.
    pub(in crate::boards) repaints: Vec<Repaint>,
}

impl PaintOrders {
    /// Asks for a texture to be painted; together with what was asked for it before.
    pub(in crate::boards) fn repaint(&mut self, new: Repaint) {
        if new.damage.is_nothing() {
            return;
        }
        match self.repaints.iter_mut().find(|old| old.target == new.target) {
            Some(old) => {
                let is_same = (old.sheet, old.cut, old.paper) == (new.sheet, new.cut, new.paper);
                (old.sheet, old.cut, old.paper) = (new.sheet, new.cut, new.paper);
                old.damage.join(if is_same { new.damage } else { Damage::All });
            }
            None => self.repaints.push(new),
        }
    }
}
