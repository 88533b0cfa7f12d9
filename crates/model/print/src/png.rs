//! A board as a picture.

use crate::{PrintError, tree};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Size, fontdb};
use std::sync::Arc;

/// Largest width and height of a picture, in pixels.
pub const PNG_SIDE_MAX: u32 = 16_384;
/// Most pixels of a picture: a quarter of a gigabyte while it is drawn.
pub const PNG_PIXELS_MAX: u64 = 64_000_000;

/// How large a picture is to be. Its height follows from the board.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PngSize {
    /// So many pixels from left to right.
    Width(u32),
    /// So many pixels a millimetre of the board.
    PixelsPerMm(f32),
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Png {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// It would have been larger than pictures may be, and is smaller than asked for.
    pub is_reduced: bool,
}

/// Millimetres of an inch, of which SVG's pixels are 96.
const PIXELS_PER_MM: f32 = 96.0 / 25.4;

/// Draws what [`crate::svg`] has written.
///
/// # Errors
/// When the size is none, or the SVG is not readable or too large.
pub fn png(svg: &str, size: PngSize, fonts: &Arc<fontdb::Database>) -> Result<Png, PrintError> {
    let tree = tree::read(svg, fonts)?;
    let (scale, is_reduced) = scale(tree.size(), size)?;
    let pixels = |length: f32| ((length * scale).round() as u32).clamp(1, PNG_SIDE_MAX);
    let (width, height) = (pixels(tree.size().width()), pixels(tree.size().height()));
    let mut picture = Pixmap::new(width, height).ok_or(PrintError::Size)?;
    // Rounded to whole pixels, so that no edge is half of one.
    let fit = Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(&tree, fit, &mut picture.as_mut());
    let bytes = picture.encode_png().map_err(|error| PrintError::Unreadable(error.to_string()))?;
    Ok(Png { bytes, width, height, is_reduced })
}

/// Pixels for a unit of the tree, and whether they are fewer than asked for.
fn scale(tree: Size, size: PngSize) -> Result<(f32, bool), PrintError> {
    let asked = match size {
        PngSize::Width(width) => width as f32 / tree.width(),
        PngSize::PixelsPerMm(pixels) => pixels / PIXELS_PER_MM,
    };
    if !asked.is_finite() || asked <= 0.0 {
        return Err(PrintError::Size);
    }
    let by_side = PNG_SIDE_MAX as f32 / tree.width().max(tree.height());
    let by_area = (PNG_PIXELS_MAX as f64 / (f64::from(tree.width()) * f64::from(tree.height()))).sqrt() as f32;
    let most = by_side.min(by_area);
    Ok((asked.min(most), asked > most * 1.001))
}
