//! Boards and rooms as files.

use crate::binary::{error, output, stdout};
use atrium_board::{Edit, ElementId, Frame, NewElement, Operation, OrderKey, PageId, Style, read_snapshot};
use atrium_protocol::{BoardId, ChatMessage, ChatText, ContentHash, DisplayName, Micros, PersonId, RoomId};
use atrium_room::Record;
use atrium_store::{Store, StoredImage};
use glam::Vec2;
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use std::path::Path;

const BOARD: BoardId = BoardId(0);

fn daily() -> RoomId {
    RoomId::parse("daily").unwrap()
}

fn picture() -> StoredImage {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(&[200; 48], 4, 4, ExtendedColorType::Rgb8).unwrap();
    StoredImage { hash: ContentHash::of(&bytes), media_type: "image/png".into(), bytes }
}

fn add(id: u64, page: PageId, shape: NewElement) -> Edit {
    let order = OrderKey::between(None, None);
    let frame = Frame::at(Vec2::new(id as f32 * 500.0, 0.0));
    Edit::Add { id: ElementId(id), page, order, frame, style: Style::default(), shape }
}

fn text(text: &str) -> NewElement {
    NewElement::Text { text: text.into(), wrap_mm: None, size: Vec2::new(400.0, 50.0) }
}

/// A room with a board of two pages and something in its chat.
fn draw(data: &Path) -> Store {
    stdout(data, "invite daily");
    let store = Store::open(data).unwrap();
    let second = PageId(9);
    let edits = vec![
        add(1, PageId::FIRST, NewElement::Rectangle { size: Vec2::new(300.0, 200.0) }),
        add(2, PageId::FIRST, text("Grace drew \u{10fffd} this")),
        add(3, PageId::FIRST, NewElement::Image { hash: picture().hash, size: Vec2::splat(100.0) }),
        Edit::Page {
            id: second,
            order: OrderKey::between(Some(&OrderKey::between(None, None)), None),
            name: "Two".into(),
        },
        add(4, second, text("on the second page")),
    ];
    let author = PersonId([7; 32]);
    let operation = Operation { edits }.encode().unwrap();
    let drawn = Record::BoardAppended { board: BOARD, sequence: 1, author, nonce: 5, operation, at: Micros(9_000) };
    let (name, text) = (DisplayName::new("Grace").unwrap(), ChatText::new("Grüße, 世界").unwrap());
    let said = Record::ChatSaid(ChatMessage { sequence: 1, at_ms: 9, author, name, nonce: 3, text });
    store.persist_blocking(&daily(), vec![drawn, said]).unwrap();
    store.put_image(&daily(), picture(), 1 << 20).unwrap();
    store
}

#[test]
fn boards_are_written_as_svg_png_and_pdf() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // Open meanwhile, as by a server.
    let _store = draw(&data);
    let file = |name: &str| folder.path().join(name).display().to_string();
    let exported = |arguments: &str, name: &str| {
        let output = output(&data, &format!("export daily --board 0 {arguments} -o {}", file(name)));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        (std::fs::read(file(name)).unwrap(), said)
    };
    let (svg, said) = exported("", "first.svg");
    let svg = String::from_utf8(svg).unwrap();
    assert!(svg.contains("<svg") && svg.contains("Grace drew") && !svg.contains("second page"), "{svg}");
    assert!(said.contains("U+10FFFD"), "a character that no font has is said: {said}");
    let (svg, said) = exported("--page 2", "second.svg");
    assert!(String::from_utf8(svg).unwrap().contains("on the second page"));
    assert!(said.is_empty(), "{said}");
    let (png, _) = exported("--page 1", "first.png");
    assert!(image::load_from_memory(&png).unwrap().width() > 500);
    let (pdf, _) = exported("", "all.pdf");
    assert!(pdf.starts_with(b"%PDF-"));
    let count = pdf.windows(8).filter(|window| window == b"/Count 2").count();
    assert_eq!(count, 1, "a page for each");
    let (empty, _) = exported("", "first.svg");
    assert!(!empty.is_empty(), "an older file is replaced");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("draft")), "{left:?}");
}

#[test]
fn what_cannot_be_exported_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let _store = draw(&data);
    let said = |arguments: &str| error(&data, &format!("export {arguments}"));
    let target = folder.path().join("board").display().to_string();
    assert!(said(&format!("daily --board 0 -o {target}.gif")).contains(".svg, .png or .pdf"));
    assert!(said(&format!("daily --board 77 -o {target}.svg")).contains("it has: 0 ("));
    assert!(said(&format!("daily --board 0 --page 3 -o {target}.svg")).contains("pages 1 to 2"));
    assert!(said(&format!("nowhere --board 0 -o {target}.svg")).contains("there is no room nowhere"));
    assert!(said(&format!("daily -o {target}.svg")).contains("--board"));
    assert!(said("daily -o /nowhere/at/all.zip").contains("/nowhere/at"));
}

#[test]
fn a_room_moves_to_another_server_in_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    let archive = folder.path().join("daily.zip").display().to_string();
    let store = draw(&here);
    assert_eq!(stdout(&here, &format!("export daily -o {archive}")), format!("wrote {archive}\n"));

    assert_eq!(stdout(&there, &format!("import {archive}")), "imported daily\n");
    assert!(error(&there, &format!("import {archive}")).contains("--as"), "it is there already");
    assert_eq!(stdout(&there, &format!("import {archive} --as Copy")), "imported copy\n");
    let moved = Store::open(&there).unwrap();
    let snapshot = moved.snapshot(&daily(), BOARD, u64::MAX).unwrap().unwrap();
    let document = read_snapshot(&snapshot.data).unwrap();
    assert_eq!((document.sequence(), document.len(), document.pages().count()), (1, 4, 2));
    let element = document.element(ElementId(1)).unwrap();
    assert_eq!((element.author(), element.made_at_ms), (PersonId([7; 32]), 9));
    assert_eq!(moved.image(&daily(), picture().hash).unwrap(), Some(picture()));
    assert_eq!(moved.chat(&daily(), None, 10).unwrap(), store.chat(&daily(), None, 10).unwrap());
    assert_eq!(moved.room(&daily()).unwrap().place, "boardroom");
    assert!(moved.people(&daily()).unwrap().is_empty(), "people and roles stay where they were");
    // It can be exported again from there, with nothing but its snapshot.
    let second = folder.path().join("second.zip").display().to_string();
    stdout(&there, &format!("export copy -o {second}"));
    assert_eq!(stdout(&here, &format!("import {second} --as back")), "imported back\n");

    std::fs::write(&archive, b"PK rubbish").unwrap();
    assert!(error(&there, &format!("import {archive} --as other")).contains("not an archive of a room"));
    assert!(error(&there, "import missing.zip").contains("missing.zip"));
}
