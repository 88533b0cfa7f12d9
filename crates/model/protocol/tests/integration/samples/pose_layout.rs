//! Reads a pose datagram a second time, bit by bit as the document describes it, and shows what it finds.

use super::hex_lines;
use std::fmt::Write;

struct Layout<'a> {
    datagram: &'a [u8],
    at: usize,
    text: String,
}

pub(super) fn explain_up(datagram: &[u8]) -> String {
    let mut layout = Layout { datagram, at: 0, text: hex_lines(datagram) };
    layout.number("kind", 8);
    layout.number("sequence", 16);
    layout.number("captured_ms", 32);
    layout.record();
    layout.padding();
    layout.text
}

pub(super) fn explain_down(datagram: &[u8]) -> String {
    let mut layout = Layout { datagram, at: 0, text: hex_lines(datagram) };
    layout.number("kind", 8);
    layout.number("tick", 16);
    layout.number("sent_ms", 32);
    let count = layout.number("count", 8);
    let mut id = 0;
    for _ in 0..count {
        id = layout.participant(id);
        layout.field("age", 7, |age| format!("{} ms", 2 * age));
        layout.record();
    }
    layout.padding();
    layout.text
}

impl Layout<'_> {
    fn take(&mut self, bits: usize) -> u64 {
        let bit = |at: usize| u64::from(self.datagram[at / 8] >> (at % 8) & 1);
        let value = (0..bits).map(|n| bit(self.at + n) << n).sum();
        self.at += bits;
        value
    }

    fn show(&mut self, from: usize, name: &str, value: u64, meaning: &str) {
        let bits = format!("{from}..{}", self.at - 1);
        let line = format!("bits {bits:<8}  {name:<26}  {value:<10}  {meaning}");
        writeln!(self.text, "{}", line.trim_end()).unwrap();
    }

    fn field(&mut self, name: &str, bits: usize, meaning: impl Fn(u64) -> String) -> u64 {
        let from = self.at;
        let value = self.take(bits);
        self.show(from, name, value, &meaning(value));
        value
    }

    fn number(&mut self, name: &str, bits: usize) -> u64 {
        self.field(name, bits, |_| String::new())
    }

    fn participant(&mut self, previous: u64) -> u64 {
        let from = self.at;
        let (mut step, mut shift) = (0, 0);
        loop {
            let group = self.take(4);
            step |= (group & 7) << shift;
            shift += 3;
            if group < 8 {
                break;
            }
        }
        let id = previous + step;
        self.show(from, "participant difference", step, &format!("participant {id}"));
        id
    }

    fn record(&mut self) {
        self.number("epoch", 6);
        let parts = self.field("parts", 3, |parts| {
            let names = ["head", "left", "right"].into_iter().enumerate();
            names.filter(|(bit, _)| parts >> bit & 1 == 1).map(|(_, name)| name).collect::<Vec<_>>().join(", ")
        });
        if parts & 1 != 0 {
            self.coordinate("head.x", 17, -128.0);
            self.coordinate("head.y", 14, -8.0);
            self.coordinate("head.z", 17, -128.0);
            self.rotation("head", 9);
        }
        for (flag, hand) in [(2, "left"), (4, "right")] {
            if parts & flag != 0 {
                for axis in ["x", "y", "z"] {
                    self.coordinate(&format!("{hand}.offset.{axis}"), 11, -2.0);
                }
                self.rotation(hand, 8);
                for finger in ["thumb", "index", "middle", "ring", "little"] {
                    self.field(&format!("{hand}.curl.{finger}"), 4, |raw| format!("{:.3}", raw as f64 / 15.0));
                }
            }
        }
    }

    fn coordinate(&mut self, name: &str, bits: usize, lowest: f64) {
        self.field(name, bits, |raw| format!("{:.4} m", raw as f64 / 512.0 + lowest));
    }

    fn rotation(&mut self, part: &str, bits: usize) {
        let steps = f64::from((1 << (bits - 1)) - 1);
        let largest = self.field(&format!("{part}.rotation.largest"), 2, |index| "xyzw"[index as usize..][..1].into());
        let mut components = [0.0_f64; 4];
        for index in (0..4).filter(|index| *index != largest as usize) {
            let name = format!("{part}.rotation.{}", &"xyzw"[index..][..1]);
            let meaning = |raw: u64| (raw as f64 - steps) / (steps * 2.0_f64.sqrt());
            let raw = self.field(&name, bits, |raw| format!("{:.4}", meaning(raw)));
            components[index] = meaning(raw);
        }
        let squares: f64 = components.iter().map(|c| c * c).sum();
        components[largest as usize] = (1.0 - squares).max(0.0).sqrt();
        let [x, y, z, w] = components;
        writeln!(self.text, "{:38}{part}.rotation = {x:.4} {y:.4} {z:.4} {w:.4}", "").unwrap();
    }

    fn padding(&mut self) {
        let left = self.datagram.len() * 8 - self.at;
        assert!(left < 8, "{left} bits are left over");
        if left > 0 {
            assert_eq!(self.number("padding", left), 0);
        }
    }
}
