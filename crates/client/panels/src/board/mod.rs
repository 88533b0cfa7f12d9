//! Panels of a whiteboard: tools and their styles, pages, who is there, and text that is typed on it.

mod intent;
mod pages;
pub(crate) mod questions;
mod state;
mod view;

pub use intent::{BoardFile, BoardIntent};
pub use state::{BoardMenu, BoardPanelIntent, BoardPanels};
pub use view::{BoardAuthor, BoardPerson, BoardText, BoardView, PageTab, Selection};
