//! Boards on paper, read again and compared.

#[path = "../../examples/sample/mod.rs"]
mod sample;

mod hostile;
mod pictures;
mod reread;

use atrium_board::{Document, PageId};
use atrium_lettering::Lettering;
use atrium_print::{Options, Svg, svg};
use std::sync::Arc;

fn lettering() -> Lettering {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    Lettering::new(fonts)
}

fn fonts(lettering: &Lettering) -> Arc<fontdb::Database> {
    Arc::new(lettering.fonts().clone())
}

fn has_chinese(lettering: &Lettering) -> bool {
    lettering.fonts().faces().any(|face| face.families.iter().any(|(name, _)| name == "Noto Sans CJK SC"))
}

fn print(document: &Document, lettering: &mut Lettering) -> Svg {
    svg(document, PageId::FIRST, lettering, &mut |_| None, &Options::default())
}
