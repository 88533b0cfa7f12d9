//! Boards on paper: a page of a board as SVG, and that as PNG and PDF.
//!
//! [`svg`] writes what the app shows: every element is a group with its id and author, text is text that can be searched
//! and copied, set with the letters and the lines of [`atrium_lettering`], and pictures are inside the file. [`png`] and
//! [`pdf`] draw such files; the one picture, the other with a page for each.
//!
//! Nothing here reads files: fonts come as a database, pictures through a function. What could not be shown (a character
//! that no font has, a picture that is not there) is said in what comes back, for whoever asked for the file.

mod color;
mod error;
mod figure;
mod font;
mod ink;
mod note;
mod path;
mod pdf;
mod picture;
mod png;
mod svg;
mod text;
mod tree;
mod xml;

pub use error::PrintError;
pub use pdf::pdf;
pub use png::{PNG_PIXELS_MAX, PNG_SIDE_MAX, Png, PngSize, png};
pub use svg::{Options, Svg, svg};
