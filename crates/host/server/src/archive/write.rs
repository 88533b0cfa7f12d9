use super::manifest::{BoardEntry, CHAT, FORMAT, ImageEntry, MANIFEST, Manifest, VERSION, board_name, image_name};
use super::{ArchiveError, RoomArchive};
use std::io::{Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Writes a room down.
pub(crate) fn write_archive<W: Write + Seek>(archive: &RoomArchive, target: W) -> Result<W, ArchiveError> {
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        room: archive.room.clone(),
        place: archive.place.clone(),
        boards: archive
            .boards
            .iter()
            .map(|(board, sequence, _)| BoardEntry { board: *board, sequence: *sequence })
            .collect(),
        images: archive
            .images
            .iter()
            .map(|image| ImageEntry { hash: image.hash, media_type: image.media_type.clone() })
            .collect(),
        chat_messages: archive.chat.len() as u64,
    };
    let mut chat = Vec::new();
    for message in &archive.chat {
        serde_json::to_writer(&mut chat, message).map_err(unwritable)?;
        chat.push(b'\n');
    }
    let mut entries = Entries { zip: ZipWriter::new(target) };
    entries.add(MANIFEST, &serde_json::to_vec_pretty(&manifest).map_err(unwritable)?, CompressionMethod::Deflated)?;
    entries.add(CHAT, &chat, CompressionMethod::Deflated)?;
    for (board, _, snapshot) in &archive.boards {
        entries.add(&board_name(*board), snapshot, CompressionMethod::Stored)?;
    }
    for image in &archive.images {
        entries.add(&image_name(image.hash, &image.media_type), &image.bytes, CompressionMethod::Stored)?;
    }
    entries.zip.finish().map_err(unwritable)
}

struct Entries<W: Write + Seek> {
    zip: ZipWriter<W>,
}

impl<W: Write + Seek> Entries<W> {
    fn add(&mut self, name: &str, content: &[u8], compression: CompressionMethod) -> Result<(), ArchiveError> {
        let options = SimpleFileOptions::default().compression_method(compression);
        self.zip.start_file(name, options).map_err(unwritable)?;
        self.zip.write_all(content).map_err(unwritable)
    }
}

fn unwritable(error: impl std::fmt::Display) -> ArchiveError {
    ArchiveError::Unwritable(error.to_string())
}
