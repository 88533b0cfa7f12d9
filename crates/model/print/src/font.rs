//! Which fonts a renderer takes.

use resvg::usvg::FontResolver;
use resvg::usvg::fontdb::{Database, Family, ID, Query};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Answers that are kept; then all are asked for again.
const ANSWERS: usize = 65_536;

/// The families that the file names, else the sans-serif, else whatever there is; for a character that they lack the first
/// font that has it. That asks every font, so each character is asked for once: a board may have a million of them.
pub(crate) fn resolver() -> FontResolver<'static> {
    let select = FontResolver::default_font_selector();
    let fall_back = FontResolver::default_fallback_selector();
    let answers: Mutex<HashMap<char, Option<ID>>> = Mutex::default();
    FontResolver {
        select_font: Box::new(move |font, fonts| select(font, fonts).or_else(|| any(fonts))),
        select_fallback: Box::new(move |character, used, fonts| {
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            if answers.len() >= ANSWERS {
                answers.clear();
            }
            let found = *answers.entry(character).or_insert_with(|| fall_back(character, used, fonts));
            found.filter(|id| !used.contains(id))
        }),
    }
}

fn any(fonts: &Database) -> Option<ID> {
    let query = Query { families: &[Family::SansSerif], ..Query::default() };
    fonts.query(&query).or_else(|| fonts.faces().next().map(|face| face.id))
}
