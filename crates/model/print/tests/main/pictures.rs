//! What PNG and PDF show.

use crate::{fonts, has_chinese, lettering, print, sample};
use atrium_board::{Bounds, Color, Document, Edit, Fill, Frame, NewElement, PageId, Style};
use atrium_lettering::Lettering;
use atrium_print::{Options, PNG_PIXELS_MAX, PngSize, PrintError, pdf, png, svg};
use atrium_protocol::ContentHash;
use glam::Vec2;
use image::RgbImage;

/// A page from (0, 0) to (400, 300), two pixels a millimetre.
fn picture(document: &Document, lettering: &mut Lettering, image: Option<&[u8]>) -> RgbImage {
    let area = Bounds { min: Vec2::ZERO, max: Vec2::new(400.0, 300.0) };
    let options = Options { area: Some(area), ..Options::default() };
    let mut image = |_| image.map(<[u8]>::to_vec);
    let page = svg(document, PageId::FIRST, lettering, &mut image, &options);
    let drawn = png(&page.text, PngSize::PixelsPerMm(2.0), &fonts(lettering)).expect("a picture");
    assert_eq!((drawn.width, drawn.height, drawn.is_reduced), (800, 600, false));
    image::load_from_memory(&drawn.bytes).expect("a PNG").to_rgb8()
}

fn at(picture: &RgbImage, x: f32, y: f32) -> [u8; 3] {
    picture.get_pixel((x * 2.0) as u32, (y * 2.0) as u32).0
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.into_iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 3)
}

/// Pixels of roughly `color` in a part of the page.
fn count(picture: &RgbImage, min: Vec2, max: Vec2, color: [u8; 3]) -> usize {
    let xs = (min.x * 2.0) as u32..(max.x * 2.0) as u32;
    xs.flat_map(|x| ((min.y * 2.0) as u32..(max.y * 2.0) as u32).map(move |y| (x, y)))
        .filter(|(x, y)| is_near(picture.get_pixel(*x, *y).0, color))
        .count()
}

#[test]
fn colors_are_where_they_belong() {
    let mut board = sample::Board::new();
    let style = |color, fill| Style { color, fill, width_mm: 4.0, ..Style::default() };
    let rectangle = NewElement::Rectangle { size: Vec2::splat(80.0) };
    board.add(Frame::at(Vec2::splat(20.0)), style(Color::Red, Fill::Solid), rectangle.clone());
    board.add(Frame::at(Vec2::new(120.0, 20.0)), style(Color::Blue, Fill::Tint), rectangle.clone());
    let turned = Frame { position: Vec2::new(300.0, 20.0), rotation: std::f32::consts::FRAC_PI_4, scale: Vec2::ONE };
    board.add(turned, style(Color::Green, Fill::Solid), rectangle);
    board.sticky(Frame::at(Vec2::new(20.0, 150.0)), Vec2::splat(100.0), "", Color::Yellow);
    board.add(
        Frame::at(Vec2::new(150.0, 150.0)),
        Style::default(),
        NewElement::Image { hash: ContentHash([0; 32]), size: Vec2::splat(100.0) },
    );
    let mut lettering = lettering();
    let light = picture(&board.document, &mut lettering, Some(&sample::sunset()));
    assert_eq!(at(&light, 5.0, 5.0), [0xfb, 0xfa, 0xf7]);
    assert_eq!(at(&light, 60.0, 60.0), Color::Red.on_light());
    assert_eq!(at(&light, 160.0, 60.0), Color::Blue.paper());
    assert_eq!(at(&light, 120.0, 60.0), Color::Blue.on_light());
    assert_eq!(at(&light, 300.0, 70.0), Color::Green.on_light());
    assert_eq!(at(&light, 330.0, 30.0), [0xfb, 0xfa, 0xf7], "beside the turned one");
    assert_eq!(at(&light, 70.0, 200.0), Color::Yellow.paper());
    let shadow = at(&light, 70.0, 251.5);
    assert!(shadow[0] < 0xee && shadow[0] > 0x90, "the note's shadow: {shadow:?}");
    assert!(is_near(at(&light, 200.0, 240.0), [40, 62, 84]), "the picture's sea");
    board.apply(Edit::Paper { is_dark: true });
    let dark = picture(&board.document, &mut lettering, None);
    assert!(at(&dark, 5.0, 5.0).iter().all(|part| *part < 0x40));
    assert_eq!(at(&dark, 60.0, 60.0), Color::Red.on_dark());
}

#[test]
fn a_highlighter_leaves_what_is_below_readable() {
    let across: Vec<_> =
        (0..40).map(|step| atrium_board::ink::Point::at(Vec2::new(20.0 + 8.0 * step as f32, 100.0))).collect();
    for is_dark in [false, true] {
        let mut board = sample::Board::new();
        board.apply(Edit::Paper { is_dark });
        board.line(
            Vec2::new(200.0, 50.0),
            Vec2::new(200.0, 150.0),
            false,
            Style { width_mm: 10.0, ..Style::default() },
        );
        board.ink(&across, Color::Yellow, 40.0, true);
        let drawn = picture(&board.document, &mut lettering(), None);
        let (paper, marked) = (at(&drawn, 100.0, 20.0), at(&drawn, 100.0, 100.0));
        let (ink, marked_ink) = (at(&drawn, 200.0, 60.0), at(&drawn, 200.0, 100.0));
        assert!(
            !is_near(paper, marked) && paper[2].abs_diff(marked[2]) + paper[0].abs_diff(marked[0]) > 60,
            "{marked:?}"
        );
        assert!(ink.into_iter().zip(marked_ink).all(|(a, b)| a.abs_diff(b) < 30), "{ink:?} {marked_ink:?}");
    }
}

#[test]
fn letters_are_drawn_chinese_too() {
    let mut lettering = lettering();
    let mut board = sample::Board::new();
    board.text(Vec2::new(20.0, 20.0), "Hello", 40.0, Color::Graphite);
    board.text(Vec2::new(20.0, 120.0), "会议室", 40.0, Color::Red);
    board.sticky(Frame::at(Vec2::new(220.0, 120.0)), Vec2::splat(150.0), "白板", Color::Sky);
    let page = print(&board.document, &mut lettering);
    let drawn = picture(&board.document, &mut lettering, None);
    let ink = Color::Graphite.on_light();
    assert!(count(&drawn, Vec2::new(20.0, 20.0), Vec2::new(140.0, 75.0), ink) > 800);
    if has_chinese(&lettering) {
        assert!(page.missing.is_empty());
        for x in [20.0, 60.0, 100.0] {
            let (min, max) = (Vec2::new(x, 120.0), Vec2::new(x + 40.0, 174.0));
            assert!(count(&drawn, min, max, Color::Red.on_light()) > 400, "the character at {x}");
        }
        assert!(count(&drawn, Vec2::new(220.0, 170.0), Vec2::new(370.0, 220.0), ink) > 400);
    } else {
        assert!(page.missing.contains(&'会'));
    }
}

#[test]
fn pictures_are_as_large_as_asked_for_and_never_too_large() {
    let board = sample::Board::new();
    let mut lettering = lettering();
    let page = print(&board.document, &mut lettering);
    let fonts = fonts(&lettering);
    let drawn = png(&page.text, PngSize::Width(320), &fonts).expect("a picture");
    assert_eq!((drawn.width, drawn.height, drawn.is_reduced), (320, 200, false));
    let large = png(&page.text, PngSize::Width(40_000), &fonts).expect("a picture");
    assert!(large.is_reduced && u64::from(large.width) * u64::from(large.height) <= PNG_PIXELS_MAX + 20_000);
    for size in
        [PngSize::Width(0), PngSize::PixelsPerMm(0.0), PngSize::PixelsPerMm(f32::NAN), PngSize::PixelsPerMm(-1.0)]
    {
        assert_eq!(png(&page.text, size, &fonts), Err(PrintError::Size));
    }
    assert!(matches!(png("no SVG", PngSize::Width(10), &fonts), Err(PrintError::Unreadable(_))));
}

#[test]
fn a_document_has_a_page_for_each_page() {
    let mut lettering = lettering();
    let mut board = sample::workshop(ContentHash([0; 32]));
    let light = print(&board.document, &mut lettering);
    board.apply(Edit::Paper { is_dark: true });
    let dark = print(&board.document, &mut lettering);
    let fonts = fonts(&lettering);
    let document = pdf(&[&light.text, &dark.text, &light.text], &fonts).expect("a document");
    assert!(document.starts_with(b"%PDF-") && document.trim_ascii_end().ends_with(b"%%EOF"));
    let occurrences = |of: &[u8]| document.windows(of.len()).filter(|window| *window == of).count();
    assert_eq!(occurrences(b"/Type /Page\n"), 3);
    assert_eq!(occurrences(b"/Count 3"), 1);
    assert!(occurrences(b"/ToUnicode") >= 3, "text stays text");
    assert_eq!(pdf(&[], &fonts), Err(PrintError::NoPages));
}

#[test]
fn without_any_font_shapes_are_still_drawn() {
    let mut lettering = Lettering::new(fontdb::Database::new());
    let mut board = sample::Board::new();
    board.text(Vec2::ZERO, "Hi", 20.0, Color::Red);
    board.add(
        Frame::at(Vec2::splat(20.0)),
        Style { fill: Fill::Solid, ..Style::default() },
        NewElement::Rectangle { size: Vec2::splat(50.0) },
    );
    assert_eq!(print(&board.document, &mut lettering).missing, ['H', 'i']);
    let drawn = picture(&board.document, &mut lettering, None);
    assert_eq!(at(&drawn, 40.0, 40.0), Color::Graphite.on_light());
    let page = print(&board.document, &mut lettering);
    pdf(&[&page.text], &fonts(&lettering)).expect("a document");
}
