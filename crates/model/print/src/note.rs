//! Sticky notes.

use crate::color::{ON_NOTE, hex};
use crate::svg::Writer;
use crate::text::push_laid_out;
use crate::xml::{push_attribute, push_number_attribute};
use atrium_board::Element;
use glam::Vec2;

/// How far a shadow reaches over a note's edges, and how far down it lies, as shares of the note's shorter side.
const REACH: f32 = 0.075;
const DOWN: f32 = 0.028;
/// How dark it is where it is darkest.
const DARKNESS: f32 = 0.17;
/// Layers of a soft shadow. Layers, since blurring makes pixels of what is else lines, and not every program can.
const SOFT: usize = 14;
/// Layers of a plain shadow, for boards of so many notes that programs would not open them otherwise.
const PLAIN: usize = 2;
/// More notes have the plain shadow.
const SOFT_NOTES: usize = 5_000;

/// Layers of a note's shadow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shadows(usize);

impl Shadows {
    pub(crate) fn for_notes(notes: usize) -> Self {
        Self(if notes <= SOFT_NOTES { SOFT } else { PLAIN })
    }
}

/// A note, its shadow and its text.
pub(crate) fn push(writer: &mut Writer<'_>, text: &str, size: Vec2, element: &Element) {
    let size = size.abs();
    push_shadow(writer, size, down(element));
    writer.out.push_str("<rect");
    writer.rectangle(Vec2::ZERO, size);
    push_attribute(&mut writer.out, "fill", &hex(element.style.color.paper()));
    writer.out.push_str("/>");
    let laid_out = writer.lettering.lay_out_note(text, element.style.letter_mm, size);
    push_laid_out(writer, &laid_out, ON_NOTE);
}

/// Layers upon each other from the outermost to one that is smaller than the note, so that it fades over its edges.
fn push_shadow(writer: &mut Writer<'_>, size: Vec2, down: Vec2) {
    let short = size.min_element();
    let layers = writer.shadows.0;
    let mut covered = 0.0;
    for layer in 0..layers {
        let inwards = (layer as f32 + 0.5) / layers as f32;
        // Light fades slowly at first and last.
        let wanted = DARKNESS * inwards * inwards * (3.0 - 2.0 * inwards);
        let opacity = (wanted - covered) / (1.0 - covered);
        covered = wanted;
        let reach = Vec2::splat(REACH * short * (1.0 - 1.5 * inwards));
        writer.out.push_str("<rect");
        writer.rectangle(down * DOWN * short - reach, size + 2.0 * reach);
        push_number_attribute(&mut writer.out, "rx", REACH * short * 1.5 * (1.0 - inwards));
        writer.out.push_str(" fill=\"#1c1814\"");
        push_number_attribute(&mut writer.out, "fill-opacity", opacity);
        writer.out.push_str("/>");
    }
}

/// Where down on the page is in the note's own space: light comes from above, however a note is turned.
fn down(element: &Element) -> Vec2 {
    let turned = Vec2::from_angle(-element.frame.rotation).rotate(Vec2::Y);
    turned * element.frame.scale.signum()
}
