//! Pages of boards become files. Who does that is not the scene's business.

use super::board::Boards;
use atrium_board::{Document, PageId};
use atrium_panels::BoardFile;
use atrium_protocol::BoardId;
use bevy::prelude::*;
use std::path::PathBuf;

/// Asks for a page as a file.
#[derive(Message, Clone, Debug)]
pub struct ExportBoard {
    /// What the board is called.
    pub board: String,
    /// All that is on the board.
    pub document: Box<Document>,
    /// The page.
    pub page: PageId,
    /// What kind of file.
    pub file: BoardFile,
}

/// A page has become a file, or has not.
#[derive(Message, Clone, Debug)]
pub struct Exported {
    /// The file, or why there is none.
    pub file: Result<PathBuf, String>,
    /// Characters that no font has.
    pub missing: Vec<char>,
    /// How many pictures are not in it, because they are not here.
    pub missing_images: usize,
}

pub(super) fn plugin(app: &mut App) {
    app.add_message::<ExportBoard>().add_message::<Exported>();
}

/// The wish for the page that one looks at.
pub(super) fn wish(boards: &Boards, board: BoardId, name: &str, file: BoardFile) -> Option<ExportBoard> {
    let easel = boards.easel(board)?;
    let document = Box::new(easel.document().clone());
    Some(ExportBoard { board: name.to_owned(), document, page: easel.page(), file })
}
