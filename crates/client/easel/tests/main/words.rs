use crate::boards::at;
use crate::server::World;
use atrium_board::{Align, Bounds, Color, Shape, Style};
use atrium_easel::mesh::{Painter, Paper, Triangles};
use atrium_easel::{Figure, Tool};
use atrium_lettering::Lettering;
use glam::Vec2;

fn lettering() -> Lettering {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    Lettering::new(fonts)
}

fn painted(figure: &Figure, lettering: &mut Lettering, tolerance_mm: f32) -> Triangles {
    let mut triangles = Triangles::default();
    Painter::default().figure(figure, (Paper::default(), tolerance_mm), Some(lettering), &mut triangles);
    triangles
}

/// Where the corners of a colour lie.
fn bounds_of(triangles: &Triangles, color: [f32; 4]) -> Bounds {
    let of_it = triangles.positions.iter().zip(&triangles.colors).filter(|(_, other)| **other == color);
    Bounds::of(of_it.map(|(at, _)| Vec2::from_array(*at)))
}

#[test]
fn words_are_triangles_within_their_size_chinese_ones_too() {
    let mut lettering = lettering();
    for text in ["Words on a board", "白板上的字", "two\nlines, 两行"] {
        let style = Style { color: Color::Blue, letter_mm: 50.0, ..Style::default() };
        let size = lettering.lay_out(text, 50.0, None).size;
        let figure = Figure {
            frame: atrium_board::Frame::at(at(100.0, 200.0)),
            style,
            shape: Shape::Text { text: text.into(), wrap_mm: None, size },
        };
        let triangles = painted(&figure, &mut lettering, 0.2);
        assert!(triangles.indices.len() > 60, "{text}");
        let bounds = bounds_of(&triangles, Paper::default().ink(Color::Blue));
        let place = Bounds { min: at(100.0, 200.0), max: at(100.0, 200.0) + size }.grown(8.0);
        assert!(place.contains_all(&bounds) && bounds.size().x > size.x * 0.7, "{text}: {bounds:?} in {place:?}");
        let coarse = painted(&figure, &mut lettering, 2.0);
        assert!(coarse.indices.len() < triangles.indices.len(), "{text}");
    }
}

#[test]
fn lines_stand_where_their_style_says() {
    let mut lettering = lettering();
    let mut middle = |align| {
        let style = Style { letter_mm: 40.0, align, ..Style::default() };
        let shape = Shape::Text { text: "word".into(), wrap_mm: Some(600.0), size: at(600.0, 54.0) };
        let triangles = painted(&Figure { frame: Default::default(), style, shape }, &mut lettering, 0.2);
        bounds_of(&triangles, Paper::default().ink(Color::Graphite)).center().x
    };
    let [start, center, end] = [Align::Start, Align::Middle, Align::End].map(&mut middle);
    assert!(start < 150.0 && (center - 300.0).abs() < 10.0 && end > 450.0, "{start} {center} {end}");
}

#[test]
fn words_on_a_note_stand_in_its_middle_and_shrink_to_fit() {
    let mut lettering = lettering();
    let size = at(200.0, 200.0);
    for text in ["hi", &"many words for a small note 便签 ".repeat(20)] {
        let style = Style { letter_mm: 40.0, ..Style::default() };
        let shape = Shape::Sticky { text: text.into(), size };
        let triangles = painted(&Figure { frame: Default::default(), style, shape }, &mut lettering, 0.1);
        let words = bounds_of(&triangles, Paper::default().on_note());
        let note = Bounds { min: Vec2::ZERO, max: size };
        assert!(note.contains_all(&words), "{words:?}");
        assert!(words.center().distance(note.center()) < 12.0, "{words:?}");
    }
}

#[test]
fn text_that_was_written_gets_the_size_that_it_has() {
    let mut world = World::new(1);
    let mut lettering = lettering();
    world.me().set_tool(Tool::Text);
    world.click(at(500.0, 500.0));
    world.me().edit_text("iiiiiiiiii 白板".into());
    world.frame();
    let now_secs = world.now_secs;
    world.me().tick(now_secs, Some(&mut lettering));
    world.me().end_text();
    world.settle();
    let made = world.elements().pop().unwrap();
    let Shape::Text { text, wrap_mm, size } = &made.shape else { panic!() };
    assert_eq!(*size, lettering.lay_out(text, made.style.letter_mm, *wrap_mm).size);
    // Larger letters: guessed at first, measured soon.
    world.me().set_tool(Tool::Select);
    world.me().select(vec![made.id]);
    let style = Style { letter_mm: 100.0, ..*world.me().style() };
    world.me().set_style(style);
    let now_secs = world.now_secs;
    world.me().tick(now_secs, Some(&mut lettering));
    world.settle();
    let larger = world.elements().pop().unwrap();
    let Shape::Text { text, wrap_mm, size } = &larger.shape else { panic!() };
    let right = lettering.lay_out(text, 100.0, *wrap_mm).size;
    assert!(size.distance(right) < 0.02 * right.max_element(), "{size} {right}");
}
