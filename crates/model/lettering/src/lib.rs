//! Text on boards: cut into lines, and drawn with the fonts that there are.
//!
//! [`Lettering`] owns a database of fonts and lays text out with it: [`Lettering::lay_out`] for text that stands by
//! itself, [`Lettering::lay_out_note`] for text in the middle of a note. What comes back is the same for whoever
//! draws it: [`LaidOut`] has lines and runs of letters of one font for a writer of files, and
//! [`Lettering::outlines`] gives the outline of every letter for a mesh.
//!
//! Fonts are asked letter by letter: first a sans-serif for Latin, then one that has all of Chinese, then whatever is
//! there. Characters that Chinese and Japanese share are drawn the Chinese way, whatever the system's language is, so that
//! everybody at a board sees the same. A character that no font has is drawn as a box and told in [`LaidOut::missing`].
//!
//! Lengths are in millimetres, x to the right, y down. Nothing here finds or reads fonts by itself: whoever makes the
//! database says which there are (`fontdb::Database::load_system_fonts`, off the frame).

mod characters;
mod clean;
mod faces;
mod laid_out;
mod lettering;
mod memory;
mod note;
mod outline;
mod shape;
mod undrawn;

pub use faces::prefer_sans_serif;
pub use laid_out::{Align, LaidOut, Line, Run};
pub use lettering::Lettering;
pub use note::note_inset_mm;
pub use outline::{GlyphKey, GlyphOutline, OutlineCommand};

/// Distance of one baseline from the next, in heights of letters.
pub const LINE_EM: f32 = 1.35;
/// The baseline of a line below its top, in heights of letters. Half way between the line's top and bottom is then the
/// middle of capital letters and of Chinese characters alike, whichever fonts draw them.
pub const BASELINE_EM: f32 = LINE_EM / 2.0 + 0.36;
