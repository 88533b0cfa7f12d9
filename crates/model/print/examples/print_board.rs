//! Writes a board with everything on it to a folder: `cargo run -p atrium-print --example print_board -- FOLDER`.

mod sample;

use atrium_board::{Edit, PageId};
use atrium_lettering::Lettering;
use atrium_print::{Options, PngSize, pdf, png, svg};
use atrium_protocol::ContentHash;
use std::path::PathBuf;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write to")?);
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    let mut lettering = Lettering::new(fonts);
    let picture = sample::sunset();
    let hash = ContentHash::of(&picture);
    let mut board = sample::workshop(hash);
    let mut pages = Vec::new();
    for name in ["light", "dark"] {
        board.apply(Edit::Paper { is_dark: name == "dark" });
        let mut image = |wanted| (wanted == hash).then(|| picture.clone());
        let page = svg(&board.document, PageId::FIRST, &mut lettering, &mut image, &Options::default());
        println!("{name}: {} bytes, missing {:?} {:?}", page.text.len(), page.missing, page.missing_images);
        std::fs::write(folder.join(format!("{name}.svg")), &page.text)?;
        let fonts = Arc::new(lettering.fonts().clone());
        let drawn = png(&page.text, PngSize::Width(3_200), &fonts)?;
        std::fs::write(folder.join(format!("{name}.png")), &drawn.bytes)?;
        pages.push(page.text);
    }
    let pages: Vec<_> = pages.iter().map(String::as_str).collect();
    std::fs::write(folder.join("board.pdf"), pdf(&pages, &Arc::new(lettering.fonts().clone()))?)?;
    Ok(())
}
