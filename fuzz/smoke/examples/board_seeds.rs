//! Writes the seeds of the targets about boards: `cargo run -p atrium-fuzz-smoke --example board_seeds`.

use atrium_board::ink::{Point, pack};
use atrium_board::{
    Color, Document, Edit, ElementId, Frame, Live, LiveInk, NewElement, Operation, OperationId, OrderKey, PageId,
    Pointing, Props, Style, View, write_snapshot,
};
use atrium_protocol::{ContentHash, PersonId};
use glam::Vec2;
use std::error::Error;
use std::fs;
use std::path::Path;

fn points(count: usize) -> Vec<Point> {
    let at = |n: usize| Vec2::new(n as f32 * 3.0, 40.0 * (n as f32 * 0.4).sin());
    (0..count).map(|n| Point { position: at(n), pressure: 0.3 + 0.01 * n as f32 }).collect()
}

fn view() -> View {
    View { page: PageId::FIRST, center: Vec2::new(1_500.0, 600.0), width_mm: 3_000.0 }
}

/// One operation of every kind.
fn operations() -> Vec<(&'static str, Operation)> {
    let order = OrderKey::between(None, None);
    let add = |id, shape| Edit::Add {
        id: ElementId(id),
        page: PageId::FIRST,
        order: order.clone(),
        frame: Frame::at(Vec2::new(10.0, 20.0)),
        style: Style::default(),
        shape,
    };
    let size = Vec2::new(200.0, 120.0);
    let begun = NewElement::Ink { is_highlighter: false, points: pack(&points(15), 4), is_finished: false };
    let text = NewElement::Text { text: "Notes, 笔记".to_owned(), wrap_mm: Some(300.0), size };
    let image = NewElement::Image { hash: ContentHash::of(b"picture"), size };
    let props = Props { frame: Some(Frame::default()), text: Some("两".to_owned()), ..Props::default() };
    let more = Edit::Ink { id: ElementId(1), points: pack(&points(20), 4), is_last: true };
    let page = Edit::Page { id: PageId(7), order: order.clone(), name: "Second".to_owned() };
    let one = Operation::one;
    vec![
        ("stroke", one(add(1, begun))),
        ("more_ink", one(more)),
        ("line", one(add(2, NewElement::Line { ends: [[0.0, 0.0], [90.0, 5.0]], is_arrow: true }))),
        ("rectangle", one(add(3, NewElement::Rectangle { size }))),
        ("ellipse", one(add(4, NewElement::Ellipse { size }))),
        ("text", one(add(5, text))),
        ("sticky", one(add(6, NewElement::Sticky { text: "先做".to_owned(), size }))),
        ("image", one(add(7, image))),
        ("set", one(Edit::Set { id: ElementId(6), props })),
        ("lock", one(Edit::Set { id: ElementId(3), props: Props { is_locked: Some(true), ..Props::default() } })),
        ("remove", one(Edit::Remove { ids: vec![ElementId(2), ElementId(4)], is_removed: true })),
        ("pages", Operation { edits: vec![page, Edit::RemovePage { id: PageId(7), is_removed: true }] }),
        ("board", Operation { edits: vec![Edit::Show { view: view() }, Edit::Paper { is_dark: true }] }),
        ("clear", one(Edit::RemoveBy { person: PersonId([2; 32]) })),
        ("freeze", one(Edit::Freeze { is_frozen: true })),
    ]
}

fn lives() -> [(&'static str, Live); 3] {
    let pointing = Some(Pointing { page: PageId::FIRST, position: Vec2::new(5.0, 6.0), is_laser: true });
    let ink = LiveInk {
        element: ElementId(1),
        page: PageId::FIRST,
        color: Color::Blue,
        width_mm: 4.0,
        is_highlighter: false,
        after: 15,
        points: points(12),
    };
    [
        ("laser", Live { pointing, ..Live::default() }),
        ("ink", Live { pointing, ink: Some(ink), view: None }),
        ("view", Live { view: Some(view()), ..Live::default() }),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    let mut document = Document::default();
    write("snapshot", "empty", &write_snapshot(&document)?)?;
    for (sequence, (name, operation)) in (1..).zip(operations()) {
        write("operation", name, operation.encode()?.as_bytes())?;
        let by = OperationId { author: PersonId([sequence as u8 % 3; 32]), nonce: sequence };
        document.settle(sequence, by, sequence, &operation);
        if name == "image" {
            write("snapshot", "everything", &write_snapshot(&document)?)?;
        }
    }
    write("snapshot", "cleared", &write_snapshot(&document)?)?;
    for (name, live) in lives() {
        write("live", name, &live.encode())?;
    }
    Ok(())
}
