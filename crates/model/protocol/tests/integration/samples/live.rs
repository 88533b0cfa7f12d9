use super::hex_lines;
use atrium_protocol::{BoardId, LiveDownWriter, LiveRecord, LiveUp, ParticipantId, encode_live_up};
use std::fmt::Write;

fn up(payload: &[u8]) -> Vec<u8> {
    encode_live_up(&LiveUp { board: BoardId(1), sequence: 517, payload: payload.to_vec() }).unwrap()
}

fn down(records: &[(u32, u16, &[u8])]) -> Vec<u8> {
    let mut writer = LiveDownWriter::default();
    for (id, sequence, payload) in records {
        let record =
            LiveRecord { id: ParticipantId(*id), board: BoardId(1), sequence: *sequence, payload: payload.to_vec() };
        assert!(writer.push(&record));
    }
    writer.finish()
}

pub(super) fn datagrams() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("live.up", up(&[0xaa, 0xbb, 0xcc])),
        ("live.up_nothing", up(&[])),
        ("live.up_full", up(&[7; 400])),
        ("live.down", down(&[(3, 517, &[0xaa, 0xbb, 0xcc]), (12, 9, &[0xdd, 0xee])])),
        ("live.down_full", down(&[(1, 1, &[1; 400]), (u32::MAX, 65_535, &[2; 400]), (2, 0, &[])])),
        ("live.down_empty", down(&[])),
    ]
}

/// The two that the document takes apart byte by byte.
pub(super) fn document_examples() -> Vec<(String, String)> {
    let explain = |(name, datagram): (&str, Vec<u8>)| match name {
        "live.up" => Some((name.to_owned(), explain_up(&datagram))),
        "live.down" => Some((name.to_owned(), explain_down(&datagram))),
        _ => None,
    };
    datagrams().into_iter().filter_map(explain).collect()
}

/// Reads a datagram a second time, as the document describes it.
struct Layout<'a> {
    datagram: &'a [u8],
    at: usize,
    text: String,
}

fn explain_up(datagram: &[u8]) -> String {
    let mut layout = Layout { datagram, at: 0, text: hex_lines(datagram) };
    layout.number("kind", 1);
    layout.number("board", 2);
    layout.number("sequence", 2);
    layout.bytes("payload", datagram.len() - 5);
    layout.text
}

fn explain_down(datagram: &[u8]) -> String {
    let mut layout = Layout { datagram, at: 0, text: hex_lines(datagram) };
    layout.number("kind", 1);
    for _ in 0..layout.number("count", 1) {
        layout.number("participant", 4);
        layout.number("board", 2);
        layout.number("sequence", 2);
        let length = layout.number("length", 2);
        layout.bytes("payload", length as usize);
    }
    assert_eq!(layout.at, datagram.len());
    layout.text
}

impl Layout<'_> {
    fn number(&mut self, name: &str, length: usize) -> u64 {
        let bytes = &self.datagram[self.at..self.at + length];
        let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        self.show(name, length, &value.to_string());
        value
    }

    fn bytes(&mut self, name: &str, length: usize) {
        let hex: String = self.datagram[self.at..self.at + length].iter().map(|byte| format!("{byte:02x}")).collect();
        self.show(name, length, &hex);
    }

    fn show(&mut self, name: &str, length: usize, value: &str) {
        let bytes = format!("{}..{}", self.at, self.at + length - 1);
        writeln!(self.text, "bytes {bytes:<7}  {name:<12}  {value}").unwrap();
        self.at += length;
    }
}
