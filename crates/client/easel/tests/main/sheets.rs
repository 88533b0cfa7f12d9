use crate::boards::{at, scribble};
use crate::server::World;
use atrium_board::{Dash, Fill, PageId, Style};
use atrium_easel::mesh::{Content, LiveInk, OverlayLook, Painter, Paper, Sheet, SheetNews, Triangles, lifted, overlay};
use atrium_easel::{Action, Phase, Tool};
use atrium_protocol::ContentHash;
use glam::Vec2;

const ALL: usize = usize::MAX;

struct Shown {
    sheet: Sheet,
    painter: Painter,
}

impl Shown {
    fn new() -> Self {
        Self { sheet: Sheet::new(PageId::FIRST, 0.2), painter: Painter::default() }
    }

    fn update(&mut self, world: &mut World) -> SheetNews {
        self.update_within(world, ALL)
    }

    fn update_within(&mut self, world: &mut World, budget: usize) -> SheetNews {
        let damage = world.me().take_damage();
        self.sheet.update(world.me(), &damage, (&mut self.painter, None), budget)
    }

    /// All triangles from the bottom up.
    fn whole(&self) -> Triangles {
        let mut whole = Triangles::default();
        for chunk in self.sheet.chunks() {
            if let Content::Triangles(triangles) = chunk.content() {
                check(triangles);
                whole.append(triangles);
            }
        }
        whole
    }

    /// The same as a sheet that is made at once.
    fn assert_as_new(&self, world: &mut World) {
        let mut fresh = Shown::new();
        let damage = atrium_easel::Damage::default();
        fresh.sheet.update(world.me(), &damage, (&mut fresh.painter, None), ALL);
        let (mine, new) = (self.whole(), fresh.whole());
        assert_eq!(mine.positions, new.positions);
        assert_eq!(mine.indices, new.indices);
        assert_eq!(mine.colors, new.colors);
        let pictures =
            |sheet: &Sheet| sheet.chunks().filter(|chunk| matches!(chunk.content(), Content::Picture(_))).count();
        assert_eq!(pictures(&self.sheet), pictures(&fresh.sheet));
    }
}

fn check(triangles: &Triangles) {
    assert_eq!(triangles.positions.len(), triangles.colors.len());
    assert_eq!(triangles.indices.len() % 3, 0);
    assert!(triangles.indices.iter().all(|index| (*index as usize) < triangles.positions.len()));
    assert!(
        triangles.positions.iter().flatten().chain(triangles.colors.iter().flatten()).all(|value| value.is_finite())
    );
}

/// What all triangles cover, overlaps counted twice.
fn area(triangles: &Triangles) -> f32 {
    let corner = |index: u32| Vec2::from_array(triangles.positions[index as usize]);
    let of = |three: &[u32]| {
        let [a, b, c] = [corner(three[0]), corner(three[1]), corner(three[2])];
        ((b - a).perp_dot(c - a) / 2.0).abs()
    };
    triangles.indices.chunks_exact(3).map(of).sum()
}

#[test]
fn new_things_on_top_touch_the_last_chunk_only_and_can_be_drawn_over() {
    let mut world = World::new(1);
    let mut shown = Shown::new();
    for step in 0..300 {
        world.drag(&[at(step as f32, 0.0), at(step as f32, 10.0)]);
    }
    world.settle();
    shown.update(&mut world);
    assert!(shown.sheet.chunks().len() >= 2);
    let before = shown.whole();
    world.stroke(at(0.0, 50.0), at(100.0, 50.0));
    let news = shown.update(&mut world);
    assert_eq!(news.changed.len(), 1);
    let on_top = news.on_top.expect("only something on top");
    check(&on_top);
    let mut whole = before;
    whole.append(&on_top);
    assert_eq!(whole, shown.whole());
    assert!(shown.update(&mut world).is_nothing());
    shown.assert_as_new(&mut world);
}

#[test]
fn whatever_changes_the_sheet_is_as_if_made_anew() {
    let mut world = World::new(1);
    let mut shown = Shown::new();
    let mut boxes = Vec::new();
    for step in 0..40 {
        boxes.push(world.rectangle(at(20.0 * step as f32, 0.0), at(20.0 * step as f32 + 15.0, 15.0)).id);
    }
    shown.update(&mut world);
    shown.assert_as_new(&mut world);
    world.me().set_tool(Tool::Select);
    for (step, action) in [
        Action::ToFront,
        Action::Nudge(at(3.0, 3.0)),
        Action::Delete,
        Action::Undo,
        Action::ToBack,
        Action::Lock(true),
        Action::Lock(false),
        Action::Duplicate,
        Action::InsertImage { hash: ContentHash([1; 32]), pixels: at(10.0, 10.0), at: Some(at(0.0, 0.0)) },
        Action::ToBack,
        Action::Nudge(at(5.0, 0.0)),
        Action::Undo,
        Action::Redo,
        Action::Paper { is_dark: true },
    ]
    .into_iter()
    .enumerate()
    {
        if step < 8 {
            world.me().select(vec![boxes[step * 3], boxes[20], boxes[39 - step]]);
        }
        world.act(action.clone());
        world.settle();
        let news = shown.update(&mut world);
        assert!(news.on_top.is_none() || matches!(action, Action::Undo | Action::Duplicate), "{action:?}");
        shown.assert_as_new(&mut world);
    }
}

#[test]
fn pictures_are_chunks_of_their_own_between_what_is_below_and_above() {
    let mut world = World::new(1);
    let mut shown = Shown::new();
    for _ in 0..3 {
        world.rectangle(at(0.0, 0.0), at(50.0, 50.0));
        world.act(Action::InsertImage { hash: ContentHash([1; 32]), pixels: at(40.0, 20.0), at: Some(at(9.0, 9.0)) });
        world.settle();
        shown.update(&mut world);
    }
    let kinds: Vec<bool> = shown.sheet.chunks().map(|chunk| matches!(chunk.content(), Content::Picture(_))).collect();
    assert_eq!(kinds, [false, true, false, true, false, true]);
    let middle = world.elements()[3].id;
    world.me().select(vec![middle]);
    world.act(Action::ToBack);
    world.settle();
    shown.update(&mut world);
    shown.assert_as_new(&mut world);
    world.act(Action::Delete);
    world.settle();
    shown.update(&mut world);
    shown.assert_as_new(&mut world);
    assert!(shown.sheet.chunks().all(|chunk| !chunk.is_empty()));
}

#[test]
fn much_is_made_in_several_updates() {
    let mut world = World::new(1);
    for step in 0..1_000 {
        world.drag(&[at(step as f32, 0.0), at(step as f32, 10.0)]);
    }
    world.settle();
    let mut shown = Shown::new();
    let mut updates = 0;
    while shown.update_within(&mut world, 2_000).is_more {
        updates += 1;
    }
    assert!(updates >= 2, "{updates}");
    shown.assert_as_new(&mut world);
}

#[test]
fn strokes_and_what_is_dragged_are_not_part_of_the_sheet() {
    let mut world = World::new(1);
    let mut shown = Shown::new();
    world.rectangle(at(0.0, 0.0), at(100.0, 100.0));
    shown.update(&mut world);
    let full = area(&shown.whole());
    assert!(full > 100.0);
    world.me().set_tool(Tool::Select);
    world.point(Phase::Press, at(0.0, 20.0));
    world.point(Phase::Move, at(60.0, 20.0));
    shown.update(&mut world);
    assert!(shown.whole().is_empty());
    let mut triangles = Triangles::default();
    lifted(world.me(), (&mut shown.painter, None), 0.2, &mut triangles);
    assert!((area(&triangles) - full).abs() < 1.0);
    world.point(Phase::Release, at(60.0, 20.0));
    let news = shown.update(&mut world);
    assert!(!news.is_nothing() && (area(&shown.whole()) - full).abs() < 1.0);
    world.settle();
    shown.update(&mut world);
    shown.assert_as_new(&mut world);
}

#[test]
fn strokes_in_the_making_have_triangles_of_their_own() {
    let mut world = World::new(2);
    let mut painter = Painter::default();
    let mut live = LiveInk::default();
    for tool in [Tool::Pen, Tool::Highlighter] {
        world.me().set_tool(tool);
        let places = scribble(90);
        world.point(Phase::Press, places[0]);
        for place in &places[1..] {
            world.frame();
            world.point(Phase::Move, *place);
            assert!(live.update(world.me(), PageId::FIRST, &mut painter));
            assert!(!live.update(world.me(), PageId::FIRST, &mut painter));
            check(&live.meshes()[0].triangles);
        }
        let mine = area(&live.meshes()[0].triangles);
        let mut theirs = LiveInk::default();
        theirs.update(&world.seats[1].easel, PageId::FIRST, &mut painter);
        let seen = area(&theirs.meshes()[0].triangles);
        assert!((mine / seen - 1.0).abs() < 0.25, "{mine} {seen}");
        world.point(Phase::Release, places[89]);
        world.settle();
        live.update(world.me(), PageId::FIRST, &mut painter);
        assert!(live.meshes().is_empty());
    }
}

#[test]
fn the_highlighter_darkens_no_place_twice() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Highlighter);
    let style = Style { width_mm: 20.0, ..*world.me().style() };
    world.me().set_style(style);
    // Back and forth over the same place.
    let places: Vec<Vec2> = (0..200)
        .map(|step| at(if step / 50 % 2 == 0 { step % 50 } else { 50 - step % 50 } as f32 * 4.0, 0.0))
        .collect();
    world.drag(&places);
    world.settle();
    let mut shown = Shown::new();
    shown.update(&mut world);
    let covered = area(&shown.whole());
    assert!(covered < 220.0 * 26.0, "{covered}");
    assert!(covered > 190.0 * 15.0, "{covered}");
}

#[test]
fn every_kind_of_thing_has_triangles() {
    let mut world = World::new(1);
    let mut painter = Painter::default();
    for is_dark in [false, true] {
        for tool in [Tool::Line, Tool::Arrow, Tool::Rectangle, Tool::Ellipse] {
            for (dash, fill) in [(Dash::Solid, Fill::None), (Dash::Dashed, Fill::Tint), (Dash::Dotted, Fill::Solid)] {
                world.me().set_tool(tool);
                let style = Style { dash, fill, ..*world.me().style() };
                world.me().set_style(style);
                world.drag(&[at(0.0, 0.0), at(200.0, 100.0)]);
                world.settle();
                let made = world.elements().pop().unwrap();
                let mut triangles = Triangles::default();
                painter.element(&made, (Paper { is_dark }, 0.2), None, &mut triangles);
                check(&triangles);
                let bounds = made.bounds().grown(1.0);
                assert!(triangles.positions.iter().all(|at| bounds.contains(Vec2::from_array(*at))), "{made:?}");
                let (least, most) = if fill == Fill::None || matches!(tool, Tool::Line | Tool::Arrow) {
                    (300.0, 6_000.0)
                } else {
                    (15_000.0, 30_000.0)
                };
                let covered = area(&triangles);
                assert!((least..most).contains(&covered), "{tool:?} {dash:?} {fill:?}: {covered}");
            }
        }
    }
}

#[test]
fn what_is_around_the_board_has_triangles() {
    let mut world = World::new(2);
    world.rectangle(at(0.0, 0.0), at(100.0, 100.0));
    let look = |mm_per_pixel| OverlayLook { mm_per_pixel, color_of: &|_| [1.0, 0.0, 0.0, 1.0] };
    let mut frame = Triangles::default();
    overlay(world.me(), PageId::FIRST, &look(1.0), &mut frame);
    check(&frame);
    assert!(!frame.is_empty(), "what was made is selected");
    world.me().select(Vec::new());
    world.me().set_tool(Tool::Laser);
    for step in 0..20 {
        world.point(Phase::Move, at(step as f32 * 5.0, 0.0));
        world.frame();
    }
    let mut cursor = Triangles::default();
    overlay(&world.seats[1].easel, PageId::FIRST, &look(1.0), &mut cursor);
    check(&cursor);
    assert!(!cursor.is_empty());
    let mut elsewhere = Triangles::default();
    overlay(&world.seats[1].easel, PageId(77), &look(1.0), &mut elsewhere);
    assert!(elsewhere.is_empty());
}

#[test]
fn a_sheet_of_a_painter_can_go_to_another_thread() {
    fn is_free<T: Send + Sync>() {}
    is_free::<Sheet>();
    is_free::<Painter>();
    is_free::<LiveInk>();
    is_free::<atrium_easel::Easel>();
}
