//! What it costs to print a board: `cargo run --release -p atrium-print --example print_cost -- [ELEMENTS]`.

mod sample;

use atrium_board::PageId;
use atrium_lettering::Lettering;
use atrium_print::{Options, PngSize, pdf, png, svg};
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let elements = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    let mut lettering = Lettering::new(fonts);
    let document = timed("make the board", || sample::crowd(elements).document);
    let page = timed("SVG", || svg(&document, PageId::FIRST, &mut lettering, &mut |_| None, &Options::default()));
    println!("{:>16}: {:.1} MB, {} missing", "", page.text.len() as f64 / 1e6, page.missing.len());
    let fonts = Arc::new(lettering.fonts().clone());
    let drawn = timed("PNG, 4096 wide", || png(&page.text, PngSize::Width(4_096), &fonts))?;
    println!("{:>16}: {:.1} MB, {} x {}", "", drawn.bytes.len() as f64 / 1e6, drawn.width, drawn.height);
    let document = timed("PDF", || pdf(&[&page.text], &fonts))?;
    println!("{:>16}: {:.1} MB", "", document.len() as f64 / 1e6);
    Ok(())
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{what:>16}: {:.2} s", start.elapsed().as_secs_f64());
    result
}
