//! Pages of boards become files in the user's documents, away from the frame.

use crate::folders::Folders;
use atrium_board::{Document, PageId};
use atrium_lettering::Lettering;
use atrium_panels::BoardFile;
use atrium_print::{Options, PngSize};
use atrium_scene::{ExportBoard, Exported};
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on, poll_once};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Width that a picture should have, in pixels.
const PNG_WIDTH: f32 = 3_000.0;
/// Fewest and most pixels of a picture for a millimetre of the board.
const PNG_PER_MM: (f32, f32) = (0.5, 4.0);
/// Files of the same name that are told apart by a number.
const SAME_NAME: u32 = 1_000;

/// Makes files of pages.
pub(crate) struct ExportPlugin(pub(crate) Folders);

/// Where files and pictures are.
#[derive(Resource)]
struct Places {
    exports: PathBuf,
    pictures: PathBuf,
}

/// Files that are being made.
#[derive(Resource, Default)]
struct Making(Vec<Task<Exported>>);

impl Plugin for ExportPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(Places { exports: self.0.exports(), pictures: self.0.files() })
            .init_resource::<Making>()
            .add_systems(Update, (begin, finish).chain());
    }
}

fn begin(mut asked: MessageReader<ExportBoard>, places: Res<Places>, mut making: ResMut<Making>) {
    for wish in asked.read() {
        let (wish, exports, pictures) = (wish.clone(), places.exports.clone(), places.pictures.clone());
        making.0.push(AsyncComputeTaskPool::get().spawn(async move { export(&wish, &exports, &pictures) }));
    }
}

fn finish(mut making: ResMut<Making>, mut done: MessageWriter<Exported>) {
    if making.0.is_empty() {
        return;
    }
    let mut waiting = Vec::new();
    for mut task in std::mem::take(&mut making.0) {
        match block_on(poll_once(&mut task)) {
            Some(exported) => drop(done.write(exported)),
            None => waiting.push(task),
        }
    }
    making.0 = waiting;
}

fn export(wish: &ExportBoard, exports: &Path, pictures: &Path) -> Exported {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    let mut lettering = Lettering::new(fonts);
    // What is shown was fetched before.
    let mut picture = |hash: atrium_protocol::ContentHash| std::fs::read(pictures.join(hash.to_string())).ok();
    let svg = atrium_print::svg(&wish.document, wish.page, &mut lettering, &mut picture, &Options::default());
    let file = write(wish, exports, &svg.text, &lettering).map_err(|error| format!("{error:#}"));
    Exported { file, missing: svg.missing, missing_images: svg.missing_images.len() }
}

fn write(wish: &ExportBoard, exports: &Path, svg: &str, lettering: &Lettering) -> anyhow::Result<PathBuf> {
    let fonts = Arc::new(lettering.fonts().clone());
    let (bytes, extension) = match wish.file {
        BoardFile::Svg => (svg.as_bytes().to_vec(), "svg"),
        BoardFile::Png => (atrium_print::png(svg, png_size(&wish.document, wish.page), &fonts)?.bytes, "png"),
        BoardFile::Pdf => (atrium_print::pdf(&[svg], &fonts)?, "pdf"),
    };
    let page = wish.document.page(wish.page).map(|page| page.name.as_str()).unwrap_or_default();
    save(exports, &name(&wish.board, page), extension, &bytes)
}

fn png_size(document: &Document, page: PageId) -> PngSize {
    let bounds = document.bounds(page);
    let width_mm = if bounds.is_empty() { PNG_WIDTH } else { bounds.size().x.max(1.0) };
    PngSize::PixelsPerMm((PNG_WIDTH / width_mm).clamp(PNG_PER_MM.0, PNG_PER_MM.1))
}

/// What a file is called: the board, the page, and the day. Whatever people call boards is a name for a file then.
fn name(board: &str, page: &str) -> String {
    let today = jiff::Zoned::now().date();
    let parts = [board, page].into_iter().map(plain).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.chain([today.to_string()]).collect();
    parts.join(" ")
}

fn plain(text: &str) -> String {
    let allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    let plain: String = text.chars().map(|letter| if allowed(letter) { letter } else { ' ' }).take(60).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Never over a file that is there.
fn save(folder: &Path, name: &str, extension: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    use anyhow::Context as _;
    let about = || format!("cannot write into the folder {}", folder.display());
    std::fs::create_dir_all(folder).with_context(about)?;
    for number in 1..=SAME_NAME {
        let numbered = if number == 1 { name.to_owned() } else { format!("{name} {number}") };
        let path = folder.join(format!("{numbered}.{extension}"));
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(bytes).and_then(|()| file.flush()).with_context(about)?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(about),
        }
    }
    anyhow::bail!("there are {SAME_NAME} files called {name} in {}: move some away", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_board::{Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, Style};
    use atrium_protocol::PersonId;

    #[test]
    fn files_are_named_after_the_board_and_never_overwrite() {
        assert!(name("Board 1", "进度 / plan..").starts_with("Board 1 进度 plan 2"));
        assert!(name("../../etc/passwd", "").starts_with("etc passwd 2"));
        let folder = std::env::temp_dir().join(format!("atrium-export-{}", std::process::id()));
        let first = save(&folder, "Board", "svg", b"one").unwrap();
        let second = save(&folder, "Board", "svg", b"two").unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read(&first).unwrap(), b"one");
        assert_eq!(std::fs::read(&second).unwrap(), b"two");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    fn board_with(words: &str) -> Document {
        let mut document = Document::default();
        let text = Edit::Add {
            id: ElementId(1),
            page: PageId::FIRST,
            order: OrderKey::between(None, None),
            frame: Frame::default(),
            style: Style::default(),
            shape: NewElement::Text { text: words.to_owned(), wrap_mm: None, size: Vec2::new(400.0, 60.0) },
        };
        let by = OperationId { author: PersonId([1; 32]), nonce: 1 };
        document.settle(1, by, 0, &Operation::one(text));
        document
    }

    #[test]
    fn a_board_with_words_becomes_each_kind_of_file() {
        const WORDS: &str = "Plan 计划";
        let folder = std::env::temp_dir().join(format!("atrium-export-kinds-{}", std::process::id()));
        for (file, start) in [(BoardFile::Svg, &b"<svg"[..]), (BoardFile::Png, b"\x89PNG"), (BoardFile::Pdf, b"%PDF")] {
            let write = |words: &str| {
                let document = Box::new(board_with(words));
                let wish = ExportBoard { board: "Board".to_owned(), document, page: PageId::FIRST, file };
                let exported = export(&wish, &folder, &folder);
                assert_eq!((&*exported.missing, exported.missing_images), (&[][..], 0));
                std::fs::read(exported.file.unwrap()).unwrap()
            };
            let bytes = write(WORDS);
            assert!(bytes.starts_with(start), "{file:?}");
            if file == BoardFile::Svg {
                let svg = String::from_utf8(bytes).unwrap();
                assert!(WORDS.split_whitespace().all(|word| svg.contains(word)), "{svg}");
            } else {
                // Letters that are not drawn would take no room.
                assert!(bytes.len() > write(".").len() + 100, "{file:?}");
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
