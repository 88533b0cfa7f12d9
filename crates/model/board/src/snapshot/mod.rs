//! A whole board as bytes: blocks of MessagePack, each with its length before it, in one zstd frame.

mod element;
mod records;

use crate::Document;
use crate::document::{Buried, Page};
use crate::limits::{ELEMENTS, PAGES_KEPT, SNAPSHOT_BYTES, UNPACKED_BYTES};
use atrium_protocol::{decode_message, encode_message};
use element::{BlockWriter, read_element};
use records::{Block, Header, PageRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io::{Read, Write};

/// The first number of a snapshot.
const FORMAT: u32 = 1;
/// A good compromise between time and size.
const LEVEL: i32 = 3;
/// Largest window that a snapshot may ask for: 8 MiB.
const WINDOW_LOG: u32 = 23;
/// Largest block. Blocks are closed when they are over [`BLOCK_BYTES`] without names and numbers.
const BLOCK_BYTES_MAX: usize = 4 * 1024 * 1024;
const BLOCK_BYTES: usize = 256 * 1024;
/// Most elements of a block.
const BLOCK_ELEMENTS: usize = 512;

/// Why bytes are not a snapshot, or a snapshot could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Over [`SNAPSHOT_BYTES`] or [`UNPACKED_BYTES`].
    #[error("this snapshot of a board is too large")]
    TooLarge,
    /// Not written by [`write_snapshot`].
    #[error("not a snapshot of a board: {0}")]
    Malformed(String),
}

fn malformed(why: impl ToString) -> SnapshotError {
    SnapshotError::Malformed(why.to_string())
}

/// A whole board with everything that makes later operations mean the same as they did: what was removed lately, and
/// who has written what.
///
/// # Errors
/// [`SnapshotError::TooLarge`].
pub fn write_snapshot(document: &Document) -> Result<Vec<u8>, SnapshotError> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), LEVEL).map_err(malformed)?;
    encoder.include_checksum(true).map_err(malformed)?;
    let mut unpacked = 0;
    let mut put = |bytes: Vec<u8>| {
        unpacked += bytes.len() + 4;
        encoder.write_all(&(bytes.len() as u32).to_be_bytes())?;
        encoder.write_all(&bytes)
    };
    put(encoded(&header_of(document))?).map_err(malformed)?;
    let mut elements: Vec<_> = document.store.all().collect();
    elements.sort_unstable_by_key(|element| element.id);
    let mut block = BlockWriter::default();
    for element in elements {
        block.push(element, removed_at(document, Buried::Element(element.id), element.is_removed));
        if block.is_full() {
            put(encoded(&std::mem::take(&mut block).finish())?).map_err(malformed)?;
        }
    }
    if !block.is_empty() {
        put(encoded(&block.finish())?).map_err(malformed)?;
    }
    let bytes = encoder.finish().map_err(malformed)?;
    if bytes.len() > SNAPSHOT_BYTES || unpacked > UNPACKED_BYTES { Err(SnapshotError::TooLarge) } else { Ok(bytes) }
}

/// What is removed has been so since this operation; if that is not settled, it counts as if the last one had done it.
fn removed_at(document: &Document, what: Buried, is_removed: bool) -> Option<u64> {
    is_removed.then(|| document.graves.removed_at(what).unwrap_or(document.sequence))
}

fn encoded<T: Serialize>(block: &T) -> Result<Vec<u8>, SnapshotError> {
    encode_message(block, BLOCK_BYTES_MAX).map_err(malformed)
}

fn header_of(document: &Document) -> Header {
    let page_record = |page: &Page| PageRecord {
        id: page.id,
        order: page.order.clone(),
        name: page.name.clone(),
        removed_at: removed_at(document, Buried::Page(page.id), page.is_removed),
        is_removed: page.is_removed,
        named_by: page.named_by.map(Into::into),
        removed_by: page.removed_by.map(Into::into),
    };
    let half_forgotten = document.graves.all().filter_map(|(what, since)| match what {
        Buried::Page(id) if document.page(id).is_none() => Some((id, since)),
        _ => None,
    });
    Header {
        format: FORMAT,
        sequence: document.sequence,
        elements: document.len() as u32,
        pages: document.pages.values().map(page_record).collect(),
        half_forgotten: half_forgotten.collect(),
        shown: document.shown,
        is_frozen: document.is_frozen,
        is_dark: document.is_dark,
        paper_by: document.paper_by.map(Into::into),
    }
}

/// Reads what [`write_snapshot`] wrote, and checks all of it.
///
/// # Errors
/// [`SnapshotError`]. However small the bytes are, what they unpack to is looked at only up to [`UNPACKED_BYTES`], and
/// at most a block of it is in memory beside the document.
pub fn read_snapshot(bytes: &[u8]) -> Result<Document, SnapshotError> {
    if bytes.len() > SNAPSHOT_BYTES {
        return Err(SnapshotError::TooLarge);
    }
    let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(malformed)?;
    decoder.window_log_max(WINDOW_LOG).map_err(malformed)?;
    read_blocks(decoder)
}

/// The same, unpacked.
pub(crate) fn read_blocks(unpacked: impl Read) -> Result<Document, SnapshotError> {
    let mut unpacked = unpacked.take(UNPACKED_BYTES as u64);
    let header: Header = read_block(&mut unpacked)?;
    let count = header.elements as usize;
    let mut document = begin(header)?;
    while document.len() < count {
        let block: Block = read_block(&mut unpacked)?;
        if block.elements.is_empty() || document.len() + block.elements.len() > count {
            return Err(malformed("another number of elements than it says"));
        }
        for record in block.elements {
            let (element, removed_at) = read_element(record, &block.styles, &block.people, &document)?;
            if let Some(sequence) = removed_at {
                document.graves.bury(Buried::Element(element.id), sequence);
            }
            document.store.insert(element);
        }
    }
    (document.graves.settled_elements, document.graves.settled_bytes) = (count, document.store.weight_bytes() as i64);
    match unpacked.read(&mut [0]) {
        Ok(0) => Ok(document),
        Ok(_) => Err(malformed("bytes after its end")),
        Err(error) => Err(malformed(error)),
    }
}

fn read_block<T: DeserializeOwned>(unpacked: &mut impl Read) -> Result<T, SnapshotError> {
    let mut length = [0; 4];
    unpacked.read_exact(&mut length).map_err(malformed)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > BLOCK_BYTES_MAX {
        return Err(malformed("too large a block"));
    }
    let mut block = Vec::new();
    unpacked.take(length as u64).read_to_end(&mut block).map_err(malformed)?;
    if block.len() < length {
        return Err(malformed("it ends too early"));
    }
    decode_message(&block, BLOCK_BYTES_MAX).map_err(malformed)
}

/// The document without its elements.
fn begin(header: Header) -> Result<Document, SnapshotError> {
    if header.format != FORMAT {
        return Err(malformed(format!("format {} is newer than this program", header.format)));
    }
    // More than a board takes: operations on their way when it became full were let through.
    if header.elements as usize > ELEMENTS + ELEMENTS / 8 || header.pages.len() > PAGES_KEPT + PAGES_KEPT / 8 {
        return Err(malformed("too many elements or pages"));
    }
    let mut document = Document { pages: BTreeMap::new(), ..Document::default() };
    for record in header.pages {
        let removed_at = record.removed_at.filter(|since| *since <= header.sequence);
        let page = Page::try_from(record)?;
        if page.is_removed != removed_at.is_some() {
            return Err(malformed("a page that is removed and is not"));
        }
        if let Some(sequence) = removed_at {
            document.graves.bury(Buried::Page(page.id), sequence);
        }
        if document.pages.insert(page.id, page).is_some() {
            return Err(malformed("a page twice"));
        }
    }
    for (id, since) in header.half_forgotten {
        if document.pages.contains_key(&id) || since > header.sequence {
            return Err(malformed("a forgotten page"));
        }
        document.graves.bury(Buried::Page(id), since);
    }
    if document.pages().next().is_none() || header.shown.is_some_and(|view| !view.is_possible()) {
        return Err(malformed("a board without a page, or a view of nothing"));
    }
    document.sequence = header.sequence;
    (document.shown, document.is_frozen, document.is_dark) = (header.shown, header.is_frozen, header.is_dark);
    document.paper_by = header.paper_by.map(Into::into);
    Ok(document)
}
