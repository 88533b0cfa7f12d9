use crate::boards::{at, scribble};
use crate::server::World;
use atrium_board::{Dash, Fill, PageId, Style};
use atrium_easel::mesh::{LiveInk, OverlayLook, Painter, Paper, Triangles, lifted, overlay};
use atrium_easel::{Phase, Tool};
use glam::Vec2;

/// Triangles of all that is drawn with the other elements, from the bottom up.
fn whole(world: &mut World, painter: &mut Painter) -> Triangles {
    let mut whole = Triangles::default();
    let easel = world.me();
    for element in easel.document().elements_on(PageId::FIRST).filter(|element| !easel.is_apart(element.id)) {
        painter.element(element, (Paper::default(), 0.2), None, &mut whole);
    }
    check(&whole);
    whole
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
fn what_is_dragged_is_drawn_apart() {
    let mut world = World::new(1);
    let mut painter = Painter::default();
    world.rectangle(at(0.0, 0.0), at(100.0, 100.0));
    let full = area(&whole(&mut world, &mut painter));
    assert!(full > 100.0);
    world.me().take_damage();
    world.me().set_tool(Tool::Select);
    world.point(Phase::Press, at(0.0, 20.0));
    world.point(Phase::Move, at(60.0, 20.0));
    assert!(whole(&mut world, &mut painter).is_empty());
    let mut triangles = Triangles::default();
    lifted(world.me(), (&mut painter, None), 0.2, &mut triangles);
    assert!((area(&triangles) - full).abs() < 1.0);
    world.point(Phase::Release, at(60.0, 20.0));
    assert!(!world.me().take_damage().elements.is_empty());
    assert!((area(&whole(&mut world, &mut painter)) - full).abs() < 1.0);
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
    let covered = area(&whole(&mut world, &mut Painter::default()));
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
fn a_painter_can_go_to_another_thread() {
    fn is_free<T: Send + Sync>() {}
    is_free::<Painter>();
    is_free::<LiveInk>();
    is_free::<atrium_easel::Easel>();
}
