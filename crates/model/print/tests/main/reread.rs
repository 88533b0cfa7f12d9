//! What an SVG says is what the document has.

use crate::{has_chinese, lettering, print, sample};
use atrium_board::{Bounds, Color, Dash, Edit, Element, Frame, NewElement, PageId, Shape, Style};
use atrium_print::{Options, svg};
use atrium_protocol::ContentHash;
use glam::{Affine2, Vec2};
use resvg::usvg::roxmltree::{Document as Xml, Node};

/// The groups of elements.
fn groups<'a>(xml: &'a Xml<'_>) -> Vec<Node<'a, 'a>> {
    xml.descendants().filter(|node| node.has_attribute("data-id")).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f32 {
    node.attribute(name).expect("the attribute is there").parse().expect("a number")
}

fn transform(node: Node<'_, '_>) -> Affine2 {
    let text = node.attribute("transform").expect("a place");
    let numbers = text.trim_end_matches(')').split(['(', ' ']).skip(1);
    let numbers: Vec<f32> = numbers.map(|number| number.parse().expect("a number")).collect();
    match *numbers {
        [x, y] => Affine2::from_translation(Vec2::new(x, y)),
        [a, b, c, d, e, f] => Affine2::from_cols_array(&[a, b, c, d, e, f]),
        _ => panic!("{text}"),
    }
}

fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn compare(node: Node<'_, '_>, element: &Element) {
    assert_eq!(node.attribute("data-id"), Some(element.id.0.to_string().as_str()));
    assert_eq!(node.attribute("data-author"), Some(element.author().to_string().as_str()));
    let place = transform(node);
    let off = place.translation - element.frame.to_affine().translation;
    assert!(off.abs().max_element() <= 0.001, "{off}");
    assert!(place.matrix2.abs_diff_eq(element.frame.to_affine().matrix2, 1e-5));
    let kind = node.attribute("data-kind").expect("a kind");
    let child = |name: &str| node.children().find(|child| child.has_tag_name(name)).expect(kind);
    match &element.shape {
        Shape::Ink { is_highlighter, .. } => {
            assert_eq!(kind, if *is_highlighter { "highlighter" } else { "ink" });
            assert_eq!(node.attribute("style").is_some(), *is_highlighter);
            assert!(child("path").attribute("d").is_some_and(|path| path.starts_with('M') && path.ends_with('z')));
        }
        Shape::Line { ends, is_arrow } => {
            assert_eq!(node.children().count(), if *is_arrow { 2 } else { 1 });
            let by = ends[1] - ends[0];
            let path = child("path").attribute("d").expect("a path").to_owned();
            assert_eq!(path, format!("M0 0l{}{}{}", by.x, if by.y < 0.0 { "" } else { " " }, by.y));
        }
        Shape::Rectangle { size } => {
            let rect = child("rect");
            assert_eq!(Vec2::new(number(rect, "width"), number(rect, "height")), *size);
            assert_eq!(number(rect, "stroke-width"), element.style.width_mm);
            assert_eq!(rect.has_attribute("stroke-dasharray"), element.style.dash != Dash::Solid);
        }
        Shape::Ellipse { size } => {
            let ellipse = child("ellipse");
            assert_eq!(2.0 * Vec2::new(number(ellipse, "rx"), number(ellipse, "ry")), *size);
        }
        Shape::Text { text: written, .. } => assert_eq!(without_spaces(&text(node)), without_spaces(written)),
        Shape::Sticky { text: written, size } => {
            assert_eq!(without_spaces(&text(node)), without_spaces(written));
            let paper = node.children().rfind(|child| child.has_tag_name("rect")).expect("paper");
            assert_eq!(Vec2::new(number(paper, "width"), number(paper, "height")), *size);
        }
        Shape::Image { .. } => assert!(child("use").attribute("href").is_some_and(|href| href.starts_with("#image-"))),
    }
}

#[test]
fn every_element_is_in_the_file_as_it_is_on_the_board() {
    let picture = sample::sunset();
    let hash = ContentHash::of(&picture);
    let document = sample::workshop(hash).document;
    let mut lettering = lettering();
    let mut image = |wanted| (wanted == hash).then(|| picture.clone());
    let page = svg(&document, PageId::FIRST, &mut lettering, &mut image, &Options::default());
    let xml = Xml::parse(&page.text).expect("well-formed");
    let groups = groups(&xml);
    assert_eq!(groups.len(), document.elements_on(PageId::FIRST).count());
    for (node, element) in groups.into_iter().zip(document.elements_on(PageId::FIRST)) {
        compare(node, element);
    }
    let view: Vec<f32> = xml
        .root_element()
        .attribute("viewBox")
        .expect("a view")
        .split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect();
    let bounds = document.bounds(PageId::FIRST).grown(40.0);
    let wanted = [bounds.min.x, bounds.min.y, bounds.size().x, bounds.size().y];
    assert!(view.iter().zip(wanted).all(|(is, wanted)| (is - wanted).abs() < 0.01), "{view:?} {wanted:?}");
    assert!(page.missing_images.is_empty());
    assert!(page.missing.is_empty() || !has_chinese(&lettering), "{:?}", page.missing);
}

#[test]
fn text_can_be_searched_line_by_line() {
    let mut board = sample::Board::new();
    board.text(Vec2::ZERO, "A plan\nfor two  spaces", 20.0, Color::Red);
    let page = print(&board.document, &mut lettering());
    let xml = Xml::parse(&page.text).expect("well-formed");
    let texts: Vec<_> = xml.descendants().filter(|node| node.has_tag_name("tspan")).map(text).collect();
    assert_eq!(texts, ["A plan", "for two  spaces"]);
}

#[test]
fn a_part_of_a_page_has_what_reaches_into_it_only() {
    let mut board = sample::Board::new();
    let near = board.line(Vec2::ZERO, Vec2::splat(100.0), false, Style::default());
    board.line(Vec2::splat(900.0), Vec2::splat(950.0), false, Style::default());
    let area = Bounds { min: Vec2::splat(50.0), max: Vec2::splat(80.0) };
    let options = Options { area: Some(area), ..Options::default() };
    let page = svg(&board.document, PageId::FIRST, &mut lettering(), &mut |_| None, &options);
    let xml = Xml::parse(&page.text).expect("well-formed");
    assert_eq!(xml.root_element().attribute("viewBox"), Some("50 50 30 30"));
    let ids: Vec<_> = groups(&xml).iter().filter_map(|node| node.attribute("data-id")).map(str::to_owned).collect();
    assert_eq!(ids, [near.0.to_string()]);
}

#[test]
fn removed_elements_and_other_pages_are_not_written() {
    let mut board = sample::Board::new();
    let gone = board.line(Vec2::ZERO, Vec2::splat(100.0), false, Style::default());
    board.apply(Edit::Remove { ids: vec![gone], is_removed: true });
    let page = print(&board.document, &mut lettering());
    let xml = Xml::parse(&page.text).expect("well-formed");
    assert!(groups(&xml).is_empty());
    assert_eq!(xml.root_element().attribute("viewBox"), Some("-800 -500 1600 1000"));
}

#[test]
fn a_picture_is_in_the_file_once_however_often_it_is_used() {
    let mut board = sample::Board::new();
    let (picture, other) = (sample::sunset(), b"GIF89a".to_vec());
    let (hash, other_hash) = (ContentHash::of(&picture), ContentHash::of(&other));
    for hash in [hash, hash, other_hash] {
        board.add(Frame::default(), Style::default(), NewElement::Image { hash, size: Vec2::splat(50.0) });
    }
    let mut asked = 0;
    let mut image = |wanted| {
        asked += 1;
        Some(if wanted == hash { picture.clone() } else { other.clone() })
    };
    let page = svg(&board.document, PageId::FIRST, &mut lettering(), &mut image, &Options::default());
    assert_eq!(asked, 2);
    assert_eq!(page.missing_images, [other_hash]);
    assert_eq!(page.text.matches("data:image/png;base64,").count(), 1);
    assert_eq!(page.text.matches("<use ").count(), 2);
    assert_eq!(page.text.matches("data-missing").count(), 1);
}
