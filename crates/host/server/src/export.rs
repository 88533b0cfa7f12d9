//! Boards and rooms out of the store, as files for people and for other servers, and rooms back in.

use crate::archive::{CHAT_MESSAGES, RoomArchive, read_archive, write_archive};
use crate::boards::load_board;
use crate::clock;
use crate::config::ServerConfig;
use crate::data_dir::DataDir;
use crate::running::load_places;
use anyhow::{Context as _, bail, ensure};
use atrium_board::{Document, PageId, write_snapshot};
use atrium_lettering::Lettering;
use atrium_print::{Options, PngSize, Svg, pdf, png, svg};
use atrium_protocol::{BoardId, ChatMessage, ContentHash, RoomId};
use atrium_store::{Store, WholeRoom};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Pixels of a picture for a millimetre of the board.
const PIXELS_PER_MM: f32 = 1.5;
/// Largest file that is looked at as an archive.
const ARCHIVE_BYTES: u64 = 1024 * 1024 * 1024;
/// Characters that are told as missing.
const TOLD: usize = 24;

/// Writes a board to `file`: SVG or PNG of one page (1 is the first, and usual), PDF of that or of all, by the file's
/// ending. A server may run meanwhile. What could not be shown comes back, in sentences.
///
/// # Errors
/// A sentence that says what to do.
pub fn export_board(
    config: &ServerConfig,
    store: &Store,
    room: &RoomId,
    board: BoardId,
    page: Option<usize>,
    file: &Path,
) -> anyhow::Result<Vec<String>> {
    let format = Format::of(file)?;
    check_board(config, store, room, board)?;
    let (_, last) = store.board_extent(room, board)?;
    let document = load_board(store, room, board, last)?.document;
    let pages = chosen_pages(&document, page, format)?;
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    let mut lettering = Lettering::new(fonts);
    let mut image = |hash| store.image(room, hash).ok().flatten().map(|image| image.bytes);
    let svgs: Vec<Svg> =
        pages.into_iter().map(|page| svg(&document, page, &mut lettering, &mut image, &Options::default())).collect();
    let mut said = missing(&svgs);
    let content = match format {
        Format::Svg => svgs.into_iter().next().map(|page| page.text.into_bytes()).unwrap_or_default(),
        Format::Png => {
            let fonts = Arc::new(lettering.fonts().clone());
            let text = svgs.first().map(|page| page.text.as_str()).unwrap_or_default();
            let picture = png(text, PngSize::PixelsPerMm(PIXELS_PER_MM), &fonts)?;
            if picture.is_reduced {
                let (width, height) = (picture.width, picture.height);
                said.push(format!("the board is too large for a sharp picture: it has {width} × {height} pixels; SVG and PDF have no such bound"));
            }
            picture.bytes
        }
        Format::Pdf => {
            let texts: Vec<&str> = svgs.iter().map(|page| page.text.as_str()).collect();
            pdf(&texts, &Arc::new(lettering.fonts().clone()))?
        }
    };
    write_file(file, &content)?;
    Ok(said)
}

/// Writes a room with its boards, pictures and chat to `file`, a zip archive; not its people, roles, bans and invites. A
/// server may run meanwhile. What was left out comes back, in sentences.
///
/// # Errors
/// A sentence that says what to do.
pub fn export_room(store: &Store, room: &RoomId, file: &Path) -> anyhow::Result<Vec<String>> {
    let mut said = Vec::new();
    let row = store.room(room)?;
    let mut archive =
        RoomArchive { room: row.room, place: row.place, boards: Vec::new(), images: Vec::new(), chat: Vec::new() };
    for board in store.drawn_boards(room)? {
        let (_, last) = store.board_extent(room, board)?;
        let document = load_board(store, room, board, last)?.document;
        let data = write_snapshot(&document).with_context(|| format!("board {} cannot be written", board.0))?;
        archive.boards.push((board, document.sequence(), data));
    }
    for (hash, _) in store.images(room)? {
        match store.image(room, hash)?.filter(|image| ContentHash::of(&image.bytes) == hash) {
            Some(image) => archive.images.push(image),
            None => said.push(format!("the picture {hash} is damaged and was left out")),
        }
    }
    archive.chat = store.chat(room, None, CHAT_MESSAGES)?;
    if archive.chat.first().is_some_and(|first| first.sequence > 1) {
        said.push(format!("only the latest {CHAT_MESSAGES} messages of the chat are in the file"));
    }
    let draft = draft_of(file);
    let written =
        File::create(&draft).with_context(|| format!("cannot write {}", draft.display())).and_then(|target| {
            let target = write_archive(&archive, BufWriter::new(target))?;
            let target = target.into_inner().map_err(|error| error.into_error());
            Ok(target.and_then(|target| target.sync_all())?)
        });
    put_in_place(&draft, file, written)?;
    Ok(said)
}

/// Makes a room of an archive that [`export_room`] wrote, by its own name or another. A server may run meanwhile. What is
/// still to be done comes back, in sentences.
///
/// # Errors
/// A sentence that says what to do; the room is there as a whole or not at all.
pub fn import_room(config: &ServerConfig, file: &Path, name: Option<RoomId>) -> anyhow::Result<(RoomId, Vec<String>)> {
    let source = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let bytes = source.metadata().with_context(|| format!("cannot read {}", file.display()))?.len();
    ensure!(bytes <= ARCHIVE_BYTES, "{} is no archive of a room: it is far too large", file.display());
    let archive = read_archive(BufReader::new(source)).with_context(|| file.display().to_string())?;
    let room = name.unwrap_or_else(|| archive.room.clone());
    let data = DataDir::create(&config.data_dir)?;
    let store = Store::open(&config.data_dir)?;
    let (places, _) = load_places(config, &data);
    let mut said = Vec::new();
    if places.get(&archive.place).is_none() {
        said.push(format!(
            "the place '{}' is not installed here: put its folder into {} before people come",
            archive.place,
            data.places().display()
        ));
    }
    let chat = (1..).zip(archive.chat).map(|(sequence, message)| ChatMessage { sequence, ..message });
    let whole =
        WholeRoom { place: archive.place, boards: archive.boards, images: archive.images, chat: chat.collect() };
    if !store.create_whole_room(&room, clock::now(), whole)? {
        bail!("there is a room {room} already: choose another name with --as NAME, or delete it first");
    }
    Ok((room, said))
}

/// What a board is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Svg,
    Png,
    Pdf,
}

impl Format {
    fn of(file: &Path) -> anyhow::Result<Self> {
        match file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            Some("pdf") => Ok(Self::Pdf),
            _ => bail!("{}: a board is written as .svg, .png or .pdf", file.display()),
        }
    }
}

fn check_board(config: &ServerConfig, store: &Store, room: &RoomId, board: BoardId) -> anyhow::Result<()> {
    let row = store.room(room)?;
    let (places, _) = load_places(config, &DataDir::create(&config.data_dir)?);
    let Some(place) = places.get(&row.place) else { return Ok(()) };
    let boards = &place.place.layout().boards;
    if usize::from(board.0) < boards.len() {
        return Ok(());
    }
    let names: Vec<String> =
        boards.iter().enumerate().map(|(index, board)| format!("{index} ({})", board.name)).collect();
    bail!("{room} has no board {}; it has: {}", board.0, names.join(", "))
}

fn chosen_pages(document: &Document, page: Option<usize>, format: Format) -> anyhow::Result<Vec<PageId>> {
    let pages: Vec<PageId> = document.pages().map(|page| page.id).collect();
    match page {
        None if format == Format::Pdf => Ok(pages),
        None => Ok(pages.into_iter().take(1).collect()),
        Some(number) => {
            let index = number.checked_sub(1).and_then(|index| pages.get(index).copied());
            let chosen = index.with_context(|| format!("this board has pages 1 to {}", pages.len()))?;
            Ok(vec![chosen])
        }
    }
}

/// What could not be shown, for people.
fn missing(svgs: &[Svg]) -> Vec<String> {
    let characters: BTreeSet<char> = svgs.iter().flat_map(|page| page.missing.iter().copied()).collect();
    let images: BTreeSet<ContentHash> = svgs.iter().flat_map(|page| page.missing_images.iter().copied()).collect();
    let mut said = Vec::new();
    if !characters.is_empty() {
        let shown: Vec<String> =
            characters.iter().take(TOLD).map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
        let more = if characters.len() > TOLD { ", …" } else { "" };
        said.push(format!(
            "no font of this system has {}{more}: boxes stand for them; install one that does, such as fonts-noto-cjk",
            shown.join(", ")
        ));
    }
    if !images.is_empty() {
        said.push(format!("{} pictures are missing: grey fields stand for them", images.len()));
    }
    said
}

fn draft_of(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.draft", std::process::id()));
    file.with_file_name(name)
}

fn write_file(file: &Path, content: &[u8]) -> anyhow::Result<()> {
    let draft = draft_of(file);
    let written = File::create(&draft)
        .and_then(|mut target| target.write_all(content).and_then(|()| target.sync_all()))
        .with_context(|| format!("cannot write {}", draft.display()));
    put_in_place(&draft, file, written)
}

/// The file appears under its name when it is complete.
fn put_in_place(draft: &Path, file: &Path, written: anyhow::Result<()>) -> anyhow::Result<()> {
    let put =
        written.and_then(|()| fs::rename(draft, file).with_context(|| format!("cannot write {}", file.display())));
    if put.is_err() {
        let _ = fs::remove_file(draft);
    }
    put
}
