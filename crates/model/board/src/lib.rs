//! A whiteboard's document: what is on it, how it changes, and what several authors make of it.
//!
//! A board has pages without edges; an [`Element`] lies on one of them. It changes only by [`Operation`]s, which the
//! server puts into one order for everybody. Each property of an element belongs to whoever wrote it last in that
//! order. [`Document::apply`] is total: what no longer makes sense (its element is gone) has no effect, the same way
//! everywhere. [`Document::check`] says to an author beforehand what the server would refuse.
//!
//! A client keeps a [`Replica`]: the settled document with its own operations of which the server has not heard yet on
//! top. [`History`] is one person's undo and redo.
//!
//! Lengths are in millimetres of the board at its own scale, x to the right, y down; angles in radians, clockwise.

pub mod ink;
pub mod limits;

mod document;
mod element;
mod erase;
mod extent;
#[doc(hidden)]
pub mod fuzzing;
mod geometry;
mod history;
mod hit;
mod ids;
mod live;
mod operation;
mod order;
mod replica;
mod snapshot;
mod style;
mod template;

pub use document::{Asker, Change, Document, Page, Refusal, View};
pub use element::{Element, OperationId, Property, Shape};
pub use erase::{Eraser, erase_parts, stroke_edits};
pub use extent::arrow_head;
pub use geometry::{Bounds, Frame};
pub use history::{History, Undone};
pub use hit::{hit, inside};
pub use ids::{ElementId, IdSource, PageId};
pub use live::{Live, LiveError, LiveInk, Pointing};
pub use operation::{Edit, NewElement, Operation, OperationError, Props};
pub use order::OrderKey;
pub use replica::{Replica, Settled};
pub use snapshot::{SnapshotError, read_snapshot, write_snapshot};
pub use style::{Align, Color, Dash, Fill, Style};
pub use template::{Template, TemplateWords, template};
