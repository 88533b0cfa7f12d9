//! What people write is never more than text.

use crate::{fonts, lettering, print, sample};
use atrium_board::{Color, Dash, Edit, Frame, NewElement, OrderKey, PageId, Style};
use atrium_print::{PngSize, png};
use glam::Vec2;
use resvg::usvg::roxmltree::Document as Xml;

const HOSTILE: &str =
    "<script>alert(1)</script> ]]> <!-- --> &amp; &#x0; \" onload=\"x ' \u{0}\u{1b}\u{7f}\u{fffe}\u{ffff} <?xml?>";

#[test]
fn hostile_text_is_escaped() {
    let mut board = sample::Board::new();
    board.text(Vec2::ZERO, HOSTILE, 20.0, Color::Red);
    board.sticky(Frame::default(), Vec2::splat(200.0), HOSTILE, Color::Blue);
    board.apply(Edit::Page {
        id: PageId::FIRST,
        order: OrderKey::between(None, None),
        name: "</title><script>".to_owned(),
    });
    let page = print(&board.document, &mut lettering());
    let xml = Xml::parse(&page.text).expect("well-formed");
    let names: std::collections::BTreeSet<_> = xml.descendants().map(|node| node.tag_name().name()).collect();
    assert_eq!(names, ["", "g", "rect", "svg", "text", "title", "tspan"].into());
    let all: String = xml.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect();
    assert!(all.contains("</title><script>") && all.contains("]]>") && all.contains("&#x0;"), "{all}");
    assert!(xml.descendants().all(|node| node.attribute("onload").is_none()));
    assert!(!all.chars().any(|character| character.is_control() && character != '\n'));
}

#[test]
fn a_character_without_a_font_is_told_and_the_rest_is_drawn() {
    let mut board = sample::Board::new();
    board.text(Vec2::ZERO, "a\u{f5a1b}b", 20.0, Color::Red);
    let mut lettering = lettering();
    let page = print(&board.document, &mut lettering);
    assert_eq!(page.missing, ['\u{f5a1b}']);
    png(&page.text, PngSize::Width(100), &fonts(&lettering)).expect("a picture");
}

#[test]
fn extreme_elements_are_drawn_or_left_out_but_break_nothing() {
    let mut board = sample::Board::new();
    let extreme = [
        Frame { position: Vec2::splat(1.0e6), rotation: 999.0, scale: Vec2::new(-1_000.0, 0.001) },
        Frame { position: Vec2::splat(-1.0e6), rotation: -3.0, scale: Vec2::splat(0.001) },
    ];
    for frame in extreme {
        for (width_mm, letter_mm, dash) in [(0.05, 0.5, Dash::Dotted), (500.0, 2_000.0, Dash::Dashed)] {
            let style = Style { width_mm, letter_mm, dash, ..Style::default() };
            for size in [Vec2::splat(0.0), Vec2::splat(1e-3), Vec2::splat(1e5)] {
                let text = "w会 ".repeat(200);
                board.add(frame, style, NewElement::Rectangle { size });
                board.add(frame, style, NewElement::Ellipse { size });
                board.add(frame, style, NewElement::Sticky { text: text.clone(), size });
                board.add(frame, style, NewElement::Text { text, wrap_mm: Some(0.01), size });
                board.add(frame, style, NewElement::Line { ends: [[0.0, 0.0], size.to_array()], is_arrow: true });
            }
        }
    }
    let mut lettering = lettering();
    let page = print(&board.document, &mut lettering);
    Xml::parse(&page.text).expect("well-formed");
    let drawn = png(&page.text, PngSize::PixelsPerMm(10.0), &fonts(&lettering)).expect("a picture");
    assert!(
        drawn.is_reduced && drawn.width <= 16_384 && u64::from(drawn.width) * u64::from(drawn.height) <= 64_100_000
    );
}

#[test]
fn long_thin_lines_have_as_many_dots_as_on_the_board_and_no_more() {
    let mut board = sample::Board::new();
    let size = Vec2::new(1.0e5, 2.0e4);
    let style = Style { width_mm: 0.05, dash: Dash::Dotted, ..Style::default() };
    board.add(Frame::default(), style, NewElement::Rectangle { size });
    board.add(Frame::default(), style, NewElement::Ellipse { size });
    board.add(Frame::default(), style, NewElement::Line { ends: [[0.0; 2], size.to_array()], is_arrow: false });
    let page = print(&board.document, &mut lettering());
    let xml = Xml::parse(&page.text).expect("well-formed");
    let dashes: Vec<&str> = xml.descendants().filter_map(|node| node.attribute("stroke-dasharray")).collect();
    let wholes_mm = [2.4e5, 2.1e5, size.length()];
    assert_eq!(dashes.len(), wholes_mm.len());
    for (dash, whole_mm) in dashes.into_iter().zip(wholes_mm) {
        let step_mm: f32 = dash.split(' ').map(|length| length.parse::<f32>().expect("a number")).sum();
        assert!((980.0..1_020.0).contains(&(whole_mm / step_mm)), "{} dots of {dash}", whole_mm / step_mm);
    }
}
