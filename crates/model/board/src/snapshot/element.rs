use super::records::{Block, ElementRecord, ShapeRecord};
use super::{BLOCK_BYTES, BLOCK_ELEMENTS, SnapshotError, malformed};
use crate::document::{Buried, Document};
use crate::ink::Points;
use crate::limits::TEXT_BYTES;
use crate::operation::{are_possible_ends, is_possible_size, is_possible_wrap};
use crate::{Element, OperationId, Property, Shape, Style};
use atrium_protocol::{BoundedText, PersonId};
use glam::Vec2;
use serde_bytes::{ByteArray, ByteBuf};
use std::collections::HashMap;

/// Gathers elements of a block.
#[derive(Default)]
pub(super) struct BlockWriter {
    block: Block,
    people: HashMap<PersonId, u16>,
    bytes: usize,
}

impl BlockWriter {
    pub(super) fn is_empty(&self) -> bool {
        self.block.elements.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes >= BLOCK_BYTES || self.block.elements.len() >= BLOCK_ELEMENTS
    }

    pub(super) fn finish(self) -> Block {
        self.block
    }

    /// `removed_at` of a removed element.
    pub(super) fn push(&mut self, element: &Element, removed_at: Option<u64>) {
        let written = element.written_by.iter();
        let written_by = written.map(|(what, by)| ((*what).into(), self.person(by.author), by.nonce)).collect();
        let record = ElementRecord {
            id: element.id,
            page: element.page,
            order: element.order.clone(),
            frame: element.frame,
            style: self.style(element.style),
            shape: record_of(&element.shape),
            author: self.person(element.made_by.author),
            nonce: element.made_by.nonce,
            at_ms: element.made_at_ms,
            is_locked: element.is_locked,
            removed_at,
            written_by,
        };
        self.bytes += 64 + element.heap_bytes();
        self.block.elements.push(record);
    }

    fn person(&mut self, person: PersonId) -> u16 {
        *self.people.entry(person).or_insert_with(|| {
            self.block.people.push(ByteArray::new(person.0));
            // A block has 512 elements with at most nine operations each.
            self.block.people.len() as u16 - 1
        })
    }

    fn style(&mut self, style: Style) -> u16 {
        let known = self.block.styles.iter().rposition(|known| *known == style);
        known.unwrap_or_else(|| {
            self.block.styles.push(style);
            self.block.styles.len() - 1
        }) as u16
    }
}

fn record_of(shape: &Shape) -> ShapeRecord {
    match shape {
        Shape::Ink { is_highlighter, points, is_finished } => ShapeRecord::Ink {
            is_highlighter: *is_highlighter,
            points: ByteBuf::from(points.packed()),
            is_finished: *is_finished,
        },
        Shape::Line { ends, is_arrow } => ShapeRecord::Line { ends: ends.map(Into::into), is_arrow: *is_arrow },
        Shape::Rectangle { size } => ShapeRecord::Rectangle((*size).into()),
        Shape::Ellipse { size } => ShapeRecord::Ellipse((*size).into()),
        Shape::Text { text, wrap_mm, size } => {
            ShapeRecord::Text { text: text.clone(), wrap_mm: *wrap_mm, size: (*size).into() }
        }
        Shape::Sticky { text, size } => ShapeRecord::Sticky { text: text.clone(), size: (*size).into() },
        Shape::Image { hash, size } => ShapeRecord::Image { hash: *hash, size: (*size).into() },
    }
}

/// An element, and by which operation it was removed.
pub(super) fn read_element(
    record: ElementRecord,
    styles: &[Style],
    people: &[ByteArray<32>],
    document: &Document,
) -> Result<(Element, Option<u64>), SnapshotError> {
    let writer = |person: u16, nonce: u64| {
        let author = people.get(usize::from(person)).map(|person| PersonId(**person));
        author.map(|author| OperationId { author, nonce }).ok_or_else(|| malformed("nobody made it"))
    };
    let style = styles.get(usize::from(record.style)).copied().filter(Style::is_possible);
    let style = style.ok_or_else(|| malformed("how an element looks"))?;
    let is_removed = record.removed_at.is_some();
    let is_page_known = document.pages.contains_key(&record.page)
        || document.graves.removed_at(Buried::Page(record.page)).is_some()
        || is_removed;
    let is_possible = record.frame.is_possible()
        && is_page_known
        && document.element(record.id).is_none()
        && record.removed_at.is_none_or(|since| since <= document.sequence);
    if !is_possible {
        return Err(malformed("an element that cannot be"));
    }
    let made = (writer(record.author, record.nonce)?, record.at_ms);
    let place = (record.page, record.order);
    let mut element = Element::new(record.id, place, record.frame, style, shape_of(record.shape)?, made);
    (element.is_locked, element.is_removed) = (record.is_locked, is_removed);
    for (property, person, nonce) in record.written_by {
        element.set_writer(Property::from(property), writer(person, nonce)?);
    }
    Ok((element, record.removed_at))
}

fn shape_of(record: ShapeRecord) -> Result<Shape, SnapshotError> {
    Ok(match record {
        ShapeRecord::Ink { is_highlighter, points, is_finished } => {
            Shape::Ink { is_highlighter, points: Points::from_packed(&points).map_err(malformed)?, is_finished }
        }
        ShapeRecord::Line { ends, is_arrow } if are_possible_ends(&ends) => {
            Shape::Line { ends: ends.map(Vec2::from), is_arrow }
        }
        ShapeRecord::Line { .. } => return Err(malformed("the ends of a line")),
        ShapeRecord::Rectangle(size) => Shape::Rectangle { size: checked(size)? },
        ShapeRecord::Ellipse(size) => Shape::Ellipse { size: checked(size)? },
        ShapeRecord::Text { text, wrap_mm, size } if is_possible_wrap(wrap_mm) && wrap_mm != Some(0.0) => {
            Shape::Text { text: clean(text)?, wrap_mm, size: checked(size)? }
        }
        ShapeRecord::Text { .. } => return Err(malformed("where text is wrapped")),
        ShapeRecord::Sticky { text, size } => Shape::Sticky { text: clean(text)?, size: checked(size)? },
        ShapeRecord::Image { hash, size } => Shape::Image { hash, size: checked(size)? },
    })
}

fn checked(size: [f32; 2]) -> Result<Vec2, SnapshotError> {
    let size = Vec2::from(size);
    if is_possible_size(size) { Ok(size) } else { Err(malformed("the size of an element")) }
}

fn clean(text: String) -> Result<String, SnapshotError> {
    BoundedText::<TEXT_BYTES>::new(text).map(Into::into).map_err(malformed)
}
