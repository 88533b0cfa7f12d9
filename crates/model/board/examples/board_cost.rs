//! What boards cost: bytes of ink, snapshots, memory, and time. `cargo run --release -p atrium-board --example board_cost`

use atrium_board::ink::{Point, Ribbon, Smoother, Smoothing, outline, pack, ribbon};
use atrium_board::{
    Bounds, Document, Edit, ElementId, Frame, NewElement, Operation, OperationId, OrderKey, PageId, Props, Replica,
    Style, hit, read_snapshot, write_snapshot,
};
use atrium_protocol::PersonId;
use glam::Vec2;
use std::time::{Duration, Instant};

/// A stroke of 64 points at 60 points a second.
const POINTS: usize = 64;
const HZ: f32 = 60.0;

fn main() {
    cost_of_points();
    cost_of_drawing();
    for count in [1_000, 10_000, 100_000] {
        cost_of_board(count);
    }
    cost_of_operations();
}

/// Loops as in writing, each stroke another.
fn written(number: u64, hz: f32, count: usize) -> Vec<Point> {
    let share = |salt: u64| (number.wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ salt) >> 40) as f32 / (1 << 24) as f32;
    let (speed, size, slant) = (2.0 + share(1), 20.0 + 20.0 * share(2), share(3));
    let point = |at: usize| {
        let secs = at as f32 / hz;
        let angle = std::f32::consts::TAU * speed * secs + share(4) * 6.0;
        let tremble = 0.08 * Vec2::new((at as f32 * 12.9).sin(), (at as f32 * 7.3).cos());
        let loops = size * Vec2::new(0.5 * angle.cos() + slant * angle.sin(), angle.sin());
        let pressure = 0.5 + 0.15 * (angle + slant).cos();
        Point { position: Vec2::new(80.0 * secs, 0.0) + loops + tremble, pressure }
    };
    (0..count).map(point).collect()
}

fn cost_of_points() {
    for hz in [60.0, 120.0, 240.0] {
        let (mut raw, mut calm, mut sampled) = (0, 0, 0);
        for number in 0..200 {
            let points = written(number, hz, hz as usize);
            let mut smoother = Smoother::new(Smoothing { simulates_pressure: false, ..Smoothing::default() });
            points.iter().enumerate().for_each(|(at, point)| smoother.push(*point, at as f64 / f64::from(hz)));
            let kept = smoother.finish();
            sampled += points.len();
            raw += points.chunks(points.len() / 4).map(|piece| pack(piece, 4).len()).sum::<usize>();
            calm += kept.chunks(kept.len().div_ceil(4)).map(|piece| pack(piece, 4).len()).sum::<usize>();
        }
        let each = |bytes: usize| bytes as f64 / sampled as f64;
        println!("{hz:3} Hz: {:.2} bytes a sampled point, {:.2} smoothed and thinned", each(raw), each(calm));
    }
}

fn cost_of_drawing() {
    let points = written(1, 120.0, 1_024);
    let mut triangles = Ribbon::default();
    let ribbon = best_of(200, || {
        triangles.clear();
        ribbon(&points, 4.0, false, &mut triangles);
    });
    let outlined = best_of(200, || drop(std::hint::black_box(outline(&points, 4.0, false))));
    println!("1,024 points: {} as triangles, {} as an outline", micros(ribbon), micros(outlined));
}

fn cost_of_board(count: u64) {
    let mut document = Document::default();
    let mut settled = Duration::ZERO;
    for number in 0..count {
        let by = OperationId { author: PersonId([(number % 50) as u8; 32]), nonce: number };
        let operation = Operation::one(stroke(number, document.top(PageId::FIRST)));
        let start = Instant::now();
        document.settle(number + 1, by, number, &operation);
        settled += start.elapsed();
    }
    let settled = settled / count as u32;
    let start = Instant::now();
    let Ok(bytes) = write_snapshot(&document) else { return println!("{count} strokes: too large for a snapshot") };
    let written = start.elapsed();
    let start = Instant::now();
    let Ok(read) = read_snapshot(&bytes) else { return println!("{count} strokes: cannot be read again") };
    let read_in = start.elapsed();
    let walked = best_of(5, || {
        std::hint::black_box(read.elements_on(PageId::FIRST).filter(|element| element.is_locked).count());
    });
    let area = Bounds::of([Vec2::ZERO, Vec2::splat(300.0)]);
    let looked = best_of(5, || {
        std::hint::black_box(read.elements_in(PageId::FIRST, area).count());
    });
    let found = best_of(5, || {
        std::hint::black_box(hit(&read, PageId::FIRST, Vec2::splat(150.0), 2.0));
    });
    println!(
        "{count} strokes: snapshot {} kB, written in {} and read in {}; {} bytes of memory each; gone through in {}, \
         an area in {}, a hit in {}; a new one settles in {}",
        bytes.len() / 1_000,
        micros(written),
        micros(read_in),
        document.memory_bytes() as u64 / count,
        micros(walked),
        micros(looked),
        micros(found),
        micros(settled),
    );
}

fn stroke(number: u64, top: Option<&OrderKey>) -> Edit {
    let at = Vec2::new((number % 100) as f32, (number / 100) as f32) * 100.0;
    let points = pack(&written(number, HZ, POINTS), 4);
    let shape = NewElement::Ink { is_highlighter: false, points, is_finished: true };
    let (page, order) = (PageId::FIRST, OrderKey::between(top, None));
    Edit::Add { id: ElementId(number), page, order, frame: Frame::at(at), style: Style::default(), shape }
}

fn cost_of_operations() {
    let mut document = Document::default();
    let by = |nonce| OperationId { author: PersonId([1; 32]), nonce };
    for number in 0..10_000 {
        document.settle(number + 1, by(number), 1, &Operation::one(stroke(number, document.top(PageId::FIRST))));
    }
    let move_one = |number: u64| {
        let props = Props { frame: Some(Frame::at(Vec2::splat(number as f32))), ..Props::default() };
        Operation::one(Edit::Set { id: ElementId(number * 7_919 % 10_000), props })
    };
    let add = Operation::one(stroke(20_000, document.top(PageId::FIRST)));
    let bytes = add.encode().map(|bytes| bytes.into_vec()).unwrap_or_default();
    let decoded = best_of(500, || drop(std::hint::black_box(Operation::decode(&bytes))));
    let mut number = 0;
    let moved = best_of(500, || {
        number += 1;
        document.settle(20_000 + number, by(20_000 + number), 1, &move_one(number));
    });
    println!(
        "with 10,000 strokes on the board: a stroke of 64 points has {} bytes and is read in {}; an element is moved in {}",
        bytes.len(),
        micros(decoded),
        micros(moved)
    );
    let mut replica = Replica::new(PersonId([2; 32]), document);
    let start = Instant::now();
    for nonce in 0..1_000 {
        replica.propose(nonce, move_one(nonce));
        replica.settle(100_000 + nonce, by(100_000 + nonce), 1, &move_one(nonce + 5_000));
    }
    println!("proposed, and another's settled under up to 1,000 own ones: {} each", micros(start.elapsed() / 1_000));
}

fn best_of(times: u32, mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..times).map(|_| time(&mut work)).min().unwrap_or_default()
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
