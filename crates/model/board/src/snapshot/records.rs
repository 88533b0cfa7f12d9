use super::{SnapshotError, malformed};
use crate::document::Page;
use crate::limits::PAGE_NAME_BYTES;
use crate::{ElementId, Frame, OperationId, OrderKey, PageId, Property, Style, View};
use atrium_protocol::{BoundedText, ContentHash, PersonId};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};
use std::ops::Not;

/// What comes first.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) format: u32,
    /// The last settled operation.
    pub(super) sequence: u64,
    /// How many follow.
    pub(super) elements: u32,
    pub(super) pages: Vec<PageRecord>,
    /// Pages that are forgotten already, while what was on them is still on its way out; since when they are removed.
    pub(super) half_forgotten: Vec<(PageId, u64)>,
    pub(super) shown: Option<View>,
    pub(super) is_frozen: bool,
    pub(super) is_dark: bool,
    pub(super) paper_by: Option<WriterRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PageRecord {
    pub(super) id: PageId,
    pub(super) order: OrderKey,
    pub(super) name: String,
    pub(super) is_removed: bool,
    /// By which settled operation.
    pub(super) removed_at: Option<u64>,
    pub(super) named_by: Option<WriterRecord>,
    pub(super) removed_by: Option<WriterRecord>,
}

/// Some elements, and what many of them have in common.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Block {
    pub(super) people: Vec<ByteArray<32>>,
    pub(super) styles: Vec<Style>,
    pub(super) elements: Vec<ElementRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ElementRecord {
    pub(super) id: ElementId,
    pub(super) page: PageId,
    pub(super) order: OrderKey,
    pub(super) frame: Frame,
    /// Which of the block's styles.
    pub(super) style: u16,
    pub(super) shape: ShapeRecord,
    /// Which of the block's people made it, and with which of their operations.
    pub(super) author: u16,
    pub(super) nonce: u64,
    pub(super) at_ms: u64,
    #[serde(default, skip_serializing_if = "Not::not")]
    pub(super) is_locked: bool,
    /// Removed, by which settled operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) removed_at: Option<u64>,
    /// Who wrote properties last, where that was not with the operation that made it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) written_by: Vec<(PropertyRecord, u16, u64)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ShapeRecord {
    Ink { is_highlighter: bool, points: ByteBuf, is_finished: bool },
    Line { ends: [[f32; 2]; 2], is_arrow: bool },
    Rectangle([f32; 2]),
    Ellipse([f32; 2]),
    Text { text: String, wrap_mm: Option<f32>, size: [f32; 2] },
    Sticky { text: String, size: [f32; 2] },
    Image { hash: ContentHash, size: [f32; 2] },
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PropertyRecord {
    Page,
    Order,
    Frame,
    Style,
    Size,
    Text,
    Locked,
    Removed,
}

/// An operation: whose, and their number.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WriterRecord(ByteArray<32>, u64);

impl From<OperationId> for WriterRecord {
    fn from(by: OperationId) -> Self {
        Self(ByteArray::new(by.author.0), by.nonce)
    }
}

impl From<WriterRecord> for OperationId {
    fn from(record: WriterRecord) -> Self {
        Self { author: PersonId(record.0.into_array()), nonce: record.1 }
    }
}

impl TryFrom<PageRecord> for Page {
    type Error = SnapshotError;

    fn try_from(record: PageRecord) -> Result<Self, SnapshotError> {
        let clean = BoundedText::<PAGE_NAME_BYTES>::new(record.name.as_str()).map_err(malformed)?;
        if clean.as_str() != record.name {
            return Err(malformed("a page's name"));
        }
        Ok(Self {
            id: record.id,
            order: record.order,
            name: record.name,
            is_removed: record.is_removed,
            named_by: record.named_by.map(Into::into),
            removed_by: record.removed_by.map(Into::into),
        })
    }
}

impl From<Property> for PropertyRecord {
    fn from(property: Property) -> Self {
        match property {
            Property::Page => Self::Page,
            Property::Order => Self::Order,
            Property::Frame => Self::Frame,
            Property::Style => Self::Style,
            Property::Size => Self::Size,
            Property::Text => Self::Text,
            Property::Locked => Self::Locked,
            Property::Removed => Self::Removed,
        }
    }
}

impl From<PropertyRecord> for Property {
    fn from(record: PropertyRecord) -> Self {
        match record {
            PropertyRecord::Page => Self::Page,
            PropertyRecord::Order => Self::Order,
            PropertyRecord::Frame => Self::Frame,
            PropertyRecord::Style => Self::Style,
            PropertyRecord::Size => Self::Size,
            PropertyRecord::Text => Self::Text,
            PropertyRecord::Locked => Self::Locked,
            PropertyRecord::Removed => Self::Removed,
        }
    }
}
