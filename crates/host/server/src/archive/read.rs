use super::manifest::{CHAT, FORMAT, Heading, MANIFEST, Manifest, VERSION, board_name, image_name};
use super::{ArchiveError, CHAT_MESSAGES, ENTRIES, RoomArchive, TOTAL_BYTES};
use crate::boards::check_picture;
use atrium_board::read_snapshot;
use atrium_protocol::{ChatMessage, ContentHash, RoomId, limits};
use atrium_store::StoredImage;
use std::collections::BTreeSet;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Largest manifest: that of a room full of pictures.
const MANIFEST_BYTES: u64 = 16 * 1024 * 1024;
/// Largest chat.
const CHAT_BYTES: u64 = 128 * 1024 * 1024;
/// Most boards of a place.
const BOARDS: usize = 256;

/// Reads what [`super::write_archive`] wrote, and checks all of it: boards and pictures can be read, and are what the
/// manifest says.
pub(crate) fn read_archive<R: Read + Seek>(source: R) -> Result<RoomArchive, ArchiveError> {
    let mut entries = Entries::open(source)?;
    let manifest = entries.manifest()?;
    entries.check_names(&manifest)?;
    RoomId::parse(&manifest.place).map_err(|_| damaged(MANIFEST, "it names no possible place"))?;
    let mut archive = RoomArchive {
        room: manifest.room.clone(),
        place: manifest.place.clone(),
        boards: Vec::new(),
        images: Vec::new(),
        chat: entries.chat(&manifest)?,
    };
    for entry in &manifest.boards {
        let name = board_name(entry.board);
        let snapshot = entries.read(&name, limits::SNAPSHOT_BYTES as u64)?;
        let document = read_snapshot(&snapshot).map_err(|error| damaged(&name, error))?;
        if document.sequence() != entry.sequence {
            return Err(damaged(&name, "it is of another operation than the manifest says"));
        }
        archive.boards.push((entry.board, entry.sequence, snapshot));
    }
    let mut counted = 0;
    for entry in &manifest.images {
        let name = image_name(entry.hash, &entry.media_type);
        let image = entries.image(&name, entry.hash, &entry.media_type)?;
        counted += image.counted();
        if counted > limits::ROOM_IMAGES_BYTES {
            return Err(ArchiveError::TooLarge(format!(
                "its pictures have more than {} bytes",
                limits::ROOM_IMAGES_BYTES
            )));
        }
        archive.images.push(image);
    }
    Ok(archive)
}

struct Entries<R: Read + Seek> {
    zip: ZipArchive<R>,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl<R: Read + Seek> Entries<R> {
    fn open(source: R) -> Result<Self, ArchiveError> {
        let zip = ZipArchive::new(source).map_err(|error| ArchiveError::NotOurs(error.to_string()))?;
        if zip.len() > ENTRIES {
            return Err(ArchiveError::TooLarge(format!("it has {} entries", zip.len())));
        }
        Ok(Self { zip, left: TOTAL_BYTES })
    }

    /// An entry, all of it. What its header says of its size counts for nothing.
    fn read(&mut self, name: &str, most: u64) -> Result<Vec<u8>, ArchiveError> {
        let most = most.min(self.left);
        let entry = self.zip.by_name(name).map_err(|error| damaged(name, error))?;
        let mut content = Vec::new();
        entry.take(most + 1).read_to_end(&mut content).map_err(|error| damaged(name, error))?;
        if content.len() as u64 > most {
            return Err(ArchiveError::TooLarge(format!("{name} has more than {most} bytes")));
        }
        self.left -= content.len() as u64;
        Ok(content)
    }

    fn manifest(&mut self) -> Result<Manifest, ArchiveError> {
        if self.zip.index_for_name(MANIFEST).is_none() {
            return Err(ArchiveError::NotOurs(format!("it has no {MANIFEST}")));
        }
        let bytes = self.read(MANIFEST, MANIFEST_BYTES)?;
        let not_ours = |error: serde_json::Error| ArchiveError::NotOurs(format!("{MANIFEST}: {error}"));
        let heading: Heading = serde_json::from_slice(&bytes).map_err(not_ours)?;
        if heading.format != FORMAT {
            return Err(ArchiveError::NotOurs(format!("{MANIFEST} is of another program")));
        }
        match heading.version {
            VERSION => serde_json::from_slice(&bytes).map_err(|error| damaged(MANIFEST, error)),
            0 => Err(damaged(MANIFEST, "there is no format 0")),
            found => Err(ArchiveError::Newer { found, known: VERSION }),
        }
    }

    /// Every entry is named by the manifest, and none twice.
    fn check_names(&self, manifest: &Manifest) -> Result<(), ArchiveError> {
        if manifest.boards.len() > BOARDS {
            return Err(ArchiveError::TooLarge(format!("it has {} boards", manifest.boards.len())));
        }
        let boards = manifest.boards.iter().map(|entry| board_name(entry.board));
        let images = manifest.images.iter().map(|entry| image_name(entry.hash, &entry.media_type));
        let mut expected = BTreeSet::from([MANIFEST.to_owned(), CHAT.to_owned()]);
        let named = 2 + manifest.boards.len() + manifest.images.len();
        expected.extend(boards.chain(images));
        if expected.len() != named {
            return Err(damaged(MANIFEST, "it names something twice"));
        }
        for name in self.zip.file_names() {
            let name = name.map_err(|error| ArchiveError::Damaged(error.to_string()))?;
            if !expected.contains(name.as_ref()) {
                let name: String = name.chars().take(80).collect();
                return Err(ArchiveError::Damaged(format!("its manifest does not name {name:?}")));
            }
        }
        Ok(())
    }

    fn chat(&mut self, manifest: &Manifest) -> Result<Vec<ChatMessage>, ArchiveError> {
        if manifest.chat_messages > u64::from(CHAT_MESSAGES) {
            return Err(ArchiveError::TooLarge(format!("its chat has {} messages", manifest.chat_messages)));
        }
        let text = self.read(CHAT, CHAT_BYTES)?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let mut chat: Vec<ChatMessage> = Vec::new();
        for line in lines {
            if chat.len() as u64 == manifest.chat_messages {
                return Err(damaged(CHAT, "it has more messages than the manifest says"));
            }
            let message: ChatMessage = serde_json::from_slice(line).map_err(|error| damaged(CHAT, error))?;
            if chat.last().is_some_and(|before| before.sequence >= message.sequence) {
                return Err(damaged(CHAT, "its messages are not in order"));
            }
            chat.push(message);
        }
        if chat.len() as u64 == manifest.chat_messages { Ok(chat) } else { Err(damaged(CHAT, "messages are missing")) }
    }

    fn image(&mut self, name: &str, hash: ContentHash, media_type: &str) -> Result<StoredImage, ArchiveError> {
        let bytes = self.read(name, limits::IMAGE_BYTES as u64)?;
        if ContentHash::of(&bytes) != hash {
            return Err(damaged(name, "its content has another hash"));
        }
        if check_picture(&bytes).map_err(|error| damaged(name, error))? != media_type {
            return Err(damaged(name, "it is of another kind than the manifest says"));
        }
        Ok(StoredImage { hash, media_type: media_type.to_owned(), bytes })
    }
}

fn damaged(name: &str, why: impl std::fmt::Display) -> ArchiveError {
    ArchiveError::Damaged(format!("{name}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::write_archive;
    use crate::boards::test_boards::{BOARD, rectangle};
    use atrium_board::{Document, Operation, OperationId, write_snapshot};
    use atrium_protocol::{BoardId, ChatText, DisplayName, PersonId};
    use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
    use std::io::{Cursor, Write as _};
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    fn picture() -> StoredImage {
        let mut bytes = Vec::new();
        PngEncoder::new(&mut bytes).write_image(&[9; 48], 4, 4, ExtendedColorType::Rgb8).unwrap();
        StoredImage { hash: ContentHash::of(&bytes), media_type: "image/png".into(), bytes }
    }

    fn snapshot(sequence: u64) -> Vec<u8> {
        let mut document = Document::default();
        let by = OperationId { author: PersonId([1; 32]), nonce: 1 };
        document.settle(sequence, by, 5, &Operation { edits: vec![rectangle(1)] });
        write_snapshot(&document).unwrap()
    }

    fn said(sequence: u64) -> ChatMessage {
        ChatMessage {
            sequence,
            at_ms: 5,
            author: PersonId([1; 32]),
            name: DisplayName::new("Ada").unwrap(),
            nonce: sequence,
            text: ChatText::new("Grüße,\n世界").unwrap(),
        }
    }

    fn archive() -> RoomArchive {
        RoomArchive {
            room: RoomId::parse("lab").unwrap(),
            place: "boardroom".into(),
            boards: vec![(BOARD, 40, snapshot(40)), (BoardId(3), 7, snapshot(7))],
            images: vec![picture()],
            chat: vec![said(4), said(9)],
        }
    }

    fn written(archive: &RoomArchive) -> Vec<u8> {
        write_archive(archive, Cursor::new(Vec::new())).unwrap().into_inner()
    }

    fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
            zip.start_file(*name, options).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn error(bytes: &[u8]) -> ArchiveError {
        read_archive(Cursor::new(bytes)).unwrap_err()
    }

    #[test]
    fn an_archive_comes_back_as_it_was() {
        assert_eq!(read_archive(Cursor::new(written(&archive()))), Ok(archive()));
        let empty = RoomArchive { boards: vec![], images: vec![], chat: vec![], ..archive() };
        assert_eq!(read_archive(Cursor::new(written(&empty))), Ok(empty));
    }

    #[test]
    fn other_files_and_versions_are_refused_with_a_sentence() {
        assert!(matches!(error(b""), ArchiveError::NotOurs(_)));
        assert!(matches!(error(b"PK but no more"), ArchiveError::NotOurs(_)));
        assert!(matches!(error(&zipped(&[("a.txt", b"a")])), ArchiveError::NotOurs(_)));
        let manifest = |text: &str| zipped(&[(MANIFEST, text.as_bytes()), (CHAT, b"")]);
        assert!(matches!(error(&manifest("[]")), ArchiveError::NotOurs(_)));
        assert!(matches!(error(&manifest(r#"{"format": "bookmarks", "version": 1}"#)), ArchiveError::NotOurs(_)));
        let newer = error(&manifest(r#"{"format": "atrium-room", "version": 2, "all": "different"}"#));
        assert_eq!(newer, ArchiveError::Newer { found: 2, known: 1 });
        assert!(newer.to_string().contains("upgrade"), "{newer}");
        assert!(matches!(error(&manifest(r#"{"format": "atrium-room", "version": 0}"#)), ArchiveError::Damaged(_)));
        assert!(matches!(error(&manifest(r#"{"format": "atrium-room", "version": 1}"#)), ArchiveError::Damaged(_)));
    }

    #[test]
    fn what_the_manifest_does_not_name_is_refused() {
        let manifest = r#"{"format":"atrium-room","version":1,"room":"lab","place":"p","boards":[],"images":[],"chat_messages":0}"#;
        let good: &[(&str, &[u8])] = &[(MANIFEST, manifest.as_bytes()), (CHAT, b"")];
        assert!(read_archive(Cursor::new(zipped(good))).is_ok());
        for name in ["../../etc/passwd", "/etc/passwd", "boards/0.snapshot", "images/..", "C:\\x", "manifest.json/"] {
            let with = [good, &[(name, b"x" as &[u8])]].concat();
            assert!(matches!(error(&zipped(&with)), ArchiveError::Damaged(_)), "{name}");
        }
    }

    #[test]
    fn contents_that_are_not_what_they_should_be_are_refused() {
        let spoilt = |spoil: &dyn Fn(&mut RoomArchive)| {
            let mut archive = archive();
            spoil(&mut archive);
            error(&written(&archive))
        };
        for damaged in [
            spoilt(&|archive| archive.boards[0].1 = 41),
            spoilt(&|archive| archive.boards[0].2 = b"rubbish".to_vec()),
            spoilt(&|archive| archive.images[0].bytes = b"not a picture".to_vec()),
            spoilt(&|archive| archive.images[0].media_type = "image/jpeg".into()),
            spoilt(&|archive| archive.images[0].media_type = "text/html".into()),
            spoilt(&|archive| archive.chat.swap(0, 1)),
        ] {
            assert!(matches!(damaged, ArchiveError::Damaged(_)), "{damaged}");
        }
        let mut hidden = archive();
        hidden.images[0].bytes = b"<html>".to_vec();
        hidden.images[0].hash = ContentHash::of(b"<html>");
        assert!(matches!(error(&written(&hidden)), ArchiveError::Damaged(_)), "a picture that is none");
        let whole = written(&archive());
        for length in (0..whole.len()).step_by(97) {
            assert!(read_archive(Cursor::new(&whole[..length])).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn bombs_end_at_their_limits() {
        let zeros = vec![0; MANIFEST_BYTES as usize + 5];
        let bomb = zipped(&[(MANIFEST, &zeros), (CHAT, b"")]);
        assert!(bomb.len() < 100_000, "it packs well");
        assert!(matches!(error(&bomb), ArchiveError::TooLarge(_)));
        let manifest = r#"{"format":"atrium-room","version":1,"room":"lab","place":"p","boards":[],"images":[],"chat_messages":4000000000}"#;
        assert!(matches!(error(&zipped(&[(MANIFEST, manifest.as_bytes()), (CHAT, b"")])), ArchiveError::TooLarge(_)));
    }
}
