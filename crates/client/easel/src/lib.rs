//! What a person does at a whiteboard, without an engine, a window, a clock or a network.
//!
//! An [`Easel`] is one board as one person sees it: the document with their own changes on top, the tool in hand, what
//! is selected, what others draw at this moment, and what oneself looks at. Pointer, keys and buttons go in with the
//! time, and so does what the server says; what is to be sent, and what looks different now, is drained.
//!
//! * The pen has no delay: what it drew is shown at once ([`Easel::strokes`]), and becomes operations every quarter
//!   of a second and when it is lifted.
//! * Operations that touch the same thing are under way one after another, never two at a time. So the server may
//!   refuse one for a while (its disk is full, it is too much at once) and get it again later, and neither order nor
//!   ink is lost. What cannot be sent yet waits here, up to a limit.
//! * Nobody else's change waits for one's own, and the other way round: see `atrium_board::Replica`.
//!
//! [`mesh`] makes triangles of all this.
//!
//! Lengths are in millimetres of the page, x to the right, y down; angles in radians, clockwise. A page's origin is
//! the upper left corner of the board on the wall, until somebody moves what the wall shows.

mod action;
mod damage;
mod easel;
mod figure;
mod lifted;
mod live_out;
mod looking;
mod nonces;
mod others;
mod outbox;
mod output;
mod pace;
mod pointer;
mod selection_box;
mod shortcuts;
mod stroke;
mod styles;
mod text_edit;
mod tool;
mod touch;
mod warp;

pub mod mesh;

pub use action::{Action, Zoom};
pub use damage::Damage;
pub use easel::{Easel, Numbers, SelectionInfo};
pub use figure::Figure;
pub use lifted::Lifted;
pub use looking::{Sight, height_of};
pub use others::{Cursor, Trail};
pub use output::{Hindrance, Notice, Output, Saving};
pub use pointer::{Modifiers, Phase, PointerEvent, PointerShape};
pub use selection_box::{Handle, SelectionBox};
pub use shortcuts::{Key, KeyPress, shortcut};
pub use stroke::LiveStroke;
pub use styles::{HIGHLIGHTER_WIDTHS_MM, LETTER_SIZES_MM, LINE_WIDTHS_MM};
pub use text_edit::TextEdit;
pub use tool::Tool;
