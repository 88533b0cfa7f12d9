//! The examples of boards in the document.

use super::document::OF_BOARDS;
use atrium_board::ink::{Point, pack};
use atrium_board::{
    Align, Color, Dash, Document, Edit, ElementId, Fill, Frame, Live, LiveInk, NewElement, Operation, OperationId,
    OrderKey, PageId, Pointing, Props, Style, View, write_snapshot,
};
use atrium_protocol::{ContentHash, PersonId};
use glam::Vec2;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The variants of an enum with their tags: one that is missing here does not compile.
macro_rules! tags {
    ($list:ident, $tag_of:ident, $of:ident: $($variant:ident $tag:literal),+ $(,)?) => {
        pub(crate) const $list: &[&str] = &[$($tag),+];
        #[allow(dead_code)]
        fn $tag_of(of: &$of) -> &'static str {
            match of { $($of::$variant { .. } => $tag),+ }
        }
    };
}
tags!(EDITS, edit_tag, Edit: Add "add", Ink "ink", Set "set", Remove "remove", Page "page", RemovePage "remove_page",
    Show "show", RemoveBy "remove_by", Freeze "freeze", Paper "paper", Unknown "unknown");
tags!(SHAPES, shape_tag, NewElement: Ink "ink", Line "line", Rectangle "rectangle", Ellipse "ellipse", Text "text",
    Sticky "sticky", Image "image");
tags!(COLORS, color_tag, Color: Graphite "graphite", Blue "blue", Sky "sky", Green "green", Yellow "yellow",
    Orange "orange", Red "red", Purple "purple", Unknown "unknown");

/// What stands in the document, by the example's name.
pub(crate) fn document_examples() -> BTreeMap<String, String> {
    let mut examples = BTreeMap::new();
    for edit in edits() {
        let name = match &edit {
            Edit::Add { shape, .. } => format!("{OF_BOARDS}edit.add.{}", shape_tag(shape)),
            edit => format!("{OF_BOARDS}edit.{}", edit_tag(edit)),
        };
        examples.insert(name, show(edit));
    }
    examples.insert(format!("{OF_BOARDS}ink"), explain_ink());
    examples.insert(format!("{OF_BOARDS}live"), explain_live());
    examples.insert(format!("{OF_BOARDS}snapshot"), explain_snapshot());
    examples
}

/// An operation's JSON view and its bytes.
fn show(edit: Edit) -> String {
    let operation = Operation { edits: vec![edit] };
    let bytes = operation.encode().unwrap();
    assert_eq!(Operation::decode(bytes.as_bytes()).unwrap(), operation);
    format!("{}\n{}", serde_json::to_string(&operation).unwrap(), hex_lines(bytes.as_bytes()))
}

fn hex_lines(bytes: &[u8]) -> String {
    let line = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    bytes.chunks(48).map(line).collect()
}

fn points() -> Vec<Point> {
    [(100.0, 50.0), (102.0, 51.0), (104.5, 51.5), (107.5, 51.5)]
        .map(|(x, y)| Point { position: Vec2::new(x, y), pressure: 0.5 })
        .to_vec()
}

fn shapes() -> Vec<NewElement> {
    let size = Vec2::new(400.0, 250.0);
    vec![
        NewElement::Ink { is_highlighter: false, points: pack(&points(), 4), is_finished: false },
        NewElement::Line { ends: [[0.0, 0.0], [300.0, -40.5]], is_arrow: true },
        NewElement::Rectangle { size },
        NewElement::Ellipse { size },
        NewElement::Text { text: "Grüße, 世界".into(), wrap_mm: Some(600.0), size: Vec2::new(230.0, 52.0) },
        NewElement::Sticky { text: "Next".into(), size: Vec2::splat(200.0) },
        NewElement::Image { hash: ContentHash([0xab; 32]), size },
    ]
}

fn add(shape: NewElement) -> Edit {
    let plain = Style { color: Color::Blue, ..Style::default() };
    let style = match shape {
        NewElement::Ellipse { .. } => Style { fill: Fill::Tint, dash: Dash::Dashed, ..plain },
        NewElement::Text { .. } => Style { align: Align::Middle, ..plain },
        NewElement::Sticky { .. } => Style { color: Color::Yellow, ..plain },
        _ => plain,
    };
    let order = OrderKey::between(Some(&OrderKey::between(None, None)), None);
    let frame = Frame { position: Vec2::new(120.0, -80.5), rotation: 0.25, scale: Vec2::ONE };
    Edit::Add { id: ElementId(8_000_000_000_000_000_001), page: PageId::FIRST, order, frame, style, shape }
}

fn edits() -> Vec<Edit> {
    let id = ElementId(8_000_000_000_000_000_001);
    let page = PageId(0x1234_5678);
    let mut edits: Vec<Edit> = shapes().into_iter().map(add).collect();
    let props = Props { frame: Some(Frame::at(Vec2::new(10.0, 20.0))), is_locked: Some(true), ..Props::default() };
    edits.extend([
        Edit::Ink { id, points: pack(&points()[2..], 4), is_last: true },
        Edit::Set { id, props },
        Edit::Remove { ids: vec![id], is_removed: true },
        Edit::Page { id: page, order: OrderKey::between(None, None), name: "Ideas".into() },
        Edit::RemovePage { id: page, is_removed: true },
        Edit::Show { view: View { page, center: Vec2::new(0.0, 100.0), width_mm: 2_400.0 } },
        Edit::RemoveBy { person: PersonId([0xfe; 32]) },
        Edit::Freeze { is_frozen: true },
        Edit::Paper { is_dark: true },
    ]);
    edits
}

/// Reads packed points a second time, bit by bit as the document describes it.
fn explain_ink() -> String {
    let packed = pack(&points(), 4);
    let mut text = hex_lines(&packed);
    let [header, count, pressure, ..] = packed[..] else { panic!("a chunk") };
    writeln!(
        text,
        "byte  0        header       {header:#04x}   precision {}, even pressure, second differences",
        header & 15
    )
    .unwrap();
    assert_eq!(header & 0xf0, 0x30);
    writeln!(text, "byte  1        count        {count}").unwrap();
    writeln!(text, "byte  2        pressure     {pressure}     of 64").unwrap();
    let mut bits = Bits { bytes: &packed[3..], at: 0 };
    let mut models = [[Rice { sum: 4096, count: 1 }; 2], [Rice { sum: 64, count: 1 }; 2]];
    let (mut last, mut velocity) = ([0_i64; 2], [0_i64; 2]);
    for number in 0..i64::from(count) {
        let before = last;
        for (axis, name) in ["x", "y"].into_iter().enumerate() {
            let expected = before[axis] + velocity[axis];
            let (from, k) = (bits.at, models[usize::from(number > 0)][axis].parameter());
            let folded = bits.rice(k);
            models[usize::from(number > 0)][axis].learn(folded);
            let difference = (folded >> 1) as i64 ^ -((folded & 1) as i64);
            last[axis] = expected + difference;
            let range = format!("{from}..{}", bits.at - 1);
            let mm = last[axis] as f64 / 16.0;
            writeln!(text, "bits  {range:<8} {name} {number}          k {k}, folded {folded}, {expected} {difference:+} = {} = {mm} mm", last[axis])
                .unwrap();
        }
        velocity = if number > 0 { [0, 1].map(|axis| last[axis] - before[axis]) } else { [0; 2] };
    }
    assert!(bits.bytes.len() * 8 - bits.at < 8);
    text
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u64) -> u64 {
        (0..count).fold(0, |value, _| {
            let bit = self.bytes[self.at / 8] >> (7 - self.at % 8) & 1;
            self.at += 1;
            value << 1 | u64::from(bit)
        })
    }

    fn rice(&mut self, k: u64) -> u64 {
        let mut run = 0;
        while run < 20 && self.take(1) == 1 {
            run += 1;
        }
        if run < 20 { run << k | self.take(k) } else { self.take(40) }
    }
}

#[derive(Clone, Copy)]
struct Rice {
    sum: u64,
    count: u64,
}

impl Rice {
    fn parameter(self) -> u64 {
        let mean = self.sum / self.count;
        u64::from(64 - mean.leading_zeros()).min(32).saturating_sub(1)
    }

    fn learn(&mut self, folded: u64) {
        self.sum += folded;
        self.count += 1;
        if self.count == 16 {
            (self.sum, self.count) = (self.sum / 2, self.count / 2);
        }
    }
}

fn explain_live() -> String {
    let live = Live {
        pointing: Some(Pointing { page: PageId::FIRST, position: Vec2::new(107.5, 51.5), is_laser: false }),
        ink: Some(LiveInk {
            element: ElementId(8_000_000_000_000_000_001),
            page: PageId::FIRST,
            color: Color::Blue,
            width_mm: 4.0,
            is_highlighter: false,
            after: 2,
            points: points()[2..].to_vec(),
        }),
        view: Some(View { page: PageId::FIRST, center: Vec2::new(0.0, 100.0), width_mm: 2_400.0 }),
    };
    let bytes = live.encode();
    let mut layout = Layout { bytes: &bytes, at: 0, text: hex_lines(&bytes) };
    layout.number("flags", 1);
    layout.number("pointer: page", 4);
    layout.float("pointer: x");
    layout.float("pointer: y");
    layout.number("view: page", 4);
    layout.float("view: x");
    layout.float("view: y");
    layout.float("view: width_mm");
    layout.number("ink: element", 8);
    layout.number("ink: page", 4);
    layout.number("ink: color", 1);
    layout.float("ink: width_mm");
    layout.number("ink: after", 4);
    layout.rest("ink: points");
    layout.text
}

struct Layout<'a> {
    bytes: &'a [u8],
    at: usize,
    text: String,
}

impl Layout<'_> {
    fn show(&mut self, name: &str, length: usize, value: impl std::fmt::Display) {
        let range = format!("{}..{}", self.at, self.at + length - 1);
        writeln!(self.text, "bytes {range:<7} {name:<16} {value}").unwrap();
        self.at += length;
    }

    fn number(&mut self, name: &str, length: usize) {
        let bytes = &self.bytes[self.at..self.at + length];
        let value = bytes.iter().fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
        self.show(name, length, value);
    }

    fn float(&mut self, name: &str) {
        let bytes = self.bytes[self.at..self.at + 4].try_into().unwrap();
        self.show(name, 4, f32::from_be_bytes(bytes));
    }

    fn rest(&mut self, name: &str) {
        let hex: String = self.bytes[self.at..].iter().map(|byte| format!("{byte:02x}")).collect();
        self.show(name, self.bytes.len() - self.at, hex);
    }
}

/// A snapshot, unpacked: its blocks with what is in them.
fn explain_snapshot() -> String {
    let mut document = Document::default();
    let by = |nonce| OperationId { author: PersonId([0xfe; 32]), nonce };
    let ids = [ElementId(7), ElementId(8)];
    let made = shapes().into_iter().take(2).zip(ids).map(|(shape, id)| match add(shape) {
        Edit::Add { page, order, frame, style, shape, .. } => Edit::Add { id, page, order, frame, style, shape },
        other => other,
    });
    document.settle(640, by(18), 1_767_225_600_000, &Operation { edits: made.collect() });
    let lock = Edit::Set { id: ids[0], props: Props { is_locked: Some(true), ..Props::default() } };
    let remove = Edit::Remove { ids: vec![ids[1]], is_removed: true };
    document.settle(641, by(19), 1_767_225_600_123, &Operation { edits: vec![lock, remove] });
    let unpacked = zstd::decode_all(&write_snapshot(&document).unwrap()[..]).unwrap();
    let (mut rest, mut text) = (unpacked.as_slice(), String::new());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (block, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        let view: serde_json::Value = as_json(block);
        writeln!(text, "{view}").unwrap();
        text.push_str(&hex_lines(length));
        text.push_str(&hex_lines(block));
        rest = after;
    }
    text
}

/// MessagePack as JSON, bytes as arrays of numbers.
fn as_json(block: &[u8]) -> serde_json::Value {
    let mut rest = block;
    let value = take_json(&mut rest);
    assert!(rest.is_empty());
    value
}

fn take_number(rest: &mut &[u8], length: usize) -> u64 {
    let (bytes, after) = rest.split_at(length);
    *rest = after;
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// The forms that snapshots have.
fn take_json(rest: &mut &[u8]) -> serde_json::Value {
    use serde_json::{Value, json};
    let marker = take_number(rest, 1) as u8;
    let bytes = |rest: &mut &[u8], length: usize| {
        let (bytes, after) = rest.split_at(length);
        *rest = after;
        bytes.to_vec()
    };
    let text = |rest: &mut &[u8], length: usize| json!(String::from_utf8(bytes(rest, length)).unwrap());
    let array = |rest: &mut &[u8], length: usize| Value::Array((0..length).map(|_| take_json(rest)).collect());
    let map = |rest: &mut &[u8], length: usize| {
        let pairs = (0..length).map(|_| (take_json(rest).as_str().unwrap().to_owned(), take_json(rest)));
        Value::Object(pairs.collect())
    };
    match marker {
        0x00..=0x7f => json!(marker),
        0x80..=0x8f => map(rest, usize::from(marker & 15)),
        0x90..=0x9f => array(rest, usize::from(marker & 15)),
        0xa0..=0xbf => text(rest, usize::from(marker & 31)),
        0xc0 => Value::Null,
        0xc2 => json!(false),
        0xc3 => json!(true),
        0xc4 => {
            let length = take_number(rest, 1) as usize;
            json!(bytes(rest, length))
        }
        0xca => json!(f32::from_bits(take_number(rest, 4) as u32)),
        0xcc..=0xcf => json!(take_number(rest, 1 << (marker - 0xcc))),
        0xd9 => {
            let length = take_number(rest, 1) as usize;
            text(rest, length)
        }
        other => panic!("{other:#x} is not expected"),
    }
}
