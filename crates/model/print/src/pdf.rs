//! Boards as a document.

use crate::{PrintError, tree};
use pdf_writer::{Chunk, Content, Finish, Name, Pdf, Rect, Ref, TextStr};
use resvg::usvg::{Size, fontdb};
use std::collections::HashMap;
use std::sync::Arc;
use svg2pdf::ConversionOptions;

/// The longer side of a page in points: that of A3, whatever the board's size. It can be printed on any paper.
const LONG_SIDE: f32 = 420.0 / 25.4 * 72.0;
/// The board on a page.
const BOARD: Name<'static> = Name(b"Board");

/// A page of the document: where the drawing is among its objects, and how large it is.
struct Sheet {
    drawing: Ref,
    size: Size,
}

/// Writes a document with a page for each of `svgs`, which [`crate::svg`] has written. Text stays text, with the letters
/// that it needs inside the file.
///
/// # Errors
/// When there is no page, or one of them is not readable or too large.
pub fn pdf(svgs: &[&str], fonts: &Arc<fontdb::Database>) -> Result<Vec<u8>, PrintError> {
    if svgs.is_empty() {
        return Err(PrintError::NoPages);
    }
    let mut next = Ref::new(1);
    let (catalog, pages) = (next.bump(), next.bump());
    let mut drawings = Chunk::new();
    let mut sheets = Vec::with_capacity(svgs.len());
    for svg in svgs {
        sheets.push(draw(svg, fonts, &mut drawings, &mut next)?);
    }
    let ids: Vec<_> = sheets.iter().map(|_| (next.bump(), next.bump())).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).count(ids.len() as i32).kids(ids.iter().map(|(page, _)| *page));
    for (sheet, (page, content)) in sheets.iter().zip(&ids) {
        push_page(&mut pdf, sheet, pages, *page, *content);
    }
    pdf.document_info(next.bump()).producer(TextStr("Atrium"));
    pdf.extend(&drawings);
    Ok(pdf.finish())
}

/// Adds a drawing and all that it needs.
fn draw(svg: &str, fonts: &Arc<fontdb::Database>, drawings: &mut Chunk, next: &mut Ref) -> Result<Sheet, PrintError> {
    let tree = tree::read(svg, fonts)?;
    let options = ConversionOptions::default();
    let (chunk, drawing) = svg2pdf::to_chunk(&tree, options).map_err(|error| PrintError::Pdf(error.to_string()))?;
    let mut ids = HashMap::new();
    chunk.renumber_into(drawings, |old| *ids.entry(old).or_insert_with(|| next.bump()));
    let drawing = ids.get(&drawing).copied().ok_or_else(|| PrintError::Pdf("a page is empty".to_owned()))?;
    Ok(Sheet { drawing, size: tree.size() })
}

fn push_page(pdf: &mut Pdf, sheet: &Sheet, pages: Ref, page_id: Ref, content_id: Ref) {
    let scale = LONG_SIDE / sheet.size.width().max(sheet.size.height());
    let (width, height) = (sheet.size.width() * scale, sheet.size.height() * scale);
    let mut page = pdf.page(page_id);
    page.media_box(Rect::new(0.0, 0.0, width, height));
    page.parent(pages);
    page.group().transparency().isolated(true).knockout(false).color_space().device_rgb();
    page.contents(content_id);
    page.resources().x_objects().pair(BOARD, sheet.drawing);
    page.finish();
    let mut content = Content::new();
    content.transform([width, 0.0, 0.0, height, 0.0, 0.0]);
    content.x_object(BOARD);
    pdf.stream(content_id, &content.finish());
}
