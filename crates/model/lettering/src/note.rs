//! Text in the middle of a note.

use crate::shape::Wish;
use crate::{Align, LaidOut};
use glam::Vec2;

/// Between a note's edge and its text, as a share of a square note's side.
const INSET: f32 = 0.09;
/// Letters shrink to this share of what was asked for before words are cut.
const SHRINKS_FOR_WORDS: f32 = 0.4;
/// Letters never shrink below this share.
const SHRINKS_AT_MOST: f32 = 1.0 / 32.0;
/// Sizes that are tried between the largest and the smallest: a twelfth apart at first.
const STEPS: i32 = 44;

/// Between a note's edges and its text, left and right, and above and below. Wide notes have more at the sides.
pub fn note_inset_mm(size: Vec2) -> Vec2 {
    let short = size.abs().min_element();
    Vec2::new((size.x.abs() * short).sqrt(), short) * INSET
}

/// The largest letters, up to `letter_mm`, with which the text fits into a note; every line in the middle. What does not
/// fit even with the smallest sticks out below.
pub(crate) fn lay_out(letter_mm: f32, size: Vec2, mut shape: impl FnMut(Wish) -> LaidOut) -> LaidOut {
    let inset = note_inset_mm(size);
    let inner = (size - 2.0 * inset).max(Vec2::splat(1e-3));
    let mut try_at = |step: i32, cuts_words| {
        let share = SHRINKS_AT_MOST.powf(step as f32 / STEPS as f32);
        shape(Wish { letter_mm: letter_mm * share, wrap_mm: Some(inner.x), align: Align::Middle, cuts_words })
    };
    let fits = |laid_out: &LaidOut| {
        let widest = laid_out.lines.iter().map(|line| line.width_mm).fold(0.0, f32::max);
        laid_out.size.y <= inner.y * 1.001 && widest <= inner.x * 1.001
    };
    let step_for_words = (SHRINKS_FOR_WORDS.log(SHRINKS_AT_MOST) * STEPS as f32) as i32;
    let whole = largest(step_for_words, |step| try_at(step, false), fits);
    let mut laid_out = match whole {
        Some(laid_out) => laid_out,
        None => largest(STEPS, |step| try_at(step, true), fits).unwrap_or_else(|| try_at(STEPS, true)),
    };
    let above = (size.y - laid_out.size.y) / 2.0;
    laid_out.shift(Vec2::new(inset.x, above.max(inset.y)));
    laid_out.size = size;
    laid_out
}

/// The first of the steps `0..=last` that fits, which later ones do too.
fn largest(last: i32, mut make: impl FnMut(i32) -> LaidOut, fits: impl Fn(&LaidOut) -> bool) -> Option<LaidOut> {
    let first = make(0);
    if fits(&first) {
        return Some(first);
    }
    let mut best = Some(make(last)).filter(&fits)?;
    let (mut too_large, mut fitting) = (0, last);
    while fitting - too_large > 1 {
        let middle = (too_large + fitting) / 2;
        let tried = make(middle);
        if fits(&tried) {
            (fitting, best) = (middle, tried);
        } else {
            too_large = middle;
        }
    }
    Some(best)
}
