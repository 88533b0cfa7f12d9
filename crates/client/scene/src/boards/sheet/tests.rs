use super::*;
use atrium_board::ink::{Point, pack};
use atrium_board::{Document, Edit, Frame, NewElement, Operation, OperationId, OrderKey, Style};
use atrium_easel::{Numbers, Output, Phase, PointerEvent};
use atrium_protocol::{BoardDown, BoardId, PersonId};
use std::time::{Duration, Instant};

const ME: PersonId = PersonId([1; 32]);
const PAGE: PageId = PageId::FIRST;

/// A board, what is made of it, and what was ordered.
struct Bench {
    easel: Easel,
    sheet: Sheet,
    mesher: Mesher,
    painter: Painter,
    orders: PaintOrders,
    now_secs: f64,
    sequence: u64,
}

impl Bench {
    fn new(strokes: u64) -> Self {
        let mut document = Document::default();
        let mut top = None;
        for number in 0..strokes {
            let order = OrderKey::between(top.as_ref(), None);
            let by = OperationId { author: PersonId([2; 32]), nonce: number };
            document.settle(number + 1, by, 0, &Operation::one(stroke(number, order.clone())));
            top = Some(order);
        }
        let mut easel = Easel::new(BoardId(0), ME, document, Numbers { ids: 1_000_000, nonce: 1 });
        easel.set_rights(true, true);
        let sheet = Sheet::new(PAGE, &easel, Dirty::all_on(easel.document(), PAGE));
        let (mesher, painter) = (Mesher::start().unwrap(), Painter::default());
        Self { easel, sheet, mesher, painter, orders: PaintOrders::default(), now_secs: 0.0, sequence: strokes }
    }

    /// What a frame does.
    fn frame(&mut self) {
        self.now_secs += 0.016;
        self.easel.tick(self.now_secs, None);
        self.answer();
        while let Some(done) = self.mesher.next() {
            self.sheet.made(done, &self.easel, &mut self.orders);
        }
        let news = self.easel.take_damage();
        news.elements.iter().for_each(|id| self.sheet.touch(*id, &self.easel, &mut self.orders));
        self.sheet.follow_strokes(&self.easel, &mut self.painter, self.now_secs, &mut self.orders);
        self.sheet.ask(&self.easel, &self.mesher, &mut self.orders);
        self.sheet.follow_lifted(&self.easel, &self.mesher, &mut self.orders);
    }

    /// A server that takes everything at once.
    fn answer(&mut self) {
        for output in self.easel.drain() {
            let Output::Append { nonce, operation } = output else { continue };
            self.sequence += 1;
            let (board, sequence) = (BoardId(0), self.sequence);
            let word = BoardDown::Settled { board, sequence, author: ME, nonce, at_ms: 0, operation };
            self.easel.hear(self.now_secs, &word);
        }
    }

    fn until_clean(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.sheet.is_clean() {
            assert!(Instant::now() < deadline, "the thread does not answer");
            self.frame();
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn shown(&self, is_it: impl Fn(&ItemId) -> bool) -> usize {
        self.sheet.items.keys().filter(|id| is_it(id)).count()
    }

    fn pen(&mut self, phase: Phase, x: f32) {
        self.now_secs += 0.008;
        self.easel.pointer(self.now_secs, PointerEvent::mouse(phase, Vec2::new(x, 40.0 + (x / 20.0).sin() * 10.0)));
    }
}

fn stroke(number: u64, order: OrderKey) -> Edit {
    let points: Vec<Point> =
        (0..9_u8).map(|step| Point { position: Vec2::splat(f32::from(step) * 3.0), pressure: 0.5 }).collect();
    Edit::Add {
        id: ElementId(number),
        page: PAGE,
        order,
        frame: Frame::at(Vec2::new(number as f32 * 5.0, 200.0)),
        style: Style::default(),
        shape: NewElement::Ink { is_highlighter: false, points: pack(&points, 4), is_finished: true },
    }
}

fn is_element(id: &ItemId) -> bool {
    matches!(id, ItemId::Element(_))
}

fn is_stroke(id: &ItemId) -> bool {
    matches!(id, ItemId::Stroke(_))
}

#[test]
fn all_of_a_board_becomes_triangles_in_its_order() {
    let mut bench = Bench::new(1_000);
    bench.until_clean();
    assert_eq!(bench.shown(is_element), 1_000);
    let put: Vec<ItemId> = bench
        .orders
        .changes
        .iter()
        .flat_map(|change| match change {
            Change::Put(_, items) => items.iter().map(|item| item.id).collect(),
            _ => Vec::new(),
        })
        .collect();
    let expected: Vec<ItemId> = (0..1_000).map(|number| ItemId::Element(ElementId(number))).collect();
    assert_eq!(put, expected, "bottom first: neighbours lie together on the graphics card");
    assert_eq!(bench.sheet.take_damage(), Damage::All);
    bench.orders.changes.clear();
    bench.frame();
    assert!(bench.orders.changes.is_empty() && bench.sheet.take_damage().is_nothing(), "nothing is done for nothing");
}

#[test]
fn a_stroke_is_seen_all_the_time_from_pen_down_to_its_element() {
    let mut bench = Bench::new(10);
    bench.until_clean();
    bench.sheet.take_damage();
    bench.pen(Phase::Press, 10.0);
    bench.frame();
    assert_eq!(bench.shown(is_stroke), 1);
    for step in 0..200_u8 {
        bench.pen(Phase::Move, 12.0 + 2.0 * f32::from(step));
        bench.frame();
        assert_eq!(bench.shown(is_stroke), 1);
        if let (150.., Damage::Parts(parts)) = (step, bench.sheet.take_damage()) {
            let reach = parts.iter().fold(Bounds::NOTHING, |all, part| all.union(*part)).size().x;
            assert!(reach < 150.0, "only its end is painted anew: {reach} mm of {} mm", 2 * u16::from(step));
        }
    }
    bench.pen(Phase::Release, 412.0);
    for _ in 0..200 {
        bench.frame();
        std::thread::sleep(Duration::from_millis(1));
        let (strokes, elements) = (bench.shown(is_stroke), bench.shown(is_element));
        assert!(strokes + elements >= 11, "it is never gone for a frame");
    }
    assert_eq!((bench.shown(is_stroke), bench.shown(is_element)), (0, 11));
}

#[test]
fn what_is_taken_away_is_taken_from_the_sheet() {
    let mut bench = Bench::new(20);
    bench.until_clean();
    bench.sheet.take_damage();
    bench.easel.select((0..5).map(ElementId).collect());
    bench.easel.act(bench.now_secs, atrium_easel::Action::Delete);
    bench.frame();
    bench.until_clean();
    assert_eq!(bench.shown(is_element), 15);
    let Damage::Parts(parts) = bench.sheet.take_damage() else { panic!("where they were is painted anew") };
    assert!(parts.iter().any(|part| part.contains(Vec2::new(12.0, 212.0))));
    bench.easel.act(bench.now_secs, atrium_easel::Action::Undo);
    bench.frame();
    bench.until_clean();
    assert_eq!(bench.shown(is_element), 20);
}

#[test]
fn only_what_differs_of_a_stroke_is_painted() {
    let before: Vec<[f32; 2]> = (0..50_u8).map(|at| [f32::from(at), 0.0]).collect();
    let mut now = before.clone();
    now.extend([[50.0, 0.0], [51.0, 0.0]]);
    assert_eq!(difference(&before, &now), Bounds { min: Vec2::new(46.0, 0.0), max: Vec2::new(51.0, 0.0) });
    assert!(difference(&before, &before).size().x <= 4.0);
    assert_eq!(difference(&[], &[]), Bounds::NOTHING);
}
